"""What a plain YAML scalar means to Kubernetes.

The API machinery reads YAML 1.1 the way go-yaml v2 does: ``yes`` and ``y`` are booleans, ``1e3`` is a float, ``12:30``
and dates are strings. The reader follows this, and the writer quotes whatever would not come back as a string here
or in a YAML 1.2 reader.
"""

import re
from functools import lru_cache

_WORDS: dict[str, bool | None] = {"": None, "~": None}
for _text, _value in (("true", True), ("yes", True), ("on", True), ("false", False), ("no", False), ("off", False)):
    _WORDS.update({_text: _value, _text.capitalize(): _value, _text.upper(): _value})
for _text in ("null", "Null", "NULL"):
    _WORDS[_text] = None
_WORDS.update({"y": True, "Y": True, "n": False, "N": False})

_INTEGER = re.compile(r"[-+]?(?:0x[0-9a-fA-F]+|0b[01]+|0o?[0-7]*|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL = {".nan": "nan", ".inf": "inf", "+.inf": "inf", "-.inf": "-inf"}


@lru_cache(maxsize=65536)
def value(text: str) -> str | int | float | bool | None:
    """The value of an unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if text.lower() in _SPECIAL:
        return float(_SPECIAL[text.lower()])
    digits = text.replace("_", "")
    if _INTEGER.fullmatch(digits):
        return _integer(digits)
    return float(digits) if _FLOAT.fullmatch(digits) and digits == text else text


def is_ambiguous(text: str) -> bool:
    """True where some reader, YAML 1.1 or 1.2, takes the unquoted text for something else than a string."""
    return text.lower() in _RESERVED or not isinstance(value(text), str)


_RESERVED = {word.lower() for word in _WORDS} | set(_SPECIAL) | {"=", "<<"}


def _integer(text: str) -> int:
    sign = -1 if text[0] == "-" else 1
    digits = text.lstrip("+-")
    for prefix, base in (("0x", 16), ("0b", 2), ("0o", 8), ("0", 8)):
        if digits.startswith(prefix) and len(digits) > len(prefix):
            return sign * int(digits[len(prefix) :], base)
    return sign * int(digits)
