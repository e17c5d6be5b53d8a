"""Nodes: NodePools, NodeClaims and what is there already."""

from hashlib import sha256
from typing import Any

import pytest

from tests.kaito.expansion_cases import CLAIMS, KARPENTER, expand, node, one, workspace


def _sized(name: str, **labels: str) -> dict[str, Any]:
    document = node(name)
    document["metadata"]["labels"] |= {"node.kubernetes.io/instance-type": "Standard_NC24ads_A100_v4", **labels}
    return document


def test_long_pool_names_end_in_a_hash() -> None:
    fits = expand(workspace(name="w" * 56, namespace="models"))
    assert one(fits, "NodePool")["metadata"]["name"] == f"models-{'w' * 56}"
    full = f"models-{'w' * 57}"
    cut = one(expand(workspace(name="w" * 57, namespace="models")), "NodePool")["metadata"]["name"]
    assert cut == f"{full[:53]}-{sha256(full.encode()).hexdigest()[:9]}" and len(cut) == 63


def test_own_nodes_of_the_size_need_no_pool() -> None:
    kinds = [made["kind"] for made in expand(_sized("a"), workspace()).objects]
    assert "NodePool" not in kinds and "StatefulSet" in kinds
    three = workspace("llama-3.3-70b-instruct")
    assert one(expand(_sized("a"), three), "NodePool")["spec"]["replicas"] == 2
    other = {"karpenter.kaito.sh/workspace-name": "another"}
    assert one(expand(_sized("a", **other), three), "NodePool")["spec"]["replicas"] == 3


def test_claims_of_the_earlier_provisioner_count() -> None:
    labels = {"kaito.sh/workspace": "ws", "kaito.sh/workspacenamespace": "models"}
    claim = {"kind": "NodeClaim", "metadata": {"name": "ws1", "labels": labels}}
    three = workspace("llama-3.3-70b-instruct")
    assert one(expand(claim, three), "NodePool")["spec"]["replicas"] == 2
    assert expand(claim, three, settings=CLAIMS).node_claim_count == 2
    assert expand(_sized("a", **labels), claim, three, settings=CLAIMS).node_claim_count == 1
    managed = _sized("a", **labels, **{"karpenter.sh/nodepool": "kaito"})
    assert expand(managed, claim, three, settings=CLAIMS).node_claim_count == 2


@pytest.mark.parametrize(
    ("annotation", "flag", "family"),
    [
        (None, None, "ubuntu"),
        (" AzureLinux ", None, "azurelinux"),
        (None, "azurelinux", "azurelinux"),
        ("windows", "azurelinux", "azurelinux"),
        ("ubuntu", "azurelinux", "ubuntu"),
    ],
)
def test_image_family(annotation: str | None, flag: str | None, family: str) -> None:
    annotations = {"kaito.sh/node-image-family": annotation} if annotation else {}
    settings = {**CLAIMS, "default-node-image-family": flag} if flag else CLAIMS
    made = one(expand(workspace(annotations=annotations), settings=settings), "NodeClaim")
    assert made["metadata"]["annotations"]["kaito.sh/node-image-family"] == family


def test_node_classes() -> None:
    settings = {**KARPENTER, "nodeClasses": ["fast", "slow"]}
    made = one(expand(workspace(), settings=settings), "NodePool")
    assert made["spec"]["template"]["spec"]["nodeClassRef"]["name"] == "fast"
    chosen = expand(workspace(annotations={"kaito.sh/node-class-name": "slow"}), settings=settings)
    assert one(chosen, "NodePool")["spec"]["template"]["spec"]["nodeClassRef"]["name"] == "slow"
    refused = expand(workspace(annotations={"kaito.sh/node-class-name": "gold"}), settings=settings)
    assert refused.errors[0].endswith("choose one of the KAITO-managed NodeClasses [fast slow]")
    assert refused.objects == []
    flags = {"karpenter-node-class-group": "karpenter.example.com", "karpenter-node-class-kind": "MyClass"}
    own = one(expand(workspace(), settings={**KARPENTER, **flags}), "NodePool")["spec"]["template"]["spec"]
    assert own["nodeClassRef"]["kind"] == "MyClass" and len(own["requirements"]) == 1


def test_reserved_labels_are_left_out() -> None:
    selector = {"matchLabels": {"kaito.sh/workspace": "theirs", "pool": "a"}}
    made = one(expand(workspace(resource={"labelSelector": selector})), "NodePool")
    labels = made["spec"]["template"]["metadata"]["labels"]
    assert labels["pool"] == "a" and "kaito.sh/workspace" not in labels
