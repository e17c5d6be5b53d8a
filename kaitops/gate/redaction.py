"""Taking secret values out of what reports say: what looks like one, and what a manifest holds as one.

A value is replaced by its kind and length. Reports are made of what went through here and of nothing else.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from kaitops.documents.plain import Object
from kaitops.gate.objects import Source
from kaitops.report import printable
from kaitops.report.findings import Exempted, Finding, Report
from kaitops.secrets import secret_values, tokens

_SHORTEST_NEAR = 3


class Redactor:
    """Knows the values that the files of a tree hold as secrets.

    Args:
        documents: all that were read, whether an object of them was taken or refused.
        unread: the content of files that could not be read, by name.
    """

    def __init__(self, documents: Iterable[Source], unread: Mapping[str, bytes]) -> None:
        values: set[str] = set()
        # A word of a file's own Secret is taken out of what is said of the file, however short.
        near: dict[str, set[str]] = {}
        for document in documents:
            held = set(secret_values.of(document.data))
            values |= held
            near.setdefault(document.file, set()).update(held)
        for file, raw in unread.items():
            held = set(secret_values.of_text(raw))
            values |= {value for value in held if not value.isalpha()}
            near.setdefault(file, set()).update(held)
        self._values = _ordered(values, secret_values.SHORTEST)
        self._near = {file: _ordered(held, _SHORTEST_NEAR) for file, held in near.items() if held}

    def text(self, text: str, file: str = "") -> str:
        """The text without secret values.

        Args:
            file: that it is about.
        """
        for value in (*self._near.get(file, ()), *self._values):
            if value in text:
                text = text.replace(value, secret_values.note(value))
        return _without_tokens(text)

    def finding(self, one: Finding) -> Finding:
        """The finding without secret values."""
        message, remedy, subject = (self.text(each, one.file) for each in (one.message, one.remedy, one.subject))
        path = tuple(self.text(step, one.file) if isinstance(step, str) else step for step in one.path)
        if (message, remedy, subject, path) == (one.message, one.remedy, one.subject, one.path):
            return one
        return one._replace(message=message, remedy=remedy, subject=subject, path=path)

    def report(self, report: Report) -> None:
        """Everything in a report."""
        report.findings = [self.finding(one) for one in report.findings]
        report.exempted = [self._exempted(one) for one in report.exempted]
        report.needs = [self.text(one) for one in report.needs]
        report.notes = [self.text(one) for one in report.notes]
        report.skipped = [self.text(one) for one in report.skipped]
        report.seen = [
            one._replace(subject=text) if (text := self.text(one.subject, one.file)) != one.subject else one
            for one in report.seen
        ]
        report.plan, report.cost = self._rows(report.plan), self._rows(report.cost)

    def _rows(self, rows: list[Object] | None) -> list[Object] | None:
        if rows is None:
            return None
        return [{key: self.text(one) if isinstance(one, str) else one for key, one in row.items()} for row in rows]

    def _exempted(self, one: Exempted) -> Exempted:
        return one._replace(finding=self.finding(one.finding), reason=self.text(one.reason), owner=self.text(one.owner))


@lru_cache(maxsize=65536)
def _without_tokens(text: str) -> str:
    return tokens.without(text)


def _ordered(values: Iterable[str], shortest: int) -> list[str]:
    """Every form that a value can be told in, longest first, so that one within another leaves no part of it behind."""
    forms = {form for value in values if len(value) >= shortest for form in _forms(value)}
    return sorted(forms, key=lambda value: (-len(value), value))


def _forms(value: str) -> Iterator[str]:
    """The forms that a value can be told in."""
    yield value
    yield repr(value)[1:-1]
    yield json.dumps(value)[1:-1]
    yield printable.name(value)
    plain = "".join(sign for sign in value if sign.isprintable() and not sign.isspace())
    if len(plain) > 5:
        yield plain
    yield b64encode(value.encode("utf-8", "replace")).decode()
