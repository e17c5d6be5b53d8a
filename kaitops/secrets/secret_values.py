"""The values that a document or a text holds as secrets: what a Secret holds, and what stands under such a name.

What looks like a secret wherever it stands is for ``tokens``; reports and written plans take both out.
"""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from typing import Any, cast

from kaitops.documents.plain import Object, items, mapping, texts
from kaitops.secrets import secret_hints, secret_names

_WORDS = r"(?:token|password|passwd|secret|credential|api[-_]?key|access[-_]?key|account[-_]?key)"
_NAME = re.compile(_WORDS, re.IGNORECASE)
# Keys that end otherwise name a Secret and hold none.
_KEY = re.compile(r"(?:token|password|passwd|credentials?|api[-_]?key|access[-_]?key)$", re.IGNORECASE)
_WRITTEN = re.compile(rf"{_WORDS}[\"']?[ \t]{{0,40}}[:= ][ \t]{{0,40}}[\"']?([^\s\"',}}]+)", re.IGNORECASE)
# What a context file says of a Secret that has to be there: where it is, and nothing of what it holds.
_NEED = re.compile(r"Secret [a-z0-9.-]{1,63}/[a-z0-9.-]{1,253}(?: with key [A-Za-z0-9._-]{1,253})?")
# What one of the words begins with: to look for these first takes a hundredth of the time.
_HINTS = ("token", "passw", "secret", "credential", "key")
_SECRET = re.compile(r"kind[\"']?\s{0,40}:\s{0,40}(?:!\S{0,40}\s{1,40})?[\"']?Secret(?!\w)", re.IGNORECASE)
_DOCUMENTS = re.compile(r"(?m)^---(?=\s|$)")
_OWN_NAME = re.compile(r"(?m)^metadata:[ \t]*\n[ \t]+name:[ \t]*[\"']?([a-z0-9.-]+)")
_VARIABLE = re.compile(r"(?m)^[ \t]+[\"']?([A-Z][A-Z0-9_]*_[A-Z0-9_]+)[\"']?:(?=\s|$)")
_SCALAR = re.compile(r"[^\s\"'{}\[\],:|>&*]+(?::[^\s\"'{}\[\],|>&*]+)*")
_KNOWN = frozenset({
    "apiVersion", "kind", "Secret", "metadata", "name", "namespace", "labels", "annotations", "type", "Opaque", "data",
    "stringData", "immutable", "items", "List",
})  # fmt: skip
# Beside these everything in a Secret is a value.
_ABOUT = frozenset({"apiVersion", "kind", "metadata", "type", "immutable"})
# What names a Secret and is none: it says where, and what of it is wanted.
_NAMED = frozenset({"name", "namespace", "key", "valuesKey", "targetPath", "optional", "group", "fieldPath"})
_HOLDING = frozenset({"metadata", "data", "stringData"})
_MAX_DEPTH = 40
SHORTEST = 6
"""Shorter values are words that would be taken out of every text that they stand in."""


def note(value: object) -> str:
    """What stands in the place of a value."""
    return f"<secret value, {len(str(value))} characters>"


def of(data: object) -> Iterator[str]:
    """Of a document, whatever its form: an object, a list of them, a refused one."""
    if not _may_hold(data):
        return
    yield from _of(data, 0)
    for _, _, value in secret_names.literals(data):
        yield value


def _may_hold(data: object) -> bool:
    """Whether any text of it is a name that is looked for; most of them are the same in all objects of a tree."""
    held = texts(data)
    return _NAMES.hits(held) or secret_hints.may_hold(held)


def _is_name(text: str) -> bool:
    lowered = text.lower()
    # Of other signs some count as small letters to the pattern and to nobody else.
    return (not text.isascii() or any(hint in lowered for hint in _HINTS)) and _NAME.search(text) is not None


_NAMES = secret_hints.Search(_is_name)


def _of(node: Any, depth: int) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(node, list):
        yield from _listed(cast("list[Any]", node), depth)
    elif isinstance(node, dict):
        held = mapping(cast("Any", node))
        if str(held.get("kind")).lower() == "secret":
            beside = _ABOUT | _NAMED if isinstance(held.get("name"), str) and not _HOLDING & held.keys() else _ABOUT
            for key, value in held.items():
                if key not in beside:
                    yield from _leaves(value, key == "data", depth)
            yield from _of(mapping(held.get("metadata")), depth + 1)
        else:
            yield from _entries(held, depth)


def _entries(held: Object, depth: int) -> Iterator[str]:
    """Values of environment variables, keys, arguments and embedded files whose name says that they are secret."""
    name, value = held.get("name"), held.get("value")
    if isinstance(name, str) and isinstance(value, str | int | float) and _NAME.search(name):
        yield str(value)
    for key, child in held.items():
        if isinstance(child, dict | list):
            yield from _of(child, depth + 1)
        elif isinstance(child, str):
            if _KEY.search(str(key)):
                yield child
            elif "\n" in child:
                yield from _written(child)


def _listed(children: list[Any], depth: int) -> Iterator[str]:
    for number, child in enumerate(children):
        if isinstance(child, dict | list):
            yield from _of(child, depth + 1)
        elif isinstance(child, str) and _NAME.search(child) and not _NEED.fullmatch(child):
            yield from _written(child)
            if child.startswith("-") and _KEY.search(child) and number + 1 < len(children):
                yield str(children[number + 1])


def _written(text: str) -> list[str]:
    lowered = text.lower()
    return _WRITTEN.findall(text) if any(hint in lowered for hint in _HINTS) else []


def _leaves(node: object, is_encoded: bool, depth: int) -> Iterator[str]:
    if depth > _MAX_DEPTH or node is None or isinstance(node, bool):
        return
    if isinstance(node, dict):
        for key, one in mapping(cast("Any", node)).items():
            if not isinstance(one, str | int | float) or depth > 2:
                yield str(key)
            yield from _leaves(one, is_encoded, depth + 1)
    elif isinstance(node, list):
        for one in items(cast("Any", node)):
            yield from _leaves(one, is_encoded, depth + 1)
    else:
        yield from _lines(str(node))
        if is_encoded:
            try:
                yield from _lines(b64decode(str(node), validate=True).decode())
            except (NotBase64, ValueError):
                return


def _lines(text: str) -> Iterator[str]:
    """A value, and its lines: an error about a document within a value quotes a line of it."""
    yield text
    if "\n" in text:
        yield from (line.strip() for line in text.splitlines())


def of_text(raw: bytes) -> Iterator[str]:
    """Of a text that cannot be read: every word of a document that is a Secret, and what stands behind a name."""
    text = raw.decode("utf-8", "replace") if b"\0" not in raw else raw.replace(b"\0", b"").decode("utf-8", "replace")
    for part in _DOCUMENTS.split(text):
        # The names of what stands beside a Secret in its file are no values of it, nor are its own and its variables'.
        if _SECRET.search(part):
            unnamed = _VARIABLE.sub("", _OWN_NAME.sub("metadata:", part))
            yield from (word for word in _SCALAR.findall(unnamed) if word not in _KNOWN)
            yield from (line.strip() for line in part.splitlines() if " " in line.strip())
    yield from _written(text)
    for _, _, value in secret_names.literals(text):
        yield value
