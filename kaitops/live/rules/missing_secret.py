"""A Secret that is referred to and not there."""

import re

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import when
from kaitops.live.view import View

_PATTERN = r"\bsecrets? [\"']?[\w./-]+[\"']? not found"


def _find(view: View) -> Said | None:
    space = view.namespace
    if said := signs.by_error(view, _PATTERN, "a Secret is missing: {error}", *_remedy(space, view.error)):
        return said
    for one in signs.waiting(view, ("CreateContainerConfigError",)):
        text = signs.short(one.detail.get("message"))
        if re.search(_PATTERN, text, re.IGNORECASE):
            return Said(f"a Secret is missing: {text}", (signs.shown(one),), _remedy(space, text))
    for event in signs.pod_events(view, ("FailedMount", "Failed"), _PATTERN):
        text = signs.short(event.get("message"))
        return Said(f"a Secret is missing: {text}", (signs.reported(event),), _remedy(space, text), when(event) or "")
    for found in signs.conditions(view, ("ContainerStartError",)):
        text = signs.short(found.get("message"))
        if re.search(_PATTERN, text, re.IGNORECASE):
            since = str(found.get("lastTransitionTime") or "")
            return Said(f"a Secret is missing: {text}", (signs.cited(found),), _remedy(space, text), since)
    return None


def _remedy(namespace: str, text: str) -> tuple[str, ...]:
    named = re.search(r"[Ss]ecret \"([^\"]+)\"", text)
    name = named.group(1) if named else "NAME"
    return (
        f"kubectl get secret -n {namespace} {name}",
        f"kubectl create secret generic -n {namespace} {name} --from-literal=HF_TOKEN=..., a token of "
        "Hugging Face, or bring it the way that your cluster gets its secrets",
    )


RULE = Rule(
    "missing-secret",
    "configuration",
    "degraded",
    "a Secret that it refers to is not there",
    "the container cannot start until it is",
    _find,
)
