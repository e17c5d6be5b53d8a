"""Objects with one thing wrong, made from good ones.

Owns a fixed, complete set of small damages: at every place of an object, every value of a short list that a person or
a template could put there. No chance is involved, so a difference that was found once is found again. Does not know
which damages matter: a server says that.
"""

import copy
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]

VALUES: tuple[Any, ...] = ("", "text", "Not A Name", 0, -1, 2**31, 1.5, True, None, [], {}, ["text"], {"text": "text"})
"""What is put in place of each value; what equals the good value is left out."""

REMOVED = object()
"""Stands for taking the key or the element away."""


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place in a value, parents before their children, without the root."""
    children: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    for key, child in children:
        yield (*path, key)
        yield from places(child, (*path, key))


def put(obj: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """A copy of an object with another value at a place, or with the place taken away."""
    damaged = copy.deepcopy(obj)
    parent: Any = damaged
    for key in path[:-1]:
        parent = parent[key]
    if value is REMOVED:
        del parent[path[-1]]
    else:
        parent[path[-1]] = copy.deepcopy(value)
    return damaged


def at(obj: Any, path: Path) -> Any:
    """The value at a place."""
    for key in path:
        obj = obj[key]
    return obj


def name(path: Path, value: Any) -> str:
    """Names a damage for people: `inference.preset.name = 1.5`."""
    place = ".".join(str(key) for key in path)
    return f"{place} removed" if value is REMOVED else f"{place} = {value!r}"


# The server needs these to know what it is asked for; wrong ones are refused by the address, not by the kind.
ADDRESS: tuple[Path, ...] = (("apiVersion",), ("kind",), ("metadata",), ("metadata", "namespace"), ("metadata", "name"))

NAMES = ("UPPER", "under_score", "-dash", "dash-", "dot.dot", "a" * 253, "a" * 254, "ümlaut")


def damages(obj: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every damaged copy of an object, with the name of the damage."""
    for path in places(obj):
        if path in ADDRESS:
            continue
        good = at(obj, path)
        for value in (*VALUES, REMOVED):
            # 0 == False and 1 == True in Python, but not in JSON.
            if type(value) is not type(good) or value != good:
                yield name(path, value), put(obj, path, value)
        if isinstance(good, dict):
            yield f"{name(path, 'unknown')} added", put(obj, (*path, "unknownField"), 1)
        if isinstance(good, list) and good:
            yield f"{name(path, 'twice')}", put(obj, path, good * 2)
            yield f"{name(path, 'many')}", put(obj, path, good * 40)
    for wrong in NAMES:
        yield name(("metadata", "name"), wrong), put(obj, ("metadata", "name"), wrong)
