"""Which states one status cannot tell apart, and where to look instead.

Owns the reading of that part of ``health.json``; ``docs/health.md`` shows it as a table. Looks nowhere itself.
"""

from dataclasses import dataclass
from functools import cache

from kaitops.health.definition import Phase
from kaitops.kaito import facts


@dataclass(frozen=True, slots=True)
class Situation:
    """One of the things that may be the case."""

    phase: Phase
    what: str


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Situations that end at the same rule of the same kind.

    Attributes:
        kind: of the object.
        rule: that gives the verdict.
        situations: what may be the case; the first has the phase that the rule gives.
        look: what tells them apart.
    """

    kind: str
    rule: str
    situations: tuple[Situation, ...]
    look: str


@cache
def ambiguities(version: str) -> tuple[Ambiguity, ...]:
    """What the statuses of a KAITO version leave open."""
    rows = facts.load(version, "health.json")["ambiguities"]
    return tuple(
        Ambiguity(
            row["kind"],
            row["rule"],
            tuple(Situation(one["phase"], one["what"]) for one in row["situations"]),
            row["look"],
        )
        for row in rows
    )
