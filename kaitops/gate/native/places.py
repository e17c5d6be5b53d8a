"""Where the pods and the selectors of Kubernetes' own kinds stand."""

from collections.abc import Mapping
from typing import Any

from kaitops.documents.plain import Path, at

_TEMPLATES: Mapping[str, Path] = {
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "DaemonSet": ("spec", "template"),
    "Deployment": ("spec", "template"),
    "Job": ("spec", "template"),
    "PodTemplate": ("template",),
    "ReplicaSet": ("spec", "template"),
    "ReplicationController": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
}
_SELECTORS: Mapping[str, tuple[Path, ...]] = {
    "DaemonSet": (("spec", "selector", "matchLabels"),),
    "Deployment": (("spec", "selector", "matchLabels"),),
    "ReplicaSet": (("spec", "selector", "matchLabels"),),
    "Service": (("spec", "selector"),),
    "StatefulSet": (("spec", "selector", "matchLabels"),),
}


def template(document: Mapping[str, Any]) -> Path | None:
    """Path of the pod template; None where the kind has none, a Pod among them."""
    return _TEMPLATES.get(document["kind"])


def pod(document: Mapping[str, Any]) -> Path | None:
    """Path of the pod's spec; None where the kind has none."""
    if document["kind"] == "Pod":
        return ("spec",)
    where = template(document)
    return (*where, "spec") if where else None


def selectors(document: Mapping[str, Any]) -> list[Path]:
    """Paths of the labels that the object selects pods by, where they are written."""
    return [path for path in _SELECTORS.get(document["kind"], ()) if at(document, *path) is not None]
