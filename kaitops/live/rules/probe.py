"""A server that the kubelet ends because a probe never passes."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_KILLED = (137, 143)


def _find(view: View) -> Said | None:
    events = [
        *signs.pod_events(view, ("Unhealthy",), r"startup probe|liveness probe"),
        *signs.pod_events(view, ("Killing",), r"probe"),
    ]
    for one in view.containers():
        end = signs.ended(one)
        if one.restarts and end.get("exitCode") in _KILLED and end.get("reason") != "OOMKilled":
            evidence = (signs.shown(one), *(signs.reported(event) for event in events[:2]))
            remedy = (
                *signs.commands(view, "logs --previous"),
                "weights that load slowly: a mirror in the cluster (fleet.yaml: mirrors), or a size with a faster disk",
            )
            text = "the kubelet ends the server, whose probe does not pass in time"
            return Said(text, evidence, remedy, str(end.get("finishedAt") or "") or signs.first_since(view))
    return None


RULE = Rule(
    "probe",
    "engine",
    "degraded",
    "the start-up or liveness probe does not pass, and the kubelet ends the server",
    "it is ended again after the same time",
    _find,
)
