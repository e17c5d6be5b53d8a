"""The programs whose resources are recorded: one cluster of each provisioner with everything that a user may ask for.

Owns the configuration only. It is part of each record, so a later change here changes no older one.
"""

from typing import Any

from tests.components.stacks import SETTINGS
from tests.version import KAITO

A100 = "Standard_NC24ads_A100_v4"
_NODES = {"a100": {"product": "A100", "gpus": 1, "memoryMiB": 81920, "labels": {"kaitops.io/pool": "a100"}}}


def programs() -> dict[str, dict[str, Any]]:
    """Fleet and infrastructure settings by provisioner."""
    return {provisioner: {"fleet": fleet(provisioner), "infra": settings} for provisioner, settings in SETTINGS.items()}


def fleet(provisioner: str) -> dict[str, Any]:
    """Each kind of workload that the provisioner takes."""
    brought = provisioner == "byo"
    cluster: dict[str, Any] = {"region": "westeurope", "provisioner": provisioner}
    gpu: dict[str, Any] = {} if brought else {"gpu": A100}
    models: dict[str, Any] = {
        "phi": {"preset": "phi-4-mini-instruct", **gpu},
        "plain": {"preset": "phi-4", "mode": "plain", **gpu},
    }
    if brought:
        cluster["nodes"] = _NODES
    found: dict[str, Any] = {
        "kaito": KAITO,
        "defaults": {"namespace": "models", "benchmark": False},
        "clusters": {"prod": cluster},
        "models": models,
    }
    if provisioner == "karpenter":
        models["qwen"] = {"preset": "qwen2.5-coder-7b-instruct", "replicas": 2, **gpu}
        models["llama"] = {
            "preset": "llama-3.1-8b-instruct",
            "secret": "hf-token",
            "prefill": {"gpu": "Standard_NC40ads_H100_v5"},
            "decode": {"gpu": A100},
        }
        found["rag"] = {
            "handbook": {
                "embedding": {"model": "BAAI/bge-small-en-v1.5"},
                "llm": {"model": "phi", "contextWindow": 16384},
            }
        }
        found["mirrors"] = {"weights": {"model": "qwen2.5-coder-7b-instruct", "storageClass": "blob-weights"}}
    return found
