"""A hub's tree: where it runs, and that nobody waits on the hub for what runs elsewhere."""

from typing import Any

import pytest

from kaitops.errors import BadInput
from tests.gitops.trees import cluster, fleet, objects, one, rendered


def test_namespaces_and_cluster_wide_objects_are_placed() -> None:
    tree = rendered(fleet({"hub": cluster("flux", members={"names": ["b", "a"]})}), "plain")
    spec = one(tree, "hub/placement", "ClusterResourcePlacement", "hub")["spec"]
    placed = [(each["kind"], each["name"]) for each in spec["resourceSelectors"]]
    assert placed == [("Namespace", "models"), ("NodePool", "models-phi")]
    assert spec["policy"] == {"placementType": "PickFixed", "clusterNames": ["a", "b"]}


def test_members_by_label_are_all_picked() -> None:
    tree = rendered(fleet({"hub": cluster("argocd", members={"labels": {"gpu": "yes"}})}))
    policy = one(tree, "hub/placement", "ClusterResourcePlacement", "hub")["spec"]["policy"]
    assert policy["placementType"] == "PickAll"
    assert "{'gpu': 'yes'}" in str(policy["affinity"])
    waves = {
        each["metadata"]["name"]: each["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"]
        for each in objects(tree, "hub/gitops")
    }
    assert waves == {"hub-namespaces": "-2", "hub-placement": "-1", "hub-configs": "1", "hub-workloads": "2"}


def test_the_hub_has_no_controllers_and_does_not_wait_for_models() -> None:
    tree = rendered(fleet({"hub": cluster("flux", members={"names": ["a"]})}))
    assert not objects(tree, "hub/operator")
    workloads = one(tree, "hub/gitops", "Kustomization", "hub-workloads")["spec"]
    assert workloads["wait"] is False
    assert "healthCheckExprs" not in workloads
    assert workloads["dependsOn"] == [{"name": "hub-configs"}]
    assert one(tree, "hub/gitops", "Kustomization", "hub-placement")["spec"]["dependsOn"] == [
        {"name": "hub-namespaces"}
    ]


@pytest.mark.parametrize(
    ("members", "text"), [({}, "is empty"), ({"names": ["a"], "labels": {"a": "b"}}, "has names and labels")]
)
def test_where_it_runs_is_said_once(members: dict[str, Any], text: str) -> None:
    with pytest.raises(BadInput, match=f"clusters.hub.members: {text}"):
        rendered(fleet({"hub": cluster("flux", members=members)}))
