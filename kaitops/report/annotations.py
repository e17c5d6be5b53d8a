"""The outcome as GitHub workflow commands, which appear at the line in a pull request.

GitHub shows ten errors and ten warnings of a step, so the worst come first; a SARIF upload has no such limit.
"""

from collections.abc import Callable

from kaitops.report import printable
from kaitops.report.findings import LOW, Finding, Report, gravity

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def lines(report: Report, place: Callable[[str], str]) -> list[str]:
    """One command a finding; what did not run is a warning."""
    commands = [_line(one, report, place) for one in sorted(report.shown, key=gravity)]
    folded = [f"::notice title=kaitops::{_data(text)}" for text in report.folded]
    return [*commands, *folded, *(f"::warning title=kaitops::{_data(text)}" for text in report.skipped)]


def _line(one: Finding, report: Report, place: Callable[[str], str]) -> str:
    level = "error" if report.fails(one) else "notice" if one.severity == LOW else "warning"
    title = printable.name(f"{one.rule} {one.severity}").translate(_PROPERTY)
    where = printable.name(place(one.file)).translate(_PROPERTY)
    text = f"{one.subject}: {one.text}" if one.subject else one.text
    return f"::{level} file={where},line={one.line},col={one.column},title={title}::{_data(text)}"


def _data(text: str) -> str:
    return printable.name(text).translate(_DATA)
