"""A workload that waits in a queue of Kueue."""

import re

from kaitops.documents.plain import at
from kaitops.live.finding import Rule, Said
from kaitops.live.gates import WORKLOAD, checks, held, queue, workloads
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition, name_of
from kaitops.live.view import View

_ASK = "kubectl describe workloads -n {space} (says what it waits for)"
_SILENT = "kubectl get pods -A | grep kueue (does its controller run?)"
_WAYS = (
    (
        r"preempted",
        "another workload of a higher priority has taken its place",
        "kubectl get workloads -n {space}: it starts again when quota is free; a WorkloadPriorityClass puts it "
        "before others",
    ),
    (
        r"insufficient (unused )?quota|quota",
        "the quota of its queue is used up",
        "kubectl get workloads -A (who holds it), or more nominalQuota in the ClusterQueue",
    ),
    (
        r"topology .*(doesn't|does not) allow",
        "no part of the topology that its queue spreads over has room for all its pods together",
        "kubectl get topologies, and kubectl get nodes --show-labels: wait, or fewer pods together",
    ),
    (
        r"AdmissionCheck|admission check",
        "a check of its queue has sent it back",
        _ASK,
    ),
    (
        r"pods ?ready|PodsReady",
        "its pods were not ready in Kueue's time, so they were stopped and queue again",
        "raise waitForPodsReady.timeout of Kueue above the time that the model takes to load",
    ),
)


def _find(view: View) -> Said | None:
    pods = held(view)
    if not pods:
        return None
    named = queue(pods[0])
    before = f"Kueue holds its pods back{f' in queue {named}' if named else ''}"
    since = str(at(pods[0], "metadata", "creationTimestamp") or "")
    for one in workloads(view, pods):
        out, reserved, admitted = (condition(one, kind) for kind in ("Evicted", "QuotaReserved", "Admitted"))
        told = out if out.get("status") == "True" else admitted if reserved.get("status") == "True" else reserved
        evidence = (f"Workload {name_of(one)}: {signs.cited(told)}",) if told else ()
        text = f"{told.get('reason') or ''} {signs.short(told.get('message'))}"
        cause, way = signs.way(_WAYS, text, re.IGNORECASE) or ("", _ASK)
        if told is admitted:
            cause, way = "it has quota, and a check of its queue is not through", _ASK
        if told is admitted and admitted.get("status") == "True":
            cause, way = "it is admitted, and not yet given its place in the topology", _SILENT
        for check in checks(one, "Pending", "Retry") if admitted.get("status") != "True" else ():
            name, state = str(at(check, "name")), at(check, "state")
            said = f"{name}: {state}: {signs.short(at(check, 'message'))}".rstrip(": ")
            what = "is not through" if state == "Pending" else "has sent it back, and is asked again"
            cause, way = f"the check {name} of its queue {what}", f"kubectl describe admissionchecks {name}"
            evidence = (*evidence, f"Workload {name_of(one)}: admission check {said}")
            break
        space = view.place
        return Said(f"{before}{f': {cause}' if cause else ''}", evidence, (way.format(space=space),), since)
    reports = [signs.reported(event) for _, event in view.snapshot.events_of(WORKLOAD) if _is_about(view, event)][-2:]
    known = signs.way(_WAYS, " ".join(reports), re.IGNORECASE) if reports else None
    shown = f"pod {name_of(pods[0])}: {signs.cited(condition(pods[0], 'PodScheduled'))}"
    ways = (known[1] if known else _ASK, *(() if reports else (_SILENT,)))
    return Said(
        f"{before}{f': {known[0]}' if known else ''}", (shown, *reports),
        tuple(way.format(space=view.place) for way in ways), since,
    )  # fmt: skip


def _is_about(view: View, event: object) -> bool:
    """Kueue calls the Workload of a pod after the pod, with a random end."""
    name = str(at(event, "involvedObject", "name") or "")
    return at(event, "involvedObject", "namespace") == view.place and any(
        re.fullmatch(rf"(pod|job|statefulset)-{re.escape(name_of(one))}-[0-9a-f]+", name)
        for one in (*view.unready, *([view.controller] if view.controller else []))
    )


RULE = Rule(
    "queue-waits",
    "placed",
    "progressing",
    "Kueue holds its pods back: quota is used up, others come first, or a check is not through",
    "they start when Kueue admits them",
    _find,
)
