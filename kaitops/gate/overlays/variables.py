"""Variables of Flux in the text of an object: their forms, and what each becomes.

Flux's own library decides: it has the signs of a shell and fewer meanings. ``-``, ``+``, ``?`` without a colon are no
form of it, all signs of a default mean the same, and ``$$`` is ``$`` anywhere. What it refuses is told, and so is a
variable that nobody gives a value, which Flux would take for an empty text. Compared with that library case by case in
``tests/gate/test_flux_variables.py``.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

_SIGNS = "=-?+"
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")
_REFUSED = "is no form of a variable that Flux takes, which refuses the object"
_HARD = "is a form that is not followed here"
DEFAULT = "has a default and no value in the tree"
"""Why a variable may have another value than its default."""


class Unknown(NamedTuple):
    """Why variables cannot all be put in.

    Attributes:
        variable: that has no value, or text that is no variable.
    """

    variable: str
    reason: str


class _Stop(Exception):
    """The text cannot be put together; holds why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def substituted(text: str, known: Mapping[str, str], *, more: bool = False) -> tuple[str, list[Unknown]]:
    """The text with its variables put in, and those that could not be.

    Args:
        more: somewhere else may give further ones, so that a default need not count.
    """
    if "$" not in text:
        return text, []
    scan = _Scan(text, known, more=more)
    made: list[str] = []
    while scan.at < len(text):
        found = text.find("$", scan.at)
        if found < 0:
            made.append(text[scan.at :])
            break
        made.append(text[scan.at : found])
        scan.at = found + 1
        following = text[found + 1 : found + 2]
        if following == "{":
            scan.at = found + 2
            try:
                value, missing = scan.variable()
            except _Stop as stop:
                words = text[found:].split("\n", 1)[0].split("}", 1)
                whole = f"{words[0][:80]}}}" if len(words) > 1 else words[0][:80]
                scan.missing.append(Unknown(whole, stop.reason))
                break
            scan.missing += missing
            made.append(value)
        else:
            made.append("$")
            scan.at += following == "$"
    return "".join(made), scan.missing


def names(text: str) -> list[str]:
    """The names of the variables in a text, in their order."""
    return [found[1] for found in re.finditer(r"(?<!\$)\$\{#?(\w+)", text)]


class _Scan:
    """One pass over a text; ``at`` is where it stands."""

    def __init__(self, text: str, known: Mapping[str, str], *, more: bool) -> None:
        self.text = text
        self.at = 0
        self.missing: list[Unknown] = []
        self._known = known
        self._more = more

    def variable(self) -> tuple[str, list[Unknown]]:
        """What stands after ``${``, up to its end: the value, and the variables within it that have none.

        Raises:
            _Stop: Flux takes it for none, or what it makes of it is not known.
        """
        if self._peek() == "#":
            self.at += 1
            name = self._name()
            self._close()
            value, missing = self._value(name)
            return str(len(value.encode())), missing
        name = self._name()
        sign = self._peek()
        if sign == "}":
            self.at += 1
            return self._value(name)
        if sign == "=" or (sign == ":" and self.text[self.at + 1 : self.at + 2] in tuple(_SIGNS)):
            self.at += 1 if sign == "=" else 2
            return self._default(name)
        value, missing = self._value(name)
        if sign in (",", "^"):
            return self._cased(value), missing
        if sign == "/":
            value, more = self._replaced(value)
        elif sign in ("#", "%"):
            value, more = self._trimmed(value, sign)
        elif sign == ":" and self.text[self.at + 1 : self.at + 2].isascii():
            value, more = self._part(value)
        else:
            raise _Stop(_REFUSED)
        return value, missing + more

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _name(self) -> str:
        start = self.at
        while (sign := self._peek()) and (sign == "_" or sign.isalpha() or sign.isdecimal()):
            self.at += 1
        if start == self.at:
            raise _Stop(_REFUSED)
        return self.text[start : self.at]

    def _close(self) -> None:
        if self._peek() != "}":
            raise _Stop(_REFUSED)
        self.at += 1

    def _value(self, name: str) -> tuple[str, list[Unknown]]:
        if name in self._known:
            return self._known[name], []
        return "", [Unknown(f"${{{name}}}", "has no value in the tree")]

    def _argument(self, ends: str, escaped: str = "") -> tuple[str, list[Unknown]]:
        """One variable, or text up to one of the signs that end it."""
        if self.text.startswith("${", self.at):
            self.at += 2
            return self.variable()
        made = ""
        start = self.at
        while (sign := self._peek()) and sign not in ends and not self.text.startswith("${", self.at):
            following = self.text[self.at + 1 : self.at + 2]
            if (sign == "$" and escaped and following == "$") or (sign == "\\" and following and following in escaped):
                self.at += 1
                sign = following
            made += sign
            self.at += 1
        if start == self.at:
            raise _Stop(_REFUSED)
        return made, []

    def _default(self, name: str) -> tuple[str, list[Unknown]]:
        parts: list[str] = []
        missing: list[Unknown] = []
        while self._peek() != "}":
            text, more = self._argument("}")
            parts.append(text)
            missing += more
        self.at += 1
        # Any sign means this one thing to Flux, and an empty value is none.
        if value := self._known.get(name, ""):
            return value, []
        if self._more and name not in self._known:
            missing.append(Unknown(f"${{{name}}}", DEFAULT))
        return "".join(parts), missing

    def _cased(self, value: str) -> str:
        start = self.at
        while self.at < start + 2 and self._peek() in (",", "^"):
            self.at += 1
        sign = self.text[start : self.at]
        self._close()
        if not value.isascii():
            raise _Stop(_HARD)
        made = {"^^": value.upper(), ",,": value.lower(), "^": value[:1].upper() + value[1:],
                ",": value[:1].lower() + value[1:]}  # fmt: skip
        return made.get(sign, value)

    def _replaced(self, value: str) -> tuple[str, list[Unknown]]:
        self.at += 1
        how = self._peek() if self._peek() in ("/", "#", "%") else ""
        self.at += len(how)
        old, missing = self._argument("/", "/\\")
        if self._peek() != "/":
            raise _Stop(_REFUSED)
        while self._peek() == "/":
            self.at += 1
        new = None
        if self._peek() != "}":
            new, more = self._argument("}", "/\\")
            missing = missing + more
        self._close()
        if how == "#":
            return (value if new is None or not value.startswith(old) else new + value[len(old) :]), missing
        if how == "%":
            fits = new is not None and value.endswith(old)
            return (f"{value[: len(value) - len(old)]}{new}" if fits else value), missing
        return value.replace(old, new or "", -1 if how == "/" else 1), missing

    def _trimmed(self, value: str, sign: str) -> tuple[str, list[Unknown]]:
        start = self.at
        while self.at < start + 2 and self._peek() == sign:
            self.at += 1
        longest = self.at - start == 2
        pattern, missing = self._argument("}")
        self._close()
        if not (value + pattern).isascii() or set(pattern) & set("[]\\"):
            raise _Stop(_HARD)
        if sign == "%":
            value, pattern = value[::-1], pattern[::-1]
        form = re.compile("".join({"*": ".*", "?": "[^/]"}.get(one, re.escape(one)) for one in pattern), re.DOTALL)
        lengths = [length for length in range(len(value), 0, -1) if form.fullmatch(value[:length])]
        if lengths:
            value = value[lengths[0 if longest else -1] :]
        return (value[::-1] if sign == "%" else value), missing

    def _part(self, value: str) -> tuple[str, list[Unknown]]:
        self.at += 1
        first, missing = self._argument(":}")
        length: str | None = None
        if self._peek() == ":":
            while self._peek() == ":":
                self.at += 1
            length, more = self._argument("}")
            missing = missing + more
        self._close()
        if not _NUMBER.fullmatch(first):
            return value, missing
        if not value.isascii():
            raise _Stop(_HARD)
        start = int(first)
        start = max(0, len(value) + start) if start < 0 else start
        if length is None:
            return value[start:], missing
        if not _NUMBER.fullmatch(length):
            return value, missing
        if int(length) < 0:
            raise _Stop(_HARD)
        return value[start : start + int(length)], missing
