"""What type ``gopkg.in/yaml.v2`` gives a plain scalar.

Source of the rules: ``resolve.go`` of version 2.4. Timestamps come back as text, as they do for untyped values.
"""

import re
from typing import Any

from kaitops.kaito.golang.text import parse_float

_PREFIX = "tag:yaml.org,2002:"
_INFINITY, _NOT_A_NUMBER = float("inf"), float("nan")
_WORDS: dict[str, tuple[str, Any]] = {
    **dict.fromkeys(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"], ("bool", True)),
    **dict.fromkeys(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"], ("bool", False)),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), ("null", None)),
    **dict.fromkeys([".nan", ".NaN", ".NAN"], ("float", _NOT_A_NUMBER)),
    **dict.fromkeys([".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"], ("float", _INFINITY)),
    **dict.fromkeys(["-.inf", "-.Inf", "-.INF"], ("float", -_INFINITY)),
}
_RESOLVABLE = frozenset({"", *(_PREFIX + name for name in ("str", "bool", "int", "float", "null", "timestamp"))})
_FLOAT = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z"
_GO_INT = r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))\Z"
_TIMESTAMP = (
    r"[0-9]{4}-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:[Tt]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})"
    r"| ([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?)?\Z"
)


def resolve(tag: str, text: str) -> tuple[str, Any]:
    """The tag and the value of a scalar.

    Raises:
        ValueError: the text does not fit its explicit tag.
    """
    if tag not in _RESOLVABLE:
        return tag, text
    found, value = _untagged(tag, text)
    full = _PREFIX + found
    if tag in ("", full, _PREFIX + "str"):
        return full, value
    if tag == _PREFIX + "float" and found == "int":
        return tag, float(value)
    raise ValueError(f"cannot decode !!{found} `{text}` as a !!{tag.removeprefix(_PREFIX)}")


def _untagged(tag: str, text: str) -> tuple[str, Any]:
    first = text[:1]
    if tag == _PREFIX + "str" or (first and first not in "0123456789+-.yYnNtTfFoO~"):
        return "str", text
    word = _WORDS.get(text)
    if word is not None:
        return word
    if first == ".":
        number, problem = parse_float(text)
        return ("str", text) if problem else ("float", number)
    if not first or first not in "0123456789+-":
        return "str", text
    if tag in ("", _PREFIX + "timestamp") and _is_timestamp(text):
        return "timestamp", text
    return _number(text.replace("_", ""), text)


def _number(plain: str, text: str) -> tuple[str, Any]:
    match = re.match(_GO_INT, plain)
    if match:
        sign, hexadecimal, binary, octal, decimal = match.groups()
        digits, base = next(
            (part, base)
            for part, base in ((hexadecimal, 16), (binary, 2), (octal, 8), (decimal, 10))
            if part is not None
        )
        number = int(digits, base)
        limit = (1 << 63) if sign == "-" else (1 << 64) - 1 if not sign else (1 << 63) - 1
        if number <= limit:
            return "int", -number if sign == "-" else number
    if re.match(_FLOAT, plain):
        number = float(plain)
        if number not in (float("inf"), float("-inf")):
            return "float", number
    return "str", text


def _is_timestamp(text: str) -> bool:
    match = re.match(_TIMESTAMP, text) if text[4:5] == "-" else None
    if match is None:
        return False
    month, day = int(match.group(1)), int(match.group(2))
    hour, minute, second = (int(match.group(index) or match.group(index + 3) or 0) for index in (3, 4, 5))
    if not (1 <= month <= 12 and hour < 24 and minute < 60 and second < 60):
        return False
    year = int(text[:4])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= day <= (29 if month == 2 and leap else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1])
