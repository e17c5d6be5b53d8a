"""KAITO's ``kaito.sh/v1beta1``: Workspace, InferenceSet and RAGEngine, every field of the definitions.

Nothing here is a default: what the API server fills in stays out, so that what is written is what was said.
"""

from typing import Literal

from pydantic import Field

from kaitops.api.meta import Condition, LabelSelector, ObjectMeta
from kaitops.api.resource import Anything, Int32, NonNegativeInt32, Part, PositiveInt, Resource


class PartitionSpec(Part):
    """A share of a node's GPUs; only where nodes are brought by the user."""

    mode: Literal["mig", "accelerator"]
    profile: str | None = None
    """MIG profile such as ``1g.10gb``; for mode ``mig``."""
    count: PositiveInt | None = None
    """Whole GPUs; for mode ``accelerator``."""


class ResourceSpec(Part):
    """The nodes that a workload runs on."""

    count: int | None = None
    instance_type: str | None = None
    """Machine size; empty where nodes are brought by the user."""
    label_selector: LabelSelector
    preferred_nodes: list[str] | None = None
    partition: PartitionSpec | None = None


class PresetOptions(Part):
    """Where a preset's weights come from."""

    image: str | None = None
    image_pull_secrets: list[str] | None = None
    model_access_secret: str | None = None
    """Secret in the same namespace with the key ``HF_TOKEN``."""


class PresetSpec(Part):
    """A model that KAITO knows how to serve."""

    name: str
    """Short name or Hugging Face id."""
    access_mode: Literal["public", "private"] | None = None
    preset_options: PresetOptions | None = None


class DataSource(Part):
    """Data from exactly one of URLs, a volume or an image."""

    name: str | None = None
    urls: list[str] | None = None
    volume_source: Anything | None = None
    image: str | None = None
    image_pull_secrets: list[str] | None = None


class DataDestination(Part):
    """Where a result goes: a volume or an image."""

    volume_source: Anything | None = None
    image: str | None = None
    image_push_secret: str | None = None


class AdapterSpec(Part):
    """A LoRA adapter loaded beside the model."""

    source: DataSource | None = None
    strength: str | None = None
    """A number from 0 to 1 as text; transformers runtime only."""


class InferenceSpec(Part):
    """What is served: a preset or a pod template."""

    preset: PresetSpec | None = None
    template: Anything | None = None
    config: str | None = None
    """ConfigMap with the key ``inference_config.yaml``."""
    adapters: list[AdapterSpec] | None = None


class TuningSpec(Part):
    """A fine-tuning run."""

    preset: PresetSpec | None = None
    method: str | None = None
    config: str | None = None
    """ConfigMap with the key ``training_config.yaml``."""
    input: DataSource
    output: DataDestination


class Metric(Part):
    """One measured figure."""

    description: str
    value: str
    unit: str | None = None
    config: dict[str, str] | None = None


class PerformanceStatus(Part):
    """Measured performance by metric name."""

    metrics: dict[str, Metric] | None = None


class WorkspaceStatus(Part):
    """Observed state of a Workspace."""

    worker_nodes: list[str] | None = None
    state: str | None = None
    conditions: list[Condition] | None = None
    target_node_count: Int32 | None = None
    performance: PerformanceStatus | None = None


class Workspace(Resource):
    """One model on its nodes, or one fine-tuning run. It has no ``spec``."""

    api_version: Literal["kaito.sh/v1beta1"] = "kaito.sh/v1beta1"
    kind: Literal["Workspace"] = "Workspace"
    metadata: ObjectMeta | None = None
    resource: ResourceSpec | None = None
    inference: InferenceSpec | None = None
    tuning: TuningSpec | None = None
    status: WorkspaceStatus | None = None


class InferenceSetResourceSpec(Part):
    """The nodes of each replica."""

    instance_type: str | None = None
    partition: PartitionSpec | None = None


class InferenceSetTemplate(Part):
    """The Workspace that each replica becomes."""

    metadata: Anything | None = None
    resource: InferenceSetResourceSpec | None = None
    inference: InferenceSpec


class MaintenanceWindow(Part):
    """When automatic upgrades may run."""

    schedule: str
    """Five cron fields, UTC."""
    duration: str | None = None
    """A Go duration such as ``4h``."""


class AutoUpgradePolicy(Part):
    """Automatic upgrades of the base image."""

    enabled: bool | None = None
    strategy: Literal["InPlace", "Surge"] | None = None
    maintenance_window: MaintenanceWindow | None = None


class InferenceSetSpec(Part):
    """A number of equal replicas."""

    replicas: NonNegativeInt32 | None = None
    node_count_limit: int | None = None
    label_selector: LabelSelector
    template: InferenceSetTemplate
    update_strategy: Anything | None = None
    auto_upgrade: AutoUpgradePolicy | None = None


class AutoUpgradeStatus(Part):
    """How far automatic upgrades are."""

    num_drifted_workspaces: int | None = None
    last_successful_upgrade_time: str | None = None


class InferenceSetStatus(Part):
    """Observed state of an InferenceSet."""

    replicas: int | None = None
    ready_replicas: int | None = None
    selector: str | None = None
    conditions: list[Condition] | None = None
    performance: PerformanceStatus | None = None
    auto_upgrade: AutoUpgradeStatus | None = None


class InferenceSet(Resource):
    """Replicas of a model behind one name."""

    api_version: Literal["kaito.sh/v1beta1"] = "kaito.sh/v1beta1"
    kind: Literal["InferenceSet"] = "InferenceSet"
    metadata: ObjectMeta | None = None
    spec: InferenceSetSpec
    status: InferenceSetStatus | None = None


class PersistentVolumeSpec(Part):
    """An existing claim for the index."""

    persistent_volume_claim: str
    mount_path: str | None = None


class VectorDBSpec(Part):
    """A vector database outside of the engine."""

    engine: str
    url: str
    access_secret: str | None = None
    """Secret with the key ``VECTOR_DB_ACCESS_SECRET``."""


class StorageSpec(Part):
    """Where the index lives."""

    persistent_volume: PersistentVolumeSpec | None = None
    vector_db: VectorDBSpec | None = Field(default=None, alias="vectorDB")


class RemoteEmbeddingSpec(Part):
    """Embeddings computed elsewhere."""

    url: str
    access_secret: str | None = None


class LocalEmbeddingSpec(Part):
    """Embeddings computed in the engine, by an image or a model id."""

    image: str | None = None
    image_pull_secret: str | None = None
    model_id: str | None = Field(default=None, alias="modelID")
    model_access_secret: str | None = None


class EmbeddingSpec(Part):
    """Exactly one of remote and local."""

    remote: RemoteEmbeddingSpec | None = None
    local: LocalEmbeddingSpec | None = None


class InferenceServiceSpec(Part):
    """The language model that answers; without a URL the engine only retrieves."""

    url: str | None = None
    access_secret: str | None = None
    """Secret with the key ``LLM_ACCESS_SECRET``."""
    context_window_size: int


class ConfigMapReference(Part):
    """A ConfigMap in the same namespace."""

    name: str


class GuardrailsSpec(Part):
    """Checks on what the model answers."""

    enabled: bool | None = None
    config_map_ref: ConfigMapReference | None = None
    """ConfigMap with the key ``guardrails.yaml``."""


class RAGEngineSpec(Part):
    """A retrieval engine. Without ``compute`` it runs on processors."""

    compute: ResourceSpec | None = None
    storage: StorageSpec | None = None
    embedding: EmbeddingSpec
    inference_service: InferenceServiceSpec | None = None
    guardrails: GuardrailsSpec | None = None


class RAGEngineStatus(Part):
    """Observed state of a RAGEngine."""

    worker_nodes: list[str] | None = None
    conditions: list[Condition] | None = None


class RAGEngine(Resource):
    """Retrieval over documents, with answers by a model."""

    api_version: Literal["kaito.sh/v1beta1"] = "kaito.sh/v1beta1"
    kind: Literal["RAGEngine"] = "RAGEngine"
    metadata: ObjectMeta | None = None
    spec: RAGEngineSpec | None = None
    status: RAGEngineStatus | None = None
