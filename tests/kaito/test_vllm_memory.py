"""The longest context that vLLM serves: never above what was measured, and near it."""

from statistics import median
from typing import Any

import pytest

from kaitops import fit
from kaitops.kaito import Release, facts
from kaitops.kaito.kubernetes.quantity import GIB
from kaitops.kaito.preset import Numbers, Preset, derive
from kaitops.kaito.sku import GpuConfig
from kaitops.kaito.vllm.memory import Serving, is_known, length
from kaitops.kaito.vllm.telling import misfit

VERSION = "0.12.0"
RELEASE = Release.load(VERSION)
MEASURED: list[dict[str, Any]] = facts.load(VERSION, "attention.json")["measured"]


def qwen(name: str, size: str, layers: int, hidden: int, heads: int) -> Preset:
    """A model that is not in the catalogue, as KAITO derives it."""
    numbers = Numbers(
        name=name.lower(), repo=f"qwen/{name}".lower(), size=size, architectures=("Qwen3ForCausalLM",), token_limit=40960,
        hidden_size=hidden, layers=layers, attention_heads=heads, kv_heads=8, head_dim=128, kv_lora_rank=None, qk_rope_head_dim=0,
    )  # fmt: skip
    return derive(numbers, RELEASE.catalogue.rules, facts.load(VERSION, "models.json"))


OTHERS = {
    "Qwen/Qwen3-8B": qwen("Qwen3-8B", "15.26Gi", 36, 4096, 32),
    "Qwen/Qwen3-14B": qwen("Qwen3-14B", "27.51Gi", 40, 5120, 40),
}


def preset(name: str) -> Preset:
    found = OTHERS.get(name) or RELEASE.catalogue.find(name)
    assert found is not None
    return found


def gpus(gib: int, count: int = 1, model: str = "NVIDIA H100") -> GpuConfig:
    return GpuConfig("x", count, gib * count * GIB, model)


def serving(row: dict[str, Any]) -> Serving:
    flags = {key: value for key, value in row.items() if key == "gpu-memory-utilization"}
    return Serving(VERSION, preset(row["model"]), gpus(row["gib"], row["gpus"], row["gpu"]), row["nodes"], flags)


@pytest.mark.parametrize("row", MEASURED, ids=lambda row: f"{row['model']} {row.get('gpu-memory-utilization', '')}")
def test_no_context_is_promised_that_was_not_measured(row: dict[str, Any]) -> None:
    assert 0.75 * row["context"] <= serving(row).largest() <= row["context"]


def test_the_median_is_near_what_was_measured() -> None:
    shares = [serving(row).largest() / row["context"] for row in MEASURED]
    # As docs/gate.md says.
    assert (round(1 - median(shares), 2), round(1 - min(shares), 2)) == (0.02, 0.22)


def test_latent_vectors_lie_on_every_rank_and_heads_are_shared_out() -> None:
    latent, heads = preset("mistralai/Mistral-Small-4-119B-2603"), preset("meta-llama/Llama-3.3-70B-Instruct")
    for count in (2, 4):
        assert Serving(VERSION, latent, gpus(94, count), 1).cache(1000) == 1000 * 36 * 320 * 2
        assert Serving(VERSION, heads, gpus(94, count), 1).cache(1000) == 1000 * 80 * 2 * (8 // count) * 128 * 2


def test_fewer_heads_than_ranks_are_repeated_and_layers_are_shared_across_nodes() -> None:
    model = preset("meta-llama/Llama-3.3-70B-Instruct")
    wide = model._replace(numbers=model.numbers._replace(kv_heads=2)) if model.numbers else model
    assert Serving(VERSION, wide, gpus(80, 8), 1).cache(10) == 10 * 80 * 2 * 1 * 128 * 2
    assert Serving(VERSION, model, gpus(80, 4), 3).cache(10) == 10 * 27 * 2 * 2 * 128 * 2


def test_windows_and_states_are_counted_as_they_are() -> None:
    gemma = Serving(VERSION, preset("google/gemma-4-31B-it"), gpus(94, 2), 1)
    assert gemma.cache(200_000) - gemma.cache(100_000) == 100_000 * 10 * 2 * 2 * 512 * 2
    hybrid = Serving(VERSION, preset("Qwen/Qwen3.6-27B"), gpus(94, 2), 1)
    assert hybrid.cache(1000) == 1000 * 16 * 2 * 2 * 256 * 2
    # KAITO offloads Gemma 3's cache by a connector that knows no windows, on one node; across nodes it does not.
    alone, across = (Serving(VERSION, preset("google/gemma-3-27b-it"), gpus(94), nodes) for nodes in (1, 2))
    assert alone.cache(100_000) == 100_000 * 62 * 2 * 16 * 128 * 2
    assert across.cache(100_000) < alone.cache(100_000) / 3


def test_flags_move_the_budget() -> None:
    model, size = preset("mistralai/Mistral-Small-4-119B-2603"), gpus(94, 2)
    plain = Serving(VERSION, model, size, 1)
    assert Serving(VERSION, model, size, 1, {"kv-cache-dtype": "fp8"}).cache(1000) == plain.cache(1000) / 2
    assert Serving(VERSION, model, size, 1, {"gpu-memory-utilization": 0.9}).largest() > plain.largest()
    assert Serving(VERSION, model, size, 1, {"max-num-batched-tokens": 32768}).largest() < plain.largest()
    assert Serving(VERSION, model, size, 1, {"performance-mode": "throughput"}).largest() < plain.largest()
    assert Serving(VERSION, model, size, 1, {"gpu-memory-utilization": 0.5}).largest() == 0
    small = preset("phi-4-mini-instruct")
    assert Serving(VERSION, small, gpus(24, 1, "NVIDIA A10"), 1).budget().usable == 24 * GIB * 0.985 * 0.82
    # Each GPU of several holds a copy of a small model.
    copies, one = (Serving(VERSION, small, gpus(94, count), 1) for count in (2, 1))
    assert copies.budget().weights == one.budget().weights and copies.cache(10) == one.cache(10)


def test_nothing_is_said_where_nothing_is_known() -> None:
    model = preset("phi-4")
    assert is_known(VERSION, model)
    assert not is_known(VERSION, model, {"tensor-parallel-size": 1})
    assert not is_known("0.11.0", model)
    assert not is_known(VERSION, model._replace(numbers=None))
    assert length({"max-model-len": "8192"}) == 8192 and length({"max-model-len": "auto"}) == 0 == length({})


def test_the_words_name_what_is_there_and_what_helps() -> None:
    model = preset("mistralai/Mistral-Small-4-119B-2603")
    full = Serving(VERSION, model, gpus(94, 2), 1)
    assert misfit("it", full, full.largest(), "these") is None
    text = misfit("it", full, 1048576, "these") or ""
    for words in (
        "needs 22.5 GiB of KV cache on each GPU",
        "has 16.6 GiB there",
        f"to {full.largest()} tokens at most",
        "kv-cache-dtype: fp8",
    ):
        assert words in text
    bare = misfit("it", Serving(VERSION, model, gpus(94, 2), 1, {"gpu-memory-utilization": 0.5}), 0, "these") or ""
    assert "leave nothing of 46.3 GiB on each GPU for a KV cache" in bare
    narrow = Serving(VERSION, model, gpus(94, 2), 1, {"kv-cache-dtype": "fp8", "gpu-memory-utilization": 0.7})
    text = misfit("it", narrow, 1048576, "these") or ""
    assert "kv-cache-dtype" not in text and text.endswith("take a bigger machine")


def test_the_matrix_of_all_models_holds_what_vllm_needs() -> None:
    """Monotone in context, and no fit promises more than the model has."""
    for model in RELEASE.catalogue:
        for each in fit.fits(RELEASE, model, "azure", 8192):
            assert 8192 <= each.max_context <= model.token_limit or model.token_limit < 8192
            assert each.served is None or each.served.cache(8192) <= each.served.cache(16384)
