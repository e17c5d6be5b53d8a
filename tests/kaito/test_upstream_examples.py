"""Every object in KAITO's examples and documentation gets the verdict that KAITO's validators gave it."""

import json
import re
from typing import Any

import pytest

from kaitops.kaito import Release
from kaitops.kaito.admission.remedies import remedy_for
from tests.golden_files import SHARED

_FOLDER = SHARED / "reference" / "kaito-0.12.0"
_GATES = {
    "vLLM": True,
    "enableMIG": True,
    "enableAccelerator": True,
    "enableInferenceSetController": True,
    "enableMultiRoleInferenceController": True,
}
_SETTINGS = {
    "nap": {
        "childAdmission": True,
        "cloud": "azure",
        "nodeProvisioner": "azure-gpu-provisioner",
        "featureGates": _GATES,
    },
    "byo": {"cloud": "azure", "nodeProvisioner": "byo", "featureGates": _GATES},
}


def _cases() -> list[Any]:
    if not _FOLDER.is_dir():
        return [pytest.param(None, "", "", marks=pytest.mark.skip(reason=f"no upstream examples at {_FOLDER}"))]
    examples = [json.loads(line) for line in (_FOLDER / "upstream-examples.jsonl").read_text().splitlines()]
    rows = [line.split("\t") for line in (_FOLDER / "admission-of-upstream-examples.tsv").read_text().splitlines()[1:]]
    found: list[Any] = []
    for example, row in zip(examples, rows, strict=True):
        assert row[0] == f"{example['src']} [{example['gvk']}]"
        for column in row[1:]:
            mode, _, verdict = column.partition(" ")
            found.append(pytest.param(example, mode.lower(), verdict, id=f"{mode}-{example['src']}"))
    return found


def _cluster(labels: dict[str, str]) -> list[dict[str, Any]]:
    templates = {
        "lora-params-template": "training_config: {}",
        "qlora-params-template": "training_config: {QuantizationConfig: {load_in_4bit: true}}",
    }
    node = {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": "gpu-0",
            "labels": {
                **labels,
                "nvidia.com/gpu.product": "A100",
                "nvidia.com/gpu.count": "8",
                "nvidia.com/gpu.memory": "81920",
            },
        },
    }
    return [
        node,
        *(_config_map(name, "kaito-workspace", "training_config.yaml", text) for name, text in templates.items()),
    ]


def _config_map(name: str, namespace: str, key: str, text: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": namespace},
        "data": {key: text},
    }


def _labels(document: dict[str, Any]) -> dict[str, str]:
    spec = document.get("spec") or {}
    selector = (document.get("resource") or {}).get("labelSelector") or spec.get("labelSelector") or {}
    return selector.get("matchLabels") or {}


def _plain(text: str) -> list[str]:
    """A message without what differs between the two harnesses: lists of sizes, namespaces, the network's words."""
    text = re.sub(r"Supported SKUs: \[[^\]]*\]", "SKUS", text).replace(" ;; ", "\n")
    text = re.sub(r"in namespace '[^']*'", "in namespace ''", text)
    return [re.sub(r'(recursive=true"): .*?(: [\w., ]+)$', r"\1\2", line) for line in text.splitlines()]


@pytest.mark.parametrize(("example", "mode", "expected"), _cases())
def test_example(example: dict[str, Any], mode: str, expected: str) -> None:
    document = example["obj"]
    namespace = document["metadata"].get("namespace", "default")
    maps = [
        _config_map(name, namespace, key, text) for name, data in example["cms"].items() for key, text in data.items()
    ]
    verdict = Release.load("0.12.0").admit([*_cluster(_labels(document)), *maps, document], _SETTINGS[mode])
    assert verdict.admitted == (expected == "OK"), verdict.errors
    if verdict.admitted:
        return
    if expected.startswith("ERR "):
        assert _plain(verdict.errors[0]) == _plain(expected.removeprefix("ERR "))
    assert all(remedy_for(text) for text in verdict.errors), verdict.errors
