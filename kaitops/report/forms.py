"""The forms of a report that are one text, by name. A form's module is imported when it is asked for."""

from collections.abc import Callable

from kaitops.report.findings import Report

NAMES = ("json", "sarif", "junit", "github", "markdown")
FILES = tuple(name for name in NAMES if name != "github")
"""Those that can be written to a file, each by an option of its name: GitHub reads its own from what is printed."""


def text(report: Report, form: str, version: str, place: Callable[[str], str]) -> str:
    """The report in a form.

    Args:
        version: of kaitops.
        place: from a file's name to its path within the repository.
    """
    if form == "json":
        from kaitops.report import machine

        return machine.text(report)
    if form == "sarif":
        from kaitops.report import sarif

        return sarif.text(report, version, place)
    if form == "junit":
        from kaitops.report import junit

        return junit.text(report, place)
    if form == "github":
        from kaitops.report import annotations

        return "".join(f"{line}\n" for line in annotations.lines(report, place))
    from kaitops.report import markdown

    return markdown.text(report, place)
