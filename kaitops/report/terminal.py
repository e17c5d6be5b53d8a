"""Findings for a person at a terminal: one a line, ``file:line:column`` first, then a line that sums up."""

from collections.abc import Mapping

from kaitops.report import printable
from kaitops.report.findings import INCOMPLETE, KNOWN, PASSED, Finding, Report, gravity, order, rank

_COLOURS: Mapping[str, str] = {"CRITICAL": "1;31", "HIGH": "31", "MEDIUM": "33", "LOW": "36"}


def line(finding: Finding, paint: printable.Paint = printable.uncoloured) -> str:
    """One finding."""
    severity = str(finding.severity)
    what = f"{printable.name(finding.rule)} {paint(severity, _COLOURS.get(severity, '0'))}"
    subject = f"{printable.name(finding.subject)}: " if finding.subject else ""
    where = f"{printable.name(finding.file)}:{finding.line}:{finding.column}"
    return f"{paint(where, '1')}: {what}: {subject}{printable.name(finding.text)}"


def lines(report: Report, *, quiet: bool = False, paint: printable.Paint = printable.uncoloured) -> list[str]:
    """What people read: all findings in the order of the files, what is needed and the sum unless quiet.

    With a base the plan and the cost come first, and the findings worst first, as the change is what is decided on.
    """
    by = order if report.plan is None else gravity
    shown = [line(one, paint) for one in sorted(report.shown, key=by)]
    folded = report.folded
    if quiet:
        return [*shown, *folded]
    before: list[str] = []
    if report.plan is not None:
        from kaitops.report import planned

        before = planned.lines(report, paint)
    elif report.cost is not None:
        from kaitops.report import planned

        before = planned.cost(report)
    colour = "32" if report.verdict == PASSED else "31"
    return [*before, *shown, *folded, *map(printable.name, report.needs), paint(summary(report), colour)]


def by_rule(report: Report) -> list[str]:
    """How many findings there are of each rule instead of the findings, and the sum."""
    rows = report.by_rule()
    wide = max((len(row["rule"]) for row in rows), default=0)
    shown = [
        printable.name(f"{row['findings']:>5}  {row['severity']:<8}  {row['rule']:<{wide}}  {row['title']}".rstrip())
        for row in rows
    ]
    return [*shown, *report.folded, summary(report)]


def summary(report: Report) -> str:
    """How much was judged and what came of it."""
    counted = [one for one in report.findings if one.state != KNOWN]
    parts = [f"{report.sums}; {printable.counted(len(counted), 'finding')}"]
    below = sum(1 for one in counted if not one.unjudged and rank(one.severity) < rank(report.threshold))
    if below:
        parts.append(f"{below} below {report.threshold}")
    if report.exempted:
        parts.append(f"{len(report.exempted)} exempted")
    text = ", ".join(parts)
    return f"{text}; incomplete: something was not judged" if report.verdict == INCOMPLETE else text
