"""A container that the kubelet cannot create."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import when
from kaitops.live.view import View

_REASONS = (
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
    "StartError",
    "ContainerCannotRun",
)
_EVENTS = ("FailedMount", "FailedAttachVolume", "FailedCreatePodSandBox")


def _find(view: View) -> Said | None:
    remedy = signs.commands(view, "describe pod")
    for one in signs.waiting(view, _REASONS):
        text = f"the container cannot be made: {signs.short(one.detail.get('message'))}"
        return Said(text, (signs.shown(one),), remedy, signs.first_since(view))
    for found in signs.conditions(view, ("ContainerStartError",)):
        text = f"the container cannot be made: {signs.short(found.get('message'))}"
        return Said(text, (signs.cited(found),), remedy, str(found.get("lastTransitionTime") or ""))
    for one in view.containers():
        end = signs.ended(one)
        if end.get("reason") in _REASONS:
            text = f"the container cannot be run: {signs.short(end.get('message'))}"
            return Said(text, (signs.shown(one),), remedy, str(end.get("finishedAt") or "") or signs.first_since(view))
    starting = any(one.state == "running" for one in view.containers())
    for event in () if starting else signs.pod_events(view, _EVENTS):
        text = f"the pod cannot be made ready to run: {signs.short(event.get('message'))}"
        return Said(text, (signs.reported(event),), remedy, when(event) or "")
    return None


RULE = Rule(
    "start-error",
    "engine",
    "degraded",
    "the kubelet cannot create the container, mount a volume or make the pod's network",
    "nothing starts until the cause is gone",
    _find,
)
