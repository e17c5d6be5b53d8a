"""Charts of others beside KAITO's: which images they run, and how a registry of one's own is told to them.

Owns the reading of what ``charts.json`` knows of such a chart. Of a chart that it knows nothing of, no image can be
named and none moved: the fleet has to say where they lie.
"""

from collections.abc import Iterator
from typing import Any

from kaitops.documents.plain import MutableObject, Object, at, items, mapping, merged, nested
from kaitops.errors import BadInput

KEYS = ("keda", "gpuOperator", "gatewayApi")
_REGISTRY = "registry"


def values_of(place: str, addon: Object, known: Object, registry: str) -> MutableObject:
    """The values of an addon's chart, its images moved to the cluster's registry where it has one.

    Args:
        place: of the addon in the fleet, for errors.
        known: what is known of the chart.
        registry: the cluster's own; empty where it has none.

    Raises:
        BadInput: the images would stay where they are published, and the fleet does not say that this is meant.
    """
    own = mapping(addon.get("values"))
    if not registry:
        return dict(own)
    facts = _images(addon, known)
    if not facts:
        if "values" not in addon:
            raise BadInput(
                f"{place}.values: is not said, and which images this chart runs follows its version, so they cannot "
                f"be moved to the cluster's registry {registry} and would be pulled from where they are published; "
                "write the chart's own values that move them, or {} where the nodes reach them by a mirror"
            )
        return dict(own)
    moved: MutableObject = {}
    for one in facts:
        moved = merged(moved, nested(one["value"].split("."), {_REGISTRY: registry, "tag": addon["version"]}))
    moved = merged(moved, nested(known["registry_value"].split("."), registry))
    return merged(moved, own)


def images_of(key: str, chart: Any, known: Object) -> Iterator[tuple[str, str, str]]:
    """The images that a chart of an addon runs with its values: name, where it is published, what it is for."""
    about = mapping(known["charts"].get(key))
    everywhere = at(chart.values, *about["registry_value"].split(".")) if "registry_value" in about else None
    for one in _images({"chart": chart.chart}, about):
        said = mapping(at(chart.values, *one["value"].split(".")))
        registry = everywhere or said.get(_REGISTRY) or one[_REGISTRY]
        name = f"{said.get('repository') or one['repository']}:{said.get('tag') or chart.version}"
        published = f"{one[_REGISTRY]}/{one['repository']}:{said.get('tag') or chart.version}"
        yield f"{registry}/{name}", published, one["role"]


def is_listed(chart: Any, known: Object) -> bool:
    """The images of the chart are known."""
    return bool(_images({"chart": chart.chart}, mapping(known["charts"].get(chart.key))))


def _images(addon: Object, known: Object) -> list[Any]:
    same = addon.get("chart") in (None, known.get("chart"))
    return items(known.get("images")) if same else []
