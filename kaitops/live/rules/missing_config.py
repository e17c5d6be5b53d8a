"""A ConfigMap that is referred to and not there."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import when
from kaitops.live.view import View

_PATTERN = r"configmap .*not found|configmaps? \"?[\w.-]+\"? not found"


def _find(view: View) -> Said | None:
    remedy = (
        "kaitops render",
        f"kubectl get configmaps -n {view.namespace}",
        "apply the rendered tree's configs/ first",
    )
    if said := signs.by_error(view, _PATTERN, "a ConfigMap is missing: {error}", *remedy):
        return said
    for event in signs.pod_events(view, ("FailedMount", "Failed"), _PATTERN):
        text = signs.short(event.get("message"))
        return Said(f"a ConfigMap is missing: {text}", (signs.reported(event),), remedy, when(event) or "")
    for one in signs.waiting(view, ("CreateContainerConfigError",)):
        text = signs.short(one.detail.get("message"))
        if "configmap" in text.lower():
            return Said(f"a ConfigMap is missing: {text}", (signs.shown(one),), remedy)
    return None


RULE = Rule(
    "missing-config",
    "configuration",
    "degraded",
    "a ConfigMap that it refers to is not there",
    "no pod starts until it is",
    _find,
)
