"""The name of an object that takes over from another: blue/green.

Owns how the name follows what cannot change. What cannot change is :mod:`kaitops.kaito.lifecycle`'s.
"""

from collections.abc import Mapping
from typing import Any, cast

import pulumi

from kaitops.components.resources import checking
from kaitops.documents.plain import at
from kaitops.errors import BadInput
from kaitops.kaito.lifecycle import Lifecycle


def dated(
    subject: str, name: str, metadata: Any, body: Mapping[str, Any], lifecycle: Lifecycle
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Metadata and body under a name that follows what of the object cannot change."""
    if metadata is not None and not isinstance(metadata, Mapping):
        raise BadInput(
            f"{subject}: metadata is one Output as a whole, so blue_green cannot give the object a name of its own; "
            "write metadata as a mapping, its values may be Outputs"
        )
    about = cast("Mapping[str, Any]", metadata or {})
    base: Any = about.get("name") or name
    fixed = {path: value_at(body, path) for path in lifecycle.immutable}
    parts = {**fixed, "presence": present(body, lifecycle)}
    if checking.is_plain([base, parts]):
        new: Any = f"{base}-{lifecycle.suffix(parts)}"
    else:
        both: pulumi.Output[Any] = pulumi.Output.all(base, parts)
        new = both.apply(lambda known: f"{known[0]}-{lifecycle.suffix(checking.whole(known[1]))}")
    return {**about, "name": new}, _reselected(body, lifecycle.selector.split("."), base, new)


def present(body: Mapping[str, Any], lifecycle: Lifecycle) -> dict[str, Any]:
    """Which of the parts that may not come or go an object has, by path."""
    found = {path: value_at(body, path) for path in lifecycle.presence}
    return {
        path: value is not None if checking.is_settled(value) else _output(value).apply(lambda each: each is not None)
        for path, value in found.items()
    }


def fixed(document: Mapping[str, Any], lifecycle: Lifecycle) -> list[str]:
    """Paths of an object that cannot change; none within a part that it does not have.

    Whether such a part comes or goes is told by :func:`present`, and the engine keeps each path in its state.
    """
    absent = tuple(f"{path}." for path in lifecycle.presence if value_at(document, path) is None)
    return [path for path in lifecycle.immutable if not path.startswith(absent)]


def value_at(node: Any, path: str) -> Any:
    """The value at a path, an Output where one is on the way; None where there is none."""
    if not checking.is_settled(node):
        return _output(node).apply(lambda known: at(known, *path.split(".")))
    step, _, rest = path.partition(".")
    value = cast("Mapping[str, Any]", node).get(step) if isinstance(node, Mapping) else None
    return value_at(value, rest) if rest else value


def _output(value: Any) -> "pulumi.Output[Any]":
    return pulumi.Output.from_input(value)


def _reselected(node: Mapping[str, Any], path: "list[str]", base: Any, new: Any) -> dict[str, Any]:
    """A label of the selector that repeats the name follows it: else both objects would claim the same nodes."""
    step, rest = path[0], path[1:]
    inner = node.get(step)
    if not isinstance(inner, Mapping):
        return dict(node)
    if rest:
        return {**node, step: _reselected(cast("Mapping[str, Any]", inner), rest, base, new)}
    labels = cast("Mapping[str, Any]", inner).get("matchLabels")
    if not isinstance(labels, Mapping):
        return dict(node)
    given = cast("Mapping[str, Any]", labels)
    followed = {key: new if isinstance(base, str) and value == base else value for key, value in given.items()}
    return {**node, step: {**cast("Mapping[str, Any]", inner), "matchLabels": followed}}
