"""Where the parts of each kind stand: one table for the reader of documents and for the writer of CEL.

Owns paths only. What a controller hands on to the objects that it makes is part of the object that it reads: KAITO
clones the annotations of an InferenceSet's template to its Workspaces, and all those of a MultiRoleInference.
Source: KAITO pkg/utils/inferenceset/inferenceset.go, pkg/controllers/multiroleinference/controller.go.
"""

from collections.abc import Mapping

from kaitops.documents import pods
from kaitops.kaito import anatomy as kaito
from kaitops.policies.rule import Path

WORKSPACE, INFERENCESET, RAGENGINE = "kaito.sh/Workspace", "kaito.sh/InferenceSet", "kaito.sh/RAGEngine"
MULTIROLE = "kaito.sh/MultiRoleInference"
INFERENCES = (WORKSPACE, INFERENCESET)
SERVED = (*INFERENCES, MULTIROLE)
KAITO = (*INFERENCES, RAGENGINE)
CONFIGMAP, SERVICE = "ConfigMap", "Service"
INGRESS = "networking.k8s.io/Ingress"
ROUTES = ("gateway.networking.k8s.io/HTTPRoute", "gateway.networking.k8s.io/GRPCRoute")
SLICE = "discovery.k8s.io/EndpointSlice"
POOLS = ("inference.networking.k8s.io/InferencePool", "inference.networking.x-k8s.io/InferencePool")
VOLUME = "PersistentVolume"
STORES = ("external-secrets.io/SecretStore", "external-secrets.io/ClusterSecretStore")
ROLES = ("rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole")
BINDINGS = ("rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding")

INFERENCE: Mapping[str, Path] = {WORKSPACE: ("inference",), INFERENCESET: ("spec", "template", "inference")}
PRESETS: Mapping[str, tuple[kaito.Model, ...]] = {f"{kaito.GROUP}{kind}": held for kind, held in kaito.MODELS.items()}
SELECTOR: Mapping[str, Path] = {f"{kaito.GROUP}{kind}": path for kind, path in kaito.SELECTORS.items()}
WORKLOADS = tuple(pods.TEMPLATES)
TEMPLATE: Mapping[str, Path] = {
    **pods.TEMPLATES,
    **{f"{kaito.GROUP}{kind}": path for kind, path in kaito.TEMPLATES.items()},
}
"""The pod that a kind declares: the object that holds the pod's ``metadata`` and ``spec``."""
PODS = tuple(TEMPLATE)
OPEN: Mapping[str, tuple[Path, ...]] = {
    WORKSPACE: (("inference",),),
    INFERENCESET: (("spec", "template", "inference"), ("spec", "template")),
}
"""The deepest parts that the API server has a schema for, above what it takes as it comes."""

_OWN: Path = ("metadata",)
METADATA: Mapping[str, tuple[Path, ...]] = {INFERENCESET: (_OWN, ("spec", "template", "metadata"))}
"""Every metadata whose annotations and labels a controller reads or hands on; of other kinds their own."""
HANDED: Mapping[str, Path] = {INFERENCESET: ("spec", "template", "metadata")}
"""The metadata that a served model's own Workspace gets."""
PARTS = pods.PARTS
HANDLERS: tuple[Path, ...] = (
    ("lifecycle", "postStart"),
    ("lifecycle", "preStop"),
    ("startupProbe",),
    ("livenessProbe",),
    ("readinessProbe",),
)
"""What of a container may run a command beside the container's own."""


def metadata(kind: str) -> tuple[Path, ...]:
    """Paths of the metadata that counts for a kind."""
    return METADATA.get(kind, (_OWN,))


def handed(kind: str) -> Path:
    """Path of the metadata that the Workspace of a kind gets."""
    return HANDED.get(kind, _OWN)
