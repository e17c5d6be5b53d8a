"""KAITO's kinds as components: a plugin cannot offer the custom resources themselves.

Each class says its outputs again: their descriptions in the schema are read off its own source, not what it inherits.
"""

from typing import Any

import pulumi

from kaitops.components import resources
from kaitops.components.packaged.inputs import plain, refusing
from kaitops.components.packaged.types import (
    InferenceSetArgs,
    ModelMirrorArgs,
    MultiRoleInferenceArgs,
    RAGEngineArgs,
    WorkspaceArgs,
)
from kaitops.components.resources.kaito_resource import KaitoResource
from kaitops.components.resources.spec_resource import SpecResource
from kaitops.documents.plain import Object

_SPEC = {"metadata": "metadata", "spec": "spec"}


class _Kind(pulumi.ComponentResource):
    name: pulumi.Output[str]
    """Name of the object in the cluster."""
    ready: pulumi.Output[bool]
    """Whether the object was ready when it was last read."""

    def _holds(self, made: KaitoResource) -> None:
        self.name, self.ready = made.name, made.ready
        self.register_outputs({"name": self.name, "ready": self.ready})


class Workspace(_Kind):
    """One model on its nodes, or one fine-tuning run."""

    name: pulumi.Output[str]
    """Name of the object in the cluster."""
    ready: pulumi.Output[bool]
    """Whether the object was ready when it was last read."""

    @refusing(metadata="metadata", resource="resource", inference="inference", tuning="tuning")
    def __init__(self, name: str, args: WorkspaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:index:Workspace", name, None, opts)
        given = plain(args)
        self._holds(
            resources.Workspace(
                name,
                resource=given["resource"],
                metadata=given.get("metadata"),
                inference=given.get("inference"),
                tuning=given.get("tuning"),
                await_ready=given.get("await_ready", False),
                blue_green=given.get("blue_green", False),
                opts=pulumi.ResourceOptions(parent=self),
            )
        )


class _SpecKind(_Kind):
    def _made(self, kind: type[SpecResource[Any, Any]], name: str, args: Object) -> None:
        given: Object = plain(args)
        self._holds(
            kind(
                name,
                spec=given["spec"],
                metadata=given.get("metadata"),
                await_ready=given.get("await_ready", False),
                blue_green=given.get("blue_green", False),
                opts=pulumi.ResourceOptions(parent=self),
            )
        )


class InferenceSet(_SpecKind):
    """Copies of a model behind one name."""

    name: pulumi.Output[str]
    """Name of the object in the cluster."""
    ready: pulumi.Output[bool]
    """Whether the object was ready when it was last read."""

    @refusing(**_SPEC)
    def __init__(self, name: str, args: InferenceSetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:index:InferenceSet", name, None, opts)
        self._made(resources.InferenceSet, name, args)


class RAGEngine(_SpecKind):
    """Retrieval and generation over an index."""

    name: pulumi.Output[str]
    """Name of the object in the cluster."""
    ready: pulumi.Output[bool]
    """Whether the object was ready when it was last read."""

    @refusing(**_SPEC)
    def __init__(self, name: str, args: RAGEngineArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:index:RAGEngine", name, None, opts)
        self._made(resources.RAGEngine, name, args)


class ModelMirror(_SpecKind):
    """Weights that a cluster keeps a copy of."""

    name: pulumi.Output[str]
    """Name of the object in the cluster."""
    ready: pulumi.Output[bool]
    """Whether the object was ready when it was last read."""

    @refusing(**_SPEC)
    def __init__(self, name: str, args: ModelMirrorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:index:ModelMirror", name, None, opts)
        self._made(resources.ModelMirror, name, args)


class MultiRoleInference(_SpecKind):
    """A model whose prefill and decode run on machines of their own."""

    name: pulumi.Output[str]
    """Name of the object in the cluster."""
    ready: pulumi.Output[bool]
    """Whether the object was ready when it was last read."""

    @refusing(**_SPEC)
    def __init__(self, name: str, args: MultiRoleInferenceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:index:MultiRoleInference", name, None, opts)
        self._made(resources.MultiRoleInference, name, args)
