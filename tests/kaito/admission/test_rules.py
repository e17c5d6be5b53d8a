"""Rules that no recording covers: other kinds, other versions, gates, crashes, free parts of an object."""

from copy import deepcopy
from typing import Any

import pytest

from kaitops.kaito import Release
from kaitops.kaito.admission import Verdict
from kaitops.kaito.admission.remedies import explained, remedy_for
from kaitops.kaito.kubernetes.field_errors import FieldError, lines, render, via
from tests.version import KAITO

RELEASE = Release.load(KAITO)
NAP = {"cloud": "azure", "nodeProvisioner": "azure-gpu-provisioner"}
BYO = {"cloud": "azure", "nodeProvisioner": "byo"}
WORKSPACE: dict[str, Any] = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "Workspace",
    "metadata": {"name": "w", "namespace": "n"},
    "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"apps": "w"}}},
    "inference": {"preset": {"name": "phi-4"}},
}
RAGENGINE: dict[str, Any] = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "RAGEngine",
    "metadata": {"name": "r", "namespace": "n"},
    "spec": {"embedding": {"local": {"modelID": "x"}}},
}
SET: dict[str, Any] = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "InferenceSet",
    "metadata": {"name": "s", "namespace": "n"},
    "spec": {
        "labelSelector": {"matchLabels": {"apps": "s"}},
        "template": {
            "resource": {"instanceType": "Standard_NC24ads_A100_v4"},
            "inference": {"preset": {"name": "phi-4"}},
        },
    },
}
MIRROR: dict[str, Any] = {
    "apiVersion": "kaito.sh/v1alpha1",
    "kind": "ModelMirror",
    "metadata": {"name": "m"},
    "spec": {
        "source": {"registry": "huggingface", "modelID": "a/b"},
        "storage": {"size": "80Gi", "storageClassName": "blob"},
    },
}
STORAGE_CLASS = {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "blob"}}
CSI_DRIVER = {"apiVersion": "storage.k8s.io/v1", "kind": "CSIDriver", "metadata": {"name": "blob.csi.azure.com"}}


def changed(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy with one value set, parents made where they are missing; None takes the value away."""
    copy = deepcopy(document)
    *parents, last = path.split("/")
    node = copy
    for key in parents:
        node = node.setdefault(key, {})
    if value is None:
        node.pop(last, None)
    else:
        node[last] = value
    return copy


def admit(
    *documents: dict[str, Any], settings: dict[str, Any] | None = None, old: Any = None, **gates: bool
) -> Verdict:
    given = {**(settings or NAP), "featureGates": gates}
    return RELEASE.admit(documents, given, old)


def refusal(*documents: dict[str, Any], **kwargs: Any) -> str:
    verdict = admit(*documents, **kwargs)
    assert not verdict.admitted
    return verdict.errors[0]


def test_plain_objects_are_admitted() -> None:
    for document in (WORKSPACE, RAGENGINE, SET):
        assert admit(document) == Verdict([], [])


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("resource/labelSelector", None, "resource.labelSelector: Required value"),
        (
            "resource/count",
            "1",
            'resource.count: Invalid value: "string": resource.count in body must be of type integer: "string"',
        ),
        (
            "inference/preset/accessMode",
            "x",
            'inference.preset.accessMode: Unsupported value: "x": supported values: "public", "private"',
        ),
        (
            "resource/partition",
            {"mode": "mig", "count": 0},
            "resource.partition.count: Invalid value: 0: resource.partition.count in body should be greater than or equal to 1",
        ),
        (
            "resource/labelSelector",
            {"matchLabels": {"a": 1}},
            'resource.labelSelector.matchLabels.a: Invalid value: "integer": resource.labelSelector.matchLabels.a in body must be of type string: "integer"',
        ),
    ],
)
def test_schema(path: str, value: Any, text: str) -> None:
    verdict = admit(changed(WORKSPACE, path, value))
    assert verdict.code == 422
    assert verdict.message == f'Workspace.kaito.sh "w" is invalid: {text}'


def test_unknown_fields_are_refused_as_kubectl_does() -> None:
    verdict = admit(changed(WORKSPACE, "inference/adapters", [{"source": {"name": "a", "volume": {}}}]))
    assert verdict.code == 400
    assert verdict.message.endswith('strict decoding error: unknown field "inference.adapters[0].source.volume"')
    assert 'unknown field "metadata.label"' in refusal(changed(WORKSPACE, "metadata/label", {}))


def test_annotations_must_be_text() -> None:
    text = refusal(changed(WORKSPACE, "metadata/annotations", {"kaito.sh/enablelb": True}))
    assert text.endswith("json: cannot unmarshal bool into Go struct field ObjectMeta.annotations of type string")


def test_nulls_are_dropped_and_defaults_filled_in() -> None:
    nulls = changed(WORKSPACE, "tuning", None) | {"tuning": None}
    nulls["resource"]["count"] = None
    assert admit(nulls).admitted
    # The default count lets tuning pass; without a resource there is none, and KAITO's validator crashes.
    tuned = changed(changed(WORKSPACE, "inference", None), "tuning", {"input": {}, "output": {}})
    assert "panic" not in refusal(tuned)
    verdict = admit(changed(tuned, "resource", None))
    assert (verdict.code, verdict.errors) == (
        500,
        ["panic: runtime error: invalid memory address or nil pointer dereference"],
    )
    assert verdict.message.startswith('Internal error occurred: failed calling webhook "validation.workspace.kaito.sh"')


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ({"spec": {"containerz": []}}, 'json: unknown field "containerz"'),
        ({"zz": 1, "aa": 2}, 'json: unknown field "aa"'),
        (
            {"spec": {"containers": [{"name": 3}]}},
            "json: cannot unmarshal number into Go struct field Container.inference.template.spec.containers.name of type string",
        ),
        (
            "x",
            "json: cannot unmarshal string into Go struct field InferenceSpec.inference.template of type v1.PodTemplateSpec",
        ),
        (
            {"spec": {"containers": [{"resources": {"limits": {"cpu": "x"}}}]}},
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        ),
    ],
)
def test_pod_template_must_fit_its_type(template: Any, text: str) -> None:
    document = changed(changed(WORKSPACE, "inference/preset", None), "inference/template", template)
    assert refusal(document) == f"decoding request failed: cannot decode incoming new object: {text}"


def test_pod_template_as_users_write_it() -> None:
    template = {"Spec": {"containers": [{"name": "a", "resources": {"limits": {"nvidia.com/gpu": 1}}}]}}
    assert admit(changed(changed(WORKSPACE, "inference/preset", None), "inference/template", template)).admitted


def test_replica_metadata_and_duration_must_fit_their_types() -> None:
    assert 'unknown field "foo"' in refusal(changed(SET, "spec/template/metadata", {"foo": 1}))
    window = {"schedule": "@daily", "duration": "1d"}
    text = refusal(changed(SET, "spec/autoUpgrade/maintenanceWindow", window))
    assert text.endswith('time: unknown unit "d" in duration "1d"')


def test_set_rules() -> None:
    window = {"schedule": "x", "duration": "-1h"}
    text = refusal(changed(SET, "spec/autoUpgrade/maintenanceWindow", window))
    assert text.splitlines() == [
        "invalid value: -1h0m0s: spec.autoUpgrade.maintenanceWindow.duration",
        "must be a positive duration",
        "invalid value: x: spec.autoUpgrade.maintenanceWindow.schedule",
        "invalid cron expression: expected exactly 5 fields, found 1: [x]",
    ]
    assert refusal(SET, settings=BYO).startswith("No nodes found matching the specified label selector: ")


def test_set_update() -> None:
    partition = {"mode": "accelerator", "count": 1}
    new = changed(SET, "spec/template/resource", {"partition": partition})
    old = changed(SET, "spec/template/resource", {"partition": {**partition, "count": 2}})
    text = refusal(new, settings=BYO, old=old, enableAccelerator=True)
    assert text == "field is immutable: spec.partition, spec.resource, spec.template"


def test_child_is_judged_on_every_write() -> None:
    bad = changed(SET, "spec/template/inference/preset/name", "nonsense")
    text = "invalid value: Unsupported inference preset name nonsense: spec.template.inference.presetName"
    assert refusal(bad) == text
    assert refusal(bad, old=bad) == text
    assert admit({**bad, "apiVersion": "kaito.sh/v1alpha1"}).admitted
    assert admit(bad, enableInferenceSetController=False).admitted


def test_legacy_workspace() -> None:
    legacy = {**WORKSPACE, "apiVersion": "kaito.sh/v1alpha1"}
    assert refusal(legacy).startswith("panic")
    named = changed(legacy, "inference/preset/name", "falcon-7b")
    text = "invalid value: Unsupported inference preset name falcon-7b: inference.presetName"
    missing = (
        "ConfigMap 'inference-params-template' specified in 'config' not found in namespace 'kaito-workspace': config"
    )
    assert refusal(named) == f"{missing}\n{text}"
    changed_size = changed(legacy, "resource/instanceType", "Standard_NC48ads_A100_v4")
    assert refusal(changed_size, old=legacy) == "field is immutable: resource.instanceType"


def test_legacy_ragengine_is_pruned_to_v1beta1() -> None:
    legacy = {**RAGENGINE, "apiVersion": "kaito.sh/v1alpha1"}
    assert admit(changed(legacy, "spec/storage", {"persistentVolumeClaim": "x"})).admitted
    assert "unknown field" in refusal(changed(RAGENGINE, "spec/storage", {"persistentVolumeClaim": "x"}))


def test_ragengine_without_spec_crashes_the_webhook() -> None:
    assert admit(changed(RAGENGINE, "spec", None)).code == 500


@pytest.mark.parametrize(
    ("local", "text"),
    [
        ({}, "Either image or modelID must be specified, not neither: spec.embedding"),
        ({"image": "a/b:1", "modelID": "x"}, "Either image or modelID must be specified, but not both: spec.embedding"),
        ({"image": "nginx"}, "invalid value: Invalid image format, require full input image URL: spec.embedding.Image"),
        ({"image": "a/B:1"}, "invalid value: repository name must be lowercase: spec.embedding.Image"),
    ],
)
def test_local_embedding(local: dict[str, str], text: str) -> None:
    assert refusal(changed(RAGENGINE, "spec/embedding/local", local)) == text


def test_guardrails() -> None:
    named = changed(RAGENGINE, "spec/guardrails", {"enabled": True, "configMapRef": {"name": "g"}})
    verdict = admit(named)
    assert verdict.errors == [
        'guardrails.configMapRef.name references ConfigMap "g", but it was not found in namespace "n": '
        "spec.guardrails.configMapRef.name"
    ]
    assert [entry[:3] for entry in verdict.missing] == [("ConfigMap", "n", "g")]
    policy = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "g", "namespace": "n"}, "data": {"x": ""}}
    assert refusal(policy, named) == "missing field(s): spec.guardrails.guardrails.yaml in ConfigMap"
    policy["data"] = {"guardrails.yaml": ""}
    assert admit(policy, named).admitted
    default = admit(changed(RAGENGINE, "spec/guardrails", {"enabled": True}))
    assert [entry[:3] for entry in default.missing] == [
        ("ConfigMap", "kaito-ragengine", "ragengine-guardrails-policy-template")
    ]
    template = {"name": "ragengine-guardrails-policy-template", "namespace": "kaito-ragengine"}
    policy["metadata"] = template
    asked = changed(RAGENGINE, "spec/guardrails", {"enabled": True})
    for namespace in ("kaito-ragengine", "kaito-workspace"):
        template["namespace"] = namespace
        assert admit(policy, asked).admitted, "its chart is there, where the documentation has it or beside the other"
    template["namespace"] = "elsewhere"
    assert not admit(policy, asked).admitted
    assert admit(policy, asked, settings={**NAP, "ragReleaseNamespace": "elsewhere"}).admitted
    assert admit(changed(RAGENGINE, "spec/guardrails", {"enabled": False})).admitted


def test_mirror() -> None:
    assert admit(STORAGE_CLASS, MIRROR, ModelMirror=True).admitted
    verdict = admit(MIRROR, ModelMirror=True)
    assert verdict.errors == ["invalid value: blob: spec.storage.storageClassName"]
    assert [entry[:3] for entry in verdict.missing] == [("StorageClass", "", "blob")]
    assert admit(MIRROR).admitted, "without the gate nobody asks"
    sized = changed(MIRROR, "spec/storage/size", "80 Gi")
    assert refusal(STORAGE_CLASS, sized, ModelMirror=True) == "invalid value: 80 Gi: spec.storage.size"
    static = changed(MIRROR, "spec/mode", "Static")
    assert refusal(static, ModelMirror=True) == "must not set the field(s): spec.source, spec.storage"
    text = "ModelMirror spec is immutable; delete and recreate to change: spec"
    assert refusal(changed(MIRROR, "spec/jobNamespace", "x"), old=MIRROR, ModelMirror=True) == text
    assert admit(changed(MIRROR, "metadata/labels", {"a": "b"}), old=MIRROR, ModelMirror=True).admitted


def test_multi_role_needs_its_gate() -> None:
    roles = [{"type": "prefill", "instanceType": "x"}, {"type": "decode"}]
    document: dict[str, Any] = {
        "apiVersion": "kaito.sh/v1alpha1",
        "kind": "MultiRoleInference",
        "metadata": {"name": "m"},
        "spec": {"labelSelector": {"matchLabels": {"a": "b"}}, "model": {"name": "x"}, "roles": roles},
    }
    assert admit(document).code == 404
    gate = {"enableMultiRoleInferenceController": True}
    assert refusal(document, **gate) == "missing field(s): spec.roles[1].instanceType"
    assert refusal(document, settings=BYO, **gate).splitlines() == [
        "invalid value: x: spec.roles[0].instanceType",
        "instanceType must be empty when nodeProvisioner is byo",
    ]
    selector = changed(document, "spec/labelSelector", {})
    assert "labelSelector must have at least one" in refusal(selector, **gate)


def test_streaming() -> None:
    gates = {"ModelStreaming": True, "ModelMirror": True}
    verdict = admit(WORKSPACE, **gates)
    assert verdict.errors[0].startswith("CSI driver blob.csi.azure.com not found; required for model streaming.")
    assert verdict.missing[0].kind == "CSIDriver"
    assert admit(CSI_DRIVER, WORKSPACE, **gates).admitted
    disabled = changed(WORKSPACE, "metadata/annotations", {"kaito.sh/model-streaming": "disabled"})
    assert admit(disabled, **gates).admitted
    aws = changed(WORKSPACE, "resource/instanceType", "g5.xlarge")
    text = 'unsupported cloud provider "aws" for model streaming: metadata.annotations'
    assert refusal(aws, settings={**NAP, "cloud": "aws"}, **gates) == text
    assert "kaito.sh/model-streaming is immutable" in refusal(disabled, old=WORKSPACE, **gates)


@pytest.mark.parametrize(
    ("partition", "text"),
    [
        (
            {"mode": "mig", "profile": "x"},
            "invalid value: invalid MIG profile format \"x\": expected format like '1g.10gb': resource.partition.profile",
        ),
        (
            {"mode": "mig", "profile": "1g.1.5.5gb"},
            'invalid value: invalid MIG profile "1g.1.5.5gb": cannot parse memory value: resource.partition.profile',
        ),
        (
            {"mode": "mig", "profile": "0g.10gb"},
            'invalid value: invalid MIG profile "0g.10gb": compute slices must be > 0: resource.partition.profile',
        ),
        (
            {"mode": "mig", "profile": "1g.0gb"},
            'invalid value: invalid MIG profile "1g.0gb": memory must be > 0: resource.partition.profile',
        ),
        (
            {"mode": "mig", "profile": "7g.80gb", "count": 1},
            "invalid value: count is only valid for accelerator mode: resource.partition.count",
        ),
        (
            {"mode": "accelerator", "profile": "x"},
            "invalid value: profile is not valid for accelerator mode: resource.partition.profile\nmissing field(s): resource.partition.count",
        ),
    ],
)
def test_partition(partition: dict[str, Any], text: str) -> None:
    document = changed(changed(WORKSPACE, "resource/instanceType", None), "resource/partition", partition)
    assert refusal(document, settings=BYO, enableMIG=True, enableAccelerator=True) == text


def _node(name: str, **labels: str) -> dict[str, Any]:
    own = {"apps": "w", "nvidia.com/gpu.product": "A100", "nvidia.com/gpu.count": "1", "nvidia.com/gpu.memory": "81920"}
    own |= {f"nvidia.com/gpu.{key}": value for key, value in labels.items()}
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": own}}


@pytest.mark.parametrize(
    ("labels", "text"),
    [
        (
            {"product": "H100"},
            "Non-uniform GPU product: node b has H100 GPUs, but previous node has A100 GPUs, all nodes must have the same GPU product for homogeneous placement: ",
        ),
        ({"count": "2"}, "Non-uniform GPU count: node b has 2 GPUs, but previous node has 1 GPUs: "),
        ({"memory": "40960"}, "Non-uniform GPU memory: node b has 40Gi memory, but previous node has 80Gi memory: "),
        (
            {"memory": "x"},
            "Failed to get GPU config from nvidia labels on node b: invalid nvidia.com/gpu.memory value on node b: x: ",
        ),
    ],
)
def test_nodes_of_the_user(labels: dict[str, str], text: str) -> None:
    document = changed(WORKSPACE, "resource/instanceType", None)
    assert admit(_node("a"), _node("b"), document, settings=BYO).admitted
    assert refusal(_node("a"), _node("b", **labels), document, settings=BYO) == text


def test_update_of_a_machine_size_under_byo() -> None:
    bare = changed(WORKSPACE, "resource/instanceType", None)
    assert admit(bare, settings=BYO, old=WORKSPACE).admitted, "an old object may lose its size"
    assert "BYO scenario" in refusal(WORKSPACE, settings=BYO, old=bare)
    other = changed(WORKSPACE, "resource/instanceType", "x")
    assert (
        refusal(other, settings=BYO, old=WORKSPACE)
        == "invalid value: instanceType cannot be changed once set: resource.instanceType"
    )


def test_node_class_of_the_operator() -> None:
    document = changed(WORKSPACE, "metadata/annotations", {"kaito.sh/node-class-name": "gold"})
    assert admit(document).admitted, "only Karpenter looks"
    karpenter = {**NAP, "nodeProvisioner": "karpenter"}
    assert "image-family-ubuntu image-family-azure-linux" in refusal(document, settings=karpenter)
    assert admit(document, settings={**karpenter, "nodeClasses": ["gold"]}).admitted


def test_missing_references() -> None:
    verdict = admit(changed(WORKSPACE, "inference/config", "c"))
    assert [tuple(entry) for entry in verdict.missing] == [
        ("ConfigMap", "n", "c", "ConfigMap 'c' specified in 'config' not found in namespace 'n'")
    ]
    nodes = admit(changed(WORKSPACE, "resource/instanceType", None), settings=BYO)
    assert [entry[:3] for entry in nodes.missing] == [("Node", "", "apps=w")]


def test_unknown_kind_and_cloud() -> None:
    assert admit({"apiVersion": "kaito.sh/v1beta1", "kind": "Nope"}).code == 404
    text = "Failed to get SKU handler: invalid value: Unsupported cloud provider gcp: CLOUD_PROVIDER: resource.instanceType"
    assert refusal(WORKSPACE, settings={**NAP, "cloud": "gcp"}) == text


def test_field_errors_merge_and_sort() -> None:
    found = [FieldError("b", ("y",)), FieldError("a", ()), FieldError("b", ("x", "y")), FieldError("b", ("x",), "d")]
    assert render(found) == "a: \nb: x, y\nb: x\nd"
    assert [one.fields for one in lines(found)] == [(), ("x", "y"), ("x",), ("x",)], "each line knows its fields"
    assert render(via([FieldError("m", ("[0].a", ""))], "spec", "list")) == "m: spec.list, spec.list[0].a"


def test_remedies() -> None:
    text = "field is immutable: inference.preset\nmissing field(s): tuning.Preset"
    assert [line.partition(" -> ")[2] for line in explained(text)] == [
        "This field stays as it was created: write a new object under a new name.",
        "Fill in the field.",
    ]
    assert remedy_for("nothing that KAITO says") is None


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ('strict decoding error: unknown field "spec.storage.persistentVolume"', "Remove the field"),
        ('strict decoding error: unknown field "spec.roles[0].size"', "Remove the field"),
        (
            'spec.roles: Invalid value: "a": spec.roles in body must be of type array: "a"',
            "Write the value in the type",
        ),
        ("spec.roles[0].replicas: Invalid value: 0: it should be greater than or equal to 1", "Write a number"),
        ("invalid value: Standard_NC24ads_A100_v4: spec.roles[0].instanceType", "Remove instanceType"),
        ("invalid value: exactly 2 roles required (one prefill, one decode), got 1: spec.roles", "List one prefill"),
        ("missing field(s): spec.storage", "Fill in source and storage"),
    ],
)
def test_a_remedy_is_of_what_is_said_and_not_of_the_path(line: str, remedy: str) -> None:
    assert (remedy_for(line) or "").startswith(remedy)


def test_names_that_only_the_server_checks() -> None:
    verdict = admit(changed(RAGENGINE, "metadata/name", "Bad_Name"))
    assert verdict.code == 422
    assert 'metadata.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain' in verdict.message
    assert refusal(changed(WORKSPACE, "metadata/name", "a.b")) == "invalid value: must not contain dots: name"
