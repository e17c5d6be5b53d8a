"""Pods that Kueue, another gate, the limits of a NodePool or a pod of a higher priority hold back, as objects."""

from collections.abc import Callable
from typing import Any

from tests.live import world as w

Object = dict[str, Any]
Beside = Callable[[Object], list[Object]]
_GATED = w.condition(
    "PodScheduled", "False", "SchedulingGated", "Scheduling is blocked due to non-empty scheduling gates"
)
_ELSEWHERE = w.condition(
    "PodScheduled",
    "False",
    "Unschedulable",
    "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
)


def checked(state: str, message: str, *conditions: Object, gate: str = "kueue.x-k8s.io/admission") -> Beside:
    """A pod that Kueue holds, with a check of its queue."""

    def make(obj: Object) -> list[Object]:
        made = queued(*conditions)(obj)
        made[1]["spec"]["schedulingGates"] = [{"name": gate}]
        check = {"name": "provisioning", "state": state, "message": message, "lastTransitionTime": w.T0}
        made[-1]["status"]["admissionChecks"] = [check]
        return made

    return make


def gated(gate: str, *beside: Callable[[Object], Object]) -> Beside:
    """A pod with a gate, in the queue ``gpu``."""

    def make(obj: Object) -> list[Object]:
        pod = w.pod(obj, node="", phase="Pending", scheduled=_GATED)
        pod["spec"]["schedulingGates"] = [{"name": gate}]
        pod["metadata"]["labels"] |= {"kueue.x-k8s.io/queue-name": "gpu"}
        return [w.controller(obj), pod, w.node(), w.service(obj), *(one(obj) for one in beside)]

    return make


def queued(*conditions: Object) -> Beside:
    """A pod that Kueue holds, with the Workload that Kueue made of it."""

    def workload(obj: Object) -> Object:
        owner = {"apiVersion": "v1", "kind": "Pod", "name": f"{obj['metadata']['name']}-0"}
        meta = {"name": "pod-x-1a2b3", "namespace": obj["metadata"]["namespace"], "ownerReferences": [owner]}
        return {
            "apiVersion": "kueue.x-k8s.io/v1beta1", "kind": "Workload", "metadata": meta,
            "spec": {"queueName": "gpu"}, "status": {"conditions": list(conditions)},
        }  # fmt: skip

    return gated("kueue.x-k8s.io/admission", workload)


def reported(message: str) -> Beside:
    """The same where only the events of the Workload were read."""
    return gated(
        "kueue.x-k8s.io/admission",
        lambda obj: w.event(
            ("Workload", obj["metadata"]["namespace"], f"pod-{obj['metadata']['name']}-0-1a2b3"), "Pending", message
        ),
    )


def refused(message: str) -> Beside:
    return queued(w.condition("QuotaReserved", "False", "Inadmissible", message))


def limited(message: str = "") -> Beside:
    """A NodePool whose limits are reached, by its status or by what Karpenter reports of the pod."""

    def make(obj: Object) -> list[Object]:
        pool = w.pool(obj)
        pod = w.pod(obj, node="", phase="Pending", scheduled=_ELSEWHERE)
        if message:
            return [w.controller(obj), pool, pod, w.event(pod, "FailedScheduling", message)]
        pool["spec"]["limits"], pool["status"]["resources"] = {"cpu": "24"}, {"cpu": "24"}
        return [w.controller(obj), pool, pod]

    return make


_RESERVED = w.condition("QuotaReserved")
_SENT_BACK = w.condition("Evicted", "True", "AdmissionCheck", "At least one admission check is false")


def preempted(obj: Object) -> list[Object]:
    pod = w.pod(obj, None, phase="Failed")
    text = "default-scheduler: preempting to accommodate a higher priority pod"
    pod["status"]["conditions"].append(w.condition("DisruptionTarget", "True", "PreemptionByScheduler", text))
    return [w.controller(obj), pod, w.node(), w.service(obj)]


NO_FIT = "couldn't assign flavors to pod set main: insufficient"
HELD: dict[str, tuple[str, str, str, Beside]] = {
    "queue-not-there": ("degraded", "queue-refused", "is not in its namespace", refused("LocalQueue gpu doesn't exist")),
    "queue-of-no-cluster-queue": ("degraded", "queue-refused", "behind its queue is not there", refused("ClusterQueue all doesn't exist")),
    "queue-stopped": ("degraded", "queue-refused", "its queue is inactive", refused("ClusterQueue all is inactive")),
    "queue-smaller-than-the-model": ("degraded", "queue-refused", "than its queue may ever have", refused(
        f"{NO_FIT} quota for nvidia.com/gpu in flavor a100, request > maximum capacity (8 > 4)")),
    "queue-full": ("progressing", "queue-waits", "the quota of its queue is used up", queued(w.condition(
        "QuotaReserved", "False", "Pending", f"{NO_FIT} unused quota for nvidia.com/gpu in flavor a100, 1 more needed"))),
    "queue-full-by-events": ("progressing", "queue-waits", "the quota of its queue is used up", reported(
        f"{NO_FIT} unused quota for nvidia.com/gpu in flavor a100, 1 more needed")),
    "queue-preempted": ("progressing", "queue-waits", "of a higher priority", queued(
        w.condition("QuotaReserved", "False", "Pending", "Preempted to accommodate a workload"),
        w.condition("Evicted", "True", "Preempted", "Preempted to accommodate a workload (UID: x) due to prioritization"))),
    "queue-with-a-check": ("progressing", "queue-waits", "a check of its queue", queued(
        w.condition("QuotaReserved"), w.condition("Admitted", "False", "UnsatisfiedChecks", "waits for provisioning"))),
    "queue-with-a-check-by-name": ("progressing", "queue-waits", "the check provisioning of its queue is not through", checked(
        "Pending", "Waiting for the ProvisioningRequest: ETA 12m", _RESERVED)),
    "queue-with-a-check-that-sends-back": ("progressing", "queue-waits", "has sent it back, and is asked again", checked(
        "Retry", "Retrying after failure", w.condition("QuotaReserved", "False", "Pending"), _SENT_BACK)),
    "queue-with-a-check-that-rejects": ("degraded", "queue-refused", "the check provisioning of its queue rejects it: zone is full", checked(
        "Rejected", "zone is full", _RESERVED)),
    "queue-checked-and-sent-back": ("progressing", "queue-waits", "a check of its queue has sent it back", queued(
        w.condition("QuotaReserved", "False", "Pending"), _SENT_BACK)),
    "queue-without-room-together": ("progressing", "queue-waits", "of the topology that its queue spreads over", queued(w.condition(
        "QuotaReserved", "False", "Pending", "couldn't assign flavors to pod set main: topology \"dc\" doesn't allow to fit any of 2 pod(s)"))),
    "queue-left-without-a-place": ("progressing", "queue-waits", "not yet given its place in the topology", checked(
        "Ready", "", _RESERVED, w.condition("Admitted"), gate="kueue.x-k8s.io/topology")),
    "queue-silent": ("progressing", "queue-waits", "in queue gpu", gated("kueue.x-k8s.io/admission")),
    "gate-of-another": ("degraded", "gate-held", "acme.example/approval", gated("acme.example/approval")),
    "pool-limit-told": ("degraded", "pool-limit", "the limits of NodePool models-", limited(
        'Failed to schedule pod, all available instance types exceed limits for nodepool: "models-phi4k"')),
    "pool-limit-reached": ("degraded", "pool-limit", "the limits of NodePool models-", limited()),
    "pod-of-lower-priority": ("degraded", "preempted", "of a higher priority", preempted),
}  # fmt: skip
