"""How many machines a workload takes, of which size, and which brought nodes fit. Pure."""

from kaitops.documents.plain import Object, at, mapping
from kaitops.kaito import anatomy
from kaitops.kaito.kubernetes import quantity
from kaitops.live.snapshot import labels_of
from kaitops.live.view import GPU, View

TAKEN_BACK = ": the cloud takes a spot machine back"
_PARTS = "nvidia.com/mig-"


def wanted(view: View) -> int:
    """How many machines it takes, as far as known."""
    count = at(view.obj, "status", "targetNodeCount")
    if isinstance(count, int):
        return count
    if view.children:
        return sum(wanted(one) for one in view.children)
    replicas = at(view.controller, "spec", "replicas")
    return replicas if isinstance(replicas, int) else 1


def size(view: View) -> str:
    """The machine size that it asks for or runs on, empty where nothing names one."""
    for _, named in anatomy.machines(view.obj):
        return named
    for node in view.nodes:
        if found := labels_of(node).get("node.kubernetes.io/instance-type"):
            return str(found)
    return ""


def gpus(node: Object) -> int:
    """The GPUs that a node announces, parts of some (MIG) among them."""
    offered = mapping(at(node, "status", "capacity"))
    counts = (quantity.read(found) for key, found in offered.items() if key == GPU or key.startswith(_PARTS))
    return sum(int(one) for one in counts if one is not None)


def selector(view: View) -> Object:
    """The labels that it asks of nodes."""
    path = anatomy.SELECTORS.get(str(view.obj.get("kind")))
    return mapping(at(view.obj, *path, "matchLabels")) if path else {}


def fitting(view: View) -> list[Object]:
    """The nodes that have these labels."""
    asked = selector(view)
    return [one for one in view.snapshot.of("Node") if asked and asked.items() <= labels_of(one).items()]
