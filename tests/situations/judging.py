"""What is said of an object: by the webhooks, where nodes are made and where they are brought, and by the rules.

Owns the cluster that a situation meets, so that ours and upstream's are judged alike.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from kaitops.kaito import Release
from kaitops.kaito.admission.verdict import Verdict
from kaitops.policies import facts
from kaitops.policies.registry import Violation, judge, load
from tests.situations.making import Object
from tests.version import KAITO

VERSION = KAITO
TODAY = date(2026, 11, 21)
_GATES = {
    "vLLM": True,
    "enableMIG": True,
    "enableAccelerator": True,
    "enableInferenceSetController": True,
    "enableMultiRoleInferenceController": True,
}
SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "made": {
        "childAdmission": True,
        "cloud": "azure",
        "nodeProvisioner": "azure-gpu-provisioner",
        "featureGates": _GATES,
    },
    "brought": {"cloud": "azure", "nodeProvisioner": "byo", "featureGates": _GATES},
}
"""The controllers' settings: nodes are made for the object, or brought by the user."""

_TRAINING = {
    "lora-params-template": "training_config: {}",
    "qlora-params-template": "training_config: {QuantizationConfig: {load_in_4bit: true}}",
}
_NVIDIA = {"nvidia.com/gpu.product": "A100", "nvidia.com/gpu.count": "8", "nvidia.com/gpu.memory": "81920"}

Maps = Mapping[str, Mapping[str, str]]


def verdict(document: Object, maps: Maps, nodes: str) -> Verdict:
    """The webhooks' verdict.

    Args:
        nodes: ``made`` or ``brought``.
    """
    namespace = document["metadata"].get("namespace", "default")
    beside = [_config_map(name, namespace, data) for name, data in maps.items()]
    return Release.load(VERSION).admit([*_cluster(_labels(document)), *beside, document], SETTINGS[nodes])


def findings(document: Object, maps: Maps, cloud: str) -> list[Violation]:
    """What the rules of the gate find."""
    beside = [_config_map(name, None, data) for name, data in maps.items()]
    context = facts.context(VERSION, TODAY, settings={"cloud": cloud}, objects=beside)
    return judge(load(), document, context)


def lines(text: str) -> list[str]:
    """The lines of a refusal, without the list of all machine sizes and what a network says of itself."""
    told = re.sub(r"Supported SKUs: \[[^\]]*\]", "SKUS", text).splitlines()
    return [re.sub(r'(recursive=true"): .*?(: [\w., ]+)$', r"\1\2", line) for line in told]


def _cluster(labels: Mapping[str, str]) -> list[Object]:
    node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "gpu-0", "labels": {**labels, **_NVIDIA}}}
    maps = [_config_map(name, "kaito-workspace", {"training_config.yaml": text}) for name, text in _TRAINING.items()]
    return [node, *maps]


def _config_map(name: str, namespace: str | None, data: Mapping[str, str]) -> Object:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": dict(data)}


def _labels(document: Object) -> Mapping[str, str]:
    spec = document.get("spec") or {}
    selector = (document.get("resource") or {}).get("labelSelector") or spec.get("labelSelector") or {}
    return selector.get("matchLabels") or {}
