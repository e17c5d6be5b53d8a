"""What a program gives for an object, in the form that the API server is to get.

Owns what Python has and a manifest has not: None for a key that is left out, tuples, enums. Under server-side apply a
null is a value that the server drops, and so is an empty map in metadata: the engine would find either changed at every
run, and a null where KAITO lets nothing change would make the object anew each time.
"""

from collections.abc import Awaitable, Mapping, Sequence
from enum import Enum
from typing import Any, cast

import pulumi

from kaitops.components.refusals import Refused
from kaitops.documents.plain import MutableObject, Object

_PLAIN = (str, int, float, bool)


def settled(value: object, path: str) -> Any:
    """The value without keys that hold nothing; what is not known yet is settled once it is.

    Args:
        path: how messages name the place.

    Raises:
        Refused: a value is of a type that no manifest has.
    """
    if isinstance(value, pulumi.Output):
        output = cast("pulumi.Output[Any]", value)
        return output.apply(lambda known: settled(known, path))
    if isinstance(value, Mapping):
        entries = cast("Object", value).items()
        return {key: settled(each, f"{path}.{key}") for key, each in entries if each is not None}
    if isinstance(value, list | tuple):
        rows = enumerate(cast("Sequence[Any]", value))
        return [settled(each, f"{path}[{number}]") for number, each in rows]
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (*_PLAIN, Awaitable)):
        return cast("Any", value)
    raise Refused(
        f"{path}: is of type {type(value).__name__}, which no manifest holds, so nothing of it would reach the "
        "cluster; write it as a mapping, list or text, with the keys of the manifest"
    )


def metadata(value: object, path: str) -> Any:
    """Metadata in the same way, and without the maps and lists that are empty.

    Raises:
        Refused: it is neither a mapping nor an Output.
    """
    if value is None:
        return None
    if isinstance(value, pulumi.Output):
        output = cast("pulumi.Output[Any]", value)
        return output.apply(lambda known: metadata(known, path))
    if not isinstance(value, Mapping):
        raise Refused(
            f"{path}: is of type {type(value).__name__} and no mapping, so the object would have neither name nor "
            "namespace; write {'name': ..., 'namespace': ...}"
        )
    found: MutableObject = settled(cast("Object", value), path)
    return {key: each for key, each in found.items() if not _empty(each)}


def later(value: object, path: str) -> list[str]:
    """Paths of what is not known before the program has run."""
    if isinstance(value, pulumi.Output | Awaitable):
        return [path]
    if isinstance(value, Mapping):
        return [each for key, one in cast("Object", value).items() for each in later(one, f"{path}.{key}")]
    if isinstance(value, list | tuple):
        rows = enumerate(cast("Sequence[Any]", value))
        return [each for number, one in rows for each in later(one, f"{path}[{number}]")]
    return []


def nothing(value: object, path: str) -> list[str]:
    """Paths of what came to nothing when it was known: its key is there, and no Output can take it away."""
    if isinstance(value, Mapping):
        return [each for key, one in cast("Object", value).items() for each in nothing(one, f"{path}.{key}")]
    if isinstance(value, list | tuple):
        rows = enumerate(cast("Sequence[Any]", value))
        return [each for number, one in rows for each in nothing(one, f"{path}[{number}]")]
    return [path] if value is None else []


def _empty(value: object) -> bool:
    return isinstance(value, Mapping | list) and not value
