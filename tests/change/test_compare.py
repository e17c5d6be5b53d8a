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


def test_a_config_of_another_content_that_takes_the_place_of_the_old_one_is_expected() -> None:
    """Its name ends with a digest, so that nobody knows it who is not rendered together with it."""

    def pair(*digests: str) -> list[list[dict[str, Any]]]:
        return [
            [
                edited(CONFIG, "metadata", "name", to=f"phi-{digest}"),
                edited(WORKSPACE, "inference", "config", to=f"phi-{digest}"),
            ]
            for digest in digests
        ]

    def deleted(base: list[dict[str, Any]], head: list[dict[str, Any]]) -> bool:
        found = compare(base, head, RELEASE, SETTINGS)
        (edit,) = next(change.edits for change in found if change.outcome is Outcome.DELETED)
        return edit.expected

    old, new = pair("0123456789", "fedcba9876")
    assert deleted(old, new)
    assert deleted(*pair("2456789bcd", "fghkmt2456"))
    # A name that people give.
    assert not deleted(*pair("production", "fedcba9876"))
    # Something else of the head still speaks of it.
    other = edited(edited(CONFIG, "metadata", "name", to="other"), "data", "note", to="see phi-0123456789")
    assert not deleted(old, [*new, other])
    # Nobody takes the new one, or the object that would is refused.
    assert not deleted(old, new[:1])
    refused = edited(new[1], "resource", "instanceType", to="Standard_NC48ads_A100_v4")
    assert not deleted(old, [new[0], refused])
    # The new one is of another name, or is not there.
    assert not deleted(
        old,
        [
            edited(new[0], "metadata", "name", to="psi-fedcba9876"),
            edited(new[1], "inference", "config", to="psi-fedcba9876"),
        ],
    )
    assert not deleted(old, new[1:])


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


def _native(version: str, kind: str, **fields: Any) -> dict[str, Any]:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "a", "namespace": "models"}, **fields}


_DISK = {"required": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "zone", "operator": "Exists"}]}]}}
_NATIVE = {
    "Pod": _native(
        "v1", "Pod",
        spec={"containers": [{"name": "a", "image": "a:1", "resources": {}}], "tolerations": [{"key": "a", "operator": "Exists"}]},
    ),
    "Job": _native("batch/v1", "Job", spec={"completionMode": "Indexed", "completions": 2, "parallelism": 2}),
    "Service": _native("v1", "Service", spec={"type": "LoadBalancer", "ipFamilies": ["IPv4"], "ports": [{"port": 80}]}),
    "StorageClass": _native("storage.k8s.io/v1", "StorageClass", provisioner="a.b"),
    "VolumeAttributesClass": _native("storage.k8s.io/v1", "VolumeAttributesClass", driverName="a.b", parameters={"a": "b"}),
    "PriorityClass": _native("scheduling.k8s.io/v1", "PriorityClass", value=5),
    "RuntimeClass": _native("node.k8s.io/v1", "RuntimeClass", handler="a"),
    "RoleBinding": _native("rbac.authorization.k8s.io/v1", "RoleBinding", roleRef={"kind": "Role", "name": "a"}, subjects=[]),
    "ClusterRoleBinding": _native("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", roleRef={"kind": "ClusterRole", "name": "a"}),
    "EndpointSlice": _native("discovery.k8s.io/v1", "EndpointSlice", addressType="IPv4", endpoints=[]),
    "IngressClass": _native("networking.k8s.io/v1", "IngressClass", spec={"controller": "a.b/c"}),
    "CSIDriver": _native("storage.k8s.io/v1", "CSIDriver", spec={}),
    "ResourceQuota": _native("v1", "ResourceQuota", spec={"hard": {"pods": "1"}, "scopes": ["BestEffort"]}),
    "PersistentVolume": _native(
        "v1", "PersistentVolume", spec={"csi": {"driver": "a.b", "volumeHandle": "a"}, "nodeAffinity": _DISK, "capacity": {"storage": "1Gi"}}
    ),
    "ReplicaSet": _native("apps/v1", "ReplicaSet", spec={"selector": {"matchLabels": {"a": "b"}}}),
    "NodePool": _native("karpenter.sh/v1", "NodePool", spec={"template": {"spec": {"nodeClassRef": {"kind": "A", "name": "a"}}}}),
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "path", "to", "refused"),
    [
        ("Pod", "spec.containers.0.env", [{"name": "A"}], True),
        ("Pod", "spec.containers.0.resources", {"requests": {"cpu": "1"}}, True),
        ("Pod", "spec.hostNetwork", True, True),
        ("Pod", "spec.tolerations", [], True),
        ("Pod", "spec.tolerations.0.key", "b", True),
        ("Pod", "spec.tolerations", [{"key": "a", "operator": "Exists"}, {"key": "b", "operator": "Exists"}], False),
        ("Pod", "spec.tolerations.0.tolerationSeconds", 5, False),
        ("Pod", "spec.containers.0.image", "a:2", False),
        ("Pod", "spec.activeDeadlineSeconds", 5, False),
        ("Pod", "spec.restartPolicy", "Always", False),
        ("Pod", "spec.restartPolicy", "Never", True),
        ("Job", "spec.completionMode", "NonIndexed", True),
        ("Job", "spec.completions", 3, True),
        ("Job", "spec", {"completionMode": "Indexed", "completions": 3, "parallelism": 3}, False),
        ("Service", "spec.loadBalancerClass", "a/b", True),
        ("Service", "spec.ipFamilies.0", "IPv6", True),
        ("Service", "spec", {"type": "ClusterIP", "ipFamilies": ["IPv4", "IPv6"], "ports": [{"port": 80}]}, False),
        ("StorageClass", "reclaimPolicy", "Retain", True),
        ("StorageClass", "reclaimPolicy", "Delete", False),
        ("StorageClass", "volumeBindingMode", "Immediate", False),
        ("VolumeAttributesClass", "parameters.a", "c", True),
        ("PriorityClass", "value", 6, True),
        ("PriorityClass", "preemptionPolicy", "Never", True),
        ("PriorityClass", "preemptionPolicy", "PreemptLowerPriority", False),
        ("PriorityClass", "description", "a", False),
        ("RuntimeClass", "handler", "b", True),
        ("RoleBinding", "roleRef.name", "b", True),
        ("RoleBinding", "subjects", [{"kind": "User", "name": "a"}], False),
        ("ClusterRoleBinding", "roleRef.name", "b", True),
        ("EndpointSlice", "addressType", "IPv6", True),
        ("EndpointSlice", "endpoints", [{"addresses": ["10.0.0.1"]}], False),
        ("IngressClass", "spec.controller", "a.b/d", True),
        ("CSIDriver", "spec.attachRequired", False, True),
        ("CSIDriver", "spec.attachRequired", True, False),
        ("CSIDriver", "spec.podInfoOnMount", True, False),
        ("ResourceQuota", "spec.scopes.0", "NotBestEffort", True),
        ("ResourceQuota", "spec.hard.pods", "1k", False),
        ("PersistentVolume", "spec.csi.volumeHandle", "b", True),
        ("PersistentVolume", "spec.csi.controllerExpandSecretRef", {"name": "a"}, False),
        ("PersistentVolume", "spec.nodeAffinity", None, True),
        ("PersistentVolume", "spec.capacity.storage", "2Gi", False),
        ("PersistentVolume", "spec.volumeMode", "Filesystem", False),
        ("ReplicaSet", "spec.selector.matchLabels.a", "c", True),
        ("NodePool", "spec.template.spec.nodeClassRef.kind", "B", True),
        ("NodePool", "spec.template.spec.nodeClassRef.name", "b", False),
    ],
)
def test_what_kubernetes_keeps_as_it_was_made(kind: str, path: str, to: Any, refused: bool) -> None:
    before = _NATIVE[kind]
    steps = [int(step) if step.isdigit() else step for step in path.split(".")]
    found = compare([before], [edited(before, *steps, to=to)], RELEASE, SETTINGS)
    assert any(one.outcome is Outcome.REFUSED for one in found) is refused
    if refused:
        assert "immutable" in found[0].edits[0].reason
