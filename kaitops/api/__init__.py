"""Typed custom resources and the few Kubernetes kinds around them. Importing this package imports no models."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kaitops.api.resource import Resource

_MODULES = {
    "kaito.sh/v1beta1": "kaitops.api.kaito_v1beta1",
    "kaito.sh/v1alpha1": "kaitops.api.kaito_v1alpha1",
}
_KINDS = {
    "kaito.sh/v1beta1": ("Workspace", "InferenceSet", "RAGEngine"),
    "kaito.sh/v1alpha1": ("Workspace", "InferenceSet", "RAGEngine", "ModelMirror", "MultiRoleInference"),
}
_KUBERNETES = "kaitops.api.kubernetes"


def is_kaito(api_version: str, kind: str) -> bool:
    """Is this one of the kinds that KAITO 0.12 serves?"""
    return kind in _KINDS.get(api_version, ())


def kaito_kinds() -> list[str]:
    """KAITO's kinds as ``group/version/Kind``."""
    return [f"{version}/{kind}" for version, kinds in _KINDS.items() for kind in kinds]


def model_for(api_version: str, kind: str) -> "type[Resource]":
    """The model of a kind; its module is imported on first use.

    Raises:
        LookupError: there is no model for this kind and version.
    """
    if is_kaito(api_version, kind):
        return getattr(import_module(_MODULES[api_version]), kind)
    if not api_version.startswith("kaito.sh/"):
        model = import_module(_KUBERNETES).MODELS.get((api_version, kind))
        if model is not None:
            return model
    raise LookupError(f"no model for {kind} of {api_version or 'the core group'}")
