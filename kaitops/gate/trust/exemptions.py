"""Exemptions: which findings are known and accepted, by whom, why and until when.

One file holds them all. One that has expired, covers nothing or is written wrongly is a finding itself, and what the
cluster refuses or nobody judged cannot be excused. Annotations on objects do the same only where the policy allows
it. The date of today is an argument.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import Any

from kaitops.documents import reader
from kaitops.documents.plain import Object, items, mapping
from kaitops.errors import BadInput
from kaitops.gate import checks
from kaitops.gate.checks import BINDING, EXEMPTION
from kaitops.gate.objects import Item
from kaitops.report.findings import Exempted, Finding, Report

_KEYS = ("id", "resource", "reason", "owner", "until")
_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
# Ids of checkov's checks are not known before it has run.
_FOREIGN = re.compile(r"CKV2?_[A-Z0-9]+_\w+")
# A whole name, or what begins with a kind or a folder before anything stands for more than itself.
_NARROW = re.compile(r"[^*?\[]+(?:[ /]|$)")
_MAX_DAYS = 366


@dataclass(slots=True)
class Exemption:
    """One entry.

    Attributes:
        resource: glob on ``Kind namespace/name``, or on the file for findings without an object.
        until: the last day on which it holds, ``YYYY-MM-DD``.
        uses: how many findings it covered.
    """

    id: str
    resource: str
    reason: str
    owner: str
    until: str
    file: str
    place: tuple[int, int]
    uses: int = 0

    def covers(self, finding: Finding) -> bool:
        """Is this one of the findings it names?"""
        return self.names(finding.rule, finding.subject or finding.file)

    def names(self, rule: str, subject: str) -> bool:
        """Is it meant for what a rule finds at an object, or in a file without one?"""
        return self.id == rule and fnmatchcase(subject, self.resource)


@dataclass(frozen=True, slots=True)
class Exemptions:
    """A file of exemptions.

    Attributes:
        annotations: objects may carry exemptions of their own.
    """

    entries: list[Exemption]
    annotations: bool


def parse(raw: bytes, file: str, known: frozenset[str], today: date) -> Exemptions:
    """The exemptions in a file: ``exemptions``, a list, and ``annotations``, false where it is not there.

    Args:
        raw: its content.
        known: ids of rules that exist.

    Raises:
        BadInput: an entry is not whole, names a rule that does not exist, or one that cannot be excused.
    """
    documents = reader.read_bytes(raw, file)
    whole: Object = mapping(documents[0].data) if len(documents) == 1 else {}
    entries, annotations = whole.get("exemptions"), whole.get("annotations", False)
    if not isinstance(entries, list) or set(whole) - {"exemptions", "annotations"} or not isinstance(annotations, bool):
        raise BadInput(
            f"{file}: must be one document with 'exemptions', a list of entries with {', '.join(_KEYS)}, and at most "
            "'annotations', true or false; nothing was exempted"
        )
    listed = enumerate(items(whole["exemptions"]))
    return Exemptions([_entry(mapping(one), documents[0], number, known, today) for number, one in listed], annotations)


def _entry(entry: Object, document: reader.Document, number: int, known: frozenset[str], today: date) -> Exemption:
    place = document.locate(["exemptions", number])
    where = f"{document.file}:{place[0]}:{place[1]}"
    wrong = [key for key in _KEYS if not isinstance(entry.get(key), str) or not is_said(entry[key])]
    if wrong:
        raise BadInput(f"{where}: an exemption needs {', '.join(wrong)}, as text; nobody could review it otherwise")
    if extra := sorted(set(entry) - set(_KEYS)):
        raise BadInput(f"{where}: {', '.join(extra)} means nothing in an exemption; its keys are {', '.join(_KEYS)}")
    _check_id(entry["id"], where, known)
    if not is_date(entry["until"]):
        raise BadInput(f"{where}: until: {entry['until']!r} is not a day; write it as YYYY-MM-DD")
    if is_too_far(entry["until"], today):
        raise BadInput(
            f"{where}: until: {entry['until']} is more than {_MAX_DAYS} days after {today}, so nobody would look at it "
            "again; choose an earlier day, and decide on it anew then"
        )
    if not _NARROW.match(entry["resource"]):
        raise BadInput(
            f"{where}: resource: {entry['resource']!r} would exempt objects of any kind; begin with the kind, or with "
            "the folder of a file: 'Workspace demo/*'"
        )
    values = [str(entry[key]).strip() for key in _KEYS]
    return Exemption(*values, file=document.file, place=place)


def is_said(text: str) -> bool:
    """Something that people can read stands there: a letter or a digit, not only what cannot be seen."""
    return any(character.isalnum() for character in text)


def is_too_far(until: str, today: date) -> bool:
    """The day is so far ahead that the exemption would never be decided on anew."""
    return date.fromisoformat(until) > today + timedelta(days=_MAX_DAYS)


def _check_id(key: str, where: str, known: frozenset[str]) -> None:
    if key in BINDING:
        raise BadInput(
            f"{where}: {key} cannot be exempted: the cluster would refuse the object, or the verdict would rest on "
            "nothing"
        )
    if key not in known and not _FOREIGN.fullmatch(key):
        raise BadInput(f"{where}: there is no rule {key}, so it would exempt nothing; `kaitops policy` lists them")


def _is_met(one: Exemption, report: Report) -> bool:
    """An object or a file that it names was judged."""
    return any(fnmatchcase(each.subject, one.resource) or fnmatchcase(each.file, one.resource) for each in report.seen)


def is_date(text: str) -> bool:
    """Is this a day that exists, as YYYY-MM-DD?"""
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def annotated(
    found: Sequence[Item], report: Report, known: frozenset[str], today: date, *, allowed: bool
) -> list[Exemption]:
    """Exemptions that objects carry as annotations ``kaitops.io/exempt.ID: reason; owner; YYYY-MM-DD``.

    Where they are not allowed, or not whole, each is a finding.
    """
    result: list[Exemption] = []
    for item in found:
        for key, value in _annotations(item):
            path = ("metadata", "annotations", key)
            if not allowed:
                text = "exempts the object by annotation, which the policy does not allow; use the exemptions file"
                report.findings.append(item.finding(EXEMPTION, path, text))
                continue
            if checks.skips(key):
                continue
            rule = key.removeprefix(checks.EXEMPT)
            parts = written(value, today) if rule in known and rule not in BINDING else None
            if parts is None:
                text = (
                    f"{key} must name a rule that can be exempted and hold 'reason; owner; YYYY-MM-DD', a day at most "
                    f"{_MAX_DAYS} days ahead"
                )
                report.findings.append(item.finding(EXEMPTION, path, text))
                continue
            file, *place = item.document.place([*item.prefix, *path])
            glob = re.sub(r"([\[*?])", r"[\1]", item.subject)
            result.append(Exemption(rule, glob, *parts, file=file, place=(place[0], place[1])))
    return result


def written(value: object, today: date) -> tuple[str, str, str] | None:
    """Reason, owner and last day of an annotation ``reason; owner; YYYY-MM-DD``; None where it is not whole."""
    parts = [part.strip() for part in str(value).split(";")]
    if len(parts) != 3 or not all(map(is_said, parts)) or not is_date(parts[2]) or is_too_far(parts[2], today):
        return None
    return parts[0], parts[1], parts[2]


def _annotations(item: Item) -> Iterator[tuple[str, Any]]:
    notes = item.data["metadata"].get("annotations")
    if notes:
        for key, value in mapping(notes).items():
            if checks.exempts(key):
                yield key, value


def apply(exemptions: Sequence[Exemption], report: Report, today: str, *, complete: bool = False) -> None:
    """Move covered findings to the exempted ones; add findings for exemptions that expired or cover nothing.

    One that is meant for nothing that was judged says nothing of a part of a tree, so it is noted and no finding.

    Args:
        today: ``YYYY-MM-DD``.
        complete: what was judged is all there is.
    """
    by_id: dict[str, list[Exemption]] = {}
    for one in exemptions:
        by_id.setdefault(one.id, []).append(one)
    kept: list[Finding] = []
    for finding in report.findings:
        covering = [one for one in by_id.get(finding.rule, ()) if not finding.unjudged and one.covers(finding)]
        for one in covering:
            one.uses += 1
        valid = next((one for one in covering if one.until >= today), None)
        if valid is None:
            kept.append(finding)
        else:
            source = f"{valid.file}:{valid.place[0]}"
            report.exempted.append(Exempted(finding, valid.reason, valid.owner, valid.until, source))
    report.findings = kept
    for one in exemptions:
        subject = f"exemption of {one.id} for {one.resource}"
        if one.until < today:
            text = f"expired on {one.until}; {one.owner} must mend the findings or decide on it anew"
        elif not one.uses and not complete and not _is_met(one, report):
            report.notes.append(f"{one.file}:{one.place[0]}: {subject}: nothing that was judged has that name")
            continue
        elif not one.uses:
            text = "covers no finding, so it can only hide the next one; remove it"
        else:
            continue
        report.findings.append(checks.finding(EXEMPTION, one.file, one.place, subject, text))
