"""The Karpenter NodePool of a Workspace.

Source: ``pkg/nodeprovision/karpenter`` of KAITO. Nodes that are there already are counted; an existing pool is left
alone.
"""

from collections.abc import Mapping

from kaitops.documents.plain import MutableObject
from kaitops.kaito.expansion.declared import (
    LABEL_SET,
    LABEL_WORKSPACE,
    LABEL_WORKSPACE_NAMESPACE,
    Workspace,
)
from kaitops.kaito.expansion.world import Refused, World, part
from kaitops.kaito.golang.quote import quote
from kaitops.kaito.kubernetes.cluster import is_ready

NAME_KEY = "karpenter.kaito.sh/workspace-name"
NAMESPACE_KEY = "karpenter.kaito.sh/workspace-namespace"
_SET_KEY = "karpenter.kaito.sh/inferenceset"
_SET_NAMESPACE_KEY = "karpenter.kaito.sh/inferenceset-namespace"
_NODE_CLASS = "kaito.sh/node-class-name"


def make(world: World, workspace: Workspace) -> None:
    """Ask for as many nodes as are missing; no pool where none is.

    Raises:
        Refused: the annotation names a NodeClass that KAITO does not manage.
    """
    node_class = _node_class(world, workspace)
    replicas = workspace.nodes - _covered(world, workspace)
    if replicas > 0:
        world.make(_pool(workspace, node_class, replicas, pool_name(world, workspace)))


def pool_name(world: World, workspace: Workspace) -> str:
    """``<namespace>-<name>``; what is too long for a label is cut and made unique by a hash."""
    full, limits = f"{workspace.namespace}-{workspace.name}", world.controller["node_pool_name"]
    if len(full) <= limits["longest"]:
        return full
    from hashlib import sha256

    return f"{full[: limits['longest'] - 1 - limits['hash']]}-{sha256(full.encode()).hexdigest()[: limits['hash']]}"


def _node_class(world: World, workspace: Workspace) -> Mapping[str, str]:
    settings = world.settings
    known = world.controller["node_classes"]
    kind = known.get(settings.cloud) or known["azure"]
    names = list(settings.node_classes or kind["names"])
    chosen = workspace.annotations.get(_NODE_CLASS) or names[0]
    if chosen not in names:
        raise Refused(
            f"annotation {_NODE_CLASS}={quote(chosen)} is not permitted: choose one of the KAITO-managed "
            f"NodeClasses [{' '.join(names)}]"
        )
    extra = settings.extra
    return {
        "group": extra.get("karpenter-node-class-group", kind["group"]),
        "kind": extra.get("karpenter-node-class-kind", kind["kind"]),
        "name": chosen,
    }


def _covered(world: World, workspace: Workspace) -> int:
    """Nodes that Karpenter need not make: the user's own, and claims of the earlier provisioner."""
    cluster = world.cluster
    if not len(cluster) or workspace.resource.get("labelSelector") is None:
        return 0
    own = 0
    for node in cluster.nodes(workspace.match_labels):
        labels = part(node, "metadata", "labels")
        provisioned = NAME_KEY in labels or LABEL_WORKSPACE in labels
        right_size = (labels.get("node.kubernetes.io/instance-type") or "") == workspace.instance_type
        own += is_ready(node) and right_size and not provisioned
    identity = {LABEL_WORKSPACE: workspace.name, LABEL_WORKSPACE_NAMESPACE: workspace.namespace}
    return own + sum(
        all(part(claim, "metadata", "labels").get(key) == value for key, value in identity.items())
        and not part(claim, "metadata").get("deletionTimestamp")
        for claim in cluster.of_kind("NodeClaim")
    )


def _pool(workspace: Workspace, node_class: Mapping[str, str], replicas: int, name: str) -> MutableObject:
    identity = {NAME_KEY: workspace.name, NAMESPACE_KEY: workspace.namespace}
    created_by = workspace.labels.get(LABEL_SET)
    of_set: dict[str, str] = {}
    if created_by is not None:
        of_set = {_SET_KEY: created_by, _SET_NAMESPACE_KEY: workspace.namespace}
    requirements = [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": [workspace.instance_type]}]
    if node_class["group"] == "karpenter.azure.com":
        requirements.append({"key": "karpenter.azure.com/placement-scope", "operator": "In", "values": ["regional"]})
    # Replicas of a set are renewed one after the other by KAITO itself, so Karpenter may disrupt none of them.
    budget = {"nodes": "1" if created_by is None else "0", "reasons": ["Drifted"]}
    return {
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodePool",
        "metadata": {"labels": {"karpenter.kaito.sh/managed-by": "kaito", **identity, **of_set}, "name": name},
        "spec": {
            "disruption": {"budgets": [budget], "consolidateAfter": "0s"},
            "replicas": replicas,
            "template": {
                "metadata": {"labels": {**identity, **workspace.match_labels, **of_set}},
                "spec": {
                    "expireAfter": "Never",
                    "nodeClassRef": dict(node_class),
                    "requirements": requirements,
                    "taints": [{"effect": "NoSchedule", "key": "sku", "value": "gpu"}],
                },
            },
        },
    }
