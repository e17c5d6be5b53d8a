"""The types of the plugin's inputs, as the schema of other languages has them.

Owns what each component takes. What is in a spec, in an entry of a fleet and in settings is generated from the models
that check it; pods are plain values with the keys of their manifests.
"""

from enum import Enum
from typing import NotRequired, TypedDict

import pulumi

from kaitops.components.packaged.arguments.fleet import (
    FleetCluster,
    FleetMirror,
    FleetModel,
    FleetRag,
    FleetTuning,
    Mode,
)
from kaitops.components.packaged.arguments.infra import InfraSettings
from kaitops.components.packaged.arguments.kaito import (
    InferenceSetSpec,
    InferenceSpec,
    ModelMirrorSpec,
    MultiRoleInferenceSpec,
    RAGEngineSpec,
    ResourceSpec,
    TuningSpec,
)
from kaitops.documents.plain import MutableObject


class Group(Enum):
    """Where an entry stands in a fleet."""

    MODELS = "models"
    TUNING = "tuning"
    RAG = "rag"
    MIRRORS = "mirrors"


class ObjectMeta(TypedDict):
    """Name, namespace, labels and annotations of an object."""

    name: NotRequired[pulumi.Input[str]]
    """Name; made up where absent."""
    namespace: NotRequired[pulumi.Input[str]]
    """Namespace; ``default`` where absent."""
    labels: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Labels."""
    annotations: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Annotations."""


class WorkspaceArgs(TypedDict):
    """Inputs of a Workspace."""

    resource: pulumi.Input[ResourceSpec]
    """The nodes."""
    metadata: NotRequired[pulumi.Input[ObjectMeta]]
    """Name, namespace, labels and annotations."""
    inference: NotRequired[pulumi.Input[InferenceSpec]]
    """What is served; either this or ``tuning``."""
    tuning: NotRequired[pulumi.Input[TuningSpec]]
    """The fine-tuning run."""
    await_ready: NotRequired[bool]
    """Wait until the model serves or the run has succeeded."""
    blue_green: NotRequired[bool]
    """Make the successor under another name before the old object goes."""


class InferenceSetArgs(TypedDict):
    """Inputs of an InferenceSet."""

    spec: pulumi.Input[InferenceSetSpec]
    """As in a manifest."""
    metadata: NotRequired[pulumi.Input[ObjectMeta]]
    """Name, namespace, labels and annotations."""
    await_ready: NotRequired[bool]
    """Wait until the object is ready."""
    blue_green: NotRequired[bool]
    """Make the successor under another name before the old object goes."""


class RAGEngineArgs(TypedDict):
    """Inputs of a RAGEngine."""

    spec: pulumi.Input[RAGEngineSpec]
    """As in a manifest."""
    metadata: NotRequired[pulumi.Input[ObjectMeta]]
    """Name, namespace, labels and annotations."""
    await_ready: NotRequired[bool]
    """Wait until the object is ready."""
    blue_green: NotRequired[bool]
    """Make the successor under another name before the old object goes."""


class ModelMirrorArgs(TypedDict):
    """Inputs of a ModelMirror."""

    spec: pulumi.Input[ModelMirrorSpec]
    """As in a manifest."""
    metadata: NotRequired[pulumi.Input[ObjectMeta]]
    """Name, namespace, labels and annotations."""
    await_ready: NotRequired[bool]
    """Wait until the object is ready."""
    blue_green: NotRequired[bool]
    """Make the successor under another name before the old object goes."""


class MultiRoleInferenceArgs(TypedDict):
    """Inputs of a MultiRoleInference."""

    spec: pulumi.Input[MultiRoleInferenceSpec]
    """As in a manifest."""
    metadata: NotRequired[pulumi.Input[ObjectMeta]]
    """Name, namespace, labels and annotations."""
    await_ready: NotRequired[bool]
    """Wait until the object is ready."""
    blue_green: NotRequired[bool]
    """Make the successor under another name before the old object goes."""


class ModelArgs(TypedDict):
    """Inputs of a model: an entry by its name in a fleet file, or the entry itself."""

    fleet: NotRequired[str]
    """Path of the fleet file."""
    cluster: NotRequired[str]
    """Name of the cluster in the fleet file."""
    cluster_declaration: NotRequired[FleetCluster]
    """With an entry: the declaration of the cluster, as it would stand in a fleet file."""
    model: NotRequired[str]
    """Name of the entry; the resource's own name where absent."""
    entry: NotRequired[FleetModel]
    """The model itself, as it would stand in a fleet file."""
    tuning_entry: NotRequired[FleetTuning]
    """A tuning job in its place."""
    rag_entry: NotRequired[FleetRag]
    """A retrieval engine in its place."""
    mirror_entry: NotRequired[FleetMirror]
    """Mirrored weights in its place."""
    group: NotRequired[Group]
    """Where the entry of a fleet file stands; ``models`` where absent."""
    kaito: NotRequired[str]
    """KAITO version; with an entry."""
    mode: NotRequired[Mode]
    """Who makes the pods; as declared where absent."""
    create_namespace: NotRequired[bool]
    """Make the namespace too."""
    await_ready: NotRequired[bool]
    """Wait until the model serves."""
    blue_green: NotRequired[bool]
    """Make the successor under another name before the old object goes."""


class OperatorArgs(TypedDict):
    """Inputs of KAITO's controllers on a cluster of a fleet."""

    fleet: str
    """Path of the fleet file."""
    cluster: str
    """Name of the cluster in it."""
    archives: NotRequired[str]
    """Folder with the charts' archives; their repositories where absent."""
    values: NotRequired[pulumi.Input[MutableObject]]
    """Further values by key of the chart that are known at run time only, such as client ids."""
    protect: NotRequired[bool]
    """Refuse to delete KAITO's definitions; true where absent."""


class ClusterArgs(TypedDict):
    """Inputs of a cluster of a fleet with everything that stands beside it."""

    fleet: str
    """Path of the fleet file."""
    cluster: str
    """Name of the cluster in it."""
    settings: NotRequired[InfraSettings]
    """Settings of the infrastructure; docs/infrastructure.md lists every key."""
