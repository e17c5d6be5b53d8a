"""What makes KubeFleet run a hub's tree on its member clusters.

Owns the placement alone. The hub holds the objects and runs none of them, so nothing there waits for their health; each
member has KAITO of its own, the hub only its definitions.
"""

from collections.abc import Sequence

from kaitops.documents.plain import MutableObject, Object, items, mapping
from kaitops.errors import BadInput
from kaitops.fleet.kinds.metadata import MANAGED_BY

_API = "placement.kubernetes-fleet.io/v1"


def placement(cluster: str, members: Object, objects: Sequence[Object]) -> MutableObject:
    """A placement of all namespaces of the tree, with what is in them, and of its objects without namespace.

    Raises:
        BadInput: both or none of names and labels are given.
    """
    names, labels = items(members.get("names")), mapping(members.get("labels"))
    if bool(names) == bool(labels):
        raise BadInput(
            f"clusters.{cluster}.members: {'has names and labels' if names else 'is empty'}, so it is not said where "
            "the tree runs; give either names or labels"
        )
    if names:
        policy: MutableObject = {"placementType": "PickFixed", "clusterNames": sorted(map(str, names))}
    else:
        terms = [{"labelSelector": {"matchLabels": dict(sorted(labels.items()))}}]
        needed = {"requiredDuringSchedulingIgnoredDuringExecution": {"clusterSelectorTerms": terms}}
        policy = {"placementType": "PickAll", "affinity": {"clusterAffinity": needed}}
    spec = {
        "resourceSelectors": _selectors(objects),
        "policy": policy,
        "strategy": {"type": "RollingUpdate", "applyStrategy": {"type": "ServerSideApply"}},
    }
    metadata = {"name": cluster, "labels": dict(MANAGED_BY)}
    return {"apiVersion": _API, "kind": "ClusterResourcePlacement", "metadata": metadata, "spec": spec}


def _selectors(objects: Sequence[Object]) -> list[dict[str, str]]:
    found: set[tuple[str, str, str, str]] = set()
    for each in objects:
        space = each["metadata"].get("namespace")
        if space:
            found.add(("", "v1", "Namespace", str(space)))
            continue
        group, _, version = str(each["apiVersion"]).rpartition("/")
        found.add((group, version, str(each["kind"]), str(each["metadata"]["name"])))
    return [
        {"group": group, "version": version, "kind": kind, "name": name} for group, version, kind, name in sorted(found)
    ]
