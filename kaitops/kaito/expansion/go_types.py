"""Plain objects as Go programs write them back, and as Go's JSON encoder spells them.

A controller reads an object into Go structs and writes it out again: unknown fields are lost, empty optional fields
too, required ones appear, quantities become canonical. The field tables are data (``api_types.json``). Owns no
validation: a value of the wrong type is passed on.
"""

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, cast

from kaitops.documents.plain import MutableObject, Object
from kaitops.kaito import facts
from kaitops.kaito.expansion.world import World, part
from kaitops.kaito.kubernetes.amount import canonical

_HTML = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def written(world: World, kind: str, value: object) -> Any:
    """A fresh copy of a value after a round trip through the Go type; keys in the order of the struct's fields."""
    types: Mapping[str, list[list[str]]] = facts.load(world.release.version, "api_types.json")["types"]
    return _value(types, kind, value)


def encoded(value: object) -> str:
    """The text of Go's JSON encoder for a value whose keys are in order already; ends with a line feed."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).translate(_HTML) + "\n"


def _value(types: Mapping[str, list[list[str]]], kind: str, value: object) -> Any:
    if kind.startswith("*"):
        return None if value is None else _value(types, kind[1:], value)
    if kind.startswith("[]") and isinstance(value, list):
        return [_value(types, kind[2:], entry) for entry in cast(list[Any], value)]
    if kind.startswith("{}") and isinstance(value, Mapping):
        entries = cast(Object, value)
        return {key: _value(types, kind[2:], entries[key]) for key in sorted(entries)}
    fields = types.get(kind)
    if fields is not None and (value is None or isinstance(value, Mapping)):
        return _struct(types, fields, part(cast(Object | None, value)))
    if value is None:
        return {"string": "", "bool": False, "int": 0, "intstr": 0, "quantity": "0"}.get(kind)
    return _quantity(value) if kind == "quantity" else deepcopy(value)


def _struct(types: Mapping[str, list[list[str]]], fields: list[list[str]], value: Object) -> MutableObject:
    result: MutableObject = {}
    for name, kind, omit in fields:
        held = _value(types, kind, value.get(name))
        if not _left_out(types, kind, omit, held):
            result[name] = held
    return result


def _left_out(types: Mapping[str, list[list[str]]], kind: str, omit: str, held: object) -> bool:
    if not omit:
        return False
    if kind.startswith("*"):
        return held is None
    if kind in types:
        return omit == "z" and held == {}
    return held in (None, "", 0, [], {}) and not (kind == "quantity" or isinstance(held, float))


def _quantity(value: object) -> Any:
    try:
        return canonical(str(value))
    except ValueError:
        return value
