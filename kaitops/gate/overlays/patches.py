"""Whether a patch sets a value of a built object, and where in the patch that stands."""

import re
from typing import Any

from kaitops.documents.plain import Object, Path, at, items, mapping


def is_target(target: object, built: Object) -> bool:
    """Whether a target may mean an object. Names may have been changed since, so they are held to be part of it."""
    held = mapping(target)
    kind, name = held.get("kind"), held.get("name")
    if isinstance(kind, str) and not _matches(kind, str(built.get("kind"))):
        return False
    return not isinstance(name, str) or bool(re.search(r"[^\w.-]", name)) or name in str(at(built, "metadata", "name"))


def _matches(pattern: str, text: str) -> bool:
    # The pattern is data of the change: nothing but its literal form is tried, and anything else may mean it.
    return pattern == text or bool(re.search(r"[^\w.-]", pattern)) or "." in pattern


def in_patch(patch: Any, built: Object, path: Path, *, named: bool) -> Path | None:
    """The path within a patch of what sets a value; None where it leaves the value alone."""
    if isinstance(patch, list):
        for number in range(len(items(patch)) - 1, -1, -1):
            operation = mapping(items(patch)[number])
            steps = _pointer(str(operation.get("path")))
            if operation.get("op") in {"add", "replace", "copy", "move"} and _starts(path, steps):
                rest = _within(operation.get("value"), path[len(steps) :])
                return (number, "value", *rest) if "value" in operation else (number,)
        return None
    held = mapping(patch)
    if named and held.get("kind") != built.get("kind"):
        return None
    found: list[str | int] = []
    here, there = patch, built
    for step in path:
        if isinstance(step, int):
            wanted = items(there)[step] if step < len(items(there)) else None
            step = next((n for n, one in enumerate(items(here)) if _same(one, wanted)), -1)
            if step < 0:
                return None
            here, there = items(here)[step], wanted
        else:
            if step not in mapping(here):
                return None
            here, there = mapping(here)[step], mapping(there).get(step)
        found.append(step)
    return tuple(found)


def _same(one: Any, wanted: Any) -> bool:
    """An entry of a list in a patch and the one that it was merged into."""
    if isinstance(one, dict) and isinstance(wanted, dict):
        keys = ("name", "mountPath", "containerPort", "key", "ip", "port", "topologyKey")
        shared = [key for key in keys if key in one and key in wanted]
        return bool(shared) and all(mapping(one)[key] == mapping(wanted)[key] for key in shared[:1])
    return one == wanted


def _pointer(text: str) -> Path:
    return tuple(
        int(step) if step.isdecimal() and len(step) < 6 else step.replace("~1", "/").replace("~0", "~")
        for step in text.split("/")[1:]
    )


def _starts(path: Path, steps: Path) -> bool:
    """An operation at some steps sets the value at a path; ``-`` is an entry that was appended, whichever it became."""
    return len(steps) <= len(path) and all(
        a == b or (a == "-" and isinstance(b, int)) for a, b in zip(steps, path, strict=False)
    )


def _within(value: object, rest: Path) -> Path:
    found: list[str | int] = []
    for step in rest:
        inner: Any = items(value)[step] if isinstance(step, int) and step < len(items(value)) else None
        inner = mapping(value).get(str(step)) if inner is None else inner
        if inner is None:
            break
        found.append(step)
        value = inner
    return tuple(found)
