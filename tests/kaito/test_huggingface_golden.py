"""Presets derived from Hugging Face documents equal KAITO's."""

from typing import Any

import pytest

from kaitops.kaito import Release
from kaitops.kaito.huggingface import HuggingFaceError
from tests.recorded import load
from tests.version import KAITO

RELEASE = Release.load(KAITO)


@pytest.mark.parametrize("record", load("huggingface"), ids=lambda record: record["repo"])
def test_derived_presets_equal_kaitos(record: dict[str, Any]) -> None:
    if "error" in record:
        with pytest.raises(HuggingFaceError) as error:
            RELEASE.derive_preset(record["repo"], record["tree"], record["config"])
        assert str(error.value) == record["error"]
        return
    derived = RELEASE.derive_preset(record["repo"], record["tree"], record["config"])
    assert {
        key: (derived.get(key), value) for key, value in record["expected"].items() if derived.get(key) != value
    } == {}
    assert set(derived) == set(record["expected"])


WEIGHTS = [{"path": "model.safetensors", "size": 7_677_000_000, "type": "file"}]


def test_weights_are_chosen_as_kaito_does() -> None:
    def size(*paths: tuple[str, int]) -> str:
        tree = [{"path": path, "size": count << 30, "type": "file"} for path, count in paths]
        return RELEASE.derive_preset("a/b", tree, {})["modelFileSize"]

    assert size(("model.safetensors", 1), ("sub/model.safetensors", 2), ("x.bin", 4)) == "3.00Gi"
    assert size(("x.bin", 4), ("y.bin", 1)) == "5.00Gi"
    assert size(("consolidated.safetensors", 2), ("model.safetensors", 8)) == "2.00Gi"
    # Not anchored, as KAITO's patterns are not.
    assert size(("model.safetensors.index.json", 1)) == "1.00Gi"


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"n_ctx": 100, "max_position_embeddings": 50}, {"modelTokenLimit": 50}),
        ({"max_position_embeddings": None, "n_ctx": "77"}, {"modelTokenLimit": 77}),
        ({"max_position_embeddings": True, "n_ctx": 9.9}, {"modelTokenLimit": 9}),
        ({}, {"modelTokenLimit": 2048, "attnType": "Unknown", "bytesPerToken": 0}),
        (
            {"num_attention_heads": 8, "hidden_size": 64, "num_hidden_layers": 2, "multi_query": True},
            {"attnType": "MQA", "bytesPerToken": 2 * 1 * 8 * 2 * 2},
        ),
        (
            {"kv_lora_rank": 512, "qk_rope_head_dim": 64, "n_layers": 3},
            {"attnType": "MLA", "bytesPerToken": 576 * 3 * 2},
        ),
        ({"text_config": {"n_ctx": 5}, "llm_config": {"n_ctx": 6}}, {"modelTokenLimit": 5}),
        ({"quantization_config": {"quant_method": "awq"}}, {"quantMethod": "awq"}),
    ],
)
def test_configuration_rules(config: dict[str, Any], expected: dict[str, Any]) -> None:
    derived = RELEASE.derive_preset("a/b", WEIGHTS, config)
    assert {key: derived[key] for key in expected} == expected


def test_recorded_models_extend_the_catalogue() -> None:
    config = {"architectures": ["Qwen2ForCausalLM"], "max_position_embeddings": 4096}
    snapshot = {"repo": "Contoso/House-7B", "tree": WEIGHTS, "config": config, "gated": True, "revision": "abc"}
    release = Release.load(KAITO, {"contoso/house-7b": snapshot})
    preset = release.catalogue.find("contoso/HOUSE-7b")
    assert preset is not None
    assert (preset.title, preset.repo, preset.gated, preset.revision) == (
        "Contoso/House-7B",
        "contoso/house-7b",
        True,
        "abc",
    )
    assert "Contoso/House-7B" in release.catalogue.names()
    assert release.node_estimate(cloud="azure", preset="Contoso/House-7B", sku="Standard_NC24ads_A100_v4") == 1
    assert Release.load(KAITO).catalogue.find("contoso/house-7b") is None


def test_a_recorded_model_that_kaito_refuses_says_why() -> None:
    snapshot = {"repo": "a/odd", "tree": WEIGHTS, "config": {"architectures": ["OddForCausalLM"]}}
    catalogue = Release.load(KAITO, {"a/odd": snapshot}).catalogue
    assert catalogue.find("a/odd") is None
    assert catalogue.why_not("a/odd") == "unsupported model architecture for a/odd: OddForCausalLM"
