"""What pods and containers ask a node for, as the scheduler counts it."""

from fractions import Fraction

from kaitops.documents.plain import Object, items, mapping
from kaitops.gate.native.forms import amount


def requested(spec: Object) -> dict[str, Fraction]:
    """What the scheduler counts for a pod: all its containers, or the largest of those before them."""
    total: dict[str, Fraction] = {}
    for one in items(spec.get("containers")):
        for key, value in of_container(mapping(one)).items():
            total[key] = total.get(key, Fraction(0)) + value
    for one in items(spec.get("initContainers")):
        lasting = mapping(one).get("restartPolicy") == "Always"
        for key, value in of_container(mapping(one)).items():
            total[key] = total.get(key, Fraction(0)) + value if lasting else max(total.get(key, Fraction(0)), value)
    return total


def of_container(container: Object) -> dict[str, Fraction]:
    """Requests of a container; a limit without a request is one."""
    resources = mapping(container.get("resources"))
    held = {**mapping(resources.get("limits")), **mapping(resources.get("requests"))}
    return {key: number for key, value in held.items() if (number := amount(value)) is not None}
