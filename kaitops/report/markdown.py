"""The outcome as a Markdown summary for a pull request: the verdict first, then cost, plan, findings, exemptions.

Whatever is not plain words and numbers stands in a code span, where nothing links, mentions, refers or changes the form
of the comment, however GitHub reads it. A comment holds 65,536 characters; the text stays below 65,000.
"""

import re
from collections.abc import Callable, Sequence

from kaitops.documents.plain import Object
from kaitops.report import printable
from kaitops.report.findings import FAILED, INCOMPLETE, Finding, Report, gravity

LIMIT = 65_000
MARKER = "<!-- kaitops-gate -->"
# Words and numbers that no filter of GitHub makes anything of: no address, no mention, no "#1" or "GH-1", no commit.
_WORDS = re.compile(
    r"(?:[A-Za-z]+(?![\w.@:/#+-])|[0-9]{1,6}(?:\.[0-9]{1,6})?(?![\w.@:/#+-])|[ ,;()?→]|(?<=\S)\.(?= |$))*"
)
_COMMIT = re.compile(r"\b[0-9a-f]{7,}\b", re.IGNORECASE)
# A code span begins and ends by the first, the second ends a cell; the rest is for who reads the text as it is.
_BREAKING = re.compile(r"[`|]|@(?=\w)(?!sha256:)|:(?=//)|\](?=\()|<(?=[A-Za-z/!?])", re.ASCII)
_VERDICTS = {
    INCOMPLETE: "## :warning: kaitops gate: incomplete, not everything was judged",
    FAILED: "## :x: kaitops gate: failed",
}
_PASSED = "## :white_check_mark: kaitops gate: passed"
# No cell of a table is worth more than this.
_CELL = 600
# Whoever opens a pull request reads so many rows of a table.
_SEEN = 20
_BEFORE, _AFTER = "_before", "_after"


def text(report: Report, place: Callable[[str], str]) -> str:
    """The summary. What does not fit is counted, never cut silently."""
    page = _Page(LIMIT - len(MARKER) - 1)
    page.add(_head(report))
    page.add([f"- :warning: not run: {_safe(one)}" for one in report.skipped])
    page.table("Cost", report.cost)
    page.table("Plan", report.plan)
    ordered = sorted(report.shown, key=gravity)
    page.rows(
        "Findings", ("Severity", "Rule", "Place", "Object", "What is wrong"), [_finding(one, place) for one in ordered]
    )
    page.add([part for text in report.folded for part in ("", f"{text}.")])
    page.rows(
        "Exempted",
        ("Rule", "Object", "Reason", "Owner", "Until"),
        [(one.finding.rule, one.finding.subject, one.reason, one.owner, one.until) for one in report.exempted],
    )
    page.rows("Needed in the cluster", ("Object",), [(one,) for one in report.needs])
    page.rows("Notes", ("Note",), [(one,) for one in report.notes])
    return page.text() + MARKER + "\n"


def _head(report: Report) -> list[str]:
    counts = ", ".join(f"{number} {name}" for name, number in report.counts().items() if number) or "no findings"
    sums = f"{report.sums}; {counts}"
    if report.exempted:
        sums += f"; {len(report.exempted)} exempted"
    return [_VERDICTS.get(report.verdict, _PASSED), "", f"{sums}. Fails on {report.threshold} and above.", ""]


def _finding(one: Finding, place: Callable[[str], str]) -> tuple[str, ...]:
    return one.severity, one.rule, f"{place(one.file)}:{one.line}", one.subject, one.text


class _Page:
    """Lines up to a length, with room kept for saying what was left out."""

    _RESERVE = 120

    def __init__(self, limit: int) -> None:
        self._left = limit - self._RESERVE * 5
        self._lines: list[str] = []

    def add(self, lines: Sequence[str]) -> None:
        for line in lines:
            self._put(line)

    def table(self, title: str, rows: Sequence[Object] | None) -> None:
        """Rows of plain values; a table that was asked for and is empty says so."""
        if rows is None:
            return
        if not rows:
            self.add(["", f"### {title}", "", "Nothing changes."])
            return
        # What was and what is to be stand in one column.
        columns = [column.removesuffix(_BEFORE) for column in rows[0] if not column.endswith(_AFTER)]
        titles = [column.replace("_", " ") for column in columns]
        self.rows(title, titles, [[_cell(row, column) for column in columns] for row in rows])

    def rows(self, title: str, titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table whose first rows are seen at once; the others wait behind a line that counts them."""
        if not rows:
            return
        seen, further = rows[:_SEEN], rows[_SEEN:]
        left = self._table(["", f"### {title}", ""], titles, seen)
        if left == len(seen):
            self._lines.append(f"\n{len(rows)} rows of {title} are left out.")
            return
        if further and not left:
            left = self._table(["", f"<details><summary>{len(further)} more</summary>", ""], titles, further)
            if left < len(further):
                self._lines += ["", "</details>"]
        else:
            left += len(further)
        if left:
            self._lines += ["", f"{left} more are left out here; the other reports have all."]

    def _table(self, head: list[str], titles: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
        """Put rows below a head; how many there is no room for, and nothing of it where not one fits."""
        first = "\n".join([*head, _row(titles), "|" + "---|" * len(titles), _row(rows[0])])
        if not self._put(first):
            return len(rows)
        for number, row in enumerate(rows[1:], 1):
            if not self._put(_row(row)):
                return len(rows) - number
        return 0

    def _put(self, line: str) -> bool:
        if len(line) + 1 > self._left:
            return False
        self._left -= len(line) + 1
        self._lines.append(line)
        return True

    def text(self) -> str:
        return "\n".join(self._lines) + "\n"


def _cell(row: Object, column: str) -> str:
    if column + _BEFORE not in row:
        return _plain(row.get(column))
    before, after = _plain(row[column + _BEFORE]), _plain(row[column + _AFTER])
    return before if before == after else f"{before or '?'} → {after or '?'}"


def _plain(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_safe(cell) for cell in cells) + " |"


def _safe(value: str) -> str:
    text = printable.name(value.replace("\n", " ").replace("\t", " "))
    short = text if len(text) <= _CELL else f"{text[:_CELL]} ..."
    if _WORDS.fullmatch(short) and not _COMMIT.search(short):
        return short
    return f"`{_BREAKING.sub(lambda match: f'{chr(92)}x{ord(match.group()):02x}', short)}`"
