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
    """Which kind of share."""
    profile: str | None = None
    """MIG profile such as ``1g.10gb``; for mode ``mig``."""
    count: PositiveInt | None = None
    """Whole GPUs; for mode ``accelerator``."""


class ResourceSpec(Part):
    """The nodes that a workload runs on."""

    count: int | None = None
    """How many nodes."""
    instance_type: str | None = None
    """Machine size; empty where nodes are brought by the user."""
    label_selector: LabelSelector
    """Which nodes."""
    preferred_nodes: list[str] | None = None
    """Nodes by name that are taken first."""
    partition: PartitionSpec | None = None
    """A share of a node in place of whole ones."""


class PresetOptions(Part):
    """Where a preset's weights come from."""

    image: str | None = None
    """Image with the weights."""
    image_pull_secrets: list[str] | None = None
    """Secrets to pull it with."""
    model_access_secret: str | None = None
    """Secret in the same namespace with the key ``HF_TOKEN``."""


class PresetSpec(Part):
    """A model that KAITO knows how to serve."""

    name: str
    """Short name or Hugging Face id."""
    access_mode: Literal["public", "private"] | None = None
    """Whether the weights are public."""
    preset_options: PresetOptions | None = None
    """Where the weights come from."""


class DataSource(Part):
    """Data from exactly one of URLs, a volume or an image."""

    name: str | None = None
    """Name of the source."""
    urls: list[str] | None = None
    """Addresses that are downloaded."""
    volume_source: Anything | None = None
    """Volume, as in a pod."""
    image: str | None = None
    """Image with the data."""
    image_pull_secrets: list[str] | None = None
    """Secrets to pull it with."""


class DataDestination(Part):
    """Where a result goes: a volume or an image."""

    volume_source: Anything | None = None
    """Volume, as in a pod."""
    image: str | None = None
    """Image that is pushed."""
    image_push_secret: str | None = None
    """Secret to push it with."""


class AdapterSpec(Part):
    """A LoRA adapter loaded beside the model."""

    source: DataSource | None = None
    """Where the adapter comes from."""
    strength: str | None = None
    """A number from 0 to 1 as text; transformers runtime only."""


class InferenceSpec(Part):
    """What is served: a preset or a pod template."""

    preset: PresetSpec | None = None
    """A model that KAITO knows."""
    template: Anything | None = None
    """Pod template of a model of your own, as in a manifest."""
    config: str | None = None
    """ConfigMap with the key ``inference_config.yaml``."""
    adapters: list[AdapterSpec] | None = None
    """LoRA adapters."""


class TuningSpec(Part):
    """A fine-tuning run."""

    preset: PresetSpec | None = None
    """The model that is tuned."""
    method: str | None = None
    """``lora`` or ``qlora``."""
    config: str | None = None
    """ConfigMap with the key ``training_config.yaml``."""
    input: DataSource
    """Where the data comes from."""
    output: DataDestination
    """Where the adapter goes."""


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
    """Machine size; absent where nodes are brought by the user."""
    partition: PartitionSpec | None = None
    """A share of a node in place of whole ones."""


class InferenceSetTemplate(Part):
    """The Workspace that each replica becomes."""

    metadata: Anything | None = None
    """Labels and annotations of each Workspace."""
    resource: InferenceSetResourceSpec | None = None
    """The nodes of each replica."""
    inference: InferenceSpec
    """What each replica serves."""


class MaintenanceWindow(Part):
    """When automatic upgrades may run."""

    schedule: str
    """Five cron fields, UTC."""
    duration: str | None = None
    """A Go duration such as ``4h``."""


class AutoUpgradePolicy(Part):
    """Automatic upgrades of the base image."""

    enabled: bool | None = None
    """Whether replicas follow newer images."""
    strategy: Literal["InPlace", "Surge"] | None = None
    """In place, or one more first."""
    maintenance_window: MaintenanceWindow | None = None
    """When that may be."""


class InferenceSetSpec(Part):
    """A number of equal replicas."""

    replicas: NonNegativeInt32 | None = None
    """How many; left out where a scaler owns the number."""
    node_count_limit: int | None = None
    """Most nodes of all replicas together."""
    label_selector: LabelSelector
    """Which nodes."""
    template: InferenceSetTemplate
    """What each replica is."""
    update_strategy: Anything | None = None
    """How replicas are replaced, as of a StatefulSet."""
    auto_upgrade: AutoUpgradePolicy | None = None
    """Automatic upgrades of the image."""


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
    """Name of the claim."""
    mount_path: str | None = None
    """Where it is mounted."""


class VectorDBSpec(Part):
    """A vector database outside of the engine."""

    engine: str
    """Kind of database, such as ``qdrant``."""
    url: str
    """Address of the database."""
    access_secret: str | None = None
    """Secret with the key ``VECTOR_DB_ACCESS_SECRET``."""


class StorageSpec(Part):
    """Where the index lives."""

    persistent_volume: PersistentVolumeSpec | None = None
    """A claim for the index."""
    vector_db: VectorDBSpec | None = Field(default=None, alias="vectorDB")
    """A database in its place."""


class RemoteEmbeddingSpec(Part):
    """Embeddings computed elsewhere."""

    url: str
    """Address of the service."""
    access_secret: str | None = None
    """Secret that opens it."""


class LocalEmbeddingSpec(Part):
    """Embeddings computed in the engine, by an image or a model id."""

    image: str | None = None
    """Image with the model."""
    image_pull_secret: str | None = None
    """Secret to pull it with."""
    model_id: str | None = Field(default=None, alias="modelID")
    """Hugging Face id in its place."""
    model_access_secret: str | None = None
    """Secret with the key ``HF_TOKEN``."""


class EmbeddingSpec(Part):
    """Exactly one of remote and local."""

    remote: RemoteEmbeddingSpec | None = None
    """Embeddings from a service."""
    local: LocalEmbeddingSpec | None = None
    """Embeddings from the engine itself."""


class InferenceServiceSpec(Part):
    """The language model that answers; without a URL the engine only retrieves."""

    url: str | None = None
    """Address of the model; none to retrieve only."""
    access_secret: str | None = None
    """Secret with the key ``LLM_ACCESS_SECRET``."""
    context_window_size: int
    """Tokens that the model takes."""


class ConfigMapReference(Part):
    """A ConfigMap in the same namespace."""

    name: str
    """Name of the ConfigMap."""


class GuardrailsSpec(Part):
    """Checks on what the model answers."""

    enabled: bool | None = None
    """Whether answers are checked."""
    config_map_ref: ConfigMapReference | None = None
    """ConfigMap with the key ``guardrails.yaml``."""


class RAGEngineSpec(Part):
    """A retrieval engine. Without ``compute`` it runs on processors."""

    compute: ResourceSpec | None = None
    """The nodes; processors without."""
    storage: StorageSpec | None = None
    """Where the index lives."""
    embedding: EmbeddingSpec
    """What makes vectors of texts."""
    inference_service: InferenceServiceSpec | None = None
    """The model that answers."""
    guardrails: GuardrailsSpec | None = None
    """Checks on answers."""


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
