"""Texts that stand in another spelling than their own: in hexadecimal digits, or with signs written as escapes.

Takes time that grows with the text and no faster. Base64 is for ``tokens``, as much else is written in it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_HEX = r"(?<![0-9A-Za-z])(?:0[xX])?[0-9A-Fa-f]{2}(?:[ :,_-]?[0-9A-Fa-f]{2}){11,}(?![0-9A-Za-z])"
_WORD = r"[^\s\"'<>]+"
_ESCAPE = r"%([0-9A-Fa-f]{2})|\\x([0-9A-Fa-f]{2})|\\u00([0-9A-Fa-f]{2})|&#[xX]([0-9A-Fa-f]{2});"
_MARKS = ("%", "\\x", "\\u00", "&#")
_FEWEST_DIGITS = 24
# What begins the two digits of a sign that can be seen, and how many of these no secret is shorter than.
_FIRST, _FEWEST_SIGNS = "234567", 8


class Spelled(NamedTuple):
    """A part of a text, and what it says."""

    name: str
    start: int
    length: int
    text: str


def may_hold(text: str) -> bool:
    """Whether it is worth asking: no text without a sign of an escape, and without digits enough, says more."""
    # Asked of every text of a tree: written out, as a loop would cost more than the look.
    return (
        "%" in text
        or "\\" in text
        or "&#" in text
        or (len(text) >= _FEWEST_DIGITS and sum(map(text.count, _FIRST)) >= _FEWEST_SIGNS)
    )


def of(text: str) -> Iterator[Spelled]:
    """The parts of a text that say something in another spelling."""
    if any(mark in text for mark in _MARKS) and re.search(_ESCAPE, text):
        for match in re.finditer(_WORD, text):
            word = match.group()
            if any(mark in word for mark in _MARKS) and (plain := re.sub(_ESCAPE, _sign, word)) != word:
                yield Spelled("escapes", match.start(), len(word), plain)
    if len(text) >= _FEWEST_DIGITS:
        for match in re.finditer(_HEX, text):
            digits = re.sub("[ :,_-]", "", match.group())
            raw = bytes.fromhex(digits[2:] if digits[1] in "xX" else digits)
            if raw.isascii() and (plain := raw.decode("ascii").strip()).isprintable():
                yield Spelled("hexadecimal digits", match.start(), len(match.group()), plain)


def _sign(match: "re.Match[str]") -> str:
    return chr(int(next(filter(None, match.groups())), 16))
