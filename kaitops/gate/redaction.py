"""Taking secret values out of what reports say: what looks like one, and what a manifest holds as one.

A value is replaced by its kind and length. Reports are made of what went through here and of nothing else.
"""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from kaitops.documents.plain import items, mapping
from kaitops.fleet import tokens
from kaitops.report.findings import Exempted, Finding, Report

# Shorter values are words that would be taken out of everything.
_SHORTEST = 6
_WORDS = r"(?:token|password|passwd|secret|credential|api[-_]?key|access[-_]?key|account[-_]?key)"
_NAME = re.compile(_WORDS, re.IGNORECASE)
# Keys that end otherwise name a Secret and hold none.
_KEY = re.compile(r"(?:token|password|passwd|credentials?|api[-_]?key|access[-_]?key)$", re.IGNORECASE)
_WRITTEN = re.compile(rf"{_WORDS}[\"']?\s*[:= ]\s*[\"']?([^\s\"',}}]+)", re.IGNORECASE)
_MAX_DEPTH = 40


class Redactor:
    """Knows the values that the objects of a tree hold as secrets.

    Args:
        documents: all objects of the tree.
    """

    def __init__(self, documents: Iterable[Mapping[str, Any]]) -> None:
        values = {value for document in documents for value in _values(document) if len(value) >= _SHORTEST}
        # Longest first, so that a value within another one does not leave a part of it behind.
        self._values = sorted(values, key=lambda value: (-len(value), value))

    def text(self, text: str) -> str:
        """The text without secret values."""
        for value in self._values:
            if value in text:
                text = text.replace(value, f"<secret value, {len(value)} characters>")
        return _without_tokens(text)

    def finding(self, one: Finding) -> Finding:
        """The finding without secret values."""
        message, remedy, subject = self.text(one.message), self.text(one.remedy), self.text(one.subject)
        path = tuple(self.text(step) if isinstance(step, str) else step for step in one.path)
        if (message, remedy, subject, path) == (one.message, one.remedy, one.subject, one.path):
            return one
        return replace(one, message=message, remedy=remedy, subject=subject, path=path)

    def report(self, report: Report) -> None:
        """Everything in a report."""
        report.findings = [self.finding(one) for one in report.findings]
        report.exempted = [self._exempted(one) for one in report.exempted]
        report.needs = [self.text(one) for one in report.needs]
        report.notes = [self.text(one) for one in report.notes]
        report.skipped = [self.text(one) for one in report.skipped]
        report.seen = [replace(one, subject=text) if (text := self.text(one.subject)) != one.subject else one
                       for one in report.seen]  # fmt: skip

    def _exempted(self, one: Exempted) -> Exempted:
        return replace(one, finding=self.finding(one.finding), reason=self.text(one.reason), owner=self.text(one.owner))


@lru_cache(maxsize=65536)
def _without_tokens(text: str) -> str:
    return tokens.without(text)


def _values(document: Mapping[str, Any]) -> Iterator[str]:
    if document.get("kind") == "Secret":
        for value in mapping(document.get("stringData")).values():
            yield from _lines(value)
        for value in mapping(document.get("data")).values():
            yield from _lines(value)
            try:
                yield from _lines(b64decode(str(value), validate=True).decode())
            except (NotBase64, ValueError):
                continue
    else:
        yield from _variables(document, 0)


def _lines(value: Any) -> Iterator[str]:
    """A value, and its lines: an error about a document within a value quotes a line of it."""
    text = value if isinstance(value, str) else str(value)
    yield text
    yield from (line.strip() for line in text.splitlines())


def _variables(node: Any, depth: int) -> Iterator[str]:
    """Values of environment variables, keys, arguments and embedded files whose name says that they are secret."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(node, dict):
        known = mapping(node)
        name, value = known.get("name"), known.get("value")
        if isinstance(name, str) and isinstance(value, str | int | float) and _NAME.search(name):
            yield str(value)
        for key, child in known.items():
            if isinstance(child, dict | list):
                yield from _variables(child, depth + 1)
            elif isinstance(child, str):
                if _KEY.search(key):
                    yield child
                elif "\n" in child:
                    yield from _WRITTEN.findall(child)
        return
    children = items(node)
    for number, child in enumerate(children):
        if isinstance(child, dict | list):
            yield from _variables(child, depth + 1)
        elif isinstance(child, str) and _NAME.search(child):
            yield from _WRITTEN.findall(child)
            if child.startswith("-") and _KEY.search(child) and number + 1 < len(children):
                yield str(children[number + 1])
