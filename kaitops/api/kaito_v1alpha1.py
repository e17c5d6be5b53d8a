"""KAITO's ``kaito.sh/v1alpha1``: ModelMirror and MultiRoleInference, and the older forms of the other three kinds.

Write the older three in v1beta1: KAITO converts nothing, and what only v1alpha1 has is lost on the way to storage.
"""

from typing import Annotated, ClassVar, Literal

from annotated_types import Len
from pydantic import Field

from kaitops.api.kaito_v1beta1 import (
    AdapterSpec,
    AutoUpgradePolicy,
    AutoUpgradeStatus,
    DataDestination,
    DataSource,
    EmbeddingSpec,
    InferenceSpec,
)
from kaitops.api.meta import Condition, LabelSelector, ObjectMeta
from kaitops.api.resource import Anything, Int64, NonNegativeInt32, Part, PositiveInt32, Resource


class LegacyResourceSpec(Part):
    """The nodes that a workload runs on."""

    count: int | None = None
    instance_type: str | None = None
    label_selector: LabelSelector
    preferred_nodes: list[str] | None = None


class LegacyPresetOptions(Part):
    """Where a private preset's image is."""

    image: str | None = None
    image_pull_secrets: list[str] | None = None


class LegacyPresetSpec(Part):
    """A model that KAITO knows how to serve."""

    name: str
    access_mode: Literal["public", "private"] | None = None
    preset_options: LegacyPresetOptions | None = None


class LegacyInferenceSpec(Part):
    """What is served: a preset or a pod template."""

    preset: LegacyPresetSpec | None = None
    template: Anything | None = None
    config: str | None = None
    adapters: list[AdapterSpec] | None = None


class LegacyTuningSpec(Part):
    """A fine-tuning run."""

    preset: LegacyPresetSpec | None = None
    method: str | None = None
    config: str | None = None
    input: DataSource
    output: DataDestination


class LegacyStatus(Part):
    """Observed state: nodes and conditions."""

    worker_nodes: list[str] | None = None
    conditions: list[Condition] | None = None


class Workspace(Resource):
    """The older Workspace; presets cannot be created with it any more."""

    api_version: Literal["kaito.sh/v1alpha1"] = "kaito.sh/v1alpha1"
    kind: Literal["Workspace"] = "Workspace"
    metadata: ObjectMeta | None = None
    resource: LegacyResourceSpec | None = None
    inference: LegacyInferenceSpec | None = None
    tuning: LegacyTuningSpec | None = None
    status: LegacyStatus | None = None


class LegacySetResourceSpec(Part):
    """The nodes of each replica."""

    instance_type: str | None = None


class LegacySetTemplate(Part):
    """The Workspace that each replica becomes."""

    metadata: Anything | None = None
    resource: LegacySetResourceSpec | None = None
    inference: InferenceSpec


class LegacySetSpec(Part):
    """A number of equal replicas."""

    replicas: NonNegativeInt32 | None = None
    node_count_limit: int | None = None
    label_selector: LabelSelector
    template: LegacySetTemplate
    update_strategy: Anything | None = None
    auto_upgrade: AutoUpgradePolicy | None = None


class LegacyMetric(Part):
    """One measured figure."""

    description: str
    value: str
    unit: str | None = None


class LegacyPerformanceStatus(Part):
    """Measured performance by metric name."""

    metrics: dict[str, LegacyMetric] | None = None


class LegacySetStatus(Part):
    """Observed state of an InferenceSet."""

    replicas: int | None = None
    ready_replicas: int | None = None
    selector: str | None = None
    conditions: list[Condition] | None = None
    performance: LegacyPerformanceStatus | None = None
    auto_upgrade: AutoUpgradeStatus | None = None


class InferenceSet(Resource):
    """The older InferenceSet."""

    api_version: Literal["kaito.sh/v1alpha1"] = "kaito.sh/v1alpha1"
    kind: Literal["InferenceSet"] = "InferenceSet"
    metadata: ObjectMeta | None = None
    spec: LegacySetSpec
    status: LegacySetStatus | None = None


class LegacyStorageSpec(Part):
    """An existing claim for the index; lost on conversion."""

    persistent_volume_claim: str | None = None
    mount_path: str | None = None


class LegacyInferenceServiceSpec(Part):
    """The language model that answers."""

    url: str
    access_secret: str | None = None
    context_window_size: int


class LegacyRAGEngineSpec(Part):
    """A retrieval engine."""

    compute: LegacyResourceSpec | None = None
    storage: LegacyStorageSpec | None = None
    embedding: EmbeddingSpec
    inference_service: LegacyInferenceServiceSpec | None = None
    query_service_name: str | None = None
    index_service_name: str | None = None


class RAGEngine(Resource):
    """The older RAGEngine, deprecated."""

    api_version: Literal["kaito.sh/v1alpha1"] = "kaito.sh/v1alpha1"
    kind: Literal["RAGEngine"] = "RAGEngine"
    metadata: ObjectMeta | None = None
    spec: LegacyRAGEngineSpec | None = None
    status: LegacyStatus | None = None


class ObjectReference(Part):
    """Any object of the cluster."""

    api_version: str | None = None
    """Its API version."""
    kind: str | None = None
    """Its kind."""
    namespace: str | None = None
    """Its namespace."""
    name: str | None = None
    """Its name."""
    uid: str | None = None
    """Its identity."""
    resource_version: str | None = None
    """Its version."""
    field_path: str | None = None
    """A part of it."""


class ModelSource(Part):
    """The model to mirror."""

    registry: Literal["huggingface"]
    """Where the model is."""
    model_id: str = Field(alias="modelID")
    """Its id there."""
    access_secret: ObjectReference | None = None
    """Secret that opens it."""


class MirrorStorage(Part):
    """The volume that holds the weights."""

    size: str
    """Size of the volume."""
    storage_class_name: str | None = None
    """Its storage class."""


class ModelMirrorSpec(Part):
    """A copy of a model's weights inside the cluster. Cannot be changed."""

    mode: Literal["Managed", "Static"] | None = None
    """Download into a volume, or stream from what is there."""
    source: ModelSource | None = None
    """The model."""
    storage: MirrorStorage | None = None
    """The volume."""
    job_namespace: str | None = None
    """Namespace of the download."""
    service_account_name: str | None = None
    """Service account of the download."""


class DownloadStatus(Part):
    """A download under way."""

    speed_bytes_per_second: Int64
    remaining_seconds: Int64
    """-1 where unknown."""


class ModelMirrorStatus(Part):
    """Observed state of a ModelMirror."""

    phase: Literal["Pending", "Ready"] | None = None
    model_path: str | None = None
    conditions: list[Condition] | None = None
    failure_message: str | None = None
    last_download_time: str | None = None
    download: DownloadStatus | None = None


class ModelMirror(Resource):
    """A copy of a model's weights inside the cluster, for all namespaces."""

    api_version: Literal["kaito.sh/v1alpha1"] = "kaito.sh/v1alpha1"
    kind: Literal["ModelMirror"] = "ModelMirror"
    namespaced: ClassVar[bool] = False

    metadata: ObjectMeta | None = None
    spec: ModelMirrorSpec | None = None
    status: ModelMirrorStatus | None = None


class RoleModelSpec(Part):
    """The model that both roles serve."""

    name: str
    """Short name or Hugging Face id."""
    model_access_secret: str | None = None
    """Secret with the key ``HF_TOKEN``."""


class RoleSpec(Part):
    """One side of a split serving: prefill or decode."""

    type: Literal["prefill", "decode"]
    """Which side."""
    replicas: PositiveInt32 | None = None
    """How many."""
    instance_type: str | None = None
    """Machine size; absent where nodes are brought by the user."""
    runtime_config: str | None = None
    """ConfigMap with the key ``inference_config.yaml``."""


class MultiRoleInferenceSpec(Part):
    """Prefill and decode of one model on separate nodes."""

    label_selector: LabelSelector
    """Which nodes."""
    model: RoleModelSpec
    """What is served."""
    epp_plugins_config: str | None = None
    """ConfigMap with the key ``config.yaml``."""
    roles: Annotated[list[RoleSpec], Len(2, 2)]
    """Prefill and decode, one each."""


class MultiRoleInferenceStatus(Part):
    """Observed state of a MultiRoleInference."""

    conditions: list[Condition] | None = None
    observed_generation: Int64 | None = None


class MultiRoleInference(Resource):
    """One model served by a prefill and a decode role."""

    api_version: Literal["kaito.sh/v1alpha1"] = "kaito.sh/v1alpha1"
    kind: Literal["MultiRoleInference"] = "MultiRoleInference"
    metadata: ObjectMeta | None = None
    spec: MultiRoleInferenceSpec
    status: MultiRoleInferenceStatus | None = None
