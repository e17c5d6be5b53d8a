"""Metadata is taken and refused as the API server does: each form was asked of a real one."""

import copy
from typing import Any

import pytest

from kaitops.api import model_for
from kaitops.kaito import Release, facts
from tests.api.model_facts import facts_of
from tests.version import KAITO

RELEASE = Release.load(KAITO)
SETTINGS = {"cloud": "azure", "nodeProvisioner": "azure-gpu-provisioner", "featureGates": {"ModelMirror": True}}
APPLIED = {**SETTINGS, "serverSideApply": True}
WORKSPACE: dict[str, Any] = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "Workspace",
    "metadata": {"name": "phi", "namespace": "team"},
    "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"apps": "phi"}}},
    "inference": {"preset": {"name": "phi-4-mini-instruct"}},
}
OWNER = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "a", "uid": "1"}
EVENT = {"apiVersion": "v1", "kind": "Event", "name": "a", "uid": "1"}


def verdict(settings: dict[str, Any], metadata: dict[str, Any], **rest: Any) -> tuple[int, str]:
    document = {**copy.deepcopy(WORKSPACE), **rest}
    document["metadata"] |= metadata
    found = RELEASE.admit([document], settings)
    return found.code, found.message


@pytest.mark.parametrize(
    ("metadata", "code", "text"),
    [
        ({"uid": 1}, 400, "json: cannot unmarshal number into Go struct field ObjectMeta.uid of type types.UID"),
        ({"resourceVersion": 7}, 400, "ObjectMeta.resourceVersion of type string"),
        ({"resourceVersion": "7"}, 500, "resourceVersion should not be set"),
        ({"selfLink": []}, 400, "cannot unmarshal array into Go struct field ObjectMeta.selfLink"),
        ({"generation": 1.5}, 400, "cannot unmarshal number 1.5 into Go struct field ObjectMeta.generation of type int64"),
        ({"generation": 2**63}, 400, "ObjectMeta.generation of type int64"),
        ({"generation": True}, 400, "cannot unmarshal bool"),
        ({"deletionGracePeriodSeconds": "1"}, 400, "of type int64"),
        ({"creationTimestamp": "now"}, 400, 'parsing time "now"'),
        ({"creationTimestamp": 1}, 400, "ObjectMeta.creationTimestamp of type string"),
        ({"deletionTimestamp": "2026-02-30T00:00:00Z"}, 400, "day out of range"),
        ({"deletionTimestamp": "2026-13-01T00:00:00Z"}, 400, "month out of range"),
        ({"deletionTimestamp": "2026-01-01T24:00:00Z"}, 400, "hour out of range"),
        ({"labels": 5}, 400, "ObjectMeta.labels of type map[string]string"),
        ({"annotations": {"a": 5}}, 400, "ObjectMeta.annotations of type string"),
        ({"annotations": {"a": "x" * 262_144}}, 422, "Too long: may not be more than 262144 bytes"),
        ({"ownerReferences": "a"}, 400, "of type []v1.OwnerReference"),
        ({"ownerReferences": ["a"]}, 400, "of type v1.OwnerReference"),
        ({"ownerReferences": [{**OWNER, "controller": "yes"}]}, 400, "OwnerReference.ownerReferences.controller of type bool"),
        ({"ownerReferences": [{**OWNER, "uid": ""}]}, 422, "metadata.ownerReferences.uid: Invalid value: \"\": must not be empty"),
        ({"ownerReferences": [{**OWNER, "apiVersion": "a/b/c"}]}, 422, "version must not be empty"),
        ({"ownerReferences": [None]}, 422, "metadata.ownerReferences.kind"),
        ({"ownerReferences": [EVENT]}, 422, "disallowed from being an owner"),
        ({"ownerReferences": [{**OWNER, "controller": True}, {**OWNER, "controller": True}]}, 422, "Only one reference"),
        ({"ownerReferences": [{**OWNER, "x": 1}]}, 400, 'unknown field "metadata.ownerReferences[0].x"'),
        ({"finalizers": {}}, 400, "of type []string"),
        ({"finalizers": [1]}, 400, "ObjectMeta.finalizers of type string"),
        ({"finalizers": ["a b"]}, 422, 'metadata.finalizers: Invalid value: "a b"'),
        ({"finalizers": [None]}, 422, "name part must be non-empty"),
        ({"finalizers": ["orphan", "foregroundDeletion"]}, 422, "cannot be both set"),
        ({"managedFields": [{"time": "x"}]}, 400, 'parsing time "x"'),
        ({"managedFields": [{"manager": 1}]}, 400, "ManagedFieldsEntry.managedFields.manager of type string"),
        ({"managedFields": [{"x": 1}]}, 400, 'unknown field "metadata.managedFields[0].x"'),
        ({"generateName": "A-"}, 422, 'metadata.generateName: Invalid value: "A-"'),
        ({"namespace": "Models"}, 404, 'namespaces "Models" not found'),
        ({"namespace": "a.b"}, 404, "not found"),
        ({"namespace": ".."}, 404, "not found"),
        ({"namespace": "a/b"}, 404, "not found"),
        ({"namespace": "a" * 64}, 404, "not found"),
        ({"clusterName": "a"}, 400, 'unknown field "metadata.clusterName"'),
    ],
)  # fmt: skip
def test_refused(metadata: dict[str, Any], code: int, text: str) -> None:
    found = verdict(SETTINGS, metadata)
    assert found[0] == code
    assert text in found[1]


@pytest.mark.parametrize(
    "metadata",
    [
        {"generation": 3, "uid": "x", "selfLink": "/a", "resourceVersion": "0"},
        {"resourceVersion": ""},
        {"generation": 3.0},
        {"creationTimestamp": None, "deletionTimestamp": "2026-01-01T0:00:00,5+01:00"},
        {"creationTimestamp": "0000-02-29T00:00:00Z"},
        {"labels": {"a": None}, "annotations": None, "finalizers": None, "ownerReferences": []},
        {"annotations": {"a": "x" * 262_143}},
        {"ownerReferences": [OWNER, {**OWNER, "controller": True, "blockOwnerDeletion": False}]},
        {"finalizers": ["orphan", "example.com/x"]},
        {"generateName": "phi-"},
        {"managedFields": [{"manager": "m", "fieldsV1": 5}]},
        {"namespace": "a" * 63},
    ],
)
def test_taken(metadata: dict[str, Any]) -> None:
    assert verdict(SETTINGS, metadata) == (200, "")


@pytest.mark.parametrize(
    ("metadata", "code", "text"),
    [
        ({"managedFields": []}, 400, "managedFields must be nil"),
        ({"ownerReferences": [OWNER, OWNER]}, 500, "metadata.ownerReferences: duplicate entries"),
        ({"finalizers": ["a", "a"]}, 500, "metadata.finalizers: duplicate entries"),
        ({"uid": "x"}, 409, "uid mismatch"),
        ({"resourceVersion": "-1"}, 500, "invalid syntax"),
    ],
)
def test_refused_by_a_server_side_apply_alone(metadata: dict[str, Any], code: int, text: str) -> None:
    assert verdict(SETTINGS, metadata) == (200, "")
    found = verdict(APPLIED, metadata)
    assert found[0] == code
    assert text in found[1]


@pytest.mark.parametrize(
    ("rest", "path"),
    [
        ({"resource": {**WORKSPACE["resource"], "labelSelector": {"matchLabels": {"apps": "phi", "a": None}}}}, "resource.labelSelector.matchLabels.a"),
        ({"inference": {"preset": {"name": "phi-4-mini-instruct"}, "config": None}}, "inference.config"),
        ({"inference": {"preset": {"name": "phi-4-mini-instruct"}, "adapters": None}}, "inference.adapters"),
    ],
)  # fmt: skip
def test_a_null_is_a_value_to_a_server_side_apply(rest: dict[str, Any], path: str) -> None:
    assert verdict(SETTINGS, {}, **rest) == (200, "")
    code, text = verdict(APPLIED, {}, **rest)
    assert (code, f'{path}: Invalid value: "null"' in text) == (422, True)
    counted = {"resource": {**WORKSPACE["resource"], "count": None}}
    assert verdict(APPLIED, {}, **counted) == (200, ""), "where the server has a default, it takes the null's place"


def test_what_stands_in_no_namespace_takes_any() -> None:
    mirror = {
        "apiVersion": "kaito.sh/v1alpha1",
        "kind": "ModelMirror",
        "metadata": {"name": "m", "namespace": "A"},
        "spec": {
            "mode": "Managed",
            "jobNamespace": "models",
            "serviceAccountName": "downloader",
            "source": {"registry": "huggingface", "modelID": "org/model"},
            "storage": {"size": "100Gi", "storageClassName": "blob"},
        },
    }
    assert "namespaces" not in str(RELEASE.admit([mirror], SETTINGS).errors)


def test_a_status_holds_known_fields_only() -> None:
    assert verdict(SETTINGS, {}, status={"workerNodes": ["a"], "conditions": [{"type": "x", "odd": 1}], "foo": 1}) == (
        400,
        'Workspace in version "v1beta1" cannot be handled as a Workspace: strict decoding error: '
        'unknown field "status.conditions[0].odd", unknown field "status.foo"',
    )
    assert verdict(SETTINGS, {}, status={"workerNodes": ["a"], "conditions": 5}) == (200, "")


def test_the_fields_of_a_status_are_those_of_the_models() -> None:
    def names(node: dict[str, Any]) -> Any:
        if "properties" in node:
            return {name: names(child) for name, child in node["properties"].items()}
        if "items" in node:
            return [names(node["items"])]
        return {"*": names(node["values"])} if "values" in node else None

    for name, known in facts.load(KAITO, "status-fields.json")["kinds"].items():
        assert known == names(facts_of(model_for(*name.rsplit("/", 1)))["properties"]["status"])
