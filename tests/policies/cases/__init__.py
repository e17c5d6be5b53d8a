"""The table of cases that every engine is driven with.

A case is a clean document, a merge patch, and the exact paths that one rule finds in it: none for a good case or a
near miss. Others in the cluster, configuration and environment are said where they matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kaitops.policies.rule import Config, Path
from tests.version import KAITO

DIGEST = "@sha256:" + "a1" * 32
Data = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One object and what one rule says of it."""

    rule: str
    document: Data
    at: tuple[Path, ...]
    others: tuple[Data, ...] = ()
    config: Config = field(default_factory=Config)
    environment: str = "prod"
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    version: str = KAITO
    complete: bool = False
    region: str = ""
    alone: bool = False
    """Only the gate can tell: a twin in CEL sees one object, and no variable's value within a word."""


def patched(base: Any, patch: Any) -> Any:
    """A JSON merge patch: null removes, a list replaces."""
    if not isinstance(patch, dict):
        return patch
    result = dict(base) if isinstance(base, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = patched(result.get(key), value)
    return result


def case(rule: int, base: Data, patch: Data, *at: str, **more: Any) -> Case:
    """A case; paths are written with dots, ``/`` where a key holds dots itself."""
    steps = tuple(tuple(int(s) if s.isdigit() else s for s in p.split("|" if "|" in p else ".")) for p in at)
    return Case(f"KAITO{rule:03d}", patched(base, patch), steps, **more)


def meta(name: str, **more: Any) -> Data:
    return {"name": name, "namespace": "models", **more}


WS: Data = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "Workspace",
    "metadata": meta("phi"),
    "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"apps": "phi"}}},
    "inference": {"preset": {"name": "phi-4-mini-instruct"}},
}
IS: Data = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "InferenceSet",
    "metadata": meta("phis"),
    "spec": {
        "replicas": 2,
        "nodeCountLimit": 2,
        "labelSelector": {"matchLabels": {"apps": "phis"}},
        "template": {
            "resource": {"instanceType": "Standard_NC24ads_A100_v4"},
            "inference": {"preset": {"name": "phi-4-mini-instruct"}},
        },
    },
}
MRI: Data = {
    "apiVersion": "kaito.sh/v1alpha1",
    "kind": "MultiRoleInference",
    "metadata": meta("split"),
    "spec": {
        "labelSelector": {"matchLabels": {"apps": "split"}},
        "model": {"name": "phi-4-mini-instruct"},
        "roles": [
            {"type": "prefill", "replicas": 1, "instanceType": "Standard_NC40ads_H100_v5"},
            {"type": "decode", "replicas": 1, "instanceType": "Standard_NC24ads_A100_v4"},
        ],
    },
}
TUNE: Data = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "Workspace",
    "metadata": meta("tune"),
    "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"apps": "tune"}}},
    "tuning": {
        "preset": {"name": "phi-4"},
        "method": "qlora",
        "input": {"urls": ["https://data.contoso.com/a.parquet"]},
        "output": {"image": "contoso.azurecr.io/out:run-7", "imagePushSecret": "acr"},
    },
}
RAG: Data = {
    "apiVersion": "kaito.sh/v1beta1",
    "kind": "RAGEngine",
    "metadata": meta("rag"),
    "spec": {
        "compute": {
            "instanceType": "Standard_NC24ads_A100_v4",
            "labelSelector": {"matchLabels": {"apps": "rag"}},
        },
        "embedding": {"local": {"modelID": "BAAI/bge-small-en-v1.5"}},
        "inferenceService": {"url": "http://phi.models.svc/v1/completions", "contextWindowSize": 4096},
        "storage": {"persistentVolume": {"persistentVolumeClaim": "index"}},
        "guardrails": {"enabled": True, "configMapRef": {"name": "rails"}},
    },
}
SAFE: Data = {
    "runAsNonRoot": True,
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}
BOX: Data = {
    "name": "main",
    "image": f"contoso.azurecr.io/serve:1.4{DIGEST}",
    "args": ["--model", "/mnt"],
    "resources": {"requests": {"cpu": "4"}, "limits": {"memory": "16Gi", "nvidia.com/gpu": "1"}},
    "securityContext": SAFE,
}
CUSTOM: Data = {**WS, "inference": {"template": {"spec": {"containers": [BOX]}}}}
CUSTOMS: Data = patched(
    IS, {"spec": {"template": {"inference": {"preset": None, "template": {"spec": {"containers": [BOX]}}}}}}
)
DEPLOY: Data = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": meta("web"),
    "spec": {"template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [BOX]}}},
}
VLLM = "python3 /workspace/vllm/inference_api.py"
PLAIN: Data = {
    "apiVersion": "apps/v1",
    "kind": "StatefulSet",
    "metadata": meta("gpt"),
    "spec": {
        "template": {
            "metadata": {"labels": {"kaito.sh/workspace": "gpt"}},
            "spec": {
                "containers": [
                    {
                        "name": "gpt",
                        "image": f"mcr.microsoft.com/aks/kaito/kaito-base:0.5.0{DIGEST}",
                        "command": ["/bin/sh", "-c", f"{VLLM} --model=openai/gpt-oss-20b --revision=abc"],
                        "resources": {"limits": {"nvidia.com/gpu": "1"}},
                        "startupProbe": {"httpGet": {"path": "/health", "port": 5000}},
                    }
                ],
                "tolerations": [{"key": "nvidia.com/gpu", "operator": "Exists"}],
            },
        }
    },
}
SVC: Data = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": meta("phi"),
    "spec": {
        "type": "ClusterIP",
        "ports": [{"port": 80, "targetPort": 5000}, {"port": 8265}],
        "selector": {"app": "x"},
    },
}
CM: Data = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": meta("conf"),
    "data": {"inference_config.yaml": "vllm:\n  max-model-len: 8192\n"},
}
SECRET: Data = {"apiVersion": "v1", "kind": "Secret", "metadata": meta("s")}
CLEAN = (WS, IS, MRI, TUNE, RAG, CUSTOM, CUSTOMS, DEPLOY, PLAIN, SVC, CM, SECRET)


def inner(document: Data, patch: Any) -> Data:
    """The patch for a document, stated for its inference part."""
    return {"inference": patch} if document["kind"] == "Workspace" else {"spec": {"template": {"inference": patch}}}


def box(document: Data, patch: Data, **spec: Any) -> Data:
    """The patch that changes the first container, and fields of the pod."""
    pod = {"spec": {"containers": [patched(BOX, patch)], **spec}}
    return {"spec": {"template": pod}} if document is DEPLOY else inner(document, {"template": pod})


POD = {"Workspace": "inference.template.spec", "InferenceSet": "spec.template.inference.template.spec"}


def pod(document: Data) -> str:
    """Where the pod is, as text."""
    return POD.get(document["kind"], "spec.template.spec")


def all_cases() -> list[Case]:
    """The whole table."""
    from tests.policies.cases import (
        azure,
        bundle,
        evasions,
        flags,
        made,
        models,
        plain,
        pods,
        rag,
        supply,
        surroundings,
        taking_over,
    )

    rooms = (models, supply, pods, rag, bundle, plain, azure, evasions, made, surroundings, flags, taking_over)
    return [each for room in rooms for each in room.CASES]
