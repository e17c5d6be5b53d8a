"""The objects of a document: lists are opened to the bottom as kubectl and kustomize do, templates of Azure too.

Owns which part of a document is an object. A list is whatever has ``items``, not only what is called one: the API
machinery takes a ConfigMap with ``items`` for a list and drops the rest of it.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from kaitops.documents.plain import Object, Path, items, mapping
from kaitops.gate.forms import templates

MAX_VALUES = 50_000
"""Of one object. The largest published definitions hold some 20,000."""
_OF_A_LIST = {"apiVersion", "kind", "metadata", "items"}


class Entry(NamedTuple):
    """What may be an object.

    Attributes:
        data: of any form.
        path: to it within the document.
        is_template: it is a resource of a template, to which no kustomization gives a namespace.
    """

    data: Any
    path: Path = ()
    is_template: bool = False


class Problem(NamedTuple):
    """A part of a document that one reader takes for an object and another does not."""

    path: Path
    message: str


def entries(data: object) -> Iterator[Entry | Problem]:
    """Every object of a document, and what is wrong with how they are held."""
    if templates.is_template(data):
        held = mapping(data)
        marks = [key for key in ("apiVersion", "kind") if key in held]
        if not marks:
            for path, one in templates.resources(data):
                yield Entry(one, path, is_template=True)
            return
        yield Problem(
            ("$schema",),
            f"calls itself a template of Azure and has {' and '.join(marks)}, so kubectl applies it as an object; "
            "remove one of both",
        )
    yield from _listed(data, ())


def _listed(data: object, path: Path) -> Iterator[Entry | Problem]:
    held = mapping(data)
    if not isinstance(held.get("items"), list):
        yield Entry(data, path)
        return
    rest = sorted(str(key) for key in held if key not in _OF_A_LIST)
    kind = held.get("kind")
    if rest or not (isinstance(kind, str) and kind.endswith("List")):
        what = ", ".join(rest) or "its kind"
        yield Problem(
            (*path, "items"),
            f"has items, so kubectl takes it for a list and applies what is in it, but not {what}; "
            "write the objects as documents of their own",
        )
    for number, entry in enumerate(items(held["items"])):
        yield from _listed(_completed(entry, held), (*path, "items", number))


def is_too_large(data: object) -> bool:
    """Whether an object holds more than any that is applied; what a rule costs grows with it."""
    left = MAX_VALUES
    waiting = [data]
    while waiting and left > 0:
        one = waiting.pop()
        if isinstance(one, dict):
            held = mapping(cast("object", one))
            left -= len(held)
            waiting += held.values()
        elif isinstance(one, list):
            entries = items(cast("object", one))
            left -= len(entries)
            waiting += entries
    return left <= 0


def _completed(entry: Any, holder: Object) -> Any:
    """An entry of a typed list may leave out what its list says of it."""
    kind, version = holder.get("kind"), holder.get("apiVersion")
    if not isinstance(entry, dict) or not isinstance(kind, str) or not kind.removesuffix("List"):
        return entry  # pyright: ignore[reportUnknownVariableType]
    missing = {"apiVersion": version, "kind": kind.removesuffix("List")}
    return {**{key: value for key, value in missing.items() if key not in entry}, **mapping(entry)}
