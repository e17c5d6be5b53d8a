"""The ConfigMap that a workload reads: the user's, or a copy of KAITO's default.

Source: ``EnsureConfigOrCopyFromDefault`` in ``pkg/utils/resources/resources.go`` of KAITO. The default lies in the
namespace where KAITO is installed; a copy that is there already is used as it is, stale or not.
"""

from collections.abc import Sequence
from copy import deepcopy

from kaitops.documents.plain import MutableObject, Object
from kaitops.kaito.expansion.world import Refused, World
from kaitops.kaito.golang.quote import quote


def ensure(world: World, namespace: str, given: str, default: str, release: Sequence[str]) -> Object:
    """The ConfigMap to use; a missing copy of the default is made.

    Args:
        given: name that the user gave, or nothing.
        default: name of KAITO's own.
        release: namespaces that the chart of the controller may have put it in.

    Raises:
        Refused: the ConfigMap does not exist.
    """
    cluster = world.cluster
    if given:
        found = cluster.get("ConfigMap", namespace, given)
        if found is None:
            raise Refused(f"user specified ConfigMap {given} not found in namespace {namespace}")
        return found
    existing = cluster.get("ConfigMap", namespace, default)
    if existing is None:
        existing = next((made for made in world.objects if _is(made, namespace, default)), None)
    if existing is not None:
        return existing
    source = next((found for each in release if (found := cluster.get("ConfigMap", each, default)) is not None), None)
    if source is None:
        raise Refused(f"failed to get default ConfigMap from template namespace: configmaps {quote(default)} not found")
    copy: MutableObject = deepcopy(dict(source))
    copy["apiVersion"], copy["kind"] = "v1", "ConfigMap"
    metadata = {key: value for key, value in copy["metadata"].items() if key not in ("resourceVersion", "uid")}
    copy["metadata"] = {**metadata, "namespace": namespace}
    world.objects.append(copy)
    return copy


def _is(made: Object, namespace: str, name: str) -> bool:
    metadata = made["metadata"]
    return (made["kind"], metadata.get("namespace"), metadata.get("name")) == ("ConfigMap", namespace, name)
