"""What a label selector takes."""

from kaitops.documents.plain import Object, at, items, mapping

NAMESPACE = "kubernetes.io/metadata.name"
"""The label that Kubernetes gives to each namespace: its name."""


def selects(selector: Object, labels: Object) -> bool:
    """Whether a label selector takes what has these labels."""
    if any(labels.get(key) != value for key, value in mapping(selector.get("matchLabels")).items()):
        return False
    return all(_meets(labels, mapping(one)) for one in items(selector.get("matchExpressions")))


def selects_namespace(selector: Object, name: str, declared: Object | None) -> bool:
    """Whether a label selector takes a namespace: it has its name as a label, and may have any other if undeclared."""
    keys = {*mapping(selector.get("matchLabels"))}
    keys |= {str(mapping(one).get("key")) for one in items(selector.get("matchExpressions"))}
    if declared is None and keys - {NAMESPACE}:
        return True
    return selects(selector, {**mapping(at(declared, "metadata", "labels")), NAMESPACE: name})


def _meets(labels: Object, held: Object) -> bool:
    key, operator, values = held.get("key"), held.get("operator"), items(held.get("values"))
    if operator == "In":
        return labels.get(key or "") in values
    if operator == "NotIn":
        return labels.get(key or "") not in values
    return (key in labels) is (operator == "Exists")
