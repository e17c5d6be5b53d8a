"""The one place that writes YAML: block style, quoted for Kubernetes, same bytes for same data.

Keys come out in the order they are given, lists are not indented (as kubectl prints), lines are never folded, values
are never aliased. A string that any YAML 1.1 or 1.2 reader could take for something else is quoted.
"""

import json
import re
from functools import lru_cache
from typing import Any

from kaitops.documents import scalars, visible
from kaitops.documents.plain import MutableObject, mapping

# Starts with a letter, a slash or a dash that no reader takes for syntax, and holds nothing that ends a plain scalar.
_PLAIN = re.compile(
    r"(?:[A-Za-z/]|-{1,2}[A-Za-z])(?:[A-Za-z0-9_./@+=,%~^()$*&!?;<>|'\"`\\-]|:(?=[^\s])|(?<=[^\s])#| (?=[^\s#]))*"
)
# Needs no quotes between brackets either, whatever stands beside it.
_SIMPLE = re.compile(r"[A-Za-z0-9_./@+=-]+")
# Such as 2.18.0, which is no number to any reader.
_VERSION = re.compile(r"[0-9][A-Za-z0-9_.+-]*")
_BLOCK = rf"(?=\S)(?:\n|\t|[^{visible.HIDDEN}])*"
_TRAILING_BLANK = re.compile(r"[ \t]\n|[ \t]$")
_UNSAFE = rf'["\\\xa0{visible.HIDDEN}]'
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
_SPACES = [" " * width for width in range(128)]


def dump(document: MutableObject) -> str:
    """One document as text, without a document marker, ending in a line feed.

    Raises:
        TypeError: the data holds something that YAML for Kubernetes has no form for.
        ValueError: a text holds a lone surrogate, which no file can carry.
    """
    out: list[str] = []
    if document:
        _mapping(document, 0, out, "")
    else:
        out.append("{}\n")
    return "".join(out)


def dump_list(entries: list[Any]) -> str:
    """A list as text, for YAML inside of an annotation."""
    out: list[str] = []
    if entries:
        _sequence(entries, 0, out, "")
    else:
        out.append("[]\n")
    return "".join(out)


def scalar(value: object) -> str:
    """A text, number or truth value as people write it behind a key or as one: quoted where a reader needs that."""
    if isinstance(value, str) and _VERSION.fullmatch(value) and not scalars.is_ambiguous(value):
        return value
    return _other(value)


def inline(value: Any, quote: str = "", *, bare: bool = False) -> str:
    """A value on one line, within brackets and braces as well.

    Args:
        bare: it stands in none, so a text needs no quotes for their sake.
        quote: of the text that it takes the place of, kept where the new one can carry it.
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{inline(key)}: {inline(entry)}" for key, entry in mapping(value).items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(entry) for entry in value) + "]"  # pyright: ignore[reportUnknownVariableType]
    written = scalar(value)
    if not isinstance(value, str) or written.startswith('"'):
        return written
    if quote == "'" and "'" not in value:
        return f"'{value}'"
    return f'"{_escaped(value)}"' if quote == '"' or not (bare or _SIMPLE.fullmatch(value)) else written


def as_json(value: object) -> str:
    """A value on one line as JSON has it, which YAML reads as the same."""
    return json.dumps(value)


def dump_all(documents: list[MutableObject]) -> str:
    """Several documents as one text."""
    return "---\n".join(dump(document) for document in documents)


def _mapping(data: MutableObject, indent: int, out: list[str], first: str) -> None:
    """Write entries; the first one follows ``first``, which is already on the line for an entry of a list."""
    margin = _SPACES[indent] if indent < 128 else " " * indent
    prefix = first or margin
    for key, value in data.items():
        kind = value.__class__
        if kind is str:
            if "\n" in value:
                out.append(f"{prefix}{_scalar(key)}:{_text(value, indent + 2)}\n")
            else:
                out.append(f"{prefix}{_scalar(key)}: {_scalar(value)}\n")
        elif kind is dict:
            if value:
                out.append(f"{prefix}{_scalar(key)}:\n")
                _mapping(value, indent + 2, out, "")
            else:
                out.append(f"{prefix}{_scalar(key)}: {{}}\n")
        elif kind is list:
            if value:
                out.append(f"{prefix}{_scalar(key)}:\n")
                _sequence(value, indent, out, "")
            else:
                out.append(f"{prefix}{_scalar(key)}: []\n")
        else:
            out.append(f"{prefix}{_scalar(key)}: {_other(value)}\n")
        prefix = margin


def _sequence(data: list[Any], indent: int, out: list[str], first: str) -> None:
    margin = _SPACES[indent] if indent < 128 else " " * indent
    prefix = f"{first or margin}- "
    for value in data:
        kind = value.__class__
        if kind is str:
            out.append(f"{prefix[:-1]}{_text(value, indent + 2)}\n" if "\n" in value else f"{prefix}{_scalar(value)}\n")
        elif kind is dict and value:
            _mapping(value, indent + 2, out, prefix)
        elif kind is list and value:
            _sequence(value, indent + 2, out, prefix)
        else:
            out.append(f"{prefix}{'{}' if kind is dict else '[]' if kind is list else _other(value)}\n")
        prefix = f"{margin}- "


def _other(value: object) -> str:
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, str):
        return _scalar(str(value))
    raise TypeError(f"{type(value).__name__} {value!r} cannot be written as YAML")


def _float(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        raise TypeError(f"{value!r} has no form in JSON, so the API server cannot take it")
    text = repr(value)
    # "1e+16" is a string to a YAML 1.1 reader: its grammar wants a point in the mantissa.
    mantissa, mark, exponent = text.partition("e")
    return text if not mark or "." in mantissa else f"{mantissa}.0e{exponent}"


@lru_cache(maxsize=65536)
def _scalar(text: str) -> str:
    if _PLAIN.fullmatch(text) and not scalars.is_ambiguous(text) and not visible.is_command(text):
        return text
    # What prints the file, such as a log of CI, must not take a part of it for a command.
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return visible.broken(re.sub(_UNSAFE, _escape, text), chr(92) + "x{}")


def _text(text: str, indent: int) -> str:
    """A text of several lines: a literal block where that gives the same text back, else quoted."""
    body = text.rstrip("\n")
    trailing = len(text) - len(body)
    if not re.fullmatch(_BLOCK, body) or _TRAILING_BLANK.search(body) or trailing > 1 or visible.is_command(text):
        return f" {_scalar(text)}"
    margin = " " * indent
    lines = [f"{margin}{line}" if line else "" for line in body.split("\n")]
    return f" |{'' if trailing else '-'}\n" + "\n".join(lines)


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        raise ValueError(f"a lone surrogate U+{code:04X} cannot be written to a file")
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
