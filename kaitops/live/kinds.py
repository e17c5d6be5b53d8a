"""Which kinds are read of a cluster, and where they are."""

from typing import NamedTuple


class Kind(NamedTuple):
    """Where the objects of a kind are.

    Attributes:
        root: of the group's version on the API server.
        plural: the last part of the path.
        namespaced: whether objects have a namespace.
        optional: a cluster may lack the kind, which then means that there are none of it.
        everywhere: read in all namespaces even where one is asked for, as objects of one lean on those of another.
    """

    name: str
    root: str
    plural: str
    namespaced: bool = True
    optional: bool = False
    everywhere: bool = False

    @property
    def group(self) -> str:
        """The API version that its objects name."""
        return self.root.removeprefix("/apis/").removeprefix("/api/")

    def path(self, namespace: str | None) -> str:
        """Of the list."""
        inside = f"/namespaces/{namespace}" if namespace and self.namespaced and not self.everywhere else ""
        return f"{self.root}{inside}/{self.plural}"


_KAITO, _KAITO_ALPHA = "/apis/kaito.sh/v1beta1", "/apis/kaito.sh/v1alpha1"
_GATEWAYS = "/apis/gateway.networking.k8s.io/v1"

KINDS = {
    one.name: one
    for one in (
        Kind("Workspace", _KAITO, "workspaces", optional=True),
        Kind("InferenceSet", _KAITO, "inferencesets", optional=True),
        Kind("RAGEngine", _KAITO, "ragengines", optional=True),
        Kind("MultiRoleInference", _KAITO_ALPHA, "multiroleinferences", optional=True),
        Kind("ModelMirror", _KAITO_ALPHA, "modelmirrors", namespaced=False, optional=True),
        Kind("StatefulSet", "/apis/apps/v1", "statefulsets"),
        Kind("Deployment", "/apis/apps/v1", "deployments"),
        Kind("Job", "/apis/batch/v1", "jobs"),
        Kind("Pod", "/api/v1", "pods"),
        Kind("Service", "/api/v1", "services"),
        Kind("PersistentVolumeClaim", "/api/v1", "persistentvolumeclaims"),
        Kind("Event", "/api/v1", "events"),
        Kind("Node", "/api/v1", "nodes", namespaced=False),
        Kind("NodeClaim", "/apis/karpenter.sh/v1", "nodeclaims", namespaced=False, optional=True),
        Kind("NodePool", "/apis/karpenter.sh/v1", "nodepools", namespaced=False, optional=True),
        Kind("HTTPRoute", _GATEWAYS, "httproutes", optional=True),
        Kind("Gateway", _GATEWAYS, "gateways", optional=True, everywhere=True),
    )
}
"""By name, in the order in which they are read."""

QUEUED = tuple(
    Kind("Workload", f"/apis/kueue.x-k8s.io/{version}", "workloads", optional=True)
    for version in ("v1beta2", "v1beta1")
)
"""What Kueue makes of pods that it holds back, in the versions that it may serve; read only where it holds one."""

DECLARED = ("Workspace", "InferenceSet", "MultiRoleInference", "RAGEngine", "ModelMirror")
"""KAITO's kinds."""

CONTROLLERS = ("StatefulSet", "Deployment", "Job")
"""What makes pods, and is a workload of its own where nobody owns it, as in plain mode."""
