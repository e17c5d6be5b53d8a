"""NodeClaims for the Azure GPU provisioner, of a Workspace or a RAGEngine.

Source: ``pkg/workspace/resource/node_claim.go`` and ``pkg/utils/nodeclaim/nodeclaim.go`` of KAITO. KAITO names a claim
after the clock; here the name is ``ws-<owner>-<n>``. Claims of one owner differ in nothing else, so only the first is
kept, with their number.
"""

from collections.abc import Mapping

from kaitops.documents.plain import MutableObject, Object
from kaitops.kaito.expansion.declared import LABEL_WORKSPACE, LABEL_WORKSPACE_NAMESPACE, Workspace
from kaitops.kaito.expansion.world import World, part
from kaitops.kaito.kubernetes.amount import canonical
from kaitops.kaito.kubernetes.cluster import is_ready

_POOL = "karpenter.sh/nodepool"
_IMAGE_FAMILY = "kaito.sh/node-image-family"
_RAG = "kaito.sh/ragengine"
_RAG_NAMESPACE = "kaito.sh/ragenginenamespace"
_INSTANCE_TYPE = "node.kubernetes.io/instance-type"


def make_for_workspace(world: World, workspace: Workspace) -> None:
    """Claim the nodes that are neither there nor claimed already."""
    identity = {LABEL_WORKSPACE: workspace.name, LABEL_WORKSPACE_NAMESPACE: workspace.namespace}
    nodes = world.cluster.nodes({**workspace.match_labels, **identity})
    unclaimed = sum(_POOL not in _labels(node) for node in nodes if is_ready(node))
    missing = max(0, workspace.nodes - unclaimed) - _existing(world, identity)
    default_family = _family(world, world.settings.extra.get("default-node-image-family"))
    _make(
        world,
        missing,
        identity,
        workspace.annotations,
        default_family or "ubuntu",
        workspace.instance_type,
        workspace.match_labels,
        _disk(world, workspace),
    )


def make_for_rag(
    world: World, name: str, namespace: str, annotations: Mapping[str, str], instance_type: str, labels: dict[str, str]
) -> None:
    """Claim the one node of a RAGEngine, unless one of its size is ready."""
    for node in world.cluster.nodes(labels):
        if is_ready(node) and _labels(node).get(_INSTANCE_TYPE, "").lower() == instance_type.lower():
            return
    identity = {_RAG: name, _RAG_NAMESPACE: namespace}
    missing = 1 - _existing(world, identity)
    disk = world.controller["node_disk"]["rag"]
    _make(world, missing, identity, annotations, "ubuntu", instance_type, labels, disk)


def _make(
    world: World,
    count: int,
    identity: Mapping[str, str],
    annotations: Mapping[str, str],
    default_family: str,
    instance_type: str,
    labels: Mapping[str, str],
    disk: str,
) -> None:
    if count <= 0:
        return
    name, namespace = identity.values()
    if not world.node_claims:
        cloud = world.settings.cloud
        family = _family(world, annotations.get(_IMAGE_FAMILY)) or default_family
        node_class = world.controller["node_claim_class"].get(cloud) or {"group": "", "kind": ""}
        claim = {
            "apiVersion": "karpenter.sh/v1",
            "kind": "NodeClaim",
            "metadata": {
                "annotations": {_IMAGE_FAMILY: family, "karpenter.sh/do-not-disrupt": "true"},
                "labels": {_POOL: "kaito", **identity, **labels},
                "name": f"ws-{name}-0",
                "namespace": namespace,
            },
            "spec": {
                "expireAfter": "Never",
                "nodeClassRef": {**node_class, "name": "default"},
                "requirements": _requirements(cloud, instance_type),
                "resources": {"requests": {"storage": canonical(disk)}},
                "taints": [{"effect": "NoSchedule", "key": "sku", "value": "gpu"}],
            },
        }
        world.node_claims.append(claim)
    world.node_claim_count += count


def _requirements(cloud: str, instance_type: str) -> list[MutableObject]:
    requirements = [
        _requirement(_POOL, "kaito"),
        _requirement(_INSTANCE_TYPE, instance_type),
        _requirement("kubernetes.io/os", "linux"),
    ]
    if cloud == "azure":
        requirements.append(_requirement("karpenter.azure.com/sku-name", instance_type))
    elif cloud == "aws":
        requirements.append({"key": "karpenter.k8s.aws/instance-gpu-count", "operator": "Gt", "values": ["0"]})
    return requirements


def _requirement(key: str, value: str) -> MutableObject:
    return {"key": key, "operator": "In", "values": [value]}


def _disk(world: World, workspace: Workspace) -> str:
    preset = world.release.catalogue.find(workspace.preset_name) if workspace.preset_name else None
    return preset.disk if preset is not None else world.controller["node_disk"]["default"]


def _existing(world: World, identity: Mapping[str, str]) -> int:
    claims = world.cluster.of_kind("NodeClaim")
    return sum(all(_labels(claim).get(key) == value for key, value in identity.items()) for claim in claims)


def _family(world: World, value: str | None) -> str | None:
    normal = (value or "").strip().lower()
    return normal if normal in world.controller["node_image_families"] else None


def _labels(document: Object) -> Mapping[str, str]:
    return part(document, "metadata", "labels")
