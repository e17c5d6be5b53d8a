"""Findings for a person at a terminal: one a line, ``file:line:column`` first, then a line that sums up."""

from kaitops.report import printable
from kaitops.report.findings import INCOMPLETE, Finding, Report, order, rank

# Their ids and severities say no more than their names do.
_PLAIN = frozenset({"form", "admission", "fit", "reference"})


def line(finding: Finding) -> str:
    """One finding."""
    what = finding.check if finding.check in _PLAIN else f"{printable.name(finding.rule)} {finding.severity}"
    subject = f"{printable.name(finding.subject)}: " if finding.subject else ""
    where = f"{printable.name(finding.file)}:{finding.line}:{finding.column}"
    return f"{where}: {what}: {subject}{printable.name(finding.text)}"


def lines(report: Report, *, quiet: bool = False) -> list[str]:
    """All findings in the order of the files; what is needed and the sum unless quiet."""
    shown = [line(one) for one in sorted(report.findings, key=order)]
    if quiet:
        return shown
    return [*shown, *map(printable.name, report.needs), summary(report)]


def summary(report: Report) -> str:
    """How much was judged and what came of it."""
    parts = [f"{report.sums}; {len(report.findings)} findings"]
    below = sum(1 for one in report.findings if not one.unjudged and rank(one.severity) < rank(report.threshold))
    if below:
        parts.append(f"{below} below {report.threshold}")
    if report.exempted:
        parts.append(f"{len(report.exempted)} exempted")
    text = ", ".join(parts)
    return f"{text}; incomplete: something was not judged" if report.verdict == INCOMPLETE else text
