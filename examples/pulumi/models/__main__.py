"""A model that KAITO serves, on the cluster that the kubeconfig of the shell names."""

import pulumi
from pulumi_kubernetes.core.v1 import Namespace
from pulumi_kubernetes.networking.v1 import NetworkPolicy

from kaitops.components.resources import Workspace

size = pulumi.Config().require("size")
models = Namespace("models", metadata={"name": "models"})
place = models.metadata["name"]
# Some ports of a model take commands without a login. Let those in that ask models by a policy of their own.
NetworkPolicy(
    "closed",
    metadata={"name": "closed", "namespace": place},
    spec={"podSelector": {}, "policyTypes": ["Ingress"]},
)
assistant = Workspace(
    "assistant",
    metadata={"name": "assistant", "namespace": place},
    resource={"instanceType": size, "labelSelector": {"matchLabels": {"apps": "assistant"}}},
    inference={"preset": {"name": "phi-4-mini-instruct"}},
)
pulumi.export("ready", assistant.ready)
