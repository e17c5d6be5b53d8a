"""Objects of Kubernetes itself as its API server judges them: the schema of their kind, then what holds between fields.

The schema is data (``presets/kubernetes.json``), what it cannot say is code: names, data, services, pods, workloads,
and rooms for kinds that few trees have.
"""

from collections.abc import Iterator
from importlib import import_module

from kaitops.documents.plain import Object, Path
from kaitops.gate.native import cluster, data, naming, pods, services, structure, workloads

Found = Iterator[tuple[Path, str]]
_ROOMS = (naming, data, services, pods, workloads, cluster)
# Which room has them; most trees have none of these, and pay nothing for them.
_SELDOM = {
    **dict.fromkeys(("CSIDriver", "PersistentVolume", "StorageClass", "VolumeAttributesClass"), "storage"),
    **dict.fromkeys(("LimitRange", "Node", "ResourceQuota"), "bounds"),
    **dict.fromkeys(("IngressClass", "PriorityClass", "RuntimeClass"), "bounds"),
    **dict.fromkeys(("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"), "admission_policies"),
    "EndpointSlice": "endpoints",
}
_DEFINED = {"Gateway": "gateways", "HTTPRoute": "gateways", "NodePool": "node_pools"}


def is_held(document: Object) -> bool:
    """Whether the schema of the object's kind is held."""
    return structure.name_of(document) is not None


def problems(document: Object) -> Found:
    """What the API server would refuse in an object of a kind that is held: path, and fact with remedy.

    Values of the wrong type are :func:`kaitops.gate.forms.wellformed.problems`; the object has none.
    """
    by_rules = list(_by_rules(document))
    told = {path for path, _ in by_rules}
    for one in structure.problems(document):
        # Of what is missing a rule knows more than the schema.
        if not one.mistyped and not (one.missing and one.path in told):
            yield one.path, one.message
    yield from by_rules


def _by_rules(document: Object) -> Found:
    rooms = _DEFINED
    if structure.is_served(document):
        rooms = _SELDOM
        for room in _ROOMS:
            yield from room.problems(document)
    if seldom := rooms.get(document["kind"]):
        yield from import_module(f"{__name__}.{seldom}").problems(document)
