"""A user's Pulumi program that declares every kind. Runs under mocks; pyright finds nothing in it."""

import pulumi

from kaitops.components.deployment import ModelDeployment, declare_cluster
from kaitops.components.resources import InferenceSet, ModelMirror, MultiRoleInference, RAGEngine, Readiness, Workspace
from kaitops.components.resources.arguments.kaito_v1beta1 import InferenceSpec, ResourceSpec


def nodes(size: pulumi.Input[str], name: str) -> ResourceSpec:
    """Nodes of a size, labelled with a name."""
    return {"instanceType": size, "labelSelector": {"matchLabels": {"apps": name}}}


def program() -> None:
    """Declare every kind, with values known and not yet known."""
    space: pulumi.Output[str] = pulumi.Output.from_input("models")
    size: pulumi.Output[str] = pulumi.Output.from_input("Standard_NC24ads_A100_v4")
    preset: InferenceSpec = {"preset": {"name": "phi-4-mini-instruct"}}
    phi = Workspace(
        "phi",
        metadata={"name": "phi", "namespace": space, "annotations": {"kaito.sh/disable-benchmark": "true"}},
        resource=nodes(size, "phi"),
        inference=preset,
        await_ready=Readiness(timeout_seconds=1800),
    )
    Workspace(
        "tuned",
        metadata={"name": "tuned", "namespace": "models"},
        resource=nodes("Standard_NC24ads_A100_v4", "tuned"),
        tuning={
            "preset": {"name": "phi-4"},
            "method": "qlora",
            "input": {"urls": ["https://example.com/data.parquet"]},
            "output": {"image": "registry.example.com/adapters/phi:v1", "imagePushSecret": "push"},
        },
    )
    Workspace(
        "own-pod",
        metadata={"name": "own-pod", "namespace": "models"},
        resource=nodes("Standard_NC24ads_A100_v4", "own-pod"),
        inference={
            "template": {
                "spec": {
                    "containers": [
                        {
                            "name": "serve",
                            "image": "registry.example.com/serve:1",
                            "ports": [{"containerPort": 8080}],
                            "resources": {"limits": {"nvidia.com/gpu": 1, "memory": "64Gi"}},
                            "readinessProbe": {"httpGet": {"path": "/health", "port": 8080}},
                        }
                    ]
                }
            }
        },
    )
    InferenceSet(
        "set",
        metadata={"name": "set", "namespace": "models"},
        spec={
            "replicas": 2,
            "labelSelector": {"matchLabels": {"apps": "set"}},
            "template": {"resource": {"instanceType": size}, "inference": preset},
        },
        blue_green=True,
    )
    RAGEngine(
        "rag",
        metadata={"name": "rag", "namespace": "models"},
        spec={
            "compute": nodes("Standard_NC24ads_A100_v4", "rag"),
            "embedding": {"local": {"modelID": "BAAI/bge-small-en-v1.5"}},
            "inferenceService": {
                "url": phi.metadata.apply(lambda about: f"http://{about.get('name')}/v1/completions"),
                "contextWindowSize": 4096,
            },
        },
    )
    ModelMirror(
        "weights",
        metadata={"name": "weights"},
        spec={
            "source": {"registry": "huggingface", "modelID": "microsoft/phi-4"},
            "storage": {"size": "100Gi", "storageClassName": "blob"},
        },
    )
    MultiRoleInference(
        "split",
        metadata={"name": "split", "namespace": "models"},
        spec={
            "labelSelector": {"matchLabels": {"apps": "split"}},
            "model": {"name": "phi-4-mini-instruct"},
            "roles": [
                {"type": "prefill", "instanceType": "Standard_NC40ads_H100_v5"},
                {"type": "decode", "instanceType": size, "replicas": 2},
            ],
        },
    )
    old = Workspace.get("old", "models/old")
    pulumi.export("ready", phi.ready)
    pulumi.export("state", old.status.apply(lambda status: status.get("state") if status else None))


def fleet(path: str) -> None:
    """The same from a fleet file, whole or in part."""
    from pathlib import Path

    workloads = declare_cluster("fleet", fleet=Path(path), cluster="prod-weu")
    ModelDeployment("phi-4-mini", {"fleet": path, "cluster": "prod-weu", "mode": "plain"})
    pulumi.export("models", workloads.models)
