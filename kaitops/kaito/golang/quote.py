"""A string as Go quotes it in KAITO's messages.

Source of the rule: ``strconv.Quote``, which ``%q`` uses. What is printable is Go's table and not Python's, which
follows another edition of Unicode with each version.
"""

from bisect import bisect_left
from functools import cache

from kaitops.kaito import facts

_SHORT = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    '"': '\\"',
    "\\": "\\\\",
}


def quote(text: str) -> str:
    """A string as ``%q`` prints it.

    What is not UTF-8 is written byte by byte: bytes that Python carries as surrogates, and surrogates themselves.
    """
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    code = ord(char)
    if code < 0x80:
        return char if char.isprintable() else f"\\x{code:02x}"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if 0xD800 <= code <= 0xDFFF:
        return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogatepass"))
    if _is_printable(code):
        return char
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _is_printable(code: int) -> bool:
    """Go's ``strconv.IsPrint``: in one of the ranges, whose ends are at odd places."""
    ends = _printable()
    place = bisect_left(ends, code)
    return place < len(ends) and (place % 2 == 1 or ends[place] == code)


@cache
def _printable() -> list[int]:
    return facts.load(".", "go.json")["printable"]
