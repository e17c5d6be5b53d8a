"""The rule of the scale subresource: its replica count is a number that a controller can use."""

from typing import Any

from kaitops.kaito.kubernetes.schema_rules import Finding, invalid

_GO_TYPES: dict[type[object], str] = {
    str: "string",
    bool: "bool",
    float: "float64",
    list: "[]interface {}",
    dict: "map[string]interface {}",
}


def value_at(value: Any, path: str) -> Any:
    """The value at a dotted path; None where the way ends early."""
    for part in path.split("."):
        kind: type[object] = value.__class__
        value = value.get(part) if kind is dict else None
    return value


def scale_findings(document: object, path: str) -> list[Finding]:
    """What is wrong with the replica count at a path such as ``.spec.replicas``."""
    replicas = value_at(document, path.removeprefix("."))
    if replicas is None:
        return []
    kind: type[object] = replicas.__class__
    if kind is not int:
        text = f"{path} accessor error: {_shown(replicas)} is of the type {_GO_TYPES[kind]}, expected int64"
        return [invalid(path, 0, text)]
    if replicas < 0:
        return [invalid(path, replicas, "should be a non-negative integer")]
    if replicas > 2**31 - 1:
        return [invalid(path, replicas, f"should be less than or equal to {2**31 - 1}")]
    return []


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
