"""What a plain YAML scalar means to Kubernetes.

The API machinery reads YAML 1.1 the way go-yaml v2 does: ``yes`` and ``y`` are booleans, ``1e3`` is a float, ``12:30``
and dates are strings. The reader follows this, and the writer quotes whatever would not come back as a string here
or in a YAML 1.2 reader. What readers on the way to a cluster take for different values is named, so that it can be
refused: kustomize reads with go-yaml v3, where ``yes`` is a text.
"""

import math
import re
from functools import lru_cache

_WORDS: dict[str, bool | None] = {"": None, "~": None}
for _text, _value in (("true", True), ("yes", True), ("on", True), ("false", False), ("no", False), ("off", False)):
    _WORDS.update({_text: _value, _text.capitalize(): _value, _text.upper(): _value})
for _text in ("null", "Null", "NULL"):
    _WORDS[_text] = None
_WORDS.update({"y": True, "Y": True, "n": False, "N": False})
_AGREED = {"", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE"}

_INTEGER = re.compile(r"[-+]?(?:0x[0-9a-fA-F]+|0b[01]+|0o[0-7]+|0[0-7]*|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL = {".nan": "nan", ".inf": "inf", "+.inf": "inf", "-.inf": "-inf"}
# No number of a manifest has more; reading a longer one costs more than its square.
_MAX_DIGITS = 400
# What each reader on the way to a cluster takes for the same number; and what is a number to none of them.
_PLAIN_NUMBER = re.compile(
    r"[-+]?(?:0|[1-9][0-9]*|0[0-7]+)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|[-+]?(?:0x[0-9a-f]+|0b[01]+)"
)
_NUMBER_TO_SOME = (
    r"(?i)[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9_]+)(?:[eE][-+]?[0-9_]+)?"
    r"|[-+]?0[xXoObB][0-9a-fA-F_]*|[-+]?\.(?:inf|nan)"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?", re.DOTALL)
_MIN_INTEGER, _MAX_INTEGER = -(2**63), 2**63 - 1


@lru_cache(maxsize=65536)
def value(text: str) -> str | int | float | bool | None:
    """The value of an unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789" or len(text) > _MAX_DIGITS:
        return text
    if text.lower() in _SPECIAL:
        return float(_SPECIAL[text.lower()])
    digits = text.replace("_", "")
    if _INTEGER.fullmatch(digits):
        return _integer(digits)
    return float(digits) if _FLOAT.fullmatch(digits) and digits == text else text


@lru_cache(maxsize=65536)
def disputed(text: str) -> str | None:
    """Why an unquoted scalar is not the same value to every reader on the way to a cluster; None where it is."""
    if text in _WORDS:
        return None if text in _AGREED else "is true or false to kubectl and a text to kustomize"
    if text[0] not in "+-.0123456789":
        return None
    if _DATE.fullmatch(text):
        return "is a text to kubectl and a date to kustomize, which writes it differently"
    if not _PLAIN_NUMBER.fullmatch(text):
        bare = text.replace("_", "")
        some = re.fullmatch(_NUMBER_TO_SOME, text) or re.fullmatch(_NUMBER_TO_SOME, bare)
        return "is a number to some readers and a text to others" if some else None
    if len(text) > _MAX_DIGITS:
        return f"has {len(text)} characters, and no reader keeps all of them"
    number = value(text)
    if isinstance(number, float) and not math.isfinite(number):
        return "is a number that is too large to be read"
    if isinstance(number, int) and not _MIN_INTEGER <= number <= _MAX_INTEGER:
        return "is a number that does not fit into 64 bits, so that some readers round it"
    return None


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
