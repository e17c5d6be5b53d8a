"""Looking into JSON of unknown shape. A Job has this package and nothing else of ours, so it stands here once more."""

from collections.abc import Mapping
from typing import Any, cast

_LONGEST_ID = 512
BROKEN = ("error", "abort", "cancelled")
"""Why an answer ended, of one that its server gave up."""


def at(data: Any, *path: str | int) -> Any:
    """The value at a path, None where there is none."""
    node = data
    for step in path:
        if isinstance(node, dict):
            node = cast("dict[Any, Any]", node).get(step)
        elif isinstance(node, list) and isinstance(step, int) and step < len(cast("list[Any]", node)):
            node = cast("list[Any]", node)[step]
        else:
            return None
    return node


def mapping(value: Any) -> Mapping[str, Any]:
    """The value where it is a mapping, an empty one elsewhere."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def is_id(value: object) -> bool:
    """The value can be the id of a model: what a client types, a shell quotes and a terminal shows."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_ID and value.isprintable()


def items(value: Any) -> list[Any]:
    """The value where it is a list, an empty one elsewhere."""
    return cast("list[Any]", value) if isinstance(value, list) else []
