"""Findings and the outcome of a gate, as plain values that every form of report is made from.

Owns severities, their order and the verdict. Knows nothing of KAITO, of rules or of where findings come from.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kaitops.documents.plain import MutableObject, Object, Path
from kaitops.report import printable

LOW, MEDIUM, HIGH, CRITICAL = "LOW", "MEDIUM", "HIGH", "CRITICAL"
SEVERITIES: tuple[str, ...] = (LOW, MEDIUM, HIGH, CRITICAL)
_RANKS = {name: rank for rank, name in enumerate(SEVERITIES)}
PASSED, FAILED, INCOMPLETE = "passed", "failed", "incomplete"
NEW, UNCHANGED, KNOWN = "new", "unchanged", "known"
"""What a finding is beside a base or a baseline: brought by the change, there before, or to be mended later."""


def rank(severity: str) -> int:
    """The place of a severity in their order; greater is worse."""
    return _RANKS[severity]


class Finding(NamedTuple):
    """Something that is wrong.

    Attributes:
        check: which part of the gate found it: form, admission, fit, reference, rule, checkov, ...
        rule: stable id of the rule, such as KAITO001 or KAITOPS-ADMISSION.
        line, column: from 1.
        subject: ``Kind namespace/name``; empty for a file as a whole.
        path: where in the object; part of the fingerprint, so that moving lines changes nothing.
        unjudged: because of it something was not judged, so the outcome cannot be green or red.
        state: new, unchanged or known; empty where nothing says.
        also: ids of what follows from the same cause, and is told here.
    """

    check: str
    rule: str
    severity: str
    file: str
    line: int
    column: int
    subject: str
    message: str
    remedy: str = ""
    path: Path = ()
    unjudged: bool = False
    state: str = ""
    also: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Message and remedy."""
        return f"{self.message}; {self.remedy}" if self.remedy else self.message

    def as_row(self) -> MutableObject:
        """Plain form."""
        row: MutableObject = {
            "check": self.check,
            "rule": self.rule,
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "object": self.subject,
            "path": list(self.path),
            "message": self.message,
            "remedy": self.remedy,
        }
        if self.state:
            row["state"] = self.state
        if self.also:
            row["also"] = list(self.also)
        return row


def gravity(finding: Finding) -> tuple[bool, int, str, int, int, str, str]:
    """Sorts findings as a reader of a change wants them: what was not judged, then the worst first."""
    return not finding.unjudged, -rank(finding.severity), *order(finding)


def order(finding: Finding) -> tuple[str, int, int, str, str]:
    """Sorts findings as they stand in the files."""
    return finding.file, finding.line, finding.column, finding.rule, finding.message


class RuleNote(NamedTuple):
    """What a report says about a rule."""

    id: str
    severity: str
    title: str
    why: str = ""
    remedy: str = ""
    source: str = ""


class Seen(NamedTuple):
    """An object that was read."""

    file: str
    subject: str


class Exempted(NamedTuple):
    """A finding that an exemption covers, and what the exemption says."""

    finding: Finding
    reason: str
    owner: str
    until: str
    source: str

    def as_row(self) -> MutableObject:
        """Plain form."""
        row = {"reason": self.reason, "owner": self.owner, "until": self.until, "source": self.source}
        return {**self.finding.as_row(), "exemption": row}


class Report:
    """The outcome of a gate.

    Attributes:
        threshold: findings of this severity and above fail.
        judged: number of objects of KAITO's kinds that went through admission.
        by_schema: number of objects of Kubernetes' own kinds that were held against its schema.
        by_rules: number of objects of other kinds, which only rules looked at.
        accepted: number of objects of kinds that nobody judges and whoever started the gate accepts.
        seen: all objects.
        needs: what the cluster must hold that the tree does not declare.
        notes: what was read and is no object, and other things to know.
        skipped: checks that did not run, each with the reason; said loudly.
        rules: what is known of the rules, by id.
        plan: rows of what merging would change; None where no base was given.
        cost: rows of what that costs; None where it was not asked for.
        unfolded: what the change did not bring is shown finding by finding.
    """

    def __init__(
        self,
        threshold: str = HIGH,
        *,
        findings: Iterable[Finding] = (),
        exempted: Iterable[Exempted] = (),
        seen: Iterable[Seen] = (),
        rules: Mapping[str, RuleNote] | None = None,
        judged: int = 0,
        unfolded: bool = False,
    ) -> None:
        self.threshold = threshold
        self.findings = list(findings)
        self.exempted = list(exempted)
        self.judged = judged
        self.by_schema = 0
        self.by_rules = 0
        self.accepted = 0
        self.seen = list(seen)
        self.needs: list[str] = []
        self.notes: list[str] = []
        self.skipped: list[str] = []
        self.rules = dict(rules or {})
        self.plan: list[Object] | None = None
        self.cost: list[Object] | None = None
        self.unfolded = unfolded

    def fails(self, finding: Finding) -> bool:
        """Does this finding count against the verdict?"""
        if finding.state == KNOWN:
            return False
        return finding.unjudged or _RANKS[finding.severity] >= _RANKS[self.threshold]

    @property
    def shown(self) -> list[Finding]:
        """The findings that people are shown one by one: all but what is known, and what the change did not bring."""
        hidden = (KNOWN,) if self.unfolded else (KNOWN, UNCHANGED)
        return [one for one in self.findings if one.state not in hidden]

    @property
    def folded(self) -> list[str]:
        """One line for what the change did not bring, and one for what a baseline knows."""
        texts = {
            UNCHANGED: "not brought by the change, counted as before; --all shows them",
            KNOWN: "known to the baseline, not counted",
        }
        if self.unfolded:
            del texts[UNCHANGED]
        lines: list[str] = []
        for state, text in texts.items():
            counts = tally(one for one in self.findings if one.state == state)
            said = ", ".join(f"{number} {name}" for name, number in counts.items() if number)
            if said:
                lines.append(f"{printable.counted(sum(counts.values()), 'finding')} ({said}): {text}")
        return lines

    @property
    def verdict(self) -> str:
        """``incomplete`` where something was not judged, else ``failed`` or ``passed``."""
        if any(one.unjudged for one in self.findings):
            return INCOMPLETE
        return FAILED if any(self.fails(one) for one in self.findings) else PASSED

    @property
    def sums(self) -> str:
        """How many objects there are, and how many of them were judged by whom."""
        parts = (
            (self.judged, "judged as KAITO would"),
            (self.by_schema, "by Kubernetes' schema"),
            (self.by_rules, "by rules only"),
            (self.accepted, "accepted unjudged"),
        )
        said = ", ".join(f"{number} {text}" for number, text in parts if number)
        seen = printable.counted(len(self.seen), "object")
        return f"{seen}: {said}" if said else seen

    def counts(self) -> dict[str, int]:
        """Findings by severity, worst first; what a baseline knows is left out."""
        return tally(one for one in self.findings if one.state != KNOWN)

    def by_rule(self) -> list[MutableObject]:
        """How many findings there are of each rule, the worst and most frequent first; known ones are left out."""
        rows: dict[str, MutableObject] = {}
        for one in self.findings:
            if one.state != KNOWN:
                note = self.rules.get(one.rule)
                new = {"rule": one.rule, "severity": one.severity, "findings": 0, "title": note.title if note else ""}
                row = rows.setdefault(one.rule, new)
                row["findings"] += 1
                row["severity"] = max(row["severity"], one.severity, key=rank)
        return sorted(rows.values(), key=lambda row: (-rank(row["severity"]), -row["findings"], row["rule"]))


def tally(findings: Iterable[Finding]) -> dict[str, int]:
    """How many there are of each severity, worst first."""
    counts: dict[str, int] = dict.fromkeys(reversed(SEVERITIES), 0)
    for one in findings:
        counts[one.severity] += 1
    return counts
