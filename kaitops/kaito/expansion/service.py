"""The two Services of a Workspace.

Source: ``pkg/workspace/manifests/manifests.go`` of KAITO. Only the first pod serves; the headless Service gives pods
their names for finding each other.
"""

from collections.abc import Mapping

from kaitops.documents.plain import MutableObject
from kaitops.kaito.expansion.declared import LABEL_WORKSPACE, Workspace
from kaitops.kaito.expansion.world import World, owner


def serving(world: World, workspace: Workspace) -> MutableObject:
    """The Service that clients call; a load balancer only where the annotation says exactly ``True``."""
    ports, name = world.controller["ports"], workspace.name
    balanced = is_balanced(workspace.annotations)
    listed = [
        port("http", ports["service"], ports["inference"]),
        port("ray", ports["ray"]),
        port("dashboard", ports["dashboard"]),
    ]
    if workspace.vllm and not balanced:
        listed.append(port("kv-events", ports["kv_events"]))
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": name,
            "namespace": workspace.namespace,
            "ownerReferences": owner("Workspace", name),
        },
        "spec": {
            "ports": listed,
            "publishNotReadyAddresses": True,
            "selector": {LABEL_WORKSPACE: name, "statefulset.kubernetes.io/pod-name": f"{name}-0"},
            "type": "LoadBalancer" if balanced else "ClusterIP",
        },
    }


def headless(workspace: Workspace) -> MutableObject:
    """The Service that gives each pod a DNS name."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": f"{workspace.name}-headless",
            "namespace": workspace.namespace,
            "ownerReferences": owner("Workspace", workspace.name),
        },
        "spec": {
            "clusterIP": "None",
            "publishNotReadyAddresses": True,
            "selector": {LABEL_WORKSPACE: workspace.name},
        },
    }


def is_balanced(annotations: Mapping[str, str]) -> bool:
    """The Service asks the cloud for a load balancer."""
    return annotations.get("kaito.sh/enablelb") == "True"


def port(name: str, number: int, target: int | None = None) -> MutableObject:
    """A TCP port; the target is the same number unless given."""
    return {"name": name, "port": number, "protocol": "TCP", "targetPort": target or number}
