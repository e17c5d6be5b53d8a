"""What a gate found, written to the files that were asked for and printed."""

import argparse
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kaitops.cli import output
from kaitops.errors import KaitopsError
from kaitops.report import forms, printable
from kaitops.report.findings import Report
from kaitops.tree import layout, single

if TYPE_CHECKING:
    from kaitops.change import Change
    from kaitops.gate.run import Outcome

_SOURCE = "# Source: "
_LOOKED_AT = 100
_LONG = 300


def write(outcome: "Outcome", arguments: argparse.Namespace) -> bool:
    """Write the reports, each whole or not at all, then print; says whether all could be written."""
    report = outcome.report
    wanted = [(form, getattr(arguments, form)) for form in forms.FILES if getattr(arguments, form)]
    writes = [_writing(Path(name), report, form) for form, name in wanted]
    if arguments.write_baseline:
        writes.append(lambda: single.write_whole(Path(arguments.write_baseline), outcome.baseline))
    if arguments.write_plan:
        writes += [_planning(change, arguments) for change in outcome.immutable]
    whole = True
    for write in writes:
        try:
            write()
        except KaitopsError as error:
            # What was found stands, whatever becomes of a file.
            output.note(f"kaitops: {error}")
            whole = False
    _print(report, "summary" if arguments.summary else arguments.output, arguments.quiet)
    return whole


def _writing(path: Path, report: Report, form: str) -> Callable[[], None]:
    return lambda: single.write_whole(path, _text(report, form))


def _planning(change: "Change", arguments: argparse.Namespace) -> Callable[[], None]:
    from kaitops.change import plan, write_plan

    def write() -> None:
        for path in write_plan(plan(change, gitops=arguments.gitops), Path(arguments.write_plan)):
            output.note(f"{path}: written")

    return write


def _print(report: Report, form: str, quiet: bool) -> None:
    if form == "table":
        from kaitops.report import terminal

        lines = terminal.lines(report, quiet=quiet, paint=lambda text, code: output.paint(text, code, sys.stdout))
        output.plain("".join(f"{line}\n" for line in lines))
    elif form == "summary":
        from kaitops.report import terminal

        print("".join(f"{line}\n" for line in terminal.by_rule(report)), end="")
    elif form in {"yaml", "name"}:
        from kaitops.report.findings import order

        output.emit([one.as_row() for one in sorted(report.findings, key=order)], form, "object")
    else:
        # The form escapes what others wrote, and the commands of GitHub in it are ours.
        output.plain(_text(report, form))
    if form == "table" and not quiet:
        _declared(report)
    for text in report.skipped:
        output.note(f"WARNING: {printable.name(text)}")
    if not quiet:
        for text in report.notes:
            output.note(f"note: {printable.name(text)}")


def _declared(report: Report) -> None:
    """Findings are in files that a render writes: say what to change in their place."""
    made: set[str] = set()
    for file in sorted({one.file for one in report.findings})[:_LOOKED_AT]:
        if not (Path(file).is_file() and Path(file).stat().st_size):
            # A pipe would never answer, a device never end, and a file of the kernel, which has no size, do either.
            continue
        with suppress(OSError, ValueError), open(file, encoding="utf-8") as text:
            if text.readline(_LONG) == layout.HEADER and (source := text.readline(_LONG)).startswith(_SOURCE):
                made.add(source.removeprefix(_SOURCE).strip())
    if made:
        names = ", ".join(sorted(made))
        output.note(f"note: 'kaitops render' writes these files; change in fleet.yaml: {printable.name(names)}")


def _text(report: Report, form: str) -> str:
    from kaitops import __version__

    return forms.text(report, form, __version__, _places())


def _places() -> Callable[[str], str]:
    """From a file's name to its path from the root of the repository that the command runs in."""
    from kaitops.report.places import relative

    here = Path.cwd()
    folder = str(here)
    root = next((str(one) for one in (here, *here.parents) if (one / ".git").exists()), folder)

    def place(file: str) -> str:
        return relative(file, folder, root)

    return place
