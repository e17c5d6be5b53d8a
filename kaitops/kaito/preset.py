"""A model preset as the KAITO controllers see it, derived from a model's numbers by KAITO's rules.

Source of the formulas: ``presets/workspace/generator/generator.go`` and ``presets/workspace/models/vllm_model.go`` of
KAITO; the tables they use are data (``rules.json``). Owns no lookup by name (``catalogue``) and no reading of Hugging
Face documents (``huggingface``).
"""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, NamedTuple

from kaitops.documents.plain import Object
from kaitops.kaito.kubernetes import quantity

DEFAULT_TOKEN_LIMIT = 2048
_SYSTEM_DISK_GIB = 80
_READINESS_BASE_NS = 15 * 60 * 10**9
_READINESS_PER_GIB_NS = 18 * 10**9
_READINESS_FLOOR_NS = 30 * 60 * 10**9
_READINESS_CEILING_NS = 180 * 60 * 10**9


class Numbers(NamedTuple):
    """What is known of a model before KAITO's rules are applied.

    Attributes:
        name: last segment of the repository id, lower case; the rules match on it.
        repo: Hugging Face repository id in lower case.
        size: weights on disk, a quantity such as ``7.15Gi``.
        attention_heads: 0 where unknown, like the other counts.
        kv_lora_rank: None where the model does not use multi-head latent attention.
    """

    name: str
    repo: str
    size: str
    architectures: tuple[str, ...]
    token_limit: int
    hidden_size: int
    layers: int
    attention_heads: int
    kv_heads: int
    head_dim: int
    kv_lora_rank: int | None
    qk_rope_head_dim: int
    multi_query: bool = False
    load_format: str = "auto"
    config_format: str = "auto"
    tokenizer_mode: str = "auto"
    quant_method: str = ""
    quant_bits: int = 0


class Preset(NamedTuple):
    """All that KAITO derives for one model; sizes as quantities, times in seconds.

    Attributes:
        name: name that the model is served under by default.
        repo: repository id as it is passed to vLLM (lower case).
        title: repository id as its owner writes it.
        disk: claim for the weights volume.
        bytes_per_token: KV-cache bytes of one token over all GPUs (fp16).
        vllm: run parameters of vLLM; an empty value is a bare flag.
        transformers: run parameters of the transformers runtime, None where the model has none.
        tuning: image and disk for fine-tuning, None where the model cannot be tuned.
        gated: the owner asks for an accepted licence, so a download needs a token.
        revision: commit of the weights that this KAITO version was published with, where recorded.
        numbers: of the model, which all this was derived from.
    """

    name: str
    repo: str
    title: str
    aliases: tuple[str, ...]
    size: str
    size_bytes: int
    disk: str
    bytes_per_token: int
    attention: str
    token_limit: int
    architectures: tuple[str, ...]
    quant_method: str
    quant_bits: int
    readiness_seconds: float
    vllm: Mapping[str, str]
    transformers: Mapping[str, str] | None
    tuning: Mapping[str, str] | None
    needs_cuda_toolkit: bool
    needs_deep_gemm: bool
    cpu_kv_offload_disabled: bool
    gated: bool = False
    revision: str | None = None
    license: str = ""
    numbers: Numbers | None = None

    @property
    def tunable(self) -> bool:
        """KAITO fine-tunes the model."""
        return self.tuning is not None and "error" not in self.tuning

    @property
    def startup_failure_threshold(self) -> int:
        """Startup probes, ten seconds apart, before a pod is restarted."""
        return ceil(self.readiness_seconds / 10)


def kv_cache(numbers: Numbers) -> tuple[int, str]:
    """Bytes of KV cache per token over all GPUs, and the kind of attention."""
    head_dim, heads, kv_heads = numbers.head_dim, numbers.attention_heads, numbers.kv_heads
    if head_dim == 0 and heads > 0:
        head_dim = numbers.hidden_size // heads
    if kv_heads == 0 and heads > 0:
        kv_heads = 1 if numbers.multi_query else heads
    if numbers.kv_lora_rank is not None:
        elements, attention = numbers.kv_lora_rank + numbers.qk_rope_head_dim, "MLA"
    elif heads > 0 and kv_heads > 0 and head_dim > 0:
        elements = 2 * kv_heads * head_dim
        attention = "MHA" if heads == kv_heads else "MQA" if kv_heads == 1 else "GQA"
    else:
        elements, attention = 0, "Unknown"
    return elements * numbers.layers * 2, attention


def readiness_seconds(size_bytes: int) -> float:
    """How long the startup probe waits: grows with the weights, within fixed bounds."""
    wait = _READINESS_BASE_NS + int(size_bytes / quantity.GIB * _READINESS_PER_GIB_NS)
    return min(max(wait, _READINESS_FLOOR_NS), _READINESS_CEILING_NS) / 10**9


def derive(numbers: Numbers, rules: Object, tables: Object, **known: Any) -> Preset:
    """Apply KAITO's rules to a model's numbers.

    Args:
        numbers: the model.
        rules: ``rules.json`` of the KAITO version.
        tables: ``models.json`` of the KAITO version (transformers and tuning parameters by name).
        **known: facts that no rule derives: ``title``, ``aliases``, ``gated``, ``revision``, ``license``.
    """
    name, architectures = numbers.name, numbers.architectures
    if not architectures:
        forced = _by_prefix(rules["architecture_when_none_by_prefix"], name)
        architectures = (forced,) if forced else ()
    size_bytes = quantity.to_bytes(numbers.size)
    bytes_per_token, attention = kv_cache(numbers)
    return Preset(
        name=name,
        repo=numbers.repo,
        title=known.get("title", numbers.repo),
        aliases=tuple(known.get("aliases", ())),
        size=numbers.size,
        size_bytes=size_bytes,
        disk=f"{int(float(numbers.size.removesuffix('Gi')) + _SYSTEM_DISK_GIB)}Gi",
        bytes_per_token=bytes_per_token,
        attention=attention,
        token_limit=numbers.token_limit,
        architectures=architectures,
        quant_method=numbers.quant_method,
        quant_bits=numbers.quant_bits,
        readiness_seconds=readiness_seconds(size_bytes),
        vllm=_vllm_parameters(numbers, architectures, rules),
        transformers=tables["transformers"].get(name),
        tuning=tables["tuning"].get(name),
        needs_cuda_toolkit=name in rules["cuda_toolkit_names"] or _any(architectures, rules, "deep_gemm_architectures"),
        needs_deep_gemm=_any(architectures, rules, "deep_gemm_architectures"),
        cpu_kv_offload_disabled=_any(architectures, rules, "cpu_kv_offload_disabled_architectures"),
        gated=bool(known.get("gated", False)),
        revision=known.get("revision"),
        license=known.get("license", ""),
        numbers=numbers,
    )


def _vllm_parameters(numbers: Numbers, architectures: tuple[str, ...], rules: Object) -> dict[str, str]:
    name = numbers.name
    parameters = {
        "load_format": numbers.load_format,
        "config_format": numbers.config_format,
        "tokenizer_mode": _by_prefix(rules["tokenizer_mode_by_prefix"], name) or numbers.tokenizer_mode,
        "trust-remote-code": "",
        "dtype": "auto" if numbers.quant_method else "bfloat16",
    }
    for flag, table in (
        ("attention-backend", "attention_backend_by_prefix"),
        ("kv-cache-dtype", "kv_cache_dtype_by_prefix"),
        ("gdn-prefill-backend", "gdn_prefill_backend_by_prefix"),
    ):
        if value := _by_prefix(rules[table], name):
            parameters[flag] = value
    if name in rules["moe_backend_by_name"]:
        parameters["moe-backend"] = rules["moe_backend_by_name"][name]
    if name.startswith(tuple(rules["expert_parallel_prefixes"])):
        parameters["enable-expert-parallel"] = ""
    if name.startswith(tuple(rules["no_flashinfer_autotune_prefixes"])):
        parameters["kernel-config.enable_flashinfer_autotune"] = "False"
    if parser := _parser(rules["tool_call_parser"], name, architectures):
        parameters["tool-call-parser"] = parser
        parameters["enable-auto-tool-choice"] = ""
    if template := _by_prefix(rules["chat_template_by_prefix"], name):
        parameters["chat-template"] = f"/workspace/chat_templates/{template}"
    reasoning = rules["reasoning_parser"]
    if name not in reasoning["never"] and (parser := _parser(reasoning, name, architectures)):
        parameters["reasoning-parser"] = parser
    return parameters


def _parser(table: Object, name: str, architectures: Sequence[str]) -> str | None:
    found = _by_prefix(table["by_prefix"], name)
    if found:
        return found
    by_architecture = table["by_architecture"]
    return next((by_architecture[arch] for arch in architectures if arch in by_architecture), None)


def _by_prefix(table: Mapping[str, str], name: str) -> str | None:
    """The value of the longest key that the name starts with."""
    best = max((prefix for prefix in table if name.startswith(prefix)), key=len, default=None)
    return None if best is None else table[best]


def _any(architectures: Sequence[str], rules: Object, key: str) -> bool:
    return any(architecture in rules[key] for architecture in architectures)
