"""Fields of a status that KAITO's definitions do not know: refused by a strict server, though it drops the rest.

Owns nothing of what a status says: whoever writes an object does not set it.
"""

from collections.abc import Iterator
from typing import Any, cast

from kaitops.documents.plain import items, mapping
from kaitops.kaito import facts

_ANY_NAME = "*"


def unknown_fields(version: str, api_version: str, kind: str, status: object) -> list[str]:
    """Their paths, in the order of the object."""
    known = facts.load(version, "status-fields.json")["kinds"].get(f"{api_version}/{kind}", {})
    return list(_unknown(status, known, "status"))


def _unknown(value: Any, known: Any, path: str) -> Iterator[str]:
    if isinstance(known, list):
        for number, entry in enumerate(items(value)):
            yield from _unknown(entry, items(cast("object", known))[0], f"{path}[{number}]")
    elif isinstance(known, dict):
        names = mapping(cast("object", known))
        for name, entry in mapping(value).items():
            if name not in names and _ANY_NAME not in names:
                yield f"{path}.{name}"
            else:
                yield from _unknown(entry, names.get(name, names.get(_ANY_NAME)), f"{path}.{name}")
