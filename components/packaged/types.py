"""The types of the plugin's inputs, as the schema of other languages has them.

Owns what a schema can say: no unions, no literals, enums by name. A pod template, and the spec of the kinds that few
write by hand, are plain values. Keys are those of the manifests.
"""

from enum import Enum
from typing import Any, NotRequired, TypedDict

import pulumi


class Group(Enum):
    """Where an entry stands in a fleet."""

    MODELS = "models"
    TUNING = "tuning"
    RAG = "rag"
    MIRRORS = "mirrors"


class Mode(Enum):
    """Who makes the pods of a workload."""

    OPERATOR = "operator"
    PLAIN = "plain"


class AccessMode(Enum):
    """Whether the weights of a preset are public."""

    PUBLIC = "public"
    PRIVATE = "private"


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


class LabelSelector(TypedDict):
    """Labels of the nodes that a workload may run on."""

    matchLabels: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Labels with their values."""


class ResourceSpec(TypedDict):
    """The nodes that a workload runs on."""

    labelSelector: pulumi.Input[LabelSelector]
    """Which nodes."""
    instanceType: NotRequired[pulumi.Input[str]]
    """Machine size; absent where nodes are brought by the user."""
    count: NotRequired[pulumi.Input[int]]
    """How many nodes."""
    preferredNodes: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """Nodes by name that are taken first."""


class PresetOptions(TypedDict):
    """Where a preset's weights come from."""

    image: NotRequired[pulumi.Input[str]]
    """Image with the weights."""
    imagePullSecrets: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """Secrets to pull it with."""
    modelAccessSecret: NotRequired[pulumi.Input[str]]
    """Secret in the same namespace with the key ``HF_TOKEN``."""


class PresetSpec(TypedDict):
    """A model that KAITO knows how to serve."""

    name: pulumi.Input[str]
    """Short name or Hugging Face id."""
    accessMode: NotRequired[pulumi.Input[AccessMode]]
    """Whether the weights are public."""
    presetOptions: NotRequired[pulumi.Input[PresetOptions]]
    """Where the weights come from."""


class InferenceSpec(TypedDict):
    """What is served: a preset or a pod template."""

    preset: NotRequired[pulumi.Input[PresetSpec]]
    """A model that KAITO knows."""
    template: NotRequired[pulumi.Input[Any]]
    """Pod template of a model of your own, as in a manifest."""
    config: NotRequired[pulumi.Input[str]]
    """ConfigMap with the key ``inference_config.yaml``."""
    adapters: NotRequired[pulumi.Input[Any]]
    """LoRA adapters, as in a manifest."""


class TuningSpec(TypedDict):
    """A fine-tuning run."""

    preset: NotRequired[pulumi.Input[PresetSpec]]
    """The model that is tuned."""
    method: NotRequired[pulumi.Input[str]]
    """``lora`` or ``qlora``."""
    config: NotRequired[pulumi.Input[str]]
    """ConfigMap with the key ``training_config.yaml``."""
    input: pulumi.Input[Any]
    """Where the data comes from, as in a manifest."""
    output: pulumi.Input[Any]
    """Where the adapter goes, as in a manifest."""


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


class SpecArgs(TypedDict):
    """Inputs of a kind with a spec."""

    spec: pulumi.Input[Any]
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
    cluster_declaration: NotRequired[Any]
    """With ``entry``: the declaration of the cluster, as it would stand in a fleet file."""
    model: NotRequired[str]
    """Name of the entry; the resource's own name where absent."""
    entry: NotRequired[Any]
    """The entry itself, as it would stand in a fleet file."""
    group: NotRequired[Group]
    """Where the entry stands; ``models`` where absent."""
    kaito: NotRequired[str]
    """KAITO version; with ``entry``."""
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
    values: NotRequired[pulumi.Input[dict[str, Any]]]
    """Further values by key of the chart that are known at run time only, such as client ids."""
    protect: NotRequired[bool]
    """Refuse to delete KAITO's definitions; true where absent."""


class ClusterArgs(TypedDict):
    """Inputs of a cluster of a fleet with everything that stands beside it."""

    fleet: str
    """Path of the fleet file."""
    cluster: str
    """Name of the cluster in it."""
    settings: NotRequired[Any]
    """Settings of the infrastructure; docs/infrastructure.md lists every key."""
