"""Which part of a field of a kustomization set a value of a built object."""

import os
import re
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.documents.source import MAX_BYTES

_MARKED = ("labels", "matchLabels", "selector", "annotations")
_STEP = re.compile(r"\[([^\]=]+)=([^\]]*)\]|((?:\\\\.|[^.\[])+)")


def inner(key: str, held: object, built: Object, path: Path) -> Path | None:
    """The path within a field; None where the field leaves the value alone."""
    last = path[-1] if path else ""
    if key in ("labels", "commonLabels", "commonAnnotations"):
        return _marked(key, held, last)
    if key == "images":
        return _image(held, str(at(built, *path)))
    if key == "replicas":
        name = str(at(built, "metadata", "name"))
        return next(((n, "count") for n, one in enumerate(items(held)) if str(mapping(one).get("name")) in name), None)
    return ()


def _marked(key: str, held: object, last: str | int) -> Path | None:
    if last in _MARKED:
        return ()
    if key != "labels":
        return (last,) if last in mapping(held) else None
    found = [n for n, one in enumerate(items(held)) if last in mapping(mapping(one).get("pairs"))]
    return (found[-1], "pairs", last) if found else None


def _image(held: object, value: str) -> Path | None:
    """The entry that an image came out of: of its new name, else of its own."""
    for number, one in reversed(list(enumerate(items(held)))):
        entry = mapping(one)
        name = str(entry.get("newName") or entry.get("name"))
        if re.match(rf"{re.escape(name)}(?=[:@]|$)", value):
            return next(((number, key) for key in ("newName", "newTag", "digest") if key in entry), (number,))
    return None


def targets(held: Any) -> Iterator[tuple[Path, Object]]:
    """The targets of a replacement, or of a list of them as a file may hold it, each with its path."""
    if isinstance(held, list):
        for number, one in enumerate(items(held)):
            yield from (((number, *path), target) for path, target in targets(one))
        return
    for number, one in enumerate(items(mapping(held).get("targets"))):
        yield ("targets", number), mapping(one)


def is_field(text: str, built: Object, path: Path) -> bool:
    """Whether a field path of kustomize means the value at a path, or one that holds it."""
    node: Any = built
    steps = list(path)
    for key, value, plain in _STEP.findall(text):
        if not steps:
            return False
        step = steps.pop(0)
        if key:
            fits = (
                isinstance(step, int) and step < len(items(node)) and str(mapping(items(node)[step]).get(key)) == value
            )
        else:
            fits = plain == "*" or str(step) == plain.replace("\\.", ".")
        if not fits:
            return False
        node = at(node, step)
    return True


def line_of(file: str, key: str) -> int:
    """The line of a file of variables that sets one; 0 where none does."""
    try:
        if not os.path.isfile(file) or File(file).stat().st_size > MAX_BYTES:
            return 0
        lines = File(file).read_text("utf-8", "replace").splitlines()
    except OSError:
        return 0
    return next((n for n, line in reversed(list(enumerate(lines, 1))) if line.partition("=")[0].strip() == key), 0)
