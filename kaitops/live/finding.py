"""What a rule finds about a workload, and what a rule is.

Owns the chain of steps from a declaration to a server that answers. The rules are :mod:`kaitops.live.rules`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kaitops.live.view import View

Phase = Literal["progressing", "healthy", "degraded"]

STEPS = {
    "admitted": "the controller has taken it",
    "configuration": "what it refers to is there and fits",
    "machine": "its machines are made",
    "node": "its nodes are up, with driver and GPU",
    "placed": "its pods are on nodes",
    "image": "the image is pulled",
    "weights": "the weights are there",
    "engine": "the server starts and stays",
    "benchmark": "KAITO's benchmark is through",
    "service": "all of it serves, as declared",
    "route": "its route leads to it from a Gateway",
}
"""In order, with what each means once it is done."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is the matter with a workload.

    Attributes:
        rule: that found it.
        step: of the chain that it holds up.
        cause: one sentence.
        evidence: what says so: conditions, events, states of containers, lines of a log.
        consequence: what follows if nobody acts.
        remedy: commands, or edits of the fleet.
        since: the moment from which on, as the API server writes it; empty where nothing tells.
    """

    rule: str
    step: str
    phase: Phase
    cause: str
    evidence: tuple[str, ...] = ()
    consequence: str = ""
    remedy: tuple[str, ...] = ()
    since: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What is particular to one case of a rule."""

    cause: str
    evidence: tuple[str, ...] = ()
    remedy: tuple[str, ...] = ()
    since: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One situation that a workload may be in.

    Attributes:
        id: names it.
        step: that it holds up.
        phase: what to think of the workload.
        what: the situation in words, for the table of all.
        consequence: what follows if nobody acts.
        find: says what is particular to the case, or None where it is not this one.
        decisive: it counts even where the status says worse or better; always so for what is degraded.
        asks: it says that something failed, and another rule that finds a failure may say why.
        of_deletion: it is about what is being deleted; no other rule looks at that.
    """

    id: str
    step: str
    phase: Phase
    what: str
    consequence: str
    find: Callable[[View], Said | None]
    decisive: bool = False
    asks: bool = False
    of_deletion: bool = False

    def look(self, view: View) -> Finding | None:
        """What is found of a workload."""
        said = self.find(view)
        if said is None:
            return None
        return Finding(
            self.id, self.step, self.phase, said.cause, said.evidence, self.consequence, said.remedy, said.since
        )
