"""What vLLM holds on each GPU, and so the longest context that it serves there.

Follows what vLLM does at its start: of the share of a GPU that it may use it takes off weights, activations and graphs,
and gives the rest to the KV cache. What it takes off is measured there and estimated here, from above; the figures are
in ``attention.json``. KAITO's own estimate, which decides the number of nodes, is :mod:`kaitops.kaito.estimator`.
"""

from collections.abc import Mapping
from math import ceil
from typing import Any, NamedTuple, cast

from kaitops.documents.plain import MutableObject, Object, count
from kaitops.kaito import facts
from kaitops.kaito.kubernetes.quantity import GIB
from kaitops.kaito.preset import Numbers, Preset
from kaitops.kaito.sku import GpuConfig
from kaitops.kaito.vllm.parallel import spread

FILE = "attention.json"
UTILISATION, CACHE_TYPE, BATCHED, SEQS, MODE = (
    "gpu-memory-utilization", "kv-cache-dtype", "max-num-batched-tokens", "max-num-seqs", "performance-mode",
)  # fmt: skip
_LENGTH = "max-model-len"
# With one of these the server holds other things in other places than KAITO has it do, so nothing is said of it.
_ELSEWHERE = frozenset({
    "tensor-parallel-size", "pipeline-parallel-size", "data-parallel-size", "decode-context-parallel-size",
    "prefill-context-parallel-size", "cpu-offload-gb", "kv-cache-memory-bytes", "num-gpu-blocks-override",
    "quantization", "hf-overrides", "model", "disable-sliding-window", "language-model-only", "speculative-config",
    "enable-lora",
})  # fmt: skip


class Budget(NamedTuple):
    """Memory of one GPU, in bytes.

    Attributes:
        usable: what vLLM may take.
        weights: of the model, on this GPU.
        runtime: activations, graphs, libraries.
        cache: left for the KV cache; not positive where nothing is left.
    """

    usable: float
    weights: float
    runtime: float

    @property
    def cache(self) -> float:
        """Bytes that are left for the KV cache."""
        return self.usable - self.weights - self.runtime


class Serving:
    """A preset on nodes, served with these flags.

    Args:
        flags: of the configuration, by name with dashes; those that the memory does not depend on may be among them.
    """

    def __init__(self, version: str, preset: Preset, gpus: GpuConfig, nodes: int, flags: Object | None = None) -> None:
        self._facts: Object = facts.load(version, FILE)
        self._preset = preset
        self._numbers = cast("Numbers", preset.numbers)
        self._gpus = gpus
        self._flags = flags or {}
        self._spread = spread(preset, gpus, nodes)
        memory = self._facts["memory"]
        large = gpus.bytes_per_gpu >= memory["large_gpu_gib"] * GIB and memory["large_gpu_except"] not in gpus.model
        size = "large" if large else "other"
        doubled = 2 if self._flags.get(MODE) == "throughput" else 1
        self._batched = _whole(self._flags.get(BATCHED)) or memory["batched_tokens"][size] * doubled
        self._seqs = _whole(self._flags.get(SEQS)) or memory["seqs"][size] * doubled
        default = _utilisation(version, gpus)
        self._share = _number(self._flags.get(UTILISATION), default)
        self._cache_type = str(self._flags.get(CACHE_TYPE) or preset.vllm.get(CACHE_TYPE) or "auto")
        # Narrower types than one byte keep scales beside; they are counted as one, and unknown ones as the model's own.
        narrow = ("fp8", "int8", "int4", "nvfp4", "turboquant")
        self._bytes = 1.0 if self._cache_type.startswith(narrow) else 2.0
        self._layers = self._kinds()

    def budget(self) -> Budget:
        """Memory of each GPU."""
        memory, hidden = self._facts["memory"], self._numbers.hidden_size or 8192
        stages, layers = self._spread.pipeline, max(self._numbers.layers, 1)
        most = ceil(layers / stages) / layers
        weights = self._preset.size_bytes * memory["weights_of_file"] / self._spread.tensor * most
        seqs = self._seqs / 1024
        runtime = GIB * (
            memory["base_gib"]
            + (memory["peers_gib"] if self._spread.tensor * stages > 1 else 0)
            + memory["sampler_gib"]
            + memory["sampler_gib_per_1024_seqs"] * seqs
            + self._of_architecture("extra_gib_per_1024_seqs") * seqs
            + (memory["state_gib"] if self._layers.get("state") else 0)
        )
        runtime += self._batched * hidden * memory["bytes_per_batched_unit"]
        return Budget(self._gpus.bytes_per_gpu * memory["usable_of_nominal"] * self._share, weights, runtime)

    def cache(self, context: int) -> float:
        """Bytes of KV cache on the GPU that holds most of one request of this length."""
        layers, stages = self._layers, self._spread.pipeline
        full = ceil(layers["full"] / stages) * self._per_token(full=True) * context
        if not layers.get("sliding"):
            return full
        held = min(context, layers["window"] + self._batched + 32) if self._keeps_windows() else context
        return full + ceil(layers["sliding"] / stages) * self._per_token(full=False) * held

    @property
    def has_small_cache(self) -> bool:
        """The cache holds less than two bytes a number already."""
        return self._bytes < 2

    @property
    def has_share(self) -> bool:
        """Somebody says what part of the GPU's memory vLLM takes."""
        return UTILISATION in self._flags

    def largest(self) -> int:
        """The longest context in tokens, within the model's limit; 0 where the GPUs hold none."""
        left = self.budget().cache
        low, high = 0, self._preset.token_limit
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.cache(middle) <= left else (low, middle - 1)
        return low

    def _kinds(self) -> Mapping[str, int]:
        known = self._facts["layers"].get(self._preset.repo)
        if known is not None:
            return known
        layers = self._numbers.layers
        if any(name in self._facts["every_fourth_full"] for name in self._preset.architectures):
            return {"full": ceil(layers / 4), "state": layers - ceil(layers / 4)}
        return {"full": layers}

    def _per_token(self, *, full: bool) -> float:
        """Bytes of one token in one layer on one GPU: latent vectors lie on every rank, heads are shared out."""
        numbers, kinds = self._numbers, self._layers
        size = self._bytes
        if numbers.kv_lora_rank is not None:
            latent = self._of_architecture("fp8_latent_bytes") if size == 1.0 else 0
            held = latent or (numbers.kv_lora_rank + numbers.qk_rope_head_dim) * size
            return held + self._of_architecture("indexer_bytes")
        heads = numbers.kv_heads or numbers.attention_heads
        width = numbers.head_dim or numbers.hidden_size // max(numbers.attention_heads, 1)
        if full:
            heads, width = kinds.get("full_kv_heads", heads), kinds.get("full_head_dim", width)
        return 2 * max(1, ceil(heads / self._spread.tensor)) * width * size

    def _keeps_windows(self) -> bool:
        """Whether vLLM drops what is behind a window: not with the connector that KAITO offloads to the CPU by."""
        alone = self._spread.pipeline == 1 and self._spread.data == 1
        return self._preset.cpu_kv_offload_disabled or self._gpus.is_mig or not alone

    def _of_architecture(self, table: str) -> float:
        return max((self._facts[table].get(name, 0) for name in self._preset.architectures), default=0)


def is_known(version: str, preset: Preset, flags: Object | None = None) -> bool:
    """Whether anything can be said of the memory of a preset with these flags."""
    numbers = preset.numbers
    held = numbers is not None and numbers.layers > 0 and preset.bytes_per_token > 0
    return held and not _ELSEWHERE.intersection(flags or ()) and (facts.root() / version / FILE).is_file()


def declared(section: Object) -> MutableObject:
    """The flags of a section by their names with dashes, without those that say nothing."""
    return {key.replace("_", "-"): value for key, value in section.items() if value is not None}


def length(flags: Object) -> int:
    """The context that flags ask for; 0 where they leave it to the server."""
    return _whole(flags.get(_LENGTH))


def _utilisation(version: str, gpus: GpuConfig) -> float:
    known = facts.load(version, "rules.json")["gpu_memory_utilization"]
    return float(known["byGPUModel"].get(gpus.model) or known["default"])


def _whole(value: object) -> int:
    return count(str(value).strip()) or 0 if isinstance(value, int | str) else 0


def _number(value: object, default: float) -> float:
    try:
        return float(cast("Any", value)) if value is not None else default
    except (TypeError, ValueError):
        return default
