"""What holds a pod back from the scheduler: its gates, a suspended Job, and the Workload that Kueue makes of it.

Sources: core/v1 PodSchedulingGate; Kueue's apis/kueue/v1beta1/workload_types.go, pkg/controller/constants.
"""

from kaitops.documents.plain import Object, at, items
from kaitops.live.snapshot import labels_of, name_of, namespace_of
from kaitops.live.view import View

WORKLOAD = "Workload"
_KUEUE = "kueue.x-k8s.io/"
_QUEUE, _GROUP = f"{_KUEUE}queue-name", f"{_KUEUE}pod-group-name"


def gates(pod: Object) -> list[str]:
    """The names of a pod's gates; a pod that runs has none."""
    return [str(at(one, "name") or "") for one in items(at(pod, "spec", "schedulingGates"))]


def by_kueue(pod: Object) -> bool:
    """Kueue holds the pod."""
    return any(one.startswith(_KUEUE) for one in gates(pod))


def held(view: View) -> list[Object]:
    """The pods that Kueue holds, and the Job that it suspends."""
    found = [pod for pod in view.unready if by_kueue(pod)]
    job = view.controller
    if job is not None and job.get("kind") == "Job" and at(job, "spec", "suspend") is True and queue(job):
        found.append(job)
    return found


def queue(obj: Object) -> str:
    """The queue that an object is in; empty where it names none."""
    return str(labels_of(obj).get(_QUEUE) or "")


def workloads(view: View, held_back: list[Object]) -> list[Object]:
    """The Workloads that Kueue made of what it holds."""
    above = [view.controller] if view.controller else []
    names = {(str(one.get("kind")), name_of(one)) for one in (*held_back, *above)}
    groups = {str(labels_of(one).get(_GROUP) or "") for one in held_back} - {""}
    return [
        one
        for one in view.snapshot.of(WORKLOAD)
        if namespace_of(one) == view.place and (name_of(one) in groups or not names.isdisjoint(_owners(one)))
    ]


def checks(workload: Object, *states: str) -> list[Object]:
    """The admission checks of a Workload that are in one of some states."""
    return [one for one in items(at(workload, "status", "admissionChecks")) if at(one, "state") in states]


def _owners(obj: Object) -> set[tuple[str, str]]:
    return {(str(at(one, "kind")), str(at(one, "name"))) for one in items(at(obj, "metadata", "ownerReferences"))}
