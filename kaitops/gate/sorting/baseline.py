"""The findings that a repository starts with: named by whoever runs the gate, they do not count until they are mended.

What a cluster refuses and what nobody judged is never among them. A file of them decides, so it comes from where
exemptions come from: with a base, the base's version counts.
"""

import json
import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kaitops.documents.plain import items, mapping
from kaitops.errors import BadInput
from kaitops.gate.objects import Group
from kaitops.gate.sorting.fingerprints import Prints, is_excusable
from kaitops.report import printable
from kaitops.report.findings import KNOWN, Finding, Report

_VERSION = 1
_KEYS = ("fingerprint", "rule", "file", "object")


class Baseline(NamedTuple):
    """A file of known findings.

    Attributes:
        name: of the file; what it says of files starts from its folder.
        known: fingerprints.
    """

    name: str
    known: frozenset[str]


def parse(raw: bytes, name: str) -> Baseline:
    """The baseline in a file.

    Raises:
        BadInput: it holds something else.
    """
    remedy = "nothing was taken from it; write it by `kaitops gate PATH --write-baseline FILE`"
    try:
        whole: Any = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{name}: is no baseline, as it is not JSON; {remedy}") from error
    if mapping(whole).get("version") != _VERSION or not isinstance(mapping(whole).get("findings"), list):
        raise BadInput(f"{name}: is no baseline of version {_VERSION} with a list of findings; {remedy}")
    known: set[str] = set()
    for number, one in enumerate(items(whole["findings"])):
        entry = mapping(one)
        if set(entry) != set(_KEYS) or not all(isinstance(value, str) for value in entry.values()):
            raise BadInput(f"{name}: findings[{number}] has other keys than {', '.join(_KEYS)}, each text; {remedy}")
        known.add(entry["fingerprint"])
    return Baseline(name, frozenset(known))


def apply(baseline: Baseline, report: Report, groups: Sequence[Group], altered: Collection[int] = ()) -> None:
    """Mark what is known, and note how much of the baseline is mended.

    Args:
        altered: places of findings that the base has in another form: the change made something else of them.
    """
    prints = _prints(baseline.name, groups)
    found: set[str] = set()
    marked: list[Finding] = []
    for number, one in enumerate(report.findings):
        mark = prints.of(one) if is_excusable(one) else ""
        if mark in baseline.known:
            found.add(mark)
            one = one if number in altered else one._replace(state=KNOWN)
        marked.append(one)
    report.findings = marked
    if gone := len(baseline.known - found):
        whole = printable.counted(len(baseline.known), "finding")
        report.notes.append(
            f"baseline {baseline.name}: {gone} of its {whole} not found here; where they are mended, "
            "write it again by --write-baseline, so that they cannot come back unseen"
        )


def text(name: str, report: Report, groups: Sequence[Group]) -> tuple[str, frozenset[str]]:
    """A baseline of all findings that may be put off, for a file of a name; one a line, in order, and what it knows."""
    prints = _prints(name, groups)
    place = _placed(name)
    rows = sorted(
        [place(one.file), one.rule, one.subject, prints.of(one)] for one in report.findings if is_excusable(one)
    )
    lines = [
        json.dumps(dict(zip(_KEYS, (mark, rule, file, subject), strict=True)), ensure_ascii=True)
        for file, rule, subject, mark in rows
    ]
    body = ",\n".join(f"    {line}" for line in lines)
    listed = f"[\n{body}\n  ]" if lines else "[]"
    return f'{{\n  "version": {_VERSION},\n  "findings": {listed}\n}}\n', frozenset(row[3] for row in rows)


def _prints(name: str, groups: Sequence[Group]) -> Prints:
    return Prints(groups, _placed(name))


class _Placed:
    """From a file's name to its path from the folder of a baseline."""

    def __init__(self, name: str) -> None:
        self._folder = os.path.realpath(Path(name).parent)
        self._known: dict[str, str] = {}

    def __call__(self, file: str) -> str:
        if file not in self._known:
            path = file if file == "-" else os.path.relpath(os.path.realpath(file), self._folder)
            self._known[file] = path
        return self._known[file]


def _placed(name: str) -> _Placed:
    return _Placed(name)
