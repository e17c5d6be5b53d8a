"""A pod that served and does not any more, while nobody changed anything."""

from kaitops.documents.plain import at
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import rollout, signs
from kaitops.live.snapshot import condition, name_of, time_of
from kaitops.live.view import View

_SECONDS = 5.0


def _find(view: View) -> Said | None:
    if rollout.under_way(view):
        return None
    for pod in view.unready:
        found = condition(pod, "Ready")
        since = time_of(found.get("lastTransitionTime"))
        for one in view.containers([pod]):
            started = time_of(one.detail.get("startedAt"))
            if one.state != "running" or one.ready or since is None:
                continue
            # A pod that never was ready says so from before its container started.
            lost = started is not None and (since - started).total_seconds() > _SECONDS
            if lost or _served(view, pod):
                events = [signs.reported(event) for event in signs.pod_events(view, ("Unhealthy",))][:2]
                evidence = (f"pod {name_of(pod)}: {signs.cited(found)}", *events)
                text = f"pod {name_of(pod)} served and is not ready any more"
                return Said(
                    text, evidence, signs.commands(view, "logs", "describe pod"), str(found.get("lastTransitionTime"))
                )
    return None


def _served(view: View, pod: object) -> bool:
    """The pod is one that made the workload ready: it is older than the moment from which on that was so, or ended."""
    made = time_of(at(pod, "metadata", "creationTimestamp"))
    if made is None:
        return False
    if view.said is not None and view.said.phase == "healthy":
        kind = "RAGEngineSucceeded" if view.kind == "RAGEngine" else "WorkspaceSucceeded"
        since = time_of(view.condition(kind).get("lastTransitionTime"))
        return since is not None and made <= since
    if at(view.obj, "status", "state") != "NotReady":
        return False
    since = time_of(view.condition("InferenceReady").get("lastTransitionTime"))
    return since is not None and (since - made).total_seconds() > _SECONDS


RULE = Rule(
    "lost-readiness",
    "engine",
    "degraded",
    "a pod lost readiness by itself, also one of several of a distributed model",
    "it does not serve; a distributed model not at all",
    _find,
)
