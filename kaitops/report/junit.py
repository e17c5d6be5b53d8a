"""The outcome as JUnit XML: a test case for each object, so that a report of a green gate shows what was judged."""

import re
from collections.abc import Callable

from kaitops.report import printable
from kaitops.report.findings import Finding, Report, order

# XML 1.0 has no way to write these, escaped or not.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;"})


def text(report: Report, place: Callable[[str], str]) -> str:
    """The document; findings below the threshold stand in a case's output and do not fail it."""
    cases: dict[tuple[str, str], list[Finding]] = {(one.file, one.subject): [] for one in report.seen}
    for finding in sorted(report.findings, key=order):
        cases.setdefault((finding.file, finding.subject), []).append(finding)
    bodies = [_case(file, subject, found, report, place) for (file, subject), found in cases.items()]
    for reason in report.skipped:
        bodies.append(f'<testcase classname="kaitops" name="{_safe(reason)}"><skipped/></testcase>')
    counts = (
        f'tests="{len(bodies)}" failures="{sum("<failure " in body for body in bodies)}" '
        f'errors="{sum("<error " in body for body in bodies)}" skipped="{len(report.skipped)}"'
    )
    inner = "\n".join(bodies)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="kaitops gate" {counts}>\n'
        f'<testsuite name="kaitops gate" {counts}>\n{inner}\n</testsuite>\n</testsuites>\n'
    )


def _case(file: str, subject: str, found: list[Finding], report: Report, place: Callable[[str], str]) -> str:
    parts: list[str] = []
    shown: list[str] = []
    for one in found:
        line = f"{place(one.file)}:{one.line}:{one.column}: {one.rule} {one.severity}: {one.text}"
        if one.unjudged or report.fails(one):
            tag = "error" if one.unjudged else "failure"
            parts.append(f'<{tag} type="{_safe(one.rule)}" message="{_safe(one.message)}">{_safe(line)}</{tag}>')
        else:
            shown.append(line)
    if shown:
        parts.append(f"<system-out>{'&#10;'.join(map(_safe, shown))}</system-out>")
    where = place(file)
    head = f'<testcase classname="{_safe(where)}" name="{_safe(subject or where)}" file="{_safe(where)}"'
    return f"{head}>{''.join(parts)}</testcase>" if parts else f"{head}/>"


def _safe(value: str) -> str:
    return _FORBIDDEN.sub("�", printable.name(value)).translate(_ESCAPES)
