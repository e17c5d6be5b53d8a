"""Looking into plain data of unknown shape without tripping over it."""

import marshal
from collections.abc import Mapping, Sequence
from typing import Any, cast

Path = tuple[str | int, ...]
"""Where a value stands in a document: keys of mappings, and numbers of list entries from 0."""
Steps = Sequence[str | int]
"""The same in any form, where it is only read."""

Object = Mapping[str, Any]
"""A JSON object, as parsed: what any part of a file is before more is known of it."""
MutableObject = dict[str, Any]
"""The same where it is built or changed."""

_NOTHING: Object = {}


def mapping(value: Any) -> Object:
    """The value where it is a mapping, an empty one elsewhere."""
    # Asked as often as `at`: a cast would be a call of its own.
    return value if isinstance(value, dict) else _NOTHING  # pyright: ignore[reportUnknownVariableType]


def items(value: Any) -> list[Any]:
    """The value where it is a list, an empty one elsewhere."""
    return value if isinstance(value, list) else []  # pyright: ignore[reportUnknownVariableType]


def at(document: Any, *path: str | int) -> Any:
    """The value at a path, None where there is none."""
    # Asked some hundred times an object: written out, as calls would cost more than the look.
    node = document
    for step in path:
        # Keys are text, so that a number finds nothing in a mapping.
        if isinstance(node, dict):
            node = node.get(step)  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):  # pyright: ignore[reportUnknownArgumentType]
            node = node[step]  # pyright: ignore[reportUnknownVariableType]
        else:
            return None
    return node  # pyright: ignore[reportUnknownVariableType]


def count(text: object) -> int | None:
    """The number that a text of ASCII digits is; None for any other value, and for more digits than a number has."""
    # Python takes other digits for such as well, and reads none of some, nor of thousands.
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 20 else None


def nested(keys: Sequence[str], value: object) -> Any:
    """A value in a mapping for each key, the first the outermost; the value itself without any."""
    for key in reversed(keys):
        value = {key: value}
    return value


def merged(base: Object, over: Object) -> MutableObject:
    """The base with the other's values over it: mappings merge, everything else replaces; neither is changed."""
    whole = dict(base)
    for key, value in over.items():
        held = whole.get(key)
        both = isinstance(held, dict) and isinstance(value, dict)
        whole[key] = merged(mapping(held), mapping(value)) if both else value
    return whole


def dotted(path: Steps) -> str:
    """A path as people read it: ``models.phi-4.gpu``, ``roles[0]``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text or "the file"


def texts(data: object) -> list[str]:
    """Every text of plain data, keys among them, in no order that means anything."""
    found: list[str] = []
    left = [data]
    while left:
        node = left.pop()
        if isinstance(node, str):
            found.append(node)
        elif isinstance(node, dict):
            found += node  # pyright: ignore[reportUnknownArgumentType]
            left += node.values()  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
        else:
            left += node if isinstance(node, list) else ()  # pyright: ignore[reportUnknownArgumentType]
    return found


def raw(data: Any) -> bytes:
    """Every text of plain data in UTF-8, each in one piece: a sign that is not in here is in none of them."""
    # Some ten times as fast as a walk, which is for those objects alone that hold what is looked for.
    try:
        return marshal.dumps(data)
    except ValueError:  # deeper than it goes, or of a type that it does not know
        return "\n".join(map(str, texts(data))).encode("utf-8", "surrogatepass")


def ordered(data: Any) -> Any:
    """The same data with the keys of every mapping sorted, for content whose bytes must not follow how it was typed."""
    if isinstance(data, dict):
        entries = mapping(cast("object", data))
        return {key: ordered(entries[key]) for key in sorted(entries)}
    if isinstance(data, list):
        return [ordered(entry) for entry in items(data)]
    return data
