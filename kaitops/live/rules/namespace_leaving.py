"""Rule ``namespace-leaves``."""

import re

from kaitops.documents.plain import at
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import when
from kaitops.live.view import View

_PATTERN = r"because it is being terminated"


def _find(view: View) -> Said | None:
    space = view.place or "default"
    cause = f"its namespace {space} is being deleted"
    remedy = (
        f"kubectl get namespace {space} -o jsonpath={{.status.conditions}} (says what still holds it)",
        "let it go and apply the tree again, into a namespace that stays; a deletion cannot be taken back",
    )
    if said := signs.by_error(view, _PATTERN, cause, *remedy):
        return said
    made = view.controller
    for event in reversed(view.events(*(one for one in (view.obj, made) if one is not None))):
        if re.search(_PATTERN, str(event.get("message"))) and not _since_then(view, when(event)):
            return Said(cause, (signs.reported(event),), remedy, when(event) or "")
    return None


def _since_then(view: View, moment: str | None) -> bool:
    """A pod was made after that, so that the namespace is another one by now."""
    return any(str(at(one, "metadata", "creationTimestamp") or "") > str(moment) for one in view.pods)


RULE = Rule(
    "namespace-leaves",
    "configuration",
    "degraded",
    "its namespace is being deleted, so that nothing new is made in it",
    "what runs is deleted with the namespace",
    _find,
)
