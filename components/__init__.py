"""AKS with GPU capacity, the KAITO controllers and typed KAITO resources, as Pulumi components.

What a user's program imports from here is loaded on first use: the Azure SDK alone takes half a second.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kaitops.components.deployment import ClusterWorkloads, ModelDeployment, declare_cluster
    from kaitops.components.infra_stack import Infra
    from kaitops.components.operator import KaitoOperator
    from kaitops.components.resources import (
        InferenceSet,
        Manifest,
        ModelMirror,
        MultiRoleInference,
        RAGEngine,
        Readiness,
        Workspace,
    )

__all__ = [
    "ClusterWorkloads",
    "InferenceSet",
    "Infra",
    "KaitoOperator",
    "Manifest",
    "ModelDeployment",
    "ModelMirror",
    "MultiRoleInference",
    "RAGEngine",
    "Readiness",
    "Workspace",
    "declare_cluster",
]

_ROOMS = {
    "Infra": "infra_stack",
    "KaitoOperator": "operator",
    "ClusterWorkloads": "deployment",
    "ModelDeployment": "deployment",
    "declare_cluster": "deployment",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"kaitops.components.{_ROOMS.get(name, 'resources')}"), name)
