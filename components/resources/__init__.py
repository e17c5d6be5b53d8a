"""Typed KAITO resources for Pulumi programs. Importing this package imports no resource."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kaitops.kaito.facts import newest

if TYPE_CHECKING:
    from kaitops.components.resources.inferenceset import InferenceSet
    from kaitops.components.resources.kaito_resource import KaitoResource
    from kaitops.components.resources.manifest import Manifest
    from kaitops.components.resources.modelmirror import ModelMirror
    from kaitops.components.resources.multirole import MultiRoleInference
    from kaitops.components.resources.ragengine import RAGEngine
    from kaitops.components.resources.readiness import Readiness
    from kaitops.components.resources.workspace import Workspace

__all__ = [
    "InferenceSet",
    "KaitoResource",
    "Manifest",
    "ModelMirror",
    "MultiRoleInference",
    "RAGEngine",
    "Readiness",
    "Workspace",
]

RELEASE = newest()
"""The version of KAITO whose kinds these are."""
_MODULES = {
    "InferenceSet": "inferenceset",
    "KaitoResource": "kaito_resource",
    "Manifest": "manifest",
    "ModelMirror": "modelmirror",
    "MultiRoleInference": "multirole",
    "RAGEngine": "ragengine",
    "Readiness": "readiness",
    "Workspace": "workspace",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
