"""What the step to another KAITO version does to an object."""

from dataclasses import dataclass, field

from kaitops.documents.plain import Path

REFUSED, CHANGED, NOTE = "refused", "changed", "note"


@dataclass(frozen=True, slots=True)
class Impact:
    """One thing that another version refuses or treats differently.

    Attributes:
        severity: ``refused`` (the version takes the object no more, or it cannot run), ``changed`` (it behaves
            differently) or ``note``.
        check: what was compared: ``api``, ``field``, ``size``, ``model``, ``gate``, ``annotation``, ``rule``,
            ``flag`` or ``admission``.
        index: of the object among those given; None for the installation as a whole.
        path: within the object.
        message: fact, then consequence.
        fix: the edit that carries the object over.
        since: version that brought the change; empty where it is not of one version.
    """

    severity: str
    check: str
    index: int | None
    path: Path
    message: str
    fix: str
    since: str = ""


@dataclass(slots=True)
class Report:
    """The outcome for one cluster.

    Attributes:
        judged: what was compared, in words.
        not_judged: what was not, in words.
    """

    source: str
    target: str
    impacts: list[Impact] = field(default_factory=list[Impact])
    judged: list[str] = field(default_factory=list[str])
    not_judged: list[str] = field(default_factory=list[str])
