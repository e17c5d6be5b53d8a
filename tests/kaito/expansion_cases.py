"""Documents for expansion tests, and look-ups in what comes out."""

from copy import deepcopy
from typing import Any

from kaitops.kaito import Release
from kaitops.kaito.expansion import Expansion
from tests.version import KAITO

RELEASE = Release.load(KAITO)
KARPENTER: dict[str, Any] = {"cloud": "azure", "nodeProvisioner": "karpenter"}
BYO: dict[str, Any] = {"cloud": "azure", "nodeProvisioner": "byo"}
CLAIMS: dict[str, Any] = {"cloud": "azure", "nodeProvisioner": "azure-gpu-provisioner"}


def workspace(
    preset: str = "phi-4-mini-instruct", size: str | None = "Standard_NC24ads_A100_v4", **parts: Any
) -> dict[str, Any]:
    """A Workspace; name, namespace, labels, annotations, resource and inference can be given."""
    metadata: dict[str, Any] = {"name": parts.get("name", "ws"), "namespace": parts.get("namespace", "models")}
    metadata |= {key: parts[key] for key in ("labels", "annotations") if key in parts}
    resource: dict[str, Any] = {"labelSelector": {"matchLabels": {"apps": "ws"}}}
    if size:
        resource["instanceType"] = size
    return {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": metadata,
        "resource": {**resource, **parts.get("resource", {})},
        "inference": parts.get("inference") or {"preset": {"name": preset}},
    }


def tuning(preset: str = "phi-4", size: str = "Standard_NC24ads_A100_v4", **parts: Any) -> dict[str, Any]:
    """A tuning Workspace; parts of ``tuning`` can be given."""
    document = workspace(size=size)
    del document["inference"]
    document["tuning"] = {
        "preset": {"name": preset},
        "method": "lora",
        "config": "training",
        "input": {"urls": ["https://example.com/a.parquet"]},
        "output": {"volumeSource": {"persistentVolumeClaim": {"claimName": "out"}}},
        **parts,
    }
    return document


def training(text: str, name: str = "training", namespace: str = "models") -> dict[str, Any]:
    """A ConfigMap with a training configuration."""
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"training_config.yaml": text}}


def node(name: str = "gpu-0", ready: str = "True", **labels: str) -> dict[str, Any]:
    """A node of four GPUs of 80 GiB that the selector matches; labels with ``_`` for ``.``, without their prefix."""
    nvidia = {"gpu_product": "NVIDIA-A100-SXM4-80GB", "gpu_count": "4", "gpu_memory": "81920", **labels}
    own = {f"nvidia.com/{key.replace('_', '.')}": value for key, value in nvidia.items() if value}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": {"apps": "ws", **own}},
        "status": {"conditions": [{"type": "Ready", "status": ready}]},
    }


def expand(*documents: dict[str, Any], settings: dict[str, Any] | None = None, **gates: bool) -> Expansion:
    """Expand the last document and check that nothing was changed and that no part occurs twice."""
    given = {**(settings or KARPENTER), "featureGates": gates}
    before = deepcopy(documents)
    expansion = RELEASE.expand(documents, given)
    assert documents == before, "an expansion changed its input"
    for made in expansion.objects:
        _scribble(made)
    assert documents == before, "an object shares a part with the input"
    again = RELEASE.expand(documents, given)
    parts = [id(part) for made in again.objects for part in _containers(made)]
    assert len(parts) == len(set(parts)), "two places of the objects are one and the same part"
    return again


def one(expansion: Expansion, kind: str, name: str | None = None) -> dict[str, Any]:
    """The only object of a kind, or the one of that name."""
    found = [made for made in expansion.objects if made["kind"] == kind and name in (None, made["metadata"]["name"])]
    assert len(found) == 1, [(made["kind"], made["metadata"]["name"]) for made in expansion.objects]
    return found[0]


def pod(expansion: Expansion, kind: str = "StatefulSet") -> dict[str, Any]:
    """The pod of the only workload."""
    return one(expansion, kind)["spec"]["template"]["spec"]


def flags(expansion: Expansion) -> dict[str, str]:
    """The flags of the serving command of one pod on one node."""
    line = pod(expansion)["containers"][0]["command"][-1]
    words = [word.removeprefix("--") for word in line.split(" --")[1:]]
    return {word.partition("=")[0]: word.partition("=")[2] for word in words}


def environment(container: dict[str, Any]) -> dict[str, Any]:
    """Values of the environment by name."""
    return {entry["name"]: entry.get("value", entry.get("valueFrom")) for entry in container.get("env", ())}


def _containers(value: Any) -> list[Any]:
    if not isinstance(value, dict | list):
        return []
    entries = value.values() if isinstance(value, dict) else value
    return [value, *(part for entry in entries for part in _containers(entry))]


def _scribble(value: Any) -> None:
    if isinstance(value, dict):
        for entry in value.values():
            _scribble(entry)
        value["scribbled"] = True
    elif isinstance(value, list):
        for entry in value:
            _scribble(entry)
        value.append("scribbled")
