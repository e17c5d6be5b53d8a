"""Secrets where no object is: in the comments of a file, and in a file that could not be read as one."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kaitops.documents import reader
from kaitops.documents.plain import mapping, texts
from kaitops.errors import BadInput
from kaitops.gate.checks import RULE
from kaitops.report.findings import Finding, RuleNote
from kaitops.secrets import tokens

# What SOPS makes of a comment in a file that it encrypts.
_SEALED = re.compile(
    r"#ENC\[AES256_GCM,data:[A-Za-z0-9+/]+={0,2},iv:[A-Za-z0-9+/]{43}=,tag:[A-Za-z0-9+/]{22}==,type:comment\]"
)
_MARK = re.compile(r"(?m)^[ \t]*#")


MOST_BYTES = 256 * 1024
"""That are searched of a file which cannot be read, or of the comments of one that can."""
_MOST_COMMENTS = 50_000


class Commented(NamedTuple):
    """One of them: what it is, and where."""

    file: str
    line: int
    column: int
    kind: str
    length: int

    def finding(self, rule: RuleNote) -> Finding:
        """The finding of a rule."""
        message = f"the text of the file holds what looks like {self.kind} ({self.length} characters), for all to read"
        return Finding(RULE, rule.id, rule.severity, self.file, self.line, self.column, "", message, rule.remedy)


def secrets_beside(file: str, raw: bytes, documents: Sequence[reader.Document] | None) -> list[Commented]:
    """What the comments of a file hold, or the start of the file where it could not be read.

    Args:
        documents: of the file; None where it could not be read.

    Raises:
        BadInput: it holds more comments than are searched.
    """
    if documents is not None and b"#" not in raw:
        return []
    if documents is not None and len(raw) > MOST_BYTES and raw.count(b"#") > _MOST_COMMENTS:
        raise _too_many(file)
    text = (raw if documents is not None else raw[:MOST_BYTES]).decode("utf-8", "replace")
    return list(_found(file, text, documents))


def _too_many(file: str) -> BadInput:
    return BadInput(f"{file}: holds more comments than are searched for secrets, so they were not; shorten them")


def _found(file: str, text: str, documents: Sequence[reader.Document] | None) -> Iterator[Commented]:
    if documents is None:
        for token in tokens.find(text):
            yield _at(file, text, token.offset, token)
        return
    if "ENC[" in text and any("sops" in mapping(document.data) for document in documents):
        text = _SEALED.sub(lambda found: " " * len(found[0]), text)
    left = MOST_BYTES
    for start, block in _blocks(text):
        left -= len(block)
        if left < 0:
            raise _too_many(file)
        for token in tokens.find(block):
            value = block[token.offset : token.offset + token.length]
            # What looks like a comment within a text of an object is that object's.
            if not any(value in _unmarked(one) for document in documents for one in texts(document.data)):
                yield _at(file, text, start + token.offset, token)


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Comments, those of lines that follow each other as one, with the marks as blanks."""
    start = end = -1
    for first, last in _comments(text):
        if start >= 0 and text[end:first].strip():
            yield start, _unmarked(text[start:end])
            start = -1
        if start < 0:
            start = first
        end = last
    if start >= 0:
        yield start, _unmarked(text[start:end])


def _comments(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each: from a sign that begins a word to the end of the line."""
    # Every file that is rendered has one, and a pattern would try each place of the text.
    place = text.find("#")
    while place >= 0:
        end = place + 1
        if place == 0 or text[place - 1].isspace():
            end = text.find("\n", place)
            end = len(text) if end < 0 else end
            yield place, end
        place = text.find("#", end)


def _unmarked(text: str) -> str:
    if text.startswith("#") and "\n" not in text:
        return f" {text[1:]}"
    return _MARK.sub(lambda match: " " * len(match.group()), text)


def _at(file: str, text: str, offset: int, token: tokens.Token) -> Commented:
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    return Commented(file, line, column, token.kind, token.length)
