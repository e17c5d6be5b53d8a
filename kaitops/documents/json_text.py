"""JSON as kubectl reads it: one value after the other, whatever the file is called.

A text that begins with a brace is JSON to kubectl. What JSON forbids and YAML allows in braces is read as YAML.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from kaitops.documents import composing
from kaitops.documents.plain import MutableObject
from kaitops.errors import BadInput

_BLANK = " \t\r\n"
_BOUNDS = (-(2**63), 2**63 - 1)
_MAX_DIGITS = 400
_HALF = "[\ud800-\udfff]"


class _Refused(Exception):
    """A value that readers take for different ones, or a name that is there twice."""


def read(text: str, name: str) -> list[Any] | None:
    """Each object of a text; None where it does not begin with one in JSON.

    Raises:
        BadInput: something else follows, a name is there twice, a number has no one value, or it holds too much.
    """
    # What may be too much is read as YAML is, value by value.
    if text.lstrip(_BLANK)[:1] != "{" or sum(map(text.count, "{[,")) > composing.MAX_VALUES:
        return None
    found: list[Any] = []
    left = composing.MAX_VALUES
    try:
        for data in _values(text):
            left -= _size(data, name)
            if left < 0:
                raise BadInput(f"{name}: more than {composing.MAX_VALUES} values in one file; split the file")
            found.append(data)
    except _Refused as refused:
        raise BadInput(f"{name}: {refused}") from None
    except (json.JSONDecodeError, RecursionError):
        if found:
            raise BadInput(f"{name}: something follows that is not JSON, and kubectl stops there; remove it") from None
        return None
    return found


def _values(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder(
        object_pairs_hook=_unique, parse_int=_integer, parse_float=_number, parse_constant=_constant
    )
    offset = len(text) - len(text.lstrip(_BLANK))
    while offset < len(text):
        value, end = decoder.raw_decode(text, offset)
        if not isinstance(value, dict):
            raise _Refused("something follows that is no object, and some readers stop before it; remove it")
        yield value
        offset = end
        while offset < len(text) and text[offset] in _BLANK:
            offset += 1


def _unique(pairs: list[tuple[str, Any]]) -> MutableObject:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Refused("a name is twice in one object and one of them would be lost; remove one")
    if any(re.search(_HALF, name) for name in found):
        raise _Refused("a name holds half of a surrogate pair, which is no text; write the whole sign")
    return found


def _integer(text: str) -> int:
    number = int(text) if len(text) <= _MAX_DIGITS else _BOUNDS[1] + 1
    if not _BOUNDS[0] <= number <= _BOUNDS[1]:
        raise _Refused("a number does not fit into 64 bits, so that some readers round it; quote it")
    return number


def _number(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise _Refused("a number is too large to be read; quote it")
    return number


def _constant(text: str) -> Any:
    raise json.JSONDecodeError(f"{text} is no JSON", text, 0)


def _size(data: object, name: str) -> int:
    """How many values there are, and that none is too deep or no text."""
    count = 0
    waiting: list[tuple[Any, int]] = [(data, 0)]
    while waiting:
        one, depth = waiting.pop()
        count += 1
        if depth > composing.MAX_DEPTH:
            raise BadInput(f"{name}: nested deeper than {composing.MAX_DEPTH} levels; no manifest is")
        if isinstance(one, dict):
            waiting += [(each, depth + 1) for each in one.values()]  # pyright: ignore[reportUnknownVariableType]
        elif isinstance(one, list):
            waiting += [(each, depth + 1) for each in one]  # pyright: ignore[reportUnknownVariableType]
        elif isinstance(one, str) and re.search(_HALF, one):
            raise BadInput(f"{name}: a text holds half of a surrogate pair, which is no text; write the whole sign")
    return count
