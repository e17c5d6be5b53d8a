"""Where the pods and the selectors of Kubernetes' own kinds stand."""

from collections.abc import Mapping

from kaitops.documents.plain import Object, Path, at
from kaitops.documents.pods import BY_KIND

_SELECTORS: Mapping[str, tuple[Path, ...]] = {
    "DaemonSet": (("spec", "selector", "matchLabels"),),
    "Deployment": (("spec", "selector", "matchLabels"),),
    "ReplicaSet": (("spec", "selector", "matchLabels"),),
    "Service": (("spec", "selector"),),
    "StatefulSet": (("spec", "selector", "matchLabels"),),
}


def template(document: Object) -> Path | None:
    """Path of the pod template; None where the kind has none, a Pod among them."""
    return BY_KIND.get(document["kind"]) or None


def pod(document: Object) -> Path | None:
    """Path of the pod's spec; None where the kind has none."""
    where = BY_KIND.get(document["kind"])
    return None if where is None else (*where, "spec")


def selectors(document: Object) -> list[Path]:
    """Paths of the labels that the object selects pods by, where they are written."""
    return [path for path in _SELECTORS.get(document["kind"], ()) if at(document, *path) is not None]
