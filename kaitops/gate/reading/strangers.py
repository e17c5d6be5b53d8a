"""Files of other programs that are no manifests: told as not judged, where the strict reader of manifests refuses them.

Looked at only after a file was refused. What has the name of such a file and shows an object stays refused.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from kaitops.documents import glancing
from kaitops.documents.source import MAX_BYTES
from kaitops.errors import BadInput
from kaitops.gate import checks
from kaitops.gate.overlays.graph import Kustomization
from kaitops.kaito import facts
from kaitops.report.findings import Report

# What an object, or a list of them, starts with, and what may bring either in.
_MARKS = frozenset({"apiVersion", "kind", "items", "<<", glancing.UNKNOWN})
_AT_START = re.compile(r"""^[\s\ufeff]*(?:---\s*)?[{?"']*(?:apiVersion|kind|items)\b""", re.MULTILINE)
_MOST_TOLD = 5


def is_of_another_program(file: str, raw: bytes) -> bool:
    """Whether a file has the name of another program's, and nothing in it could be applied."""
    return _has_such_name(file) and not _may_hold_object(raw)


def _has_such_name(file: str) -> bool:
    steps = Path(os.path.realpath(file)).parts
    for pattern in facts.load(".", "tools.json")["files"]:
        wanted = pattern.split("/")
        if len(wanted) <= len(steps) and all(map(fnmatchcase, steps[-len(wanted) :], wanted)):
            return True
    return False


def _may_hold_object(raw: bytes) -> bool:
    """An object stands at the top of a document; what stands deeper is text or data of that program."""
    try:
        text = raw.decode("utf-8")
        if "\0" in text or len(raw) > MAX_BYTES or any(line[:1] not in " \t#" for line in _starts(text)):
            return True
        return not _MARKS.isdisjoint(glancing.top_keys(text))
    except ValueError:
        return True  # in whatever form it is, somebody may read it otherwise


def _starts(text: str) -> Iterator[str]:
    """The lines that show an object to whoever reads them at the first column."""
    return (found[0].lstrip("\ufeff\r\n") for found in _AT_START.finditer(text))


def _note(files: Iterable[str]) -> str:
    """What is said of them, once."""
    names = sorted(files)
    more = f" and {len(names) - _MOST_TOLD} more" if len(names) > _MOST_TOLD else ""
    return f"{', '.join(names[:_MOST_TOLD])}{more}: files of other programs, which are no manifests; not judged"


def tell(held: Mapping[str, BadInput], known: Iterable[Kustomization], report: Report) -> None:
    """Say once that they were not judged; refuse those that a kustomization names, as kustomize fails on them."""
    named = {os.path.realpath(file) for one in known for file in one.files()}
    refused = {file for file in held if os.path.realpath(file) in named}
    report.findings += [checks.unreadable(file, str(held[file])) for file in sorted(refused)]
    if left := held.keys() - refused:
        report.notes.append(_note(left))
