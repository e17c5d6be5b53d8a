"""A workload that Kueue cannot admit as things are."""

import re

from kaitops.documents.plain import at
from kaitops.live.finding import Rule, Said
from kaitops.live.gates import checks, held, queue, workloads
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition, name_of
from kaitops.live.view import View

_WAYS = (
    (
        r"LocalQueue .*(doesn't exist|not found)",
        "the queue that its label names is not in its namespace",
        "kubectl get localqueues -n {space}, then correct the label kueue.x-k8s.io/queue-name or make the LocalQueue",
    ),
    (
        r"ClusterQueue .*(doesn't exist|not found)",
        "the ClusterQueue behind its queue is not there",
        "kubectl get localqueues -n {space} -o wide, then make the ClusterQueue or name another one",
    ),
    (
        r"is (inactive|stopped)|LocalQueue .*on hold",
        "its queue is inactive: it was stopped, or a flavor of it is missing",
        "kubectl describe clusterqueues (the condition Active says why)",
    ),
    (
        r"namespace doesn't match",
        "its ClusterQueue does not take workloads of this namespace",
        "kubectl get clusterqueues -o yaml (spec.namespaceSelector), or another queue",
    ),
    (
        r"request > maximum capacity|exceeds? .*(maximum|nominal)",
        "it asks for more than its queue may ever have",
        "kubectl get clusterqueues -o yaml (nominalQuota), or fleet.yaml: {entry}.gpu: a smaller size",
    ),
    (
        r"unavailable in ClusterQueue|resource \S+ (not found|unavailable)",
        "its queue has no quota for a resource that it asks for",
        "kubectl get clusterqueues -o yaml (coveredResources)",
    ),
    (
        r"untolerated taint|(didn't|doesn't) match node affinity|flavor \S+ not found",
        "no flavor of its queue fits its pods",
        "kubectl get resourceflavors -o yaml (nodeLabels and nodeTaints)",
    ),
    (
        r"is deactivated|(re-?queuing|backoff) limit",
        "Kueue has deactivated it",
        "kubectl describe workloads -n {space} (says why), then spec.active: true",
    ),
)


def _find(view: View) -> Said | None:
    pods = held(view)
    for one in workloads(view, pods) if pods else ():
        for check in checks(one, "Rejected"):
            name, text = at(check, "name"), signs.short(at(check, "message"))
            return Said(
                f"Kueue does not admit it: the check {name} of its queue rejects it{f': {text}' if text else ''}",
                (f"Workload {name_of(one)}: admission check {name}: Rejected{f': {text}' if text else ''}",),
                (
                    f"kubectl describe admissionchecks {name}, and mend what it says",
                    f"kubectl get workloads -n {view.place} {name_of(one)} -o yaml, then spec.active: true",
                ),
                str(at(check, "lastTransitionTime") or ""),
            )
        for kind in ("QuotaReserved", "Evicted", "Admitted"):
            found = condition(one, kind)
            text = signs.short(found.get("message"))
            known = signs.way(_WAYS, text, re.IGNORECASE)
            if known and found.get("status") != ("False" if kind == "Evicted" else "True"):
                named = queue(pods[0])
                way = known[1].format(space=view.place, entry=view.entry)
                return Said(
                    f"Kueue does not admit it{f' to queue {named}' if named else ''}: {known[0]}",
                    (f"Workload {name_of(one)}: {signs.cited(found)}",), (way,),
                    str(found.get("lastTransitionTime") or ""),
                )  # fmt: skip
    return None


RULE = Rule(
    "queue-refused",
    "placed",
    "degraded",
    "Kueue cannot admit its pods: no such queue, one that is stopped, a check that rejects, more than may ever be",
    "its pods are held back until the queue or the request is another one",
    _find,
)
