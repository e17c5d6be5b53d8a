"""Named cases beside the recordings: what KAITO's source says can happen and nobody has recorded, and Karpenter's kinds."""

from typing import Any

API = {
    "Workspace": "kaito.sh/v1beta1",
    "InferenceSet": "kaito.sh/v1beta1",
    "RAGEngine": "kaito.sh/v1beta1",
    "MultiRoleInference": "kaito.sh/v1alpha1",
    "ModelMirror": "kaito.sh/v1alpha1",
    "NodeClaim": "karpenter.sh/v1",
    "NodePool": "karpenter.sh/v1",
    "AKSNodeClass": "karpenter.azure.com/v1beta1",
}
CONFLICT = (
    'Operation cannot be fulfilled on workspaces.kaito.sh "a": the object has been modified; please apply your changes'
)


def made(
    kind: str, *conditions: tuple[str, ...], generation: int = 1, observed: int = 1, **status: Any
) -> dict[str, Any]:
    """An object; a condition is type, status, reason and message."""
    rows = [
        {"type": one[0], "status": one[1], "reason": one[2], "message": (*one, "")[3], "observedGeneration": observed}
        for one in conditions
    ]
    metadata = {"name": "a", "generation": generation}
    return {"apiVersion": API[kind], "kind": kind, "metadata": metadata, "status": {**status, "conditions": rows}}


_WAITS = ("WorkspaceSucceeded", "False", "workspacePending", "waiting")
_PENDING = ("InferenceReady", "False", "WorkspaceInferenceStatusPending", "Inference workload is not ready")


def _failed(message: str) -> tuple[str, str, str, str]:
    return ("WorkspaceSucceeded", "False", "workspacePending", f"waiting (last reconcile error: {message})")


CASES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a conflict is gone at the next reconcile": (
        "progressing", "pending", made("Workspace", _PENDING, _failed(CONFLICT), state="Pending")),
    "an unknown error is no normal waiting": (
        "degraded", "refused", made("Workspace", _PENDING, _failed("Unsupported SKU"), state="Pending", generation=4, observed=4)),
    "an error from before an edit says nothing of the edit": (
        "progressing", "behind", made("Workspace", _failed("Unsupported SKU"), state="Pending", generation=4, observed=3)),
    "an error from before the controller's own edit stands": (
        "degraded", "refused-at-first", made("Workspace", _failed("Unsupported SKU"), state="Pending", generation=2)),
    "an error while it serves takes nothing away": (
        "healthy", "ready", made("Workspace", ("WorkspaceSucceeded", "True", "workspaceSucceeded", "succeeds (last reconcile error: x)"), state="Ready")),
    "a code of Azure that nobody wrote down is a failure to launch": (
        "degraded", "no-machine", made("Workspace", ("NodeClaimReady", "False", "ZonalAllocationFailure", "no room"), _PENDING, _WAITS, state="Pending")),
    "a start-up taint goes away": (
        "progressing", "pending", made("Workspace", ("NodeClaimReady", "False", "StartupTaintsExist", "a taint"), _PENDING, _WAITS, state="Pending")),
    "a pod that finds no room may find it, or has": (
        "progressing", "pending", made("Workspace", ("InferenceReady", "False", "Unschedulable", "0/3 nodes"), _WAITS, state="Pending")),
    "a token that cannot be fetched is a failure": (
        "degraded", "server-fails", made("Workspace", ("InferenceReady", "False", "SASTokenFetchFailed", "no token"), _WAITS, state="Pending")),
    "a failed download of the weights": (
        "degraded", "no-weights", made("Workspace", ("ModelMirrorReady", "False", "DownloadFailed", "403"), _PENDING, _WAITS, state="Pending")),
    "pressure on the node is told while it serves": (
        "healthy", "ready", made("Workspace", ("NodesReady", "True", "NodesReady", "ok; warning: n (DiskPressure)"), ("WorkspaceSucceeded", "True", "workspaceSucceeded"))),
    "the tuning Job runs": (
        "progressing", "working", made("Workspace", ("JobStarted", "True", "WorkspaceTuningJobStatusStarted"), _WAITS, state="Running")),
    "a set whose edit nobody saw": (
        "progressing", "behind", made("InferenceSet", ("InferenceSetReady", "True", "inferencesetReady"), generation=3, observed=2)),
    "a set with a failing replica": (
        "progressing", "pending", made("InferenceSet", ("InferenceSetReady", "False", "inferencesetNotReady", "2/3 replicas are ready"))),
    "roles whose write met a conflict": (
        "progressing", "pending", made("MultiRoleInference", ("Ready", "False", "ReconcileFailed", CONFLICT))),
    "roles that cannot be made": (
        "degraded", "refused", made("MultiRoleInference", ("Ready", "False", "ReconcileFailed", "is already owned by another"))),
    "roles whose edit the status alone has not seen": (
        "progressing", "behind", made("MultiRoleInference", ("Ready", "True", "Ready"), generation=2, observed=2, observedGeneration=1)),
    "a mirror without observedGeneration is ready all the same": (
        "healthy", "ready", made("ModelMirror", ("Ready", "True", "StaticMirror"), generation=3)),
    "an engine keeps its observedGeneration after an edit": (
        "healthy", "ready", made("RAGEngine", ("RAGEngineSucceeded", "True", "ragengineSucceeded"), generation=2)),
    "an engine whose write met a conflict": (
        "progressing", "pending", made("RAGEngine", ("RAGEngineSucceeded", "False", "ragengineFailed", CONFLICT))),
    "a machine that runs": (
        "healthy", "ready", made("NodeClaim", ("Launched", "True", "Launched"), ("Ready", "True", "Ready"))),
    "a machine that boots": (
        "progressing", "pending", made("NodeClaim", ("Launched", "True", "Launched"), ("Registered", "Unknown", "NodeNotFound", "Node not registered"), ("Ready", "Unknown", "ReconcilingDependents"))),
    "a machine that cannot be launched": (
        "degraded", "no-machine", made("NodeClaim", ("Launched", "Unknown", "LaunchFailed", "AuthorizationFailed"), ("Ready", "Unknown", "ReconcilingDependents"))),
    "a machine that two nodes claim to be": (
        "degraded", "no-machine", made("NodeClaim", ("Launched", "True", "Launched"), ("Registered", "False", "MultipleNodesFound", "Invariant"), ("Ready", "False", "UnhealthyDependents"))),
    "a pool": (
        "healthy", "ready", made("NodePool", ("Ready", "True", "Ready"))),
    "a pool without its class": (
        "degraded", "refused", made("NodePool", ("NodeClassReady", "False", "NodeClassNotFound", "NodeClass not found"), ("Ready", "False", "UnhealthyDependents"))),
    "a pool whose class is not judged yet": (
        "progressing", "pending", made("NodePool", ("NodeClassReady", "False", "NodeClassReadinessUnknown", "unknown"), ("Ready", "False", "UnhealthyDependents"))),
    "a pool that is not valid": (
        "degraded", "refused", made("NodePool", ("ValidationSucceeded", "False", "NodePoolValidationFailed", "bad key"), ("Ready", "False", "UnhealthyDependents"))),
    "a class": (
        "healthy", "ready", made("AKSNodeClass", ("Ready", "True", "Ready"))),
    "a class whose subnet is missing": (
        "degraded", "refused", made("AKSNodeClass", ("SubnetsReady", "False", "SubnetNotFound", "no subnet"), ("Ready", "False", "UnhealthyDependents", "SubnetsReady=False"))),
    "a class that is being read": (
        "progressing", "pending", made("AKSNodeClass", ("ImagesReady", "Unknown", "AwaitingReconciliation"), ("Ready", "Unknown", "ReconcilingDependents"))),
}  # fmt: skip
"""Phase, rule and object by what the case shows."""

CITED = {
    "an unknown error is no normal waiting": "Unsupported SKU",
    "a code of Azure that nobody wrote down is a failure to launch": "ZonalAllocationFailure: no room",
    "a pod that finds no room may find it, or has": "Unschedulable: 0/3 nodes",
    "pressure on the node is told while it serves": "n (DiskPressure)",
    "a set with a failing replica": "2/3 replicas are ready",
    "a class whose subnet is missing": "SubnetNotFound: no subnet",
    "a machine that two nodes claim to be": "MultipleNodesFound: Invariant",
}
"""What the message must hold."""
