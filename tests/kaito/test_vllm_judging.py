"""What is said of flags, and the form that does what they say."""

import json

import pytest

from kaitops.kaito import facts
from kaitops.kaito.release import Release
from kaitops.kaito.vllm import values
from kaitops.kaito.vllm.flags import Table, table
from kaitops.kaito.vllm.judging import overridden, problems
from kaitops.kaito.vllm.writing import section
from tests.version import KAITO

VERSIONS = {"0.9.4": "0.14.1", "0.10.0": "0.17.1", "0.11.0": "0.22.1", "0.12.0": "0.25.1"}


def flags(version: str = "0.12.0") -> Table:
    found = table(version)
    assert found is not None
    return found


def told(declared: dict[str, object], version: str = "0.12.0") -> dict[str, str]:
    return {one.key: one.message for one in problems(declared, flags(version))}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_table_is_of_the_vllm_that_the_release_ships(version: str) -> None:
    assert flags(version).version == VERSIONS[version] == facts.load(version, "release.json")["images"]["baseVLLM"]


def test_no_table_is_no_judgement() -> None:
    assert table("0.6.0") is None
    assert table("../0.12.0") is None


@pytest.mark.parametrize(
    "declared",
    [
        {"quantization": "FP8"},
        {"quantization": "of-our-own"},
        {"quantization": "None"},
        {"quantization": "fp_quant", "allow-deprecated-quantization": "--allow-deprecated-quantization"},
        {"tool-call-parser": "hermess", "tool-parser-plugin": "/mnt/parsers.py"},
        {"load-format": "auto"},
    ],
)
def test_names_that_the_server_has_or_may_have(declared: dict[str, object]) -> None:
    assert told(declared) == {}


def test_what_presets_name_is_there() -> None:
    named = flags(KAITO).named
    wrong = [
        (preset.title, key, value)
        for preset in Release.load(KAITO).catalogue
        for key, value in preset.vllm.items()
        if key in named and value not in named[key]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("gpu-memory-utilisation", 0.9, "is no flag of vLLM 0.25.1, so the server does not start; nearest: gpu-memory-utilization"),
        ("zzz", 1, "so the server does not start; drop it"),
        ("gpu-memory-utilization", 1.5, "is 1.5, which is more than 1, so the server does not start; write a number above 0, up to 1"),
        ("max-num-seqs", "many", "is 'many', which is not a whole number, so the server does not start"),
        ("kv-cache-dtype", "fp9", "is 'fp9', which is no value of it, so the server does not start; nearest: fp8"),
        ("enable-chunked-prefill", False, "write 'no-enable-chunked-prefill: --no-enable-chunked-prefill'"),
        ("no-enable-chunked-prefill", False, "is turned off by this"),
        ("disable-log-stats", False, "write nothing: it is off unless it is there"),
        ("port", 8000, "nobody reaches it; drop it"),
        ("compilation-config", '{"mode": 3}', "is lost: a part of the same flag is read after it and replaces it"),
        ("kaito-max-probe-steps", 3, "write max_probe_steps beside 'vllm'"),
        ("max_model_len", 4096, "is not seen by KAITO, which counts nodes as for 2048 tokens; write max-model-len"),
        ("max-num", 3, "is the start of several flags"),
        ("kv-transfer-config", '{"kv_conector": "x"}', "has no key 'kv_conector', so the server does not start; nearest: kv_connector"),
        ("kv-transfer-config", "[1]", "is no JSON object"),
        ("kv-transfer-config", "{1", "is no JSON, so"),
        ("enable-lora=1", 3, "takes no value, so the server does not start"),
        ("reasoning-parser", "--deepseek", "write a value that has no dash first"),
        ("reasoning-parser", "qwen_3", "is no reasoning-parser of vLLM 0.25.1, so the server does not start; nearest: qwen3"),
        ("tool-call-parser", "hermess", "so a server with enable-auto-tool-choice does not start; nearest: hermes"),
        ("quantization", "gguf", "is no quantization of vLLM 0.25.1, so the server does not start; write one of auto_awq, "),
        ("quantization", "fp_quant", "that vLLM 0.25.1 gives up, so the server does not start; take another one, or add 'allow-deprecated-quantization: "),
        ("load-format", "Safetensor", "nearest: safetensors"),
        ("tokenizer-mode", "mistrall", "nearest: mistral"),
    ],
)  # fmt: skip
def test_what_is_said(key: str, value: object, words: str) -> None:
    assert words in told({key: value})[key]


def test_a_second_switch_is_refused_and_a_first_is_not() -> None:
    found = told({"enable-prefix-caching": True, "enforce-eager": True})
    assert list(found) == ["enforce-eager"]
    assert "refuses the second word that is left over, 'True'" in found["enforce-eager"]
    assert "write 'enforce-eager: --enforce-eager'" in found["enforce-eager"]


def test_starts_and_underscores_are_taken_as_vllm_takes_them() -> None:
    assert told({"gpu_memory_utilization": 0.9, "max-num-batched": "8k"}) == {}


def test_what_kaito_sets_is_named() -> None:
    declared = {"tensor-parallel-size": 2, "served_model_name": "phi", "max-model-len": 4096}
    found = list(overridden(declared, flags()))
    assert [one.key for one in found] == ["tensor-parallel-size", "served_model_name"]
    assert "overrides what KAITO sets from the GPUs of a node" in found[0].message


@pytest.mark.parametrize("version", VERSIONS)
def test_every_switch_is_written_so_that_it_works_together_with_all_others(version: str) -> None:
    known = flags(version)
    switches = [name for name in known if (flag := known.get(name)) and flag.takes_no_value]
    for value in (True, False):
        written = section(dict.fromkeys(switches, value), known)
        assert problems({**written, "tool-call-parser": "hermes"}, known) == []
        off = [name for name in switches if (flag := known.get(name)) and flag.type == "bare"]
        assert len(written) == len(switches) - (0 if value else len(off))
    assert section({"no-enforce-eager": False, "max-num-seqs": 8, "dtype": True}, known) == {
        "enforce-eager": "--enforce-eager", "max-num-seqs": 8, "dtype": True,
    }  # fmt: skip
    assert section({"enforce-eager": True, "no-enforce-eager": True, "max_num_seqs": 4, "max-num-seqs": 8}, known) == {
        "no-enforce-eager": "--no-enforce-eager", "max-num-seqs": 8,
    }  # fmt: skip


def test_flags_are_written_with_dashes() -> None:
    assert section({"max_model_len": 4096, "no_such": 1}, flags()) == {"max-model-len": 4096, "no_such": 1}


def test_flags_are_described_for_editors() -> None:
    known = flags()
    words = {name: values.described(flag) for name in known if (flag := known.get(name))}
    assert words["gpu-memory-utilization"] == "a number above 0, up to 1"
    assert words["enforce-eager"] == "true or false"
    assert words["kv-transfer-config"] == "a JSON object in quotes"
    assert words["max-model-len"].endswith("or auto")
    schema = json.loads((facts.root() / "fleet.schema.json").read_text())
    assert schema["$defs"]["Flags"]["properties"].keys() == set(known)
    for part in ("Model", "Role"):
        assert schema["$defs"][part]["properties"]["vllm"]["$ref"] == "#/$defs/Flags"
