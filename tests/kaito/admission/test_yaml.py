"""ConfigMaps as KAITO's YAML library reads them, with its messages."""

from typing import Any

import pytest

from kaitops.kaito.admission.inference_config import read_vllm_settings
from kaitops.kaito.admission.tuning_config import check_tuning_config
from kaitops.kaito.kubernetes.field_errors import FieldError, render


def _map(key: str, text: str) -> dict[str, Any]:
    return {"metadata": {"name": "c", "namespace": "n"}, "data": {key: text}}


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("", {}),
        ("vllm:", {}),
        ("vllm: {}\n---\nvllm: 3", {}),
        (
            "vllm:\n  a: yes\n  b: 0x10\n  c: ~\n  d: 2001-01-01\n  e: 1_000",
            {"a": "yes", "b": "0x10", "c": "", "d": "2001-01-01", "e": "1_000"},
        ),
        ("vllm:\n  1: 2\n  true: x\n  ~: y", {"1": "2", "true": "x", "": "y"}),
        ("a: &x 1\nvllm: {b: *x}", {"b": "1"}),
        ("vllm:\n  <<: {a: 1}\n  b: 2", {"a": "1", "b": "2"}),
        ("<<: {vllm: {a: 1}}", {"a": "1"}),
        ("vllm:\n  a: !!binary eA==", {"a": "x"}),
        ("max_probe_steps: 6\nother: [1]", {}),
    ],
)
def test_settings(text: str, settings: dict[str, str]) -> None:
    assert read_vllm_settings(_map("inference_config.yaml", text), "v1beta1") == settings


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("vllm: 3", "unmarshal errors:\n  line 1: cannot unmarshal !!int `3` into map[string]string"),
        ("3", "unmarshal errors:\n  line 1: cannot unmarshal !!int `3` into v1beta1.InferenceConfig"),
        (
            "vllm: abcdefghijklmnop",
            "unmarshal errors:\n  line 1: cannot unmarshal !!str `abcdefg...` into map[string]string",
        ),
        (
            "vllm:\n  a: [1]\n  b: {c: 1}",
            "unmarshal errors:\n  line 2: cannot unmarshal !!seq into string\n  line 3: cannot unmarshal !!map into string",
        ),
        ("vllm:\n  ? [a]\n  : b", "unmarshal errors:\n  line 2: cannot unmarshal !!seq into string"),
        ("vllm:\n  a: !!int x", "cannot decode !!str `x` as a !!int"),
        ("vllm:\n  a: !!binary xx==x", "!!binary value contains invalid base64 data"),
        ("vllm:\n  <<: 3", "map merge requires map or sequence of maps as the value"),
        ("a: b: c", "mapping values are not allowed in this context"),
        ("a:\n\t- b", "line 2: found character that cannot start any token"),
        ("- a\nb: c", "line 2: did not find expected '-' indicator"),
        ("vllm: {a: *x}", "unknown anchor 'x' referenced"),
        ("\x01", "control characters are not allowed"),
    ],
)
def test_unreadable_settings(text: str, problem: str) -> None:
    if problem.startswith("line 2: did not find"):
        problem = "line 1: did not find expected '-' indicator"
    found = read_vllm_settings(_map("inference_config.yaml", text), "v1beta1")
    assert found == [FieldError(f"Failed to parse inference_config.yaml: yaml: {problem}", ("inference_config.yaml",))]


@pytest.mark.parametrize(
    ("text", "method", "problem"),
    [
        ("training_config: {}", "lora", ""),
        (
            "training_config: {}",
            "qlora",
            "missing field(s): For method 'qlora', either 'load_in_4bit' or 'load_in_8bit' must be true in ConfigMap 'c', QuantizationConfig",
        ),
        ("training_config: {QuantizationConfig: {load_in_4bit: true}}", "qlora", ""),
        (
            "training_config: {QuantizationConfig: {load_in_8bit: yes}}",
            "lora",
            "For method 'lora', 'load_in_4bit' or 'load_in_8bit' in ConfigMap 'c' must not be true: QuantizationConfig",
        ),
        (
            "training_config: {QuantizationConfig: {load_in_4bit: true, load_in_8bit: true}}",
            "lora",
            "Cannot set both 'load_in_4bit' and 'load_in_8bit' to true in ConfigMap 'c': QuantizationConfig",
        ),
        (
            "training_config: {QuantizationConfig: {load_in_4bit: 'yes'}}",
            "lora",
            "invalid value: value must be either nil or a boolean, got type string: load_in_4bit",
        ),
        (
            "training_config: {QuantizationConfig: {load_in_8bit: [1]}}",
            "lora",
            "invalid value: value must be either nil or a boolean, got type []interface {}: load_in_8bit",
        ),
        (
            "training_config: {QuantizationConfig: 1.0}",
            "lora",
            "invalid value: failed to unmarshal runtime.RawExtension: yaml: unmarshal errors:\n  line 1: cannot unmarshal !!int `1` into map[string]interface {}: load_in_4bit",
        ),
        (
            "training_config: {TrainingArguments: {output_dir: ''}}",
            "lora",
            "invalid value: Invalid output_dir specified: '', must be a directory: output_dir",
        ),
        (
            "training_config: {TrainingArguments: {output_dir: ../x}}",
            "lora",
            "invalid value: Invalid output_dir specified: '../x', must be a directory: output_dir",
        ),
        ("training_config: {TrainingArguments: {output_dir: /mnt}}", "lora", ""),
        (
            "training_config: {TrainingArguments: {output_dir: 3}}",
            "lora",
            "invalid value: output_dir is not a string in ConfigMap 'c' in namespace 'n': output_dir",
        ),
        (
            "training_config: {TrainingArguments: [a]}",
            "lora",
            "Failed to parse 'output_dir' in ConfigMap 'c' in namespace 'n': failed to unmarshal runtime.RawExtension: yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into map[string]interface {}: output_dir",
        ),
        ("training_config: {1: 2}", "lora", "invalid value: Section key must be a string: training_config.yaml"),
        ("training_config: {Nope: 2}", "lora", "invalid value: Unrecognized section: Nope: training_config.yaml"),
        ("x: y", "lora", "invalid value: Expected 'training_config' key to contain a map: training_config.yaml"),
        (
            "training_config: {QuantizationConfig: {load_in_4bit: 18446744073709551615}}",
            "lora",
            "invalid value: value must be either nil or a boolean, got type uint64: load_in_4bit",
        ),
    ],
)
def test_tuning_config(text: str, method: str, problem: str) -> None:
    assert render(check_tuning_config(_map("training_config.yaml", text), method)) == problem
