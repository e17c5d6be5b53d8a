"""A model that KAITO serves, on the cluster that the kubeconfig of the shell names."""

import pulumi

from kaitops.components.resources import Workspace

size = pulumi.Config().require("size")
assistant = Workspace(
    "assistant",
    metadata={"name": "assistant", "namespace": "default"},
    resource={"instanceType": size, "labelSelector": {"matchLabels": {"apps": "assistant"}}},
    inference={"preset": {"name": "phi-4-mini-instruct"}},
)
pulumi.export("ready", assistant.ready)
