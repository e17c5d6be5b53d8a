"""Workspaces that tune a preset, and Workspaces with pods of their own."""

from typing import Any

from tests.situations.making import A100, RETIRED, Object, Situation, chosen, metadata

_OLD = "Standard_NC12s_v3"
_ROWS = {"urls": ["https://data.example.com/rows/train.parquet"]}
_FILLED_IN = {"image": "registry.example.com/ADAPTER_OF_YOURS:1", "imagePushSecret": "push-token"}
_BRACED = {"image": "{registry}/adapter:1", "imagePushSecret": "{secret}"}


def _tune(name: str, preset: Object, size: str, source: Object, target: Object, **more: Any) -> Object:
    return {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": metadata(name),
        "resource": {"count": 1, "instanceType": size, "labelSelector": {"matchLabels": {"tunes": name}}},
        "tuning": {"preset": preset, "method": "qlora", "input": source, "output": target, **more},
    }


def _claim(name: str) -> Object:
    return {"volumeSource": {"persistentVolumeClaim": {"claimName": name}}}


def _own(name: str, pod: Object, **resource: Any) -> Object:
    return {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": metadata(name),
        "resource": {"count": 1, "labelSelector": {"matchLabels": {"serves": name}}, **resource},
        "inference": {"template": {"spec": pod}},
    }


def _probe(delay: int) -> Object:
    return {"httpGet": {"path": "/healthz", "port": 8080}, "initialDelaySeconds": delay, "periodSeconds": 15}


_GPU = {"nvidia.com/gpu": 1}
_SERVER: Object = {
    "name": "server",
    "image": "registry.example.com/serving/server:1.4.0",
    "command": ["python3"],
    "args": ["serve.py", "--model={model}", "--dtype=bfloat16", "--trust-remote-code"],
    "livenessProbe": _probe(900),
    "readinessProbe": _probe(20),
    "resources": {"requests": _GPU, "limits": _GPU},
    "volumeMounts": [{"name": "scratch", "mountPath": "/dev/shm"}],
}

SITUATIONS = (
    Situation(
        _tune("tune-templated", chosen("falcon-7b"), _OLD, _ROWS, _FILLED_IN, config="qlora-params-template"),
        "fine-tuning/kaito_workspace_tuning_falcon_7b_mental.yaml",
    ),
    Situation(
        _tune(
            "tune-private",
            {**chosen("falcon-7b", image="registry.example.com/models/falcon:1"), "accessMode": "private"},
            _OLD,
            _ROWS,
            _FILLED_IN,
            config="training-of-ours",
        ),
        "fine-tuning/kaito_workspace_tuning_falcon_7b_oai.yaml",
    ),
    Situation(
        _tune("tune-small", chosen("phi-3-mini-128k-instruct"), A100, _ROWS, _FILLED_IN),
        "fine-tuning/kaito_workspace_tuning_phi_3.yaml",
    ),
    Situation(
        _tune("tune-on-disks", chosen("phi-3-mini-128k-instruct"), RETIRED, _claim("rows"), _claim("adapters")),
        "fine-tuning/kaito_workspace_tuning_phi_3_with_pvc_volume.yaml",
    ),
    Situation(
        _tune("tune-braced", chosen("phi-3-mini-128k-instruct"), A100, _ROWS, _BRACED),
        "docs/lora-adapters.md:52",
    ),
    Situation(
        _tune(
            "tune-from-image",
            chosen("falcon-7b"),
            A100,
            {"image": "ROWS/TRAINING_ROWS:1", "imagePullSecrets": ["pull-token"]},
            {"image": "ADAPTERS/FALCON_ADAPTER:1", "imagePushSecret": "push-token"},
        ),
        "docs/tuning.md:19",
    ),
    Situation(
        _own(
            "own-server",
            {"containers": [_SERVER], "volumes": [{"name": "scratch", "emptyDir": {"medium": "Memory"}}]},
            instanceType=A100,
        ),
        "custom-model-integration/custom-model-deployment.yaml",
    ),
    Situation(
        _own(
            "own-image",
            {"containers": [{"name": "model", "image": "ghcr.io/example/served-model:3b", "args": ["--listen=:8080"]}]},
            preferredNodes=["workstation"],
        ),
        "docs/aikit.md:48",
    ),
)
