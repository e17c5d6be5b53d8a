"""NodePools of Karpenter: what has to hold between their fields, as Karpenter's own definition says."""

from collections.abc import Iterator

from kaitops.documents.plain import Object, Path, at, count, items, mapping

Found = Iterator[tuple[Path, str]]
_GROUP = "karpenter.sh/"
_COMPARING = frozenset(("Gt", "Lt", "Gte", "Lte"))
# Of its own domain this one alone is asked for.
_OWN = "karpenter.sh"
_ALLOWED = "karpenter.sh/capacity-type"
_HOST = "kubernetes.io/hostname"
_SPEC: Path = ("spec", "template", "spec")


def problems(document: Object) -> Found:
    """What the definition refuses: path, and fact with remedy."""
    if not document["apiVersion"].startswith(_GROUP):
        return
    for number, one in enumerate(items(at(document, *_SPEC, "requirements"))):
        yield from _requirement(mapping(one), (*_SPEC, "requirements", number))
    for key in mapping(at(document, "spec", "template", "metadata", "labels")):
        if text := _restricted(str(key)):
            yield ("spec", "template", "metadata", "labels", key), text
    for number, one in enumerate(items(at(document, "spec", "disruption", "budgets"))):
        held = mapping(one)
        if ("schedule" in held) is not ("duration" in held):
            lost = "duration" if "schedule" in held else "schedule"
            yield (
                ("spec", "disruption", "budgets", number),
                f"has no {lost}, without which the other one is refused; add it",
            )


def _requirement(held: Object, path: Path) -> Found:
    operator, values = held.get("operator"), items(held.get("values"))
    if text := _restricted(str(held.get("key"))):
        yield (*path, "key"), text
    if operator == "In" and not values:
        yield (*path, "values"), "must hold a value for operator In; add one"
    elif operator in _COMPARING and (len(values) != 1 or (count(values[0]) is None and "$" not in str(values[0]))):
        yield (*path, "values"), f"must be one whole number for operator {operator}; write one, as in ['8']"
    least = held.get("minValues")
    if operator == "In" and isinstance(least, int) and len(values) < least:
        yield (*path, "minValues"), f"is {least}, and there are {len(values)} values; lower it, or add some"


def _restricted(key: str) -> str:
    domain = key.partition("/")[0]
    if key == _HOST or (domain.endswith(_OWN) and "/" in key and key != _ALLOWED):
        return f"must not name {key}, which Karpenter sets itself; drop it"
    return ""
