"""What holds within a selector by labels, of pods or of nodes."""

from collections.abc import Iterator

from kaitops.documents.plain import Object, Path, items, mapping
from kaitops.gate.native.forms import is_label, is_label_key

Found = Iterator[tuple[Path, str]]


def selector(held: Object, path: Path) -> Found:
    """What is wrong with a selector by labels."""
    for key, value in mapping(held.get("matchLabels")).items():
        if not is_label_key(key) or not is_label(value):
            yield (*path, "matchLabels", key), "must be a label's key and value; correct it"
    for place, one in enumerate(items(held.get("matchExpressions"))):
        yield from expression(mapping(one), (*path, "matchExpressions", place))


def expression(held: Object, path: Path) -> Found:
    """What is wrong with an expression that selects by a label."""
    operator, values = held.get("operator"), items(held.get("values"))
    if not is_label_key(held.get("key") or ""):
        yield (*path, "key"), "must be a label's key; correct it"
    if not operator:
        yield (*path, "operator"), "is missing; write In, NotIn, Exists or DoesNotExist"
    for place, value in enumerate(values):
        if not is_label(value or ""):
            yield (*path, "values", place), "must be a label's value; correct it"
    if operator in ("In", "NotIn") and not values:
        yield (*path, "values"), f"is empty, which {operator} needs; name them"
    elif operator in ("Exists", "DoesNotExist") and values:
        yield (*path, "values"), f"may not be set where the operator is {operator}; drop them"
    elif operator in ("Gt", "Lt") and (len(values) != 1 or not str(values[0]).lstrip("-").isdigit()):
        yield (*path, "values"), f"must be one whole number for {operator}; correct it"
