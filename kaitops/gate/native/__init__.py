"""Objects of Kubernetes itself as its API server judges them: the schema of their kind, then what holds between fields.

The schema is data (``presets/kubernetes.json``), what it cannot say is code: names, data, services, endpoints, pods,
workloads.
"""

from collections.abc import Iterator

from kaitops.documents.plain import Object, Path
from kaitops.gate.native import cluster, data, endpoints, naming, pods, services, structure, workloads

Found = Iterator[tuple[Path, str]]
_ROOMS = (naming, data, services, endpoints, pods, workloads, cluster)


def is_held(document: Object) -> bool:
    """Whether the schema of the object's kind is held."""
    return structure.name_of(document) is not None


def problems(document: Object) -> Found:
    """What the API server would refuse in an object of a kind that is held: path, and fact with remedy.

    Values of the wrong type are :func:`kaitops.gate.forms.wellformed.problems`; the object has none.
    """
    for one in structure.problems(document):
        if not one.mistyped:
            yield one.path, one.message
    if structure.is_served(document):
        for room in _ROOMS:
            yield from room.problems(document)
