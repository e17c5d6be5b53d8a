"""What a label selector takes."""

from collections.abc import Mapping
from typing import Any

from kaitops.documents.plain import items, mapping


def selects(selector: Mapping[str, Any], labels: Mapping[str, Any]) -> bool:
    """Whether a label selector takes what has these labels."""
    if any(labels.get(key) != value for key, value in mapping(selector.get("matchLabels")).items()):
        return False
    return all(_meets(labels, mapping(one)) for one in items(selector.get("matchExpressions")))


def _meets(labels: Mapping[str, Any], held: Mapping[str, Any]) -> bool:
    key, operator, values = held.get("key"), held.get("operator"), items(held.get("values"))
    if operator == "In":
        return labels.get(key or "") in values
    if operator == "NotIn":
        return labels.get(key or "") not in values
    return (key in labels) is (operator == "Exists")
