"""What a change of one object comes to: the outcome, edit by edit."""

from enum import StrEnum
from typing import NamedTuple

from kaitops.documents.plain import MutableObject, Object, Path, at
from kaitops.documents.ref import subject_of

STEPS = "in a fleet 'kaitops replace' takes the steps, for other manifests kaitops gate --write-plan writes them"
"""How a second object takes over; files beside a rendered tree would not outlive the next render."""


class Outcome(StrEnum):
    """What becomes of an object or of one edit to it."""

    UNCHANGED = "unchanged"
    ADDED = "added"
    UPDATED = "updated"  # in place, nothing stops
    LEFT = "left"  # no longer in the tree, and still in the cluster
    IGNORED = "ignored"  # accepted, and nothing in the cluster follows
    RESTARTED = "restarted"  # pods or machines are replaced and weights load again
    DELETED = "deleted"
    REFUSED = "refused"


# The outcome of an object is its gravest edit's.
GRAVITY = {outcome: number for number, outcome in enumerate(Outcome)}


class Edit(NamedTuple):
    """One thing that differs between base and head.

    Attributes:
        path: in the object, keys and indexes; empty for the object as a whole.
        reason: the fact that decides.
        consequence: what happens in the cluster.
        remedy: what to do; empty where nothing has to be done.
        immutable: refused because the field cannot be changed once set; a new object is the way.
        anew: what runs is deleted and made anew, not only started again.
        grave: what is lost cannot be had back by putting the object back, or a guard of security is.
        lowers: what holds other objects holds them less.
        expected: another edit asks for it and takes its place, so that nobody has to look at it.
    """

    outcome: Outcome
    path: Path
    reason: str
    consequence: str
    remedy: str = ""
    immutable: bool = False
    anew: bool = False
    grave: bool = False
    lowers: bool = False
    expected: bool = False

    @property
    def field(self) -> str:
        """The path as text, such as ``inference.adapters[0].source``."""
        return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path).lstrip(".")

    def __str__(self) -> str:
        where = f"{self.field}: " if self.path else ""
        parts = [f"{where}{self.reason}", self.consequence, self.remedy]
        return "; ".join(part for part in parts if part)


class Change(NamedTuple):
    """What becomes of one object.

    Attributes:
        base: the object as it is; None where it is added.
        head: the object as it is to be; None where it is deleted.
        edits: gravest first; empty where nothing changes.
    """

    outcome: Outcome
    base: Object | None
    head: Object | None
    edits: tuple[Edit, ...] = ()

    @property
    def document(self) -> Object:
        """The object, as it is to be where it stays."""
        document = self.head if self.head is not None else self.base
        return document if document is not None else {}

    @property
    def kind(self) -> str:
        """Kind of the object."""
        return str(self.document.get("kind", ""))

    @property
    def namespace(self) -> str:
        """Namespace of the object, empty where none is written."""
        return str(at(self.document, "metadata", "namespace") or "")

    @property
    def name(self) -> str:
        """Name of the object."""
        return str(at(self.document, "metadata", "name") or "")

    @property
    def subject(self) -> str:
        """``Kind namespace/name``."""
        return subject_of(self.document)

    @property
    def immutable(self) -> bool:
        """An edit is refused because its field cannot be changed once set."""
        return any(edit.immutable for edit in self.edits)

    @property
    def ignored(self) -> tuple[Edit, ...]:
        """The edits that are accepted and that nothing in the cluster follows."""
        return tuple(edit for edit in self.edits if edit.outcome is Outcome.IGNORED)

    def as_row(self) -> MutableObject:
        """Plain form."""
        return {
            "object": self.subject,
            "outcome": self.outcome.value,
            "edits": [
                {
                    "outcome": edit.outcome.value,
                    "path": list(edit.path),
                    "field": edit.field,
                    "reason": edit.reason,
                    "consequence": edit.consequence,
                    "remedy": edit.remedy,
                }
                for edit in self.edits
            ],
        }


def changed(base: Object, head: Object, edits: list[Edit]) -> Change:
    """The change of an object that is in both, its edits put in order."""
    ordered = sorted(edits, key=lambda edit: (-GRAVITY[edit.outcome], [str(step) for step in edit.path], edit.reason))
    outcome = ordered[0].outcome if ordered else Outcome.UNCHANGED
    return Change(outcome, base, head, tuple(ordered))
