"""The schema layer: what the API server does with a custom resource before it asks any webhook.

Prunes what the schema does not know, drops nulls, fills in server defaults and checks types, constraints and the CEL
rules, in one pass over plain data. Compiled on first use from the facts of a KAITO version (``schema.json``); the typed
models say the same, and a test holds them together. Source of the rules and messages: ``apiextensions-apiserver`` and
``kube-openapi`` of Kubernetes 1.36.
"""

from collections.abc import Callable
from typing import Any

from kaitops.documents.plain import MutableObject, Object
from kaitops.kaito import facts
from kaitops.kaito.kubernetes.scale_rule import scale_findings, value_at
from kaitops.kaito.kubernetes.schema_rules import (
    RULES,
    Finding,
    invalid,
    not_allowed,
    not_whole,
    too_many,
    type_invalid,
)

ABSENT: Any = object()
_NAMES: dict[type[object], str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    list: "array",
    dict: "object",
}
_Visit = Callable[[Any, Any, str, "Pass"], Any]


class Pass:
    """What one pass over an object found.

    Attributes:
        unknown: paths that the schema does not know, in the order of the object.
        nulls: a null counts as a value, as under server-side apply; elsewhere it is dropped.
    """

    __slots__ = ("findings", "nulls", "unknown")

    def __init__(self, *, nulls: bool = False) -> None:
        self.findings: list[Finding] = []
        self.unknown: list[str] = []
        self.nulls = nulls


class Schema:
    """The compiled schema of one kind.

    Attributes:
        scale: path of the replica count that the scale subresource uses; empty where there is none.
    """

    def __init__(self, node: Object) -> None:
        self._visit = _compile(node)
        self.scale: str = node.get("scale", "")
        self._rules = list(_rules_of(node, ""))

    def apply(self, document: Object, old: object = ABSENT, *, nulls: bool = False) -> tuple[MutableObject, Pass]:
        """The object as the webhook sees it, and what the API server finds wrong with it.

        Args:
            document: without ``apiVersion``, ``kind``, ``metadata`` and ``status``.
            old: the object before an update, already applied; a value out of bounds that did not change is not held
                against the new object.
            nulls: a null is a value of the wrong type, not a missing one.
        """
        result = Pass(nulls=nulls)
        value = self._visit(document, old, "", result)
        if self.scale:
            result.findings += scale_findings(value, self.scale)
        if self._rules:
            if any(finding.blocks for finding in result.findings):
                text = (
                    "some validation rules were not checked because the object was invalid; correct the existing "
                    "errors to complete validation"
                )
                result.findings.append(Finding("<nil>", f"Invalid value: null: {text}"))
            else:
                for path, message in self._rules:
                    target = value_at(value, path)
                    if target is not None and not RULES[message](target):
                        result.findings.append(Finding(path, f"Invalid value: {message}"))
        return value, result


def schema_for(version: str, api_version: str, kind: str) -> Schema | None:
    """The schema of a kind, or None where KAITO does not serve it."""
    key = (version, api_version, kind)
    schema = _compiled.get(key)
    if schema is None:
        node = facts.load(version, "schema.json")["kinds"].get(f"{api_version}/{kind}")
        if node is None:
            return None
        schema = _compiled[key] = Schema(node)
    return schema


_compiled: dict[tuple[str, str, str], Schema] = {}


def _compile(node: Object) -> _Visit:
    kind = node.get("type")
    if kind is None:
        return _anything
    if kind == "object":
        visit = _values(node) if "values" in node else _object(node)
    elif kind == "array":
        visit = _array(node)
    else:
        visit = _scalar(kind, node)
    return visit


def _anything(value: object, old: object, path: str, result: Pass) -> Any:
    return value


def _scalar(kind: str, node: Object) -> _Visit:
    wanted: type = {"string": str, "integer": int, "boolean": bool}[kind]
    enum, minimum, all_of = tuple(node.get("enum", ())), node.get("minimum"), node.get("all_of", False)
    narrow = node.get("format") == "int32"

    def visit(value: Any, old: Any, path: str, result: Pass) -> Any:
        given: type[object] = value.__class__
        if given is not wanted:
            if kind == "integer" and given is float and value.is_integer():
                value = int(value)
            else:
                if narrow and given in (float, bool, dict):
                    result.findings.append(type_invalid(path, "int32", "float64" if given is float else ""))
                    _note_unknown(value, path, result)
                else:
                    _misfit(value, kind, path, result)
                if kind == "integer" and given is float:
                    result.findings.append(not_whole(path, "with format int32" if narrow else "(default format)"))
                if enum:
                    result.findings += not_allowed(path, value, enum, all_of=all_of)
                return value
        if enum and value not in enum and value != old:
            result.findings += not_allowed(path, value, enum, all_of=all_of)
        if narrow and not -(1 << 31) <= value < 1 << 31 and value != old:
            result.findings.append(not_whole(path, "with format int32"))
        if minimum is not None and value < minimum and value != old:
            text = f"{path} in body should be greater than or equal to {minimum}"
            result.findings.append(invalid(path, value, text))
        return value

    return visit


def _array(node: Object) -> _Visit:
    item = _compile(node["items"])
    fewest, most = node.get("min_items", 0), node.get("max_items")

    def visit(value: Any, old: Any, path: str, result: Pass) -> Any:
        given: type[object] = value.__class__
        if given is not list:
            return _misfit(value, "array", path, result)
        made = [item(each, ABSENT, f"{path}[{index}]", result) for index, each in enumerate(value)]
        if len(made) < fewest:
            text = f"{path} in body should have at least {fewest} items"
            result.findings.append(invalid(path, len(made), text))
        if most is not None and len(made) > most:
            result.findings.append(too_many(path, len(made), most))
        return made

    return visit


def _values(node: Object) -> _Visit:
    each = _compile(node["values"])

    def visit(value: Any, old: Any, path: str, result: Pass) -> Any:
        given: type[object] = value.__class__
        if given is not dict:
            return _misfit(value, "object", path, result)
        before = _mapping(old)
        prefix = f"{path}."
        return {
            key: each(item, before.get(key, ABSENT), prefix + key, result)
            for key, item in value.items()
            if item is not None or result.nulls
        }

    return visit


def _object(node: Object) -> _Visit:
    children = {name: _compile(child) for name, child in node.get("properties", {}).items()}
    defaults = [(name, child["default"]) for name, child in node.get("properties", {}).items() if "default" in child]
    defaulted = {name for name, _ in defaults}
    required = tuple(node.get("required", ()))

    def visit(value: Any, old: Any, path: str, result: Pass) -> Any:
        given: type[object] = value.__class__
        if given is not dict:
            return _misfit(value, "object", path, result)
        before = _mapping(old)
        prefix = f"{path}." if path else ""
        made: MutableObject = {}
        for key, item in value.items():
            child = children.get(key)
            if child is None:
                result.unknown.append(f"{prefix}{key}")
            elif item is not None or (result.nulls and key not in defaulted):
                made[key] = child(item, before.get(key, ABSENT), f"{prefix}{key}", result)
        for key, default in defaults:
            if key not in made:
                made[key] = children[key](default, ABSENT, f"{prefix}{key}", Pass())
        for key in required:
            if key not in made:
                result.findings.append(Finding(f"{prefix}{key}", "Required value", blocks=True))
        return made

    return visit


def _mapping(value: Any) -> MutableObject:
    kind: type[object] = value.__class__
    return value if kind is dict else {}


def _misfit(value: object, wanted: str, path: str, result: Pass) -> Any:
    """Note a value of the wrong type. What is inside it, the schema does not know."""
    kind: type[object] = value.__class__
    result.findings.append(type_invalid(path, wanted, _NAMES.get(kind, "null")))
    _note_unknown(value, path, result)
    return value


def _note_unknown(value: Any, path: str, result: Pass) -> None:
    kind: type[object] = value.__class__
    if kind is dict:
        result.unknown += [f"{path}.{key}" for key in value]
    elif kind is list:
        for index, item in enumerate(value):
            _note_unknown(item, f"{path}[{index}]", result)


def _rules_of(node: Object, path: str) -> "list[tuple[str, str]]":
    found = [(path, message) for message in node.get("rules", ())]
    for name, child in sorted(node.get("properties", {}).items()):
        found += _rules_of(child, f"{path}.{name}" if path else name)
    return found
