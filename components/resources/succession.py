"""The name of an object that takes over from another: blue/green.

Owns how the name follows what cannot change. What cannot change is :mod:`kaitops.kaito.lifecycle`'s.
"""

from collections.abc import Mapping
from typing import Any, cast

import pulumi

from kaitops.components.resources import checking
from kaitops.documents.plain import MutableObject, Object, at
from kaitops.errors import BadInput
from kaitops.kaito.lifecycle import Lifecycle


def dated(
    subject: str, name: str, metadata: object, body: Object, lifecycle: Lifecycle
) -> tuple[MutableObject, MutableObject]:
    """Metadata and body under a name that follows what of the object cannot change."""
    if metadata is not None and not isinstance(metadata, Mapping):
        raise BadInput(
            f"{subject}: metadata is one Output as a whole, so blue_green cannot give the object a name of its own; "
            "write metadata as a mapping, its values may be Outputs"
        )
    about = cast("Object", metadata or {})
    base: Any = about.get("name") or name
    fixed = {path: value_at(body, path) for path in lifecycle.immutable}
    parts = {**fixed, "presence": present(body, lifecycle)}
    if checking.is_plain([base, parts]):
        new: Any = f"{base}-{lifecycle.suffix(parts)}"
    else:
        both: pulumi.Output[Any] = pulumi.Output.all(base, parts)
        new = both.apply(lambda known: f"{known[0]}-{lifecycle.suffix(checking.whole(known[1]))}")
    return {**about, "name": new}, _reselected(body, lifecycle.selector.split("."), base, new)


def present(body: Object, lifecycle: Lifecycle) -> MutableObject:
    """Which of the parts that may not come or go an object has, by path."""
    found = {path: value_at(body, path) for path in lifecycle.presence}
    return {
        path: value is not None if checking.is_settled(value) else _output(value).apply(lambda each: each is not None)
        for path, value in found.items()
    }


def fixed(document: Object, lifecycle: Lifecycle) -> list[str]:
    """Paths of an object that cannot change; none within a part that it does not have.

    Whether such a part comes or goes is told by :func:`present`, and the engine keeps each path in its state.
    """
    absent = tuple(f"{path}." for path in lifecycle.presence if value_at(document, path) is None)
    return [path for path in lifecycle.immutable if not path.startswith(absent)]


def value_at(node: object, path: str) -> Any:
    """The value at a path, an Output where one is on the way; None where there is none."""
    if not checking.is_settled(node):
        return _output(node).apply(lambda known: at(known, *path.split(".")))
    step, _, rest = path.partition(".")
    value = cast("Object", node).get(step) if isinstance(node, Mapping) else None
    return value_at(value, rest) if rest else value


def _output(value: object) -> "pulumi.Output[Any]":
    return pulumi.Output.from_input(value)


def _reselected(node: Object, path: "list[str]", base: object, new: object) -> MutableObject:
    """A label of the selector that repeats the name follows it: else both objects would claim the same nodes."""
    step, rest = path[0], path[1:]
    inner = node.get(step)
    if not isinstance(inner, Mapping):
        return dict(node)
    if rest:
        return {**node, step: _reselected(cast("Object", inner), rest, base, new)}
    labels = cast("Object", inner).get("matchLabels")
    if not isinstance(labels, Mapping):
        return dict(node)
    given = cast("Object", labels)
    followed = {key: new if isinstance(base, str) and value == base else value for key, value in given.items()}
    return {**node, step: {**cast("Object", inner), "matchLabels": followed}}
