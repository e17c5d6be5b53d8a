"""What holds between the metrics of a HorizontalPodAutoscaler, and in how fast it may scale."""

from collections.abc import Iterator

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.gate.native.forms import amount

Found = Iterator[tuple[Path, str]]
_PARTS = {
    "Resource": "resource", "ContainerResource": "containerResource", "Pods": "pods", "Object": "object",
    "External": "external",
}  # fmt: skip
_VALUES = {"Utilization": "averageUtilization", "AverageValue": "averageValue", "Value": "value"}
_NAMED = ("pods", "object", "external")
_ASKED = {
    "Resource": ("Utilization", "AverageValue"), "ContainerResource": ("Utilization", "AverageValue"),
    "Pods": ("AverageValue",), "Object": ("Value", "AverageValue"), "External": ("Value", "AverageValue"),
}  # fmt: skip
_LONGEST_WINDOW, _LONGEST_PERIOD = 3600, 1800


def problems(spec: Object) -> Found:
    """What is wrong with metrics and behaviour."""
    for place, one in enumerate(items(spec.get("metrics"))):
        path: Path = ("spec", "metrics", place)
        kind = at(one, "type")
        part = _PARTS.get(kind or "")
        if part is None:
            yield (*path, "type"), f"must be one of {', '.join(_PARTS)}; write one"
            continue
        if any(at(one, other) is not None for other in _PARTS.values() if other != part):
            yield path, f"may have {part} alone; drop the others"
        if at(one, part) is None:
            yield (*path, part), f"is missing, which type {kind} needs; write it"
            continue
        held = mapping(at(one, part))
        if part in _NAMED and not at(held, "metric", "name"):
            yield (*path, part, "metric", "name"), "is missing; name the metric"
        elif part not in _NAMED and not held.get("name"):
            yield (*path, part, "name"), "is missing; name the resource"
        if part == "containerResource" and not held.get("container"):
            yield (*path, part, "container"), "is missing; name the container"
        yield from _target(mapping(held.get("target")), str(kind), (*path, part, "target"))
    for way in ("scaleUp", "scaleDown"):
        if at(spec, "behavior", way) is not None:
            yield from _way(mapping(at(spec, "behavior", way)), ("spec", "behavior", way))


def _target(held: Object, kind: str, path: Path) -> Found:
    wanted = held.get("type")
    if wanted not in _VALUES:
        yield (*path, "type"), f"must be one of {', '.join(_VALUES)}; write one"
        return
    given = [key for key in _VALUES.values() if held.get(key) is not None]
    fitting = [_VALUES[one] for one in _ASKED[kind]]
    if len([key for key in given if key in fitting]) != 1:
        yield path, f"must have one of {', '.join(fitting)}; correct it"
    for key in given:
        size = amount(held[key])
        if size is not None and size <= 0:
            yield (*path, key), "must be more than 0; correct it"


def _way(held: Object, path: Path) -> Found:
    window = held.get("stabilizationWindowSeconds")
    if isinstance(window, int) and not 0 <= window <= _LONGEST_WINDOW:
        yield (*path, "stabilizationWindowSeconds"), f"must be from 0 to {_LONGEST_WINDOW}; correct it"
    share = amount(held.get("tolerance"))
    if share is not None and share < 0:
        yield (*path, "tolerance"), "may not be negative; correct it"
    policies = held.get("policies")
    if policies is not None and not items(policies):
        yield (*path, "policies"), "is empty; name one, or drop it"
    for place, one in enumerate(items(policies)):
        where = (*path, "policies", place)
        if not at(one, "type"):
            yield (*where, "type"), "is missing; write Pods or Percent"
        if isinstance(at(one, "value"), int) and at(one, "value") < 1:
            yield (*where, "value"), "must be 1 or more; correct it"
        seconds = at(one, "periodSeconds")
        if isinstance(seconds, int) and not 1 <= seconds <= _LONGEST_PERIOD:
            yield (*where, "periodSeconds"), f"must be from 1 to {_LONGEST_PERIOD}; correct it"
