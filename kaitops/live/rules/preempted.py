"""A pod that the scheduler put out for one of a higher priority."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition, name_of, when
from kaitops.live.view import View

_REMEDY = (
    "kubectl get priorityclasses (who may put out whom)",
    "more nodes, or a priorityClassName in a template of your own that is not below the others",
)


def _find(view: View) -> Said | None:
    for pod in view.unready:
        found = condition(pod, "DisruptionTarget")
        if found.get("status") == "True" and found.get("reason") == "PreemptionByScheduler":
            since = str(found.get("lastTransitionTime") or "")
            return _said(name_of(pod), f"pod {name_of(pod)}: {signs.cited(found)}", since)
    for event in signs.pod_events(view, ("Preempted",)):
        name = str(event["involvedObject"]["name"])
        return _said(name, signs.reported(event), when(event) or "")
    return None


def _said(name: str, evidence: str, since: str) -> Said:
    return Said(f"pod {name} had to go for a pod of a higher priority", (evidence,), _REMEDY, since)


RULE = Rule(
    "preempted",
    "placed",
    "degraded",
    "the scheduler put the pod out for one of a higher priority",
    "it waits until a node has room again",
    _find,
)
