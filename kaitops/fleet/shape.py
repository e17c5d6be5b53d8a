"""The quick check of a fleet's shape, off its JSON Schema, without pydantic.

Importing pydantic and building its classes costs more than rendering a fleet does, so a fleet is first checked here.
What this check does not take goes to the pydantic models, whose verdict counts and whose errors are shown. A test
holds the two to the same verdict.

Understands the part of JSON Schema that pydantic emits for our models, and raises on any other keyword.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from kaitops.documents.plain import MutableObject, mapping
from kaitops.kaito import facts

Check = Callable[[Any], bool]

_TYPES: dict[str, Check] = {
    "string": lambda value: value.__class__ is str,
    "integer": lambda value: value.__class__ is int,
    "number": lambda value: value.__class__ is float or value.__class__ is int,
    "boolean": lambda value: value is True or value is False,
    "null": lambda value: value is None,
    "object": lambda value: value.__class__ is dict,
    "array": lambda value: value.__class__ is list,
}
_SILENT = {"description", "default", "examples", "title", "$schema", "$id", "$defs", "format"}


class Shape:
    """The compiled schema."""

    def __init__(self, document: MutableObject) -> None:
        self._definitions: MutableObject = document["$defs"]
        self._checks: dict[str, Check] = {}
        self._accepts = self._compile(document)

    def accepts(self, fleet: object) -> bool:
        """True where the data has the shape of a fleet."""
        return self._accepts(fleet)

    def accepts_part(self, name: str, data: object) -> bool:
        """True where the data has the shape of one part: ``Model``, ``Tuning``, ``Rag``, ``Cluster`` ..."""
        return self._reference(name)(data)

    def defaults(self, name: str) -> MutableObject:
        """Values that hold where a part does not say; those that mean "nothing" are left out."""
        properties = self._definitions[name]["properties"]
        return {
            key: entry["default"] for key, entry in properties.items() if entry.get("default") not in (None, {}, [])
        }

    def _reference(self, name: str) -> Check:
        if name not in self._checks:
            # Compiled on first use: most fleets use few of the parts, and a part may refer to itself.
            self._checks[name] = self._compile(self._definitions[name])
        return self._checks[name]

    def _compile(self, schema: MutableObject) -> Check:
        unknown = schema.keys() - _SILENT - _KEYWORDS
        if unknown:
            raise ValueError(f"the fleet schema uses {sorted(unknown)}, which the quick check does not know")
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[-1]
            return lambda value: self._reference(name)(value)
        if "anyOf" in schema:
            options = [self._compile(option) for option in schema["anyOf"]]
            return lambda value: any(option(value) for option in options)
        if "enum" in schema or "const" in schema:
            allowed = schema.get("enum", [schema.get("const")])
            return lambda value: value.__class__ is str and value in allowed
        kind = schema.get("type")
        if kind == "object":
            return self._object(schema)
        if kind == "array":
            item = self._compile(schema.get("items", {}))
            return lambda value: value.__class__ is list and all(item(entry) for entry in value)
        if kind is None:
            return lambda value: True
        return _scalar(kind, schema)

    def _object(self, schema: MutableObject) -> Check:
        # A property that is only described is held to the patterns alone.
        properties = {
            key: self._compile(entry) for key, entry in schema.get("properties", {}).items() if entry.keys() - _SILENT
        }
        patterns = [
            (re.compile(key), self._compile(entry)) for key, entry in schema.get("patternProperties", {}).items()
        ]
        required = schema.get("required", ())
        minimum = schema.get("minProperties", 0)
        extra = schema.get("additionalProperties", True)
        other: Check = self._compile(dict(mapping(extra))) if isinstance(extra, dict) else lambda value: bool(extra)

        def check(value: Any) -> bool:
            if value.__class__ is not dict or len(value) < minimum:
                return False
            for key in required:
                if key not in value:
                    return False
            for key, entry in value.items():
                known = properties.get(key)
                if known is None:
                    known = next((rule for pattern, rule in patterns if pattern.search(key)), other)
                if not known(entry):
                    return False
            return True

        return check


_KEYWORDS = {
    "$ref", "anyOf", "enum", "const", "type", "items", "properties", "patternProperties", "additionalProperties",
    "required", "minProperties", "pattern", "minLength", "minimum", "maximum",
}  # fmt: skip


def _scalar(kind: str, schema: MutableObject) -> Check:
    right_type = _TYPES[kind]
    pattern = re.compile(schema["pattern"]) if "pattern" in schema else None
    shortest, low, high = schema.get("minLength", 0), schema.get("minimum"), schema.get("maximum")
    if kind == "string":
        if pattern:
            # A Python "$" also matches before a final line feed; the pattern means the end.
            return lambda value: (
                right_type(value) and len(value) >= shortest and "\n" not in value and pattern.search(value) is not None
            )
        return lambda value: right_type(value) and len(value) >= shortest
    if low is None and high is None:
        return right_type
    return lambda value: right_type(value) and (low is None or value >= low) and (high is None or value <= high)


@cache
def load() -> Shape:
    """The shape of a fleet."""
    return Shape(json.loads((facts.root() / "fleet.schema.json").read_bytes()))
