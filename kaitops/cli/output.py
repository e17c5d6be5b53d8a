"""Printing results: ``-o table|json|yaml|name``, colour only where a person reads, progress only when it lasts."""

import argparse
import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO, cast

from kaitops.documents.plain import Object
from kaitops.report import printable

FORMATS = ("table", "json", "yaml", "name")


def add_format(parser: argparse.ArgumentParser) -> None:
    """Add ``-o``."""
    parser.add_argument("-o", "--output", choices=FORMATS, default="table", help="form of the result (default: table)")


def emit(rows: Sequence[Object], form: str, name: str = "name") -> None:
    """Print rows in the form asked for; ``name`` is the column that stands for a row."""
    if form == "json":
        print(printable.as_json(list(rows), indent=2))
    elif form == "yaml":
        from kaitops.documents import writer

        print(writer.dump_list([_written(row) for row in rows]), end="")
    elif form == "name":
        for row in rows:
            print(printable.name(str(row[name])))
    else:
        heading, _, rest = table(rows).partition("\n")
        plain(paint(heading, "1", sys.stdout) if rows else heading)
        print(f"\n{rest}" if rest else "")


def plain(text: str) -> None:
    """Print what we wrote ourselves, colours and commands included."""
    getattr(sys.stdout, "plain", sys.stdout.write)(text)


def _written(value: object) -> Any:
    """A value that a file can carry: half of a surrogate pair, of a name that is no UTF-8, is shown."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, Mapping):
        return {_written(key): _written(one) for key, one in cast("Mapping[Any, Any]", value).items()}
    return [_written(one) for one in cast("list[Any]", value)] if isinstance(value, list) else value


def table(rows: Sequence[Object]) -> str:
    """Rows as aligned columns under a heading; numbers to the right."""
    if not rows:
        return "(none)"
    columns = list(rows[0])
    cells = [[column.replace("_", " ").upper() for column in columns]]
    cells += [[_cell(row.get(column)) for column in columns] for row in rows]
    widths = [max(len(line[number]) for line in cells) for number in range(len(columns))]
    right = [all(isinstance(row.get(column), int | float | None) for row in rows) for column in columns]
    lines = [
        "  ".join(
            text.rjust(width) if number else text.ljust(width)
            for text, width, number in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in cells
    ]
    return "\n".join(lines)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, list | tuple):
        text = ", ".join(str(item) for item in value) or "-"  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        return printable.name(text)
    return printable.name(str(value))


def lasting(seconds: float | None) -> str:
    """A time that has passed, as people say it: never finer than it matters."""
    if seconds is None:
        return ""
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{int(seconds // size)} {unit}"
    return f"{max(int(seconds), 0)} s"


def paint(text: str, code: str, stream: TextIO) -> str:
    """Colour a text where the stream is a terminal and NO_COLOR is not set."""
    if os.environ.get("NO_COLOR") or not stream.isatty():
        return text
    return f"\x1b[{code}m{text}\x1b[0m"


def difference(lines: Iterable[str]) -> None:
    """Print a unified difference, coloured, with what others wrote made harmless."""
    for line in lines:
        code = {"+": "32", "-": "31", "@": "36"}.get(line[0]) if line[:3] not in ("+++", "---") else "1"
        text = printable.lines(line.rstrip("\r\n"))
        plain(f"{paint(text, code, sys.stdout) if code else text}\n")
        if not line.endswith("\n"):
            plain("\\ No newline at end of file\n")


NO_REGION = "note: prices are those of a region; name it by --region"


def note(text: str) -> None:
    """Tell a person something."""
    print(text, file=sys.stderr)


class Progress:
    """A line on standard error that counts, once work has lasted a second and a terminal is there to see it."""

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total, self._done = what, total, 0
        self._start = time.monotonic()
        self._shown = False

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        if sys.stderr.isatty() and time.monotonic() - self._start > 1:
            self._shown = True
            self._show(f"\r{self._what} {self._done}/{self._total}")

    def close(self) -> None:
        """Clear the line."""
        if self._shown:
            self._show("\r\x1b[K")

    def _show(self, text: str) -> None:
        getattr(sys.stderr, "plain", sys.stderr.write)(text)
        sys.stderr.flush()
