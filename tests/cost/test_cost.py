"""Machines, money, budgets and retirements."""

from datetime import date
from typing import Any

import pytest

from kaitops.cost import Budget, Cluster, difference, findings, machines
from kaitops.cost.retirement import retirement
from kaitops.errors import BadInput
from kaitops.kaito import Release
from kaitops.prices import price
from tests.change.test_compare import CONFIG, WORKSPACE, edited
from tests.version import KAITO

RELEASE = Release.load(KAITO)
TODAY = date(2025, 11, 1)
KARPENTER = {"cloud": "azure", "nodeProvisioner": "karpenter"}
A100 = "Standard_NC24ads_A100_v4"
SET: dict[str, Any] = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "InferenceSet",
    "metadata": {"name": "s", "namespace": "models"},
    "spec": {
        "replicas": 3,
        "labelSelector": {"matchLabels": {"a": "b"}},
        "template": {
            "resource": {"instanceType": A100},
            "inference": {"preset": {"name": "llama-3.3-70b-instruct"}},
        },
    },
}


def cluster(*objects: dict[str, Any], region: str | None = "westeurope", **given: Any) -> Cluster:
    return Cluster("west", objects, {**KARPENTER, **given.pop("settings", {})}, region, **given)


@pytest.mark.parametrize("provisioner", ["karpenter", "azure-gpu-provisioner"])
def test_machines_follow_the_estimate(provisioner: str) -> None:
    settings = {"nodeProvisioner": provisioner}
    (one,) = machines(cluster(SET, settings=settings), RELEASE)
    each = RELEASE.node_estimate(cloud="azure", preset="llama-3.3-70b-instruct", sku=A100)
    assert each > 1
    assert (one.size, one.nodes, one.gpus) == (A100, 3 * each, 3 * each)
    told = price("azure", A100, "westeurope")
    assert told is not None
    assert one.per_hour == pytest.approx(told.on_demand * 3 * each)


def test_roles_engines_and_pools() -> None:
    roles = [
        {"type": "prefill", "replicas": 1, "instanceType": "Standard_NC40ads_H100_v5"},
        {"type": "decode", "replicas": 2, "instanceType": A100},
    ]
    split = {
        "apiVersion": "kaito.sh/v1alpha1", "kind": "MultiRoleInference", "metadata": {"name": "m", "namespace": "models"},
        "spec": {"labelSelector": {"matchLabels": {"a": "b"}}, "model": {"name": "phi-4"}, "roles": roles},
    }  # fmt: skip
    engine = {
        "apiVersion": "kaito.sh/v1beta1", "kind": "RAGEngine", "metadata": {"name": "r", "namespace": "models"},
        "spec": {"compute": {"instanceType": "Standard_NV36ads_A10_v5"}},
    }  # fmt: skip
    pool = {
        "apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": {"name": "p"},
        "spec": {"replicas": 4, "template": {"spec": {"requirements": [
            {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": [A100]}]}}},
    }  # fmt: skip
    here = cluster(split, engine, pool, settings={"featureGates": {"enableMultiRoleInferenceController": True}})
    found = {(one.document["kind"], one.size): one.nodes for one in machines(here, RELEASE)}
    assert found == {
        ("MultiRoleInference", "Standard_NC40ads_H100_v5"): 1,
        ("MultiRoleInference", A100): 2,
        ("RAGEngine", "Standard_NV36ads_A10_v5"): 1,
        ("NodePool", A100): 4,
    }


def test_what_nothing_reconciles_has_no_machines_and_says_so() -> None:
    split = {"apiVersion": "kaito.sh/v1alpha1", "kind": "MultiRoleInference", "metadata": {"name": "m"}, "spec": {}}
    (one,) = machines(cluster(split), RELEASE)
    assert one.nodes == 0
    assert "not known" in one.problem


def test_a_set_without_replicas_has_no_machines() -> None:
    assert machines(cluster(edited(SET, "spec", "replicas", to=0)), RELEASE) == []


def test_a_rendered_workload_is_not_counted_beside_its_pool() -> None:
    made = RELEASE.expand([CONFIG, WORKSPACE], KARPENTER).objects
    assert {each["kind"] for each in made} >= {"NodePool", "StatefulSet"}
    assert [one.nodes for one in machines(cluster(*made), RELEASE)] == [1]


def test_difference_and_its_sums() -> None:
    head = edited(SET, "spec", "replicas", to=1)
    made = difference([cluster(SET)], [cluster(head, WORKSPACE, CONFIG)], RELEASE)
    told = price("azure", A100, "westeurope")
    assert told is not None
    each = RELEASE.node_estimate(cloud="azure", preset="llama-3.3-70b-instruct", sku=A100)
    assert (made.total.before.nodes, made.total.after.nodes) == (3 * each, each + 1)
    assert made.total.after.per_month == pytest.approx(told.on_demand * made.total.after.nodes * 730)
    assert made.clusters[0].after == made.total.after
    assert "(-" in made.markdown()
    assert made.as_dict()["total"]["usd_per_hour_after"] == pytest.approx(
        told.on_demand * made.total.after.nodes, rel=1e-3
    )


def test_a_missing_price_is_said_and_never_zero() -> None:
    for place in (None, "nowhere"):
        made = difference([], [cluster(WORKSPACE, CONFIG, region=place)], RELEASE)
        assert made.total.after.unpriced == 1
        assert made.total.as_row()["usd_per_hour_after"] is None
        assert ("no price is known" if place else "no region is known") in made.notes[0]
        assert "unknown" in made.markdown()
        found = findings([cluster(WORKSPACE, CONFIG, region=place)], RELEASE, today=TODAY, budget=Budget(total=10.0))
        assert {(one.check, one.severity) for one in found} == {("price-missing", "warning"), ("budget", "warning")}


def test_a_region_that_is_not_known_is_said_once() -> None:
    """Whoever judges somebody's folder gets one line of it, not one for each object."""
    many = [edited(WORKSPACE, "metadata", "name", to=f"phi-{number}") for number in range(5)]
    many[0] = edited(many[0], "resource", "instanceType", to="Standard_NC96ads_A100_v4")
    apart = [cluster(*many, CONFIG, region=None)]
    (note,) = difference([], apart, RELEASE).notes
    assert note.startswith(
        "cluster west: no region is known: name it by --region; so the sums leave 5 nodes out: Workspace "
    )
    (found,) = findings(apart, RELEASE, today=TODAY)
    assert "so the 5 machines are in no sum; name it in kaitops-context.yaml or with --region" in found.message


def test_what_has_no_price_is_said_once_a_size() -> None:
    many = [edited(WORKSPACE, "metadata", "name", to=f"phi-{number}") for number in range(5)]
    made = difference([], [cluster(*many, CONFIG, region="nowhere")], RELEASE)
    (note,) = made.notes
    assert note.startswith("cluster west: no price is known for Standard_NC24ads_A100_v4 in nowhere; ")
    assert "so the sums leave 5 nodes out: Workspace " in note
    assert note.endswith(" and 4 others")


def test_budget_by_cluster_and_in_total() -> None:
    found = findings(
        [cluster(SET)], RELEASE, today=TODAY, budget=Budget.from_dict({"clusters": {"west": 10}, "total": 20})
    )
    over = [one for one in found if one.check == "budget"]
    assert [(one.severity, one.cluster) for one in over] == [("error", "west"), ("error", "")]
    assert "over the budget of 10" in over[0].message
    assert not [
        one for one in findings([cluster(SET)], RELEASE, today=TODAY, budget=Budget(total=1e9)) if one.check == "budget"
    ]


def test_a_limit_of_a_cluster_that_is_not_there_is_told() -> None:
    def told(*clusters: str) -> list[tuple[str, str, str]]:
        budget = Budget.from_dict({"clusters": dict.fromkeys(clusters, 1e9)})
        found = findings([cluster(SET)], RELEASE, today=TODAY, budget=budget)
        return [(one.severity, one.cluster, one.message) for one in found if one.check == "budget"]

    assert told("west") == []
    ((severity, name, message),) = told("wset")
    assert (severity, name) == ("error", "west")
    assert message.startswith(
        "the budget's clusters.wset is the limit of no cluster that is judged, so nothing is held to"
    )
    assert "write west if that is meant" in message
    # The limit of another tree, which a run over one cluster does not see, is no slip.
    for names in (("west", "wset"), ("prod-neu",)):
        ((severity, _, message),) = told(*names)
        assert severity == "note" and "which are west, so nothing is held" in message


@pytest.mark.parametrize("document", [{"totl": 1}, {"total": "much"}, {"total": -1}, {"clusters": {"a": True}}])
def test_a_budget_that_would_hold_nobody_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        Budget.from_dict(document)


@pytest.mark.parametrize(("today", "old"), [(date(2026, 1, 6), False), (date(2026, 1, 7), True)])
def test_prices_age_after_ninety_days(today: date, old: bool) -> None:
    found = findings([cluster(WORKSPACE, CONFIG)], RELEASE, today=today)
    assert [one.check for one in found] == (["price-age"] if old else [])


@pytest.mark.parametrize(
    ("size", "today", "severity"),
    [
        ("Standard_NC6s_v3", date(2025, 11, 1), "error"),
        ("Standard_NV12s_v3", date(2026, 4, 3), "warning"),
        ("Standard_NV12s_v3", date(2026, 4, 2), None),
        ("Standard_NV12s_v3", date(2026, 9, 30), "error"),
        (A100, date(2030, 1, 1), None),
    ],
)
def test_retirement(size: str, today: date, severity: str | None) -> None:
    engine = {
        "apiVersion": "kaito.sh/v1beta1", "kind": "RAGEngine", "metadata": {"name": "r", "namespace": "models"},
        "spec": {"compute": {"instanceType": size}},
    }  # fmt: skip
    found = [one for one in findings([cluster(engine)], RELEASE, today=today) if one.check == "retirement"]
    assert [one.severity for one in found] == ([severity] if severity else [])
    if found:
        assert found[0].path == ("spec", "compute", "instanceType")
        assert "move to Standard_" in found[0].message


def test_regions_with_a_longer_life_and_families() -> None:
    assert str(retirement("Standard_NC6s_v3", "Jio India West").day) == "2027-06-30"  # type: ignore[union-attr]
    assert str(retirement("standard_ds3_v2", None).day) == "2028-05-01"  # type: ignore[union-attr]
    assert retirement("Standard_D16s_v5", None) is None
    assert retirement("Standard_NC16as_T4_v3", None) is None


def test_brought_nodes_cost_nobody_twice() -> None:
    node = {
        "apiVersion": "v1", "kind": "Node",
        "metadata": {"name": "n", "labels": {"apps": "phi", "nvidia.com/gpu.product": "NVIDIA-A100-80GB", "nvidia.com/gpu.count": "1", "nvidia.com/gpu.memory": "81920"}},
        "status": {"conditions": [{"type": "Ready", "status": "True"}]},
    }  # fmt: skip
    bare = edited(WORKSPACE, "resource", to={"labelSelector": {"matchLabels": {"apps": "phi"}}})
    here = cluster(bare, CONFIG, settings={"nodeProvisioner": "byo"}, beside=(node,))
    (one,) = machines(here, RELEASE)
    assert (one.nodes, one.brought, one.per_hour) == (1, True, None)
    assert findings([here], RELEASE, today=TODAY) == []
