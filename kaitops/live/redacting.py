"""What is not shown of what others wrote: conditions, events, states of containers and logs.

What stands as a secret value in an object, and what looks like a token wherever it stands, is replaced by its kind and
length. Owns which objects of a cluster are asked for such values.
"""

from dataclasses import replace
from functools import cached_property

from kaitops.documents.plain import Object, at, items
from kaitops.live.finding import Finding
from kaitops.live.judging import State
from kaitops.live.kinds import CONTROLLERS, DECLARED
from kaitops.live.snapshot import Snapshot
from kaitops.secrets import secret_values, tokens

_TEMPLATES = (
    ("spec",),
    ("spec", "template", "spec"),
    ("inference", "template", "spec"),
    ("spec", "template", "inference", "template", "spec"),
)
_HOLDS = ("env", "command", "args")


class Redaction:
    """Of the texts of one cluster."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @cached_property
    def _values(self) -> list[str]:
        values: set[str] = set()
        for kind in (*DECLARED, *CONTROLLERS, "Pod"):
            for one in self._snapshot.of(kind):
                if _may_hold(one):
                    values |= set(secret_values.of(one))
        return sorted((one for one in values if len(one) >= secret_values.SHORTEST), key=len, reverse=True)

    def text(self, text: str) -> str:
        """A text that may be shown."""
        for value in self._values:
            if value in text:
                text = text.replace(value, secret_values.note(value))
        return tokens.without(text)

    def finding(self, one: Finding) -> Finding:
        """A finding that may be shown."""
        return replace(
            one, cause=self.text(one.cause), evidence=tuple(self.text(each) for each in one.evidence),
            remedy=tuple(self.text(each) for each in one.remedy),
        )  # fmt: skip

    def state(self, one: State) -> State:
        """A state that may be shown."""
        if one.finding is None and one.cause.isalpha():
            # One word of ours, such as Ready. To look through all that hundreds hold costs more than to judge them.
            return one
        shown = self.finding(one.finding) if one.finding else None
        return replace(one, cause=self.text(one.cause), finding=shown)


def _may_hold(one: Object) -> bool:
    """It has containers of its own with variables or arguments."""
    return any(
        any(at(each, key) for key in _HOLDS)
        for path in _TEMPLATES
        for containers in ("initContainers", "containers")
        for each in items(at(one, *path, containers))
    )
