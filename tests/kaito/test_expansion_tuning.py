"""Tuning Jobs, adapters and the references of their images."""

from typing import Any

import pytest

from tests.kaito.expansion_cases import environment, expand, flags, one, pod, training, tuning, workspace

_RESULTS = "training_config:\n  TrainingArguments:\n    output_dir: results\n"
_FAILED = "Workspace: failed to generate pod spec: failed to apply modifier: "
_CONFIG = f"{_FAILED}failed to get training output directory from config: "


def _output_dir(text: str) -> str:
    expansion = expand(training(text), tuning())
    assert expansion.errors == []
    mounts = pod(expansion, "Job")["containers"][0]["volumeMounts"]
    return next(mount["mountPath"] for mount in mounts if mount["name"] == "results-volume")


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("results", "/mnt/results"),
        ("/data/out", "/mnt/data/out"),
        ("/mnt/a/../b", "/mnt/b"),
        ("/mntother", "/mntother"),
        ("'8'", "/mnt/8"),
        ("''", "/mnt/output"),
    ],
)
def test_output_directory(given: str, path: str) -> None:
    assert _output_dir(f"training_config:\n  TrainingArguments:\n    output_dir: {given}\n") == path


@pytest.mark.parametrize("text", ["", "x: 1\n", "training_config:\n", "training_config:\n  TrainingArguments:\n"])
def test_no_output_directory(text: str) -> None:
    assert _output_dir(text) == "/mnt/output"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "training_config:\n  TrainingArguments: {output_dir: /mnt}\n",
            "invalid output_dir specified: '/mnt', must",
        ),
        (
            "training_config:\n  TrainingArguments: {output_dir: ../etc}\n",
            "invalid output_dir specified: '../etc', must be",
        ),
        (
            "training_config:\n  TrainingArguments: {output_dir: yes}\n",
            "invalid value: output_dir is not a string",
        ),
        (
            "training_config:\n  TrainingArguments: {output_dir: }\n",
            "invalid value: output_dir is not a string",
        ),
        (
            "training_config:\n  TrainingArguments: [1]\n",
            "Failed to parse 'output_dir': failed to unmarshal runtime.RawExtension: yaml: unmarshal errors:\n  line 1: "
            "cannot unmarshal !!seq into map[string]interface {}: output_dir",
        ),
        (
            "a: 1\ntraining_config: a long enough text\n",
            "Failed to parse 'training_config.yaml' in ConfigMap 'training' in namespace 'models': yaml: unmarshal "
            "errors:\n  line 2: cannot unmarshal !!str `a long ...` into map[string]interface {}: config",
        ),
        (
            "- 1\n",
            "Failed to parse 'training_config.yaml' in ConfigMap 'training' in namespace 'models': yaml: unmarshal",
        ),
        ("a: [\n", "Failed to parse 'training_config.yaml' in ConfigMap 'training' in namespace 'models': yaml: line "),
    ],
)
def test_unusable_configuration(text: str, error: str) -> None:
    assert expand(training(text), tuning()).errors[0].startswith(f"{_CONFIG}{error}")


def test_default_configuration_is_copied_once() -> None:
    source = training(_RESULTS, "qlora-params-template", "kaito-workspace")
    source["metadata"] |= {"uid": "1", "resourceVersion": "2", "labels": {"a": "b"}}
    asked = tuning(config="", method="qlora")
    expansion = expand(source, asked)
    assert one(expansion, "ConfigMap")["metadata"] == {
        "name": "qlora-params-template",
        "namespace": "models",
        "labels": {"a": "b"},
    }
    stale = training("training_config: {TrainingArguments: {output_dir: old}}", "qlora-params-template")
    kept = expand(source, stale, asked)
    assert [made["kind"] for made in kept.objects] == ["NodePool", "Job"]
    assert "/mnt/old" in str(one(kept, "Job"))
    moved = expand({**source, "metadata": {**source["metadata"], "namespace": "kaito"}}, asked)
    assert moved.errors[0].endswith('configmaps "qlora-params-template" not found')
    elsewhere = {"cloud": "azure", "nodeProvisioner": "karpenter", "releaseNamespace": "kaito"}
    found = expand({**source, "metadata": {**source["metadata"], "namespace": "kaito"}}, asked, settings=elsewhere)
    assert found.errors == []


def test_copy_stays_when_the_rest_fails() -> None:
    text = "training_config:\n  TrainingArguments: {output_dir: /}\n"
    expansion = expand(training(text, "lora-params-template", "kaito-workspace"), tuning(config=""))
    assert expansion.errors and [made["kind"] for made in expansion.objects] == ["NodePool", "ConfigMap"]


def test_presets_that_cannot_be_tuned() -> None:
    assert expand(training(_RESULTS), tuning("gpt-oss-20b")).errors == [
        "Workspace: panic: runtime error: invalid memory address or nil pointer dereference"
    ]
    assert expand(training(_RESULTS), tuning("mistral-7b")).errors == [
        "Workspace: panic: model metadata not found: mistral-7b-v0.3"
    ]
    assert expand(training(_RESULTS), tuning("falcon-7b")).errors == ["Workspace: model is not registered: falcon-7b"]
    unknown = expand(training(_RESULTS), tuning("phi-4", "Standard_D8s_v5")).errors
    assert unknown == ["Workspace: invalid value: Unsupported SKU 'Standard_D8s_v5' for cloud provider: sku"]


def test_data_from_an_image_without_secrets() -> None:
    source = {"name": "data", "image": "registry.example.com/data"}
    expansion = expand(training(_RESULTS), tuning(input=source, output={"image": "out", "imagePushSecret": "push"}))
    spec = pod(expansion, "Job")
    secrets = next(volume for volume in spec["volumes"] if volume["name"] == "docker-config-data-tuning-input")
    assert secrets["projected"] == {"sources": []}
    assert [init["name"] for init in spec["initContainers"]] == ["model-weights-downloader", "puller"]
    assert "IMAGE='registry.example.com/data:latest'" in spec["initContainers"][1]["args"][0]
    assert [container["name"] for container in spec["containers"]] == ["ws", "pusher", "pause"]
    script = spec["containers"][1]["args"][0]
    assert (
        "IMAGE='docker.io/library/out:latest'" in script
        and "SENTINEL='/mnt/results/fine_tuning_completed.txt'" in script
    )
    assert '"sh.kaito.model.name": "phi-4"' in script
    assert spec["shareProcessNamespace"] is True and spec["imagePullSecrets"] == [{"name": "push"}]


def test_phi3_by_the_name_as_written() -> None:
    for name, expected in (("phi-3-mini-4k-instruct", True), ("microsoft/Phi-3-mini-4k-instruct", False)):
        spec = pod(expand(training(_RESULTS), tuning(name)), "Job")
        assert ("DEFAULT_TARGET_MODULES" in environment(spec["containers"][0])) == expected


def test_tuning_pods_are_not_pinned() -> None:
    spec = pod(expand(training(_RESULTS), tuning()), "Job")
    assert "karpenter" not in str(spec["affinity"]) and "nvidia.com/gpu" not in str(spec["tolerations"])


def _adapter(name: str, **source: Any) -> dict[str, Any]:
    return {"source": {"name": name, **source}}


def test_adapters_from_images_come_before_volumes() -> None:
    adapters = [
        _adapter("vol", volumeSource={"emptyDir": {"sizeLimit": "1024Mi"}, "unknown": 1}),
        {**_adapter("img", image="a/b:1", imagePullSecrets=["s1", "s2"]), "strength": "0.5"},
    ]
    expansion = expand(workspace(inference={"preset": {"name": "phi-4"}, "adapters": adapters}))
    spec, main = pod(expansion), pod(expansion)["containers"][0]
    names = [volume["name"] for volume in spec["volumes"]]
    assert names == ["dshm", "adapter-volume", "docker-config-img-inference-adapter", "adapter-volume-vol"]
    assert spec["volumes"][-1] == {"name": "adapter-volume-vol", "emptyDir": {"sizeLimit": "1Gi"}}
    assert spec["initContainers"][0]["name"] == "puller-img"
    assert "TARGET='/mnt/adapter/img'" in spec["initContainers"][0]["args"][0]
    assert spec["imagePullSecrets"] == [{"name": "s1"}, {"name": "s2"}]
    assert main["env"][-1] == {"name": "img", "value": "0.5"} and flags(expansion)["enable-lora"] == ""
    assert [mount["mountPath"] for mount in main["volumeMounts"]][-2:] == ["/mnt/adapter", "/mnt/adapter/vol"]


def test_adapter_without_a_source_stops_the_controller() -> None:
    inference = {"preset": {"name": "phi-4"}, "adapters": [{"strength": "1"}]}
    expansion = expand(workspace(inference=inference))
    assert expansion.errors[0].startswith("Workspace: panic: runtime error: invalid memory")
    assert [made["kind"] for made in expansion.objects] == ["NodePool", "Service", "Service"]
