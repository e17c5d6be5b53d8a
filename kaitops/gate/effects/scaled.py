"""How many replicas the scalers of a tree keep at the least: as many pods as are there where no number is declared."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from kaitops.documents.plain import Object, at, count, mapping
from kaitops.documents.ref import namespace_of
from kaitops.gate.objects import Item
from kaitops.kaito.autoscaling import AUTO, LEAST

if TYPE_CHECKING:
    from kaitops.gate.effects.made import Pod

SCALERS = {
    "ScaledObject": ("minReplicaCount", "maxReplicaCount", 0, 100),
    "HorizontalPodAutoscaler": ("minReplicas", "maxReplicas", 1, None),
}
"""The fields of the fewest and the most replicas, and what counts where they are not said."""
_Target = tuple[str, str, str]


def target(document: Object) -> tuple[str, str]:
    """Kind and name of what a scaler scales."""
    held = mapping(at(document, "spec", "scaleTargetRef"))
    return str(held.get("kind") or "Deployment"), str(held.get("name") or "")


def kept(pods: Iterable["Pod"], tree: Iterable[Item]) -> Iterator["Pod"]:
    """The pods, of which there are as many as scalers keep."""
    fewest = _fewest(tree)
    for pod in pods:
        data = pod.item.data
        least = fewest.get((data["kind"], pod.namespace, data["metadata"]["name"]), 1)
        is_declared = at(data, "spec", "replicas") is not None
        yield pod if least < 2 or is_declared else pod._replace(replicas=pod.replicas * least)


def _fewest(tree: Iterable[Item]) -> Mapping[_Target, int]:
    found: dict[_Target, int] = {}
    for item in tree:
        data, space = item.data, namespace_of(item.data)
        if data["kind"] in SCALERS:
            least = at(data, "spec", SCALERS[data["kind"]][0])
            found[(target(data)[0], space, target(data)[1])] = least if isinstance(least, int) else 1
        elif data["kind"] == "InferenceSet" and at(data, "metadata", "annotations", AUTO) == "true":
            least = count(str(at(data, "metadata", "annotations", LEAST) or ""))
            found[("InferenceSet", space, data["metadata"]["name"])] = least or 1
    return found
