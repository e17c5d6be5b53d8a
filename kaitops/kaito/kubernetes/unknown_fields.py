"""What was meant by a field that a kind does not have: the schema says which there are, and where."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from kaitops.documents.plain import Object
from kaitops.errors import nearest
from kaitops.kaito import facts
from kaitops.kaito.kubernetes.metadata import FIELDS

_Node = Object
_MOST = 12


def named(message: str) -> list[str]:
    """The paths of the fields that a refusal calls unknown."""
    return re.findall(r'unknown field "([^"]+)"', message)


def remedy(version: str, document: Object, message: str) -> str | None:
    """What to write instead of each field that a refusal calls unknown; None where it is about none.

    Args:
        version: of KAITO.
        document: the object that was refused.
    """
    key = f"{document.get('apiVersion')}/{document.get('kind')}"
    root = facts.load(version, "schema.json")["kinds"].get(key)
    paths = named(message) if root else []
    return "; ".join(_meant(root, str(document["kind"]), path) for path in paths) or None


def _meant(root: _Node, kind: str, path: str) -> str:
    if path.partition(".")[0] == "status":
        return f"Remove {path}: the controllers write the status"
    node, place, key = _parent({**root, "properties": {**root["properties"], "metadata": _METADATA}}, path)
    fields: Collection[str] = node.get("properties", {})
    alike = {_folded(one): one for one in fields}
    if same := alike.get(_folded(key)):
        return f"Write {same} for {path}"
    if not place and key == "spec":
        return f"Move what stands in spec one level up, where {kind} has it, and remove spec"
    if elsewhere := _places(root, key):
        return f"Write it as {' or '.join(elsewhere[:2])}, where {kind} has it, and remove {path}"
    if near := nearest(key, fields):
        return f"Write {near[0]} for {path}"
    known = ", ".join(sorted(fields)[:_MOST])
    return f"Remove {path}: {place or kind} has no such field" + (f", but {known}" if known else "")


def _folded(key: str) -> str:
    return re.sub("[_-]", "", key).lower()


def _parent(node: _Node, path: str) -> tuple[_Node, str, str]:
    """The node that would hold a field, its path, and the name of the field, which may have dots."""
    place = ""
    while True:
        step, dot, rest = path.partition(".")
        name, *indices = step.split("[")
        child = node.get("properties", {}).get(name) or node.get("values")
        if not dot or child is None:
            return node, place, path
        for _ in indices:
            child = child.get("items", {})
        node, place, path = child, f"{place}.{step}".lstrip("."), rest


def _places(root: _Node, key: str) -> list[str]:
    """Where the kind has a field of that name, those nearest to the top first."""
    return sorted((path for path in _paths(root, "") if path.rpartition(".")[2] == key), key=lambda one: one.count("."))


def _paths(node: _Node, place: str) -> Iterator[str]:
    for name, child in node.get("properties", {}).items():
        path = f"{place}.{name}".lstrip(".")
        yield path
        yield from _paths(child, path)
        yield from _paths(child.get("items", {}), f"{path}[0]")


_METADATA: _Node = {"properties": {key: dict[str, Any]() for key in FIELDS}}
