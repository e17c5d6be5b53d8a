r"""The one way out for text that others wrote a part of: to a terminal, to the log of a CI system, into a report.

What a change holds must neither move a cursor, hide, nor give orders to whoever prints it. Signs that are not seen
are written as ``\x1b``, commands of CI systems are broken, names that nobody reads to the end are cut and counted.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from kaitops.documents import visible

LONGEST = 253
"""Signs of a name that are shown: no object of Kubernetes has a longer one."""
_ROOM = 4_000
_HIDDEN = f"[{visible.HIDDEN}]"
_HIDDEN_BUT_LINES = f"(?![\n\t])[{visible.HIDDEN}]"
_LONG = r"(?<!\S)\S{254,}"
_BEYOND_ASCII = f"(?![\n\r\t])[{visible.HIDDEN}]"


Paint = Callable[[str, str], str]
"""Colours a text by the number of a terminal's code."""


def uncoloured(text: str, _code: str) -> str:
    """The text as it is, for what is no terminal."""
    return text


def counted(number: int, thing: str) -> str:
    """A number of things, in the form that the number asks for."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def name(text: str) -> str:
    """A name, or another text of one line."""
    if len(text) <= LONGEST and visible.is_plain(text):
        return text
    if len(text) > LONGEST:
        text = re.sub(_LONG, _cut, text)
    if len(text) > _ROOM:
        text = f"{text[:_ROOM]}... ({len(text)} characters)"
    return visible.broken_within(lines(re.sub(_HIDDEN, visible.shown, text)))


def _cut(match: re.Match[str]) -> str:
    return f"{match.group()[:LONGEST]}... ({len(match.group())} characters)"


def lines(text: str) -> str:
    """A text of several lines, which stay lines."""
    if not (text.isascii() and text.isprintable()):
        text = re.sub(_HIDDEN_BUT_LINES, visible.shown, text)
    return visible.broken(text, "\\x{}")


def as_json(value: object, **options: Any) -> str:
    """JSON whose text says the same to who parses it, and nothing to who prints it.

    Args:
        options: of :func:`json.dumps`.
    """
    text = json.dumps(value, ensure_ascii=False, **options)
    if not (text.isascii() and text.replace("\n", "").isprintable()):
        # Beyond the layout such signs stand in texts only, where an escape means the same.
        text = re.sub(_BEYOND_ASCII, _escaped, text)
    return visible.broken(text, "\\u00{}")


def _escaped(match: re.Match[str]) -> str:
    return json.dumps(match.group())[1:-1]
