"""Layers of a fleet: what an environment says, each of its clusters has unless it says otherwise.

Owns the key and the order: the cluster before its environment, mappings merged, lists replaced.
"""

from typing import Any

from kaitops.documents.plain import Object, mapping, merged

KEY = "environments"


def applied(data: object) -> Any:
    """The fleet with the layers in its clusters; the same object where there are none.

    What does not have the form of a fleet is left as it is, for the check of the form to tell.
    """
    fleet = mapping(data)
    layers, clusters = mapping(fleet.get(KEY)), mapping(fleet.get("clusters"))
    if not layers or not clusters:
        return data
    return {**fleet, "clusters": {name: _cluster(declared, layers) for name, declared in clusters.items()}}


def _cluster(declared: object, layers: Object) -> Any:
    about = mapping(declared)
    environment = about.get("environment")
    layer = mapping(layers.get(environment) if isinstance(environment, str) else None)
    return merged(layer, about) if layer else declared
