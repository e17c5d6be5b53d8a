"""What a definition of health is made of: ordered rules of one kind, and the verdict that they lead to.

Owns how rules become a verdict in Python, and what a message says. The rules themselves are in
:mod:`kaitops.health.kinds`. Asks no cluster: one object's own status is all that is looked at.
"""

from dataclasses import dataclass
from typing import Literal

from kaitops.documents import plain
from kaitops.documents.plain import Object
from kaitops.health import expression
from kaitops.health.expression import Condition, Expression

Phase = Literal["progressing", "healthy", "degraded", "deleting"]

LONGEST = 500
"""Characters of a message; what follows is cut, since the tools show messages in tables."""

DELETING = "Being deleted; conditions and state keep their last values"
UNSEEN = "The controller has not reported on it yet"


@dataclass(frozen=True, slots=True)
class Rule:
    """One step of a definition: the first rule whose test holds gives the verdict.

    Attributes:
        id: names the rule within its kind.
        phase: the verdict.
        when: the test.
        text: what the message begins with, for people.
        cites: the message goes on with the first of these conditions that the object has.
    """

    id: str
    phase: Literal["progressing", "healthy", "degraded"]
    when: Expression
    text: str
    cites: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """How one kind is judged.

    Attributes:
        api_version: group and version of the kind.
        kind: its name.
        version: of KAITO.
        error: stands in a message before the error of the last reconcile.
        rules: in order; the last one's test always holds.
    """

    api_version: str
    kind: str
    version: str
    error: str
    rules: tuple[Rule, ...]

    @property
    def group(self) -> str:
        """API group of the kind."""
        return self.api_version.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one object's status says.

    Attributes:
        phase: ``progressing``, ``healthy``, ``degraded`` or ``deleting``.
        reason: the rule that said so.
        message: the cause, for people.
    """

    phase: Phase
    reason: str
    message: str


def apply(definition: Definition, document: Object) -> Verdict:
    """The verdict of a definition on an object."""
    if plain.at(document, "metadata", "deletionTimestamp") is not None:
        return Verdict("deleting", "deleting", DELETING)
    if plain.at(document, "status", "conditions") is None:
        return Verdict("progressing", "unseen", UNSEEN)
    rule = next(one for one in definition.rules if expression.holds(one.when, document))
    return Verdict(rule.phase, rule.id, _message(rule, definition.error, document))


def _message(rule: Rule, error: str, document: Object) -> str:
    cited = (expression.find(one, document) for one in rule.cites)
    found = next((one for one in cited if one is not None), None)
    if found is None:
        return rule.text
    text = str(found.get("message", ""))
    _, mark, cause = text.partition(error)
    # The controller puts the error in brackets behind a message that is the same in every state.
    said = cause.removesuffix(")") if mark else f"{found.get('reason')}: {text}"
    return f"{rule.text}: {said}"[:LONGEST]
