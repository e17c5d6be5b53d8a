"""What is said to be immutable is what KAITO's webhooks refuse to change."""

import copy
import re
from typing import Any

import pytest

from kaitops.change.fields import differences
from kaitops.components.resources import succession
from kaitops.kaito import Release, facts
from kaitops.kaito.lifecycle import Lifecycle
from tests.recorded import load
from tests.version import KAITO

RELEASE = Release.load(KAITO)
ROWS = facts.load(KAITO, "lifecycle.json")["kinds"]
KINDS = {"Workspace": "v1beta1", "InferenceSet": "v1beta1", "RAGEngine": "v1beta1"}
REFUSED = re.compile(
    r"immutable|cannot be changed|cannot be toggled|cannot be unset/set|cannot be (?:added|removed) after creation"
)
# Edits that the webhook sees no difference in, where a path does: KAITO takes both forms for the same.
HARMLESS = {
    "resource.count": "it is dropped, and the old one stays",
    "resource.labelSelector": "labels and expressions that come to the same",
    "tuning.method": "letter case",
    "inference.preset": "a default is spelled out",
    "spec.compute.labelSelector": "labels and expressions that come to the same",
    "spec.compute.count": "it is dropped, and the old one stays",
    "resource.instanceType": "an old object loses its size where nodes are brought",
}


def _body(document: dict[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in document.items() if key not in ("apiVersion", "kind", "status")}


def replaces(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    """The paths by which the engine would find that an object has to be replaced."""
    life = Lifecycle.of(KAITO, new["kind"])
    found = {
        path
        for changed, _, _ in differences(_body(old), _body(new))
        for path in life.immutable
        if list(changed[: len(path.split("."))]) == path.split(".")
    }
    before, after = succession.present(old, life), succession.present(new, life)
    return found | {f"{path}?" for path in life.presence if before[path] != after[path]}


def test_what_the_real_webhook_refuses_to_change_is_replaced() -> None:
    seen: set[str] = set()
    for case in load("updates"):
        old, new = case["old"], case["new"]
        if new["kind"] not in ROWS or new["apiVersion"].endswith("v1alpha1") is (new["kind"] in KINDS):
            continue
        paths = replaces(old, new)
        if REFUSED.search(case["message"]):
            assert paths, (case["id"], case["edit"])
            seen |= paths
        elif case["admitted"]:
            assert paths <= set(HARMLESS), (case["id"], case["edit"], paths)
    assert len(seen) >= 9, seen


WORKSPACE = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "Workspace",
    "metadata": {"name": "a", "namespace": "b"},
    "resource": {"count": 1, "instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"a": "b"}}},
    "inference": {"preset": {"name": "phi-4"}, "config": "x"},
}
TUNING = {
    **{key: part for key, part in WORKSPACE.items() if key != "inference"},
    "tuning": {
        "preset": {"name": "phi-4"},
        "method": "lora",
        "input": {"name": "data", "urls": ["https://example.com/a"]},
        "output": {"image": "registry.example.com/a:1", "imagePushSecret": "s"},
    },
}
SET = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "InferenceSet",
    "metadata": {"name": "a", "namespace": "b"},
    "spec": {
        "labelSelector": {"matchLabels": {"a": "b"}},
        "template": {
            "resource": {"partition": {"mode": "mig", "profile": "1g.10gb"}},
            "inference": {"preset": {"name": "phi-4"}},
        },
    },
}
RAG = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "RAGEngine",
    "metadata": {"name": "a", "namespace": "b"},
    "spec": {
        "compute": {**WORKSPACE["resource"]},
        "embedding": {"local": {"modelID": "a/b"}},
        "inferenceService": {"url": "http://a.b/v1", "contextWindowSize": 1024},
    },
}
MIRROR = {
    "apiVersion": "kaito.sh/v1alpha1",
    "kind": "ModelMirror",
    "metadata": {"name": "a"},
    "spec": {
        "source": {"registry": "huggingface", "modelID": "a/b"},
        "storage": {"size": "1Gi", "storageClassName": "c"},
    },
}
SPLIT = {
    "apiVersion": "kaito.sh/v1alpha1",
    "kind": "MultiRoleInference",
    "metadata": {"name": "a", "namespace": "b"},
    "spec": {
        "labelSelector": {"matchLabels": {"a": "b"}},
        "model": {"name": "phi-4"},
        "roles": [{"type": "prefill", "instanceType": "x"}, {"type": "decode", "instanceType": "x"}],
    },
}
# A second value for the leaf of each immutable path.
EDITS: dict[tuple[str, str], tuple[dict[str, Any], Any]] = {
    ("Workspace", "resource.count"): (WORKSPACE, 2),
    ("Workspace", "resource.instanceType"): (WORKSPACE, "Standard_NC40ads_H100_v5"),
    ("Workspace", "resource.labelSelector"): (WORKSPACE, {"matchLabels": {"a": "c"}}),
    ("Workspace", "resource.partition"): (WORKSPACE, {"mode": "accelerator", "count": 1}),
    ("Workspace", "inference.preset"): (WORKSPACE, {"name": "phi-3.5-mini-instruct"}),
    ("Workspace", "tuning.preset"): (TUNING, {"name": "phi-3.5-mini-instruct"}),
    ("Workspace", "tuning.method"): (TUNING, "qlora"),
    ("Workspace", "tuning.input.name"): (TUNING, "other"),
    ("InferenceSet", "spec.template.resource.partition"): (SET, {"mode": "mig", "profile": "2g.20gb"}),
    ("RAGEngine", "spec.compute.count"): (RAG, 2),
    ("RAGEngine", "spec.compute.instanceType"): (RAG, "Standard_NC40ads_H100_v5"),
    ("RAGEngine", "spec.compute.labelSelector"): (RAG, {"matchLabels": {"a": "c"}}),
    ("RAGEngine", "spec.compute.partition"): (RAG, {"mode": "accelerator", "count": 1}),
    ("ModelMirror", "spec"): (MIRROR, {**MIRROR["spec"], "jobNamespace": "other"}),
    ("MultiRoleInference", "spec.model.name"): (SPLIT, "phi-3.5-mini-instruct"),
}
ALL = [(kind, path) for kind, row in ROWS.items() for path in row["immutable"]]


def _set(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    *parents, leaf = path.split(".")
    node = changed
    for step in parents:
        node = node[step]
    node[leaf] = value
    return changed


def _answer(old: dict[str, Any], new: dict[str, Any]) -> str:
    gates = dict.fromkeys(("ModelMirror", "enableMultiRoleInferenceController", "enableInferenceSetController"), True)
    byo = "partition" in str(new)
    settings = {
        "nodeProvisioner": "byo" if byo else "karpenter",
        "featureGates": {**gates, "enableMIG": True, "enableAccelerator": True},
    }
    return " ".join(RELEASE.admit([new], settings, old=old).errors)


@pytest.mark.parametrize(("kind", "path"), ALL)
def test_every_immutable_path_is_refused_by_admission(kind: str, path: str) -> None:
    old, value = EDITS[kind, path]
    new = _set(old, path, value)
    assert REFUSED.search(_answer(old, new)), path
    assert path in replaces(old, new)


@pytest.mark.parametrize(
    ("old", "path", "value"),
    [
        (WORKSPACE, "inference.config", "other"),
        (WORKSPACE, "resource.preferredNodes", ["n"]),
        (TUNING, "tuning.input.urls", ["https://example.com/b"]),
        (TUNING, "tuning.output.image", "registry.example.com/a:2"),
        (SET, "spec.replicas", 3),
        (SET, "spec.template.inference.preset", {"name": "phi-3.5-mini-instruct"}),
        (RAG, "spec.inferenceService.contextWindowSize", 2048),
        (SPLIT, "spec.labelSelector", {"matchLabels": {"a": "c"}}),
    ],
)
def test_what_may_change_is_not_replaced(old: dict[str, Any], path: str, value: Any) -> None:
    new = _set(old, path, value)
    assert not REFUSED.search(_answer(old, new))
    assert not replaces(old, new)


def test_parts_that_come_or_go_are_refused_and_replaced() -> None:
    template = {**WORKSPACE, "inference": {"template": {"spec": {"containers": []}}}}
    bare = {**RAG, "spec": {key: part for key, part in RAG["spec"].items() if key != "compute"}}
    for old, new, path in (
        (WORKSPACE, TUNING, "inference?"),
        (TUNING, WORKSPACE, "tuning?"),
        (WORKSPACE, template, "inference.template?"),
        (RAG, bare, "spec.compute?"),
        (bare, RAG, "spec.compute?"),
    ):
        assert REFUSED.search(_answer(old, new))
        assert path in replaces(old, new)


def test_waiting_grows_with_the_weights() -> None:
    life = Lifecycle.of(KAITO, "Workspace")
    sizes = {preset.repo: preset.size_bytes for preset in RELEASE.catalogue}
    large = {repo for repo, size in sizes.items() if size > 100e9}
    assert large
    assert all(life.timeout_seconds([repo], RELEASE) == (7200 if repo in large else 3600) for repo in sizes)
    assert life.timeout_seconds([], RELEASE) == 3600
    assert life.timeout_seconds(["nobody/knows"], RELEASE) == 7200
