"""Whether a word is a value that a flag takes, as vLLM's parser and the check of its settings decide it.

Owns the forms of numbers, lists and JSON. Says what is the matter in words that follow the flag's name.
"""

import json
import re
from collections.abc import Mapping
from typing import cast

from kaitops.documents.plain import Object
from kaitops.errors import nearest
from kaitops.kaito import spans
from kaitops.kaito.vllm import members
from kaitops.kaito.vllm.flags import Flag

_SIZE = re.compile(r"(\d+(?:\.\d+)?)([kKmMgGtT])")
_BINARY = "KMGT"
_UNITS = {"k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_SUFFIXED = re.compile(r"\b\d+(?:\.\d+)?[kKmMgGtT]\b")
_QUOTED = re.compile(r'("(?:[^"\\]|\\.)*")')
_BRACES = re.compile(r"(?s)^\s*{.*}\s*$")
_ENTRIES: Mapping[str, tuple[tuple[type, ...], str]] = {
    "text": ((str,), "text in quotes"),
    "object": ((dict,), "a JSON object"),
    "count": ((int, dict), "a number or a JSON object"),
}
_NAMES = {"int": "a whole number", "float": "a number", "size": "a number such as 8192 or 8k"}
_DESCRIBED = {
    "json": "JSON in quotes",
    "object": "a JSON object in quotes",
    "text or json": "text, or a JSON object in quotes",
    "size or auto": f"{_NAMES['size']}, or auto",
}
_BROKEN = {"min": "less than", "above": "not more than", "max": "more than", "below": "not less than"}


class Wrong(ValueError):
    """A value that the flag does not take; the text says why and what it takes."""


def check(flag: Flag, word: str) -> None:
    """Say nothing of a value that the server takes.

    Raises:
        Wrong: it does not.
    """
    if flag.optional and word in ("", "None"):
        return
    if flag.is_filled and word in ("", "None"):
        raise Wrong("is empty; write a value, or drop it")
    if flag.type in ("json", "object"):
        _check_json(flag, word)
    elif flag.type == "text or json":
        if _BRACES.match(word):
            _check_json(flag, word)
    elif flag.type in ("int", "float", "size", "size or auto"):
        value = _number(flag.type, word)
        for name, limit in flag.limits.items():
            if not spans.HOLDS[name](value, limit):
                raise Wrong(
                    f"is {word}, which is {_BROKEN[name]} {limit:g}; write a number {spans.described(flag.limits)}"
                )
        _check_choice(flag, value, word)
    elif flag.pattern and not re.fullmatch(flag.pattern, word):
        raise Wrong(f"is {word!r}, which has another form; write it as {flag.pattern}")
    else:
        _check_choice(flag, _folded(flag.type, word), word)


def _folded(kind: str, word: str) -> str:
    if kind == "folded":
        return word.lower().replace("-", "_")
    return word.lower() if kind == "name" else word


def described(flag: Flag) -> str:
    """What a flag takes, in words."""
    if flag.takes_no_value:
        return "true or false" if flag.type == "switch" else "true; off unless it is there"
    if flag.choices is not None:
        return f"one of {', '.join(str(choice) for choice in flag.choices)}"
    known = _DESCRIBED.get(flag.type)
    return known or " ".join(part for part in (_NAMES.get(flag.type, "text"), spans.described(flag.limits)) if part)


def _number(kind: str, word: str) -> float:
    if kind == "size or auto" and word.strip().lower() in ("-1", "auto"):
        return -1
    try:
        if kind == "float":
            return float(word)
        return int(word) if kind == "int" else size(word.strip())
    except ValueError:
        known = _NAMES.get(kind, f"{_NAMES['size']}, or 'auto'")
        raise Wrong(f"is {word!r}, which is not {known}; write {known}") from None


def size(word: str) -> int:
    """A whole number, or one with a letter behind it: 8k is 8,000, 8K is 8,192.

    Raises:
        ValueError: it is neither.
    """
    found = _SIZE.fullmatch(word)
    if found is None:
        return int(word)
    digits, unit = found.groups()
    return (int(digits) if unit in _BINARY else int(float(digits))) * _UNITS[unit]


def _check_choice(flag: Flag, value: object, word: str) -> None:
    if flag.choices is None or value in flag.choices:
        return
    known = [str(choice) for choice in flag.choices]
    near = nearest(word, known, 1, 0.6)
    first = f"nearest: {near[0]}; " if near else ""
    raise Wrong(f"is {word!r}, which is no value of it; {first}known: {', '.join(known)}")


def _check_json(flag: Flag, word: str) -> None:
    value = _json(word, sizes=flag.sizes)
    wanted = "object" if flag.type == "object" else flag.shape
    if wanted == "object" and not isinstance(value, dict):
        raise Wrong("is no JSON object; write one in quotes, such as '{\"key\": 1}'")
    if wanted == "array" and not isinstance(value, list):
        raise Wrong("is no JSON list; write one in quotes, such as '[\"value\"]'")
    if flag.entries and isinstance(value, dict):
        kind, name = _ENTRIES[flag.entries]
        if any(not isinstance(entry, kind) for entry in cast("Object", value).values()):
            raise Wrong(f"has a value that is not {name}; make all of them so")
    if flag.keys is not None and not flag.is_open and (text := members.problem(flag.keys, cast("Object", value))):
        raise Wrong(text)


def _json(word: str, *, sizes: bool) -> object:
    try:
        return json.loads(word)
    except ValueError:
        pass
    parts = _QUOTED.split(word)
    # Numbers outside of quotes may be written as sizes.
    parts[::2] = [_SUFFIXED.sub("0", part) for part in parts[::2] if sizes] or parts[::2]
    try:
        return json.loads("".join(parts))
    except ValueError:
        raise Wrong("is no JSON; write it in quotes, such as '{\"key\": 1}'") from None
