"""The small language that health is defined in, and what its expressions mean in Python.

Owns the forms that a test of an object can take: about one condition, about a field, and their combinations. The same
expressions are written as Lua by :mod:`kaitops.health.lua` and as CEL by :mod:`kaitops.health.cel`. Knows no kind.
"""

from dataclasses import dataclass

from kaitops.documents import plain
from kaitops.documents.plain import Object


@dataclass(frozen=True, slots=True)
class Condition:
    """The object has a condition of a type that is as described; what is left empty does not matter.

    Attributes:
        type: of the condition.
        status: it has this status.
        unlike: it has another status than this.
        reasons: its reason is one of these.
        apart: its reason is none of these.
        mentions: its message contains one of these.
        silent: its message contains none of these.
        behind: it was observed for an earlier generation than the object's.
    """

    type: str
    status: str = ""
    unlike: str = ""
    reasons: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A text in the status has one of some values."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """``status.observedGeneration`` is not the object's generation; so Flux asks by itself, before any expression."""


@dataclass(frozen=True, slots=True)
class Young:
    """The object was edited once at most, and the controller itself edits a new one once to fill in a default."""


@dataclass(frozen=True, slots=True)
class Every:
    """All of some expressions hold."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of some expressions holds; with no expression, nothing does."""

    parts: tuple["Expression", ...]


Expression = Condition | Field | Behind | Young | Every | Some
ALWAYS = Every(())
YOUNG = 2
"""The generation that a new object has after the controller's own edit."""


def find(test: Condition, document: Object) -> Object | None:
    """The first condition of an object that is as described."""
    generation = plain.at(document, "metadata", "generation")
    for entry in plain.items(plain.at(document, "status", "conditions")):
        one = plain.mapping(entry)
        if one.get("type") == test.type and _fits(test, one, generation):
            return one
    return None


def holds(test: Expression, document: Object) -> bool:
    """Whether an expression is true of an object."""
    match test:
        case Condition():
            return find(test, document) is not None
        case Field(name, values):
            return plain.at(document, "status", name) in values
        case Behind():
            observed = plain.at(document, "status", "observedGeneration")
            return isinstance(observed, int) and observed != plain.at(document, "metadata", "generation")
        case Young():
            generation = plain.at(document, "metadata", "generation")
            return isinstance(generation, int) and generation <= YOUNG
        case Every(parts):
            return all(holds(part, document) for part in parts)
        case Some(parts):
            return any(holds(part, document) for part in parts)


def _fits(test: Condition, one: Object, generation: object) -> bool:
    message = str(one.get("message", ""))
    return not (
        (test.status and one.get("status") != test.status)
        or (test.unlike and one.get("status") == test.unlike)
        or (test.reasons and one.get("reason") not in test.reasons)
        or (test.apart and one.get("reason") in test.apart)
        or (test.mentions and not any(part in message for part in test.mentions))
        or (test.silent and any(part in message for part in test.silent))
        or (test.behind and not _earlier(one.get("observedGeneration"), generation))
    )


def _earlier(observed: object, generation: object) -> bool:
    return isinstance(observed, int) and isinstance(generation, int) and observed < generation
