"""What becomes of objects that are added, deleted, configuration in place, and rendered objects."""

from copy import deepcopy
from typing import Any

import pytest

from kaitops.change import Change, Outcome, compare
from kaitops.kaito import Release
from tests.version import KAITO

RELEASE = Release.load(KAITO)
SETTINGS = {"cloud": "azure", "nodeProvisioner": "karpenter", "featureGates": {"ModelMirror": True}}
WORKSPACE: dict[str, Any] = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "Workspace",
    "metadata": {"name": "phi", "namespace": "models"},
    "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"apps": "phi"}}},
    "inference": {"preset": {"name": "phi-4-mini-instruct"}, "config": "phi-config"},
}
CONFIG: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "phi-config", "namespace": "models"},
    "data": {"inference_config.yaml": "vllm:\n  max-model-len: 4096\n"},
}
STATEFUL_SET: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "StatefulSet",
    "metadata": {"name": "phi", "namespace": "models"},
    "spec": {
        "replicas": 1,
        "serviceName": "phi-headless",
        "selector": {"matchLabels": {"a": "b"}},
        "template": {"spec": {"containers": [{"name": "phi", "image": "a:1"}]}},
    },
}


def edited(document: dict[str, Any], *path: Any, to: Any) -> dict[str, Any]:
    new = deepcopy(document)
    node: Any = new
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = to
    return new


def one(base: list[dict[str, Any]], head: list[dict[str, Any]], kind: str) -> Change:
    return next(change for change in compare(base, head, RELEASE, SETTINGS) if change.kind == kind)


def test_added_and_deleted() -> None:
    added, deleted = compare([CONFIG], [WORKSPACE], RELEASE, SETTINGS)
    assert (added.outcome, added.subject) == (Outcome.ADDED, "Workspace models/phi")
    assert (deleted.outcome, deleted.head) == (Outcome.DELETED, None)
    assert deleted.base is CONFIG


@pytest.mark.parametrize(
    ("document", "options", "outcome"),
    [
        (WORKSPACE, "Replace=true, Force=true", Outcome.DELETED),
        (STATEFUL_SET, "Force=true,Replace=true,Prune=false", Outcome.DELETED),
        (WORKSPACE, "Replace=true", Outcome.UPDATED),
        (CONFIG, "Force=true,Replace=true", Outcome.UPDATED),
    ],
)
def test_what_is_replaced_by_force_is_away_for_a_while(
    document: dict[str, Any], options: str, outcome: Outcome
) -> None:
    annotations = {"argocd.argoproj.io/sync-options": options}
    forced = edited(document, "metadata", "annotations", to=annotations)
    found = one([document], [forced], document["kind"])
    assert found.outcome == outcome
    assert any("replaced by force" in edit.reason for edit in found.edits) == (outcome == Outcome.DELETED)
    assert all(change.outcome == Outcome.UNCHANGED for change in compare([forced], [forced], RELEASE, SETTINGS))


def test_deleting_a_mirror_tells_that_weights_are_lost() -> None:
    mirror = {"apiVersion": "kaito.sh/v1alpha1", "kind": "ModelMirror", "metadata": {"name": "m"}, "spec": {}}
    (change,) = compare([mirror], [], RELEASE, SETTINGS)
    assert "weights are lost" in change.edits[0].consequence
    assert "Prune=false" in change.edits[0].remedy


def test_deleting_a_config_tells_who_referred_to_it() -> None:
    change = one([WORKSPACE, CONFIG], [edited(WORKSPACE, "inference", "config", to="other")], "ConfigMap")
    assert "Workspace phi refers to it" in change.edits[0].reason


def placement(*names: str) -> dict[str, Any]:
    chosen = [{"group": "", "version": "v1", "kind": "Namespace", "name": name} for name in names]
    return {
        "apiVersion": "placement.kubernetes-fleet.io/v1beta1", "kind": "ClusterResourcePlacement",
        "metadata": {"name": "all"}, "spec": {"resourceSelectors": chosen},
    }  # fmt: skip


def test_what_a_hub_places_no_more_is_deleted_on_its_members() -> None:
    before = [placement("models", "other"), WORKSPACE, CONFIG]
    for after in ([], [placement("other")]):
        edits = [edit for one in compare(before, [*after, WORKSPACE, CONFIG], RELEASE, SETTINGS) for edit in one.edits]
        (lost,) = [edit for edit in edits if edit.outcome is Outcome.DELETED]
        assert lost.grave and "every member of the hub" in lost.consequence and "Workspace phi" in lost.reason
    kept = compare(before, [placement("models"), WORKSPACE, CONFIG], RELEASE, SETTINGS)
    assert not [edit for one in kept for edit in one.edits if edit.outcome is Outcome.DELETED]


def test_configuration_edited_in_place_is_ignored() -> None:
    head = edited(CONFIG, "data", "inference_config.yaml", to="vllm:\n  max-model-len: 8192\n")
    change = one([WORKSPACE, CONFIG], [WORKSPACE, head], "ConfigMap")
    assert change.outcome is Outcome.IGNORED
    assert change.ignored[0].path == ("data", "inference_config.yaml")
    assert "new name" in change.ignored[0].remedy


def test_a_reference_to_what_may_be_in_the_cluster_is_no_refusal() -> None:
    head = edited(WORKSPACE, "inference", "config", to="another")
    (change,) = compare([WORKSPACE], [head], RELEASE, SETTINGS)
    assert change.outcome is not Outcome.REFUSED


def test_a_new_config_restarts_and_says_what_stays() -> None:
    other = edited(CONFIG, "metadata", "name", to="phi-config-2")
    head = edited(WORKSPACE, "inference", "config", to="phi-config-2")
    change = one([WORKSPACE, CONFIG], [head, other], "Workspace")
    assert change.outcome is Outcome.RESTARTED
    assert "volumes" in change.edits[0].reason


@pytest.mark.parametrize(
    ("path", "value", "outcome"),
    [
        (("spec", "serviceName"), "other", Outcome.REFUSED),
        (("spec", "selector", "matchLabels", "a"), "c", Outcome.REFUSED),
        (("spec", "replicas"), 2, Outcome.UPDATED),
        (("spec", "template", "spec", "containers", 0, "image"), "a:2", Outcome.RESTARTED),
        (("metadata", "labels"), {"team": "x"}, Outcome.UPDATED),
    ],
)
def test_rendered_workloads(path: tuple[Any, ...], value: Any, outcome: Outcome) -> None:
    (change,) = compare([STATEFUL_SET], [edited(STATEFUL_SET, *path, to=value)], RELEASE, SETTINGS)
    assert change.outcome is outcome
    assert change.immutable is (outcome is Outcome.REFUSED)


def test_a_machine_pool_with_another_size_replaces_its_machines() -> None:
    pool = {
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodePool",
        "metadata": {"name": "p"},
        "spec": {"template": {"a": 1}},
    }
    (change,) = compare([pool], [edited(pool, "spec", "template", "a", to=2)], RELEASE, SETTINGS)
    assert change.outcome is Outcome.RESTARTED


def test_an_upgrade_window_is_ignored_until_its_gate_is_on() -> None:
    document = {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "InferenceSet",
        "metadata": {"name": "s", "namespace": "models"},
        "spec": {
            "labelSelector": {"matchLabels": {"a": "b"}},
            "template": {
                "resource": {"instanceType": "Standard_NC24ads_A100_v4"},
                "inference": {"preset": {"name": "phi-4"}},
            },
        },
    }
    head = edited(document, "spec", "autoUpgrade", to={"enabled": True})
    for gate, outcome in ((False, Outcome.IGNORED), (True, Outcome.UPDATED)):
        settings = {**SETTINGS, "featureGates": {"enableBaseImageAutoUpgrade": gate}}
        (change,) = compare([document], [head], RELEASE, settings)
        assert change.outcome is outcome


def test_the_plain_form_names_fields() -> None:
    head = edited(WORKSPACE, "resource", "instanceType", to="Standard_NC40ads_H100_v5")
    row = one([WORKSPACE, CONFIG], [head, CONFIG], "Workspace").as_row()
    assert row["outcome"] == "refused"
    assert row["edits"][0]["field"] == "resource.instanceType"
    assert row["edits"][0]["remedy"]


def test_nothing_that_is_given_is_changed() -> None:
    base, head = (
        [deepcopy(WORKSPACE), deepcopy(CONFIG)],
        [edited(WORKSPACE, "metadata", "labels", to={"a": "b"}), CONFIG],
    )
    kept = deepcopy((base, head))
    compare(base, head, RELEASE, SETTINGS)
    assert (base, head) == kept
