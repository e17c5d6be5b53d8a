"""Streaming of weights and the mirrors behind it."""

from hashlib import sha256
from typing import Any

import pytest

from tests.kaito.expansion_cases import KARPENTER, environment, expand, flags, one, pod, workspace

GATES = {"ModelMirror": True, "ModelStreaming": True}
_MANAGED = {"kaito.sh/model-mirror-storage-class": "blob", "kaito.sh/streaming-service-account": "reader"}
_STATIC = {
    "inference.kaito.sh/static-model-mirror": "true",
    "inference.kaito.sh/stream-datarefs-url": "https://example.com/datarefs/m/versions/1",
    "inference.kaito.sh/stream-identity-client-id": "client",
    "inference.kaito.sh/stream-source-type": "public",
    "kaito.sh/streaming-service-account": "reader",
}
_MODEL = "microsoft/phi-4-mini-instruct"
_MIRROR = sha256(_MODEL.encode()).hexdigest()[:6]


def _storage_class(provisioner: str = "blob.csi.azure.com") -> dict[str, Any]:
    return {"kind": "StorageClass", "metadata": {"name": "blob"}, "provisioner": provisioner}


def _account(client: str = "abc") -> dict[str, Any]:
    annotations = {"azure.workload.identity/client-id": client} if client else {}
    metadata = {"name": "reader", "namespace": "models", "annotations": annotations}
    return {"kind": "ServiceAccount", "metadata": metadata}


def _volume(
    handle: str = "group#account#container##secret", driver: str = "blob.csi.azure.com"
) -> list[dict[str, Any]]:
    claim = {"name": _MIRROR, "namespace": "models"}
    return [
        {"kind": "PersistentVolumeClaim", "metadata": claim, "spec": {"volumeName": "pv"}},
        {
            "kind": "PersistentVolume",
            "metadata": {"name": "pv"},
            "spec": {"csi": {"driver": driver, "volumeHandle": handle}},
        },
    ]


def test_managed_mirror_with_a_bound_volume() -> None:
    asked = workspace(annotations=_MANAGED, size="Standard_NC48ads_A100_v4")
    expansion = expand(_storage_class(), _account(), *_volume(), asked, **GATES)
    assert expansion.errors == []
    kinds = [made["kind"] for made in expansion.objects]
    assert kinds == ["ModelMirror", "Job", "NodePool", "Service", "Service", "StatefulSet"]
    mirror = one(expansion, "ModelMirror")
    assert mirror["metadata"] == {"finalizers": ["kaito.sh/model-mirror-cleanup"], "name": _MIRROR}
    assert mirror["spec"] == {
        "mode": "Managed",
        "source": {"registry": "huggingface", "modelID": _MODEL},
        "storage": {"size": "87Gi", "storageClassName": "blob"},
        "jobNamespace": "models",
        "serviceAccountName": "reader",
    }
    assert flags(expansion)["model"] == f"az://container/{_MODEL}"
    assert flags(expansion)["load-format"] == "runai_streamer" and "load_format" not in flags(expansion)
    assert "download-dir" not in flags(expansion) and "model-loader-extra-config" not in flags(expansion)
    values = environment(pod(expansion)["containers"][0])
    assert values["AZURE_STORAGE_ACCOUNT_NAME"] == "account" and values["KAITO_PROCESSOR"] == _MODEL
    assert pod(expansion)["serviceAccountName"] == "reader"
    made = one(expansion, "StatefulSet")["spec"]
    assert made["template"]["metadata"]["labels"]["azure.workload.identity/use"] == "true"
    # The controller adds the label to one map that is both: checked by running it.
    assert made["selector"]["matchLabels"] == made["template"]["metadata"]["labels"]
    assert "volumeClaimTemplates" not in made
    assert [volume["name"] for volume in pod(expansion)["volumes"]] == ["dshm"]


def test_tensor_parallel_streams_load_together() -> None:
    mirror = sha256(b"microsoft/phi-4").hexdigest()[:6]
    claim, volume = _volume()
    claim["metadata"]["name"] = mirror
    asked = workspace("phi-4", "Standard_NC48ads_A100_v4", annotations=_MANAGED)
    shared = expand(_storage_class(), _account(), claim, volume, asked, **GATES)
    assert flags(shared)["tensor-parallel-size"] == "1" and "model-loader-extra-config" not in flags(shared)
    asked = workspace("phi-4", "Standard_NV72ads_A10_v5", annotations=_MANAGED)
    split = expand(_storage_class(), _account(), claim, volume, asked, **GATES)
    assert "--model-loader-extra-config='{\"distributed\": true}'" in pod(split)["containers"][0]["command"][2]


def test_managed_mirror_without_a_volume_is_refused_after_the_download_is_declared() -> None:
    expansion = expand(_storage_class(), _account(), workspace(annotations=_MANAGED), **GATES)
    assert expansion.errors == [
        "Workspace: failed to resolve streaming config: "
        f"PVC models/{_MIRROR} has no bound PV (spec.volumeName is empty)"
    ]
    kinds = [made["kind"] for made in expansion.objects]
    assert kinds == ["ModelMirror", "PersistentVolumeClaim", "Job", "NodePool", "Service", "Service"]


def test_mirror_that_is_not_ready_makes_the_controller_wait() -> None:
    mirror = {
        "kind": "ModelMirror",
        "metadata": {"name": _MIRROR},
        "spec": {"mode": "Managed", "source": {"modelID": _MODEL}},
        "status": {"phase": "Pending"},
    }
    expansion = expand(mirror, workspace(annotations=_MANAGED), **GATES)
    assert expansion.errors == [] and [made["kind"] for made in expansion.objects] == ["NodePool"]
    mirror["spec"]["source"]["modelID"] = "other/model"
    clash = expand(mirror, workspace(annotations=_MANAGED), **GATES)
    assert clash.errors == [
        f'Workspace: ModelMirror CR name collision: {_MIRROR} maps to both "other/model" and "{_MODEL}"'
    ]


def test_mirror_names_tell_upper_from_lower_case() -> None:
    asked = workspace("microsoft/Phi-4", annotations=_MANAGED)
    made = one(expand(_storage_class(), _account(), asked, **GATES), "ModelMirror")
    assert made["spec"]["source"]["modelID"] == "microsoft/Phi-4" and made["metadata"]["name"] == "54c9e5"
    alias = one(expand(_storage_class(), _account(), workspace("Phi-4", annotations=_MANAGED), **GATES), "ModelMirror")
    assert alias["metadata"]["name"] == "7aceaf"


@pytest.mark.parametrize(
    ("documents", "annotations", "error"),
    [
        ([], {}, "model streaming enabled but no storage class configured: set annotation"),
        ([], _MANAGED, 'StorageClass "blob" not found: storageclasses.storage.k8s.io "blob" not found'),
        (
            [_storage_class("disk")],
            _MANAGED,
            'StorageClass "blob" uses provisioner "disk", but model streaming requires',
        ),
        ([_storage_class()], _MANAGED, 'ServiceAccount "reader" not found in namespace "models": serviceaccounts'),
        ([_storage_class(), _account("")], _MANAGED, 'ServiceAccount "reader" is missing annotation azure.workload'),
        ([_storage_class()], {"kaito.sh/model-mirror-storage-class": "blob"}, "model streaming enabled but no service"),
        ([], {**_STATIC, "inference.kaito.sh/stream-source-type": "own"}, "inference.kaito.sh/stream-source-type must"),
        (
            [],
            {"inference.kaito.sh/static-model-mirror": "true"},
            "inference.kaito.sh/static-model-mirror=true requires",
        ),
        ([], _STATIC, 'ServiceAccount "reader" not found'),
    ],
)
def test_what_streaming_asks_for(documents: list[dict[str, Any]], annotations: dict[str, str], error: str) -> None:
    expansion = expand(*documents, workspace(annotations=annotations), **GATES)
    assert expansion.errors[0].startswith(f"Workspace: {error}") and expansion.objects == []


@pytest.mark.parametrize(
    ("volume", "error"),
    [
        (_volume(driver="disk"), 'PV pv has CSI driver "disk", expected "blob.csi.azure.com"'),
        (_volume("group#account"), 'unexpected Azure Blob volumeHandle format "group#account" '),
        (_volume("group##container"), 'Azure Blob volumeHandle "group##container" has empty accountName'),
        (_volume("group#account#"), 'Azure Blob volumeHandle "group#account#" has empty containerName'),
        (_volume()[:1], 'failed to get PV pv: persistentvolumes "pv" not found'),
    ],
)
def test_volumes_that_say_too_little(volume: list[dict[str, Any]], error: str) -> None:
    expansion = expand(_storage_class(), _account(), *volume, workspace(annotations=_MANAGED), **GATES)
    assert expansion.errors[0].startswith(f"Workspace: failed to resolve streaming config: {error}")


def test_static_mirror_finds_out_at_start() -> None:
    expansion = expand(_account(), workspace(annotations=_STATIC), **GATES)
    assert expansion.errors == []
    assert one(expansion, "ModelMirror") == {
        "apiVersion": "kaito.sh/v1alpha1",
        "kind": "ModelMirror",
        "metadata": {"name": _MIRROR},
        "spec": {"mode": "Static"},
    }
    script = one(expansion, "ConfigMap")
    assert (
        script["metadata"]["name"] == "ws-fetch-sas-script"
        and "AZURE_STORAGE_SAS_TOKEN" in script["data"]["fetch_sas.py"]
    )
    main, init = pod(expansion)["containers"][0], pod(expansion)["initContainers"][0]
    assert main["command"][:3] == ["/workspace/vllm/export_sas_token_for_streaming.sh", "/bin/sh", "-c"]
    assert "--model=$STREAM_MODEL_URI" in main["command"][3]
    assert main["volumeMounts"][-1] == {"mountPath": "/mnt/streaming", "name": "streaming-sas"}
    assert environment(main)["STREAM_ENV_FILE"] == environment(init)["STREAM_ENV_FILE"] == "/mnt/streaming/env"
    assert environment(init)["STREAM_SOURCE_TYPE"] == "public"
    assert init["command"][2].startswith("pip install --no-cache-dir -q azure-identity==1.19.0 && python3 /scripts/")


def test_opting_out_and_other_clouds() -> None:
    out = expand(workspace(annotations={"kaito.sh/model-streaming": "disabled"}), **GATES)
    assert "download-dir" in flags(out)
    transformers = expand(workspace("phi-4", annotations={"kaito.sh/runtime": "transformers"}), **GATES)
    assert transformers.errors == []
    settings = {**KARPENTER, "cloud": "aws"}
    aws = expand(workspace(annotations=_MANAGED, size="g5.xlarge"), settings=settings, **GATES)
    assert "unsupported cloud provider" in aws.errors[0]
    assert "download-dir" in flags(expand(workspace(annotations=_MANAGED)))


def test_streaming_and_local_weights_mix() -> None:
    annotations = {**_STATIC, "kaito.sh/use-local-weights": "true"}
    expansion = expand(_account(), workspace(annotations=annotations), **GATES)
    main = pod(expansion)["containers"][0]
    processors = [entry["value"] for entry in main["env"] if entry["name"] == "KAITO_PROCESSOR"]
    assert processors == ["/opt/kaito/models/phi-4-mini-instruct", _MODEL]
    assert "--model=$STREAM_MODEL_URI" in main["command"][3]


def _mirror(**spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "kaito.sh/v1alpha1",
        "kind": "ModelMirror",
        "metadata": {"name": "abc123"},
        "spec": {
            "source": {"registry": "huggingface", "modelID": _MODEL},
            "storage": {"size": "1024Gi", "storageClassName": "blob"},
            "jobNamespace": "models",
            **spec,
        },
    }


def test_model_mirror() -> None:
    expansion = expand(_mirror(), ModelMirror=True)
    claim, job = one(expansion, "PersistentVolumeClaim"), one(expansion, "Job")
    assert claim["spec"] == {
        "accessModes": ["ReadWriteMany"],
        "resources": {"requests": {"storage": "1Ti"}},
        "storageClassName": "blob",
    }
    assert job["metadata"]["labels"] == {"kaito.sh/model-mirror-name": "abc123"}
    assert "serviceAccountName" not in pod(expansion, "Job")
    sampler, downloader = pod(expansion, "Job")["initContainers"][0], pod(expansion, "Job")["containers"][0]
    assert sampler["restartPolicy"] == "Always" and sampler["ports"][0]["containerPort"] == 9100
    assert "HF_TOKEN" not in environment(downloader)
    assert downloader["resources"]["limits"] == {"cpu": "3", "memory": "8Gi"}
    secret = {"registry": "huggingface", "modelID": _MODEL, "accessSecret": {"name": "token", "namespace": "models"}}
    account = expand(_mirror(source=secret, serviceAccountName="writer"), ModelMirror=True)
    assert environment(pod(account, "Job")["containers"][0])["HF_TOKEN"]["secretKeyRef"]["name"] == "token"
    assert one(account, "Job")["spec"]["template"]["metadata"]["labels"] == {"azure.workload.identity/use": "true"}
    flags_given = {**KARPENTER, "model-mirror-download-cpu": "500m", "model-mirror-download-memory": "2048Mi"}
    small = expand(_mirror(), settings=flags_given, ModelMirror=True)
    assert pod(small, "Job")["containers"][0]["resources"]["requests"] == {"cpu": "500m", "memory": "2Gi"}


def test_mirrors_that_make_nothing() -> None:
    assert expand(_mirror()).objects == [], "the gate is off"
    assert expand(_mirror(mode="Static"), ModelMirror=True).objects == []
    assert expand(_mirror(storage=None), ModelMirror=True).objects == []
    metadata = {"name": "x", "namespace": "models", "labels": {"kaito.sh/model-mirror-name": "abc123"}}
    running = expand({"kind": "Job", "metadata": metadata}, _mirror(), ModelMirror=True)
    assert [made["kind"] for made in running.objects] == ["PersistentVolumeClaim"]
    failed = {"conditions": [{"type": "Failed", "status": "True"}]}
    again = expand({"kind": "Job", "metadata": metadata, "status": failed}, _mirror(), ModelMirror=True)
    assert [made["kind"] for made in again.objects] == ["PersistentVolumeClaim", "Job"]
