"""The schema of ``fleet.yaml``: plain values only, said once, named where a name is the key.

Owns shape and types. What the values mean together (fit, references, name lengths) is checked in ``kaitops.fleet.plan``.
"""

from typing import Any, Literal

from pydantic import Field

from kaitops.fleet.custom import Custom, DataDestination, DataSource
from kaitops.fleet.values import (
    Count,
    Declared,
    Flags,
    Image,
    Labels,
    Mode,
    Name,
    ObjectName,
    Quantity,
    SecretName,
    Url,
)


class Adapter(Declared):
    """A LoRA adapter: exactly one of image and claim."""

    image: Image | None = None
    claim: ObjectName | None = None
    pullSecrets: list[SecretName] = []
    strength: str | None = Field(default=None, pattern=r"^(0(\.\d+)?|1(\.0+)?)$")
    """Share of the adapter, 0 to 1; only the transformers runtime takes it."""


class Autoscale(Declared):
    """Autoscaling of the replicas by the KEDA scaler for KAITO."""

    max: Count
    metric: str = "vllm:num_requests_waiting"
    up: int = Field(default=10, ge=0)
    """Scale up above this value of the metric."""
    down: int = Field(default=1, ge=0)
    """Scale down below this value of the metric."""


class AutoUpgrade(Declared):
    """When running replicas may be replaced by ones on a newer runtime image."""

    schedule: str
    """Five fields of cron, UTC."""
    duration: str = "4h"
    strategy: Literal["InPlace", "Surge"] = "InPlace"


class Role(Declared):
    """One side of prefill/decode disaggregation."""

    gpu: str | None = None
    replicas: Count = 1
    vllm: Flags = {}


class Partition(Declared):
    """A part of a GPU node, on brought nodes only: exactly one of the two."""

    mig: str | None = None
    """MIG profile such as 1g.10gb."""
    accelerators: Count | None = None
    """Whole GPUs of the node."""


class Placement(Declared):
    """What every workload has: where it runs and how it is rendered."""

    namespace: Name | None = None
    mode: Mode | None = None
    clusters: list[Name] | None = None
    gpu: str | None = None
    """Machine size, `auto` for the cheapest that fits, or on brought nodes the name of a node pool."""
    annotations: Labels = {}
    """Further annotations of the custom resource."""
    labels: Labels = {}
    """Further labels of the custom resource."""
    nodeLabels: Labels = {}
    """Labels that a node must carry; `apps: <name>` where empty."""


class Model(Placement):
    """A model to serve."""

    preset: str | None = None
    """Catalogue name, alias, or Hugging Face id with a recorded snapshot."""
    custom: Custom | None = None
    """A model of one's own, in place of a preset."""
    context: Count | None = None
    """Tokens of context."""
    secret: SecretName | None = None
    """Secret with the key HF_TOKEN."""
    runtime: Literal["vllm", "transformers"] | None = None
    vllm: Flags = {}
    """Flags of vLLM, without dashes."""
    adapters: dict[Name, Adapter] = {}
    replicas: int | None = Field(default=None, ge=0)
    """Copies of the model behind an InferenceSet."""
    autoscale: Autoscale | None = None
    autoUpgrade: AutoUpgrade | None = None
    prefill: Role | None = None
    decode: Role | None = None
    partition: Partition | None = None
    nodes: Count | None = None
    """Nodes for runtimes that KAITO does not size itself: transformers and custom models."""
    maxNodes: Count | None = None
    """Refuse to render where KAITO would take more nodes than this for one replica."""
    loadBalancer: bool | None = None
    """Expose the model on a public address without authentication."""
    performance: Literal["balanced", "interactivity", "throughput"] | None = None
    benchmark: bool | None = None
    """Load-test the model in its start-up probe; KAITO does unless told not to."""
    localWeights: bool | None = None
    streaming: bool | None = None
    """False opts out of weight streaming where the cluster streams by default."""
    nodeClass: ObjectName | None = None
    nodeImageFamily: Literal["ubuntu", "azurelinux"] | None = None
    bypassResourceChecks: bool | None = None


class Tuning(Placement):
    """A fine-tuning job."""

    preset: str
    method: Literal["lora", "qlora"]
    input: DataSource
    output: DataDestination
    secret: SecretName | None = None
    config: dict[str, Any] | None = None
    """Sections of KAITO's training_config; KAITO's own defaults where absent."""


class Embedding(Declared):
    """How documents become vectors: exactly one of model and url."""

    model: str | None = None
    url: Url | None = None
    secret: SecretName | None = None


class Llm(Declared):
    """The model that answers: exactly one of a model of this fleet and a url."""

    model: Name | None = None
    url: Url | None = None
    contextWindow: Count
    secret: SecretName | None = None


class VectorDB(Declared):
    """An external vector database."""

    engine: str = "qdrant"
    url: Url
    secret: SecretName | None = None


class Storage(Declared):
    """Where the index is kept."""

    claim: ObjectName | None = None
    mountPath: str | None = Field(default=None, pattern=r"^/")
    vectorDB: VectorDB | None = None


class Guardrails(Declared):
    """Checks of the answers; KAITO's default policy where no policy is given."""

    policy: dict[str, Any] | None = None


class Rag(Placement):
    """A retrieval-augmented generation engine."""

    embedding: Embedding
    llm: Llm | None = None
    storage: Storage | None = None
    guardrails: Guardrails | None = None
    loadBalancer: bool | None = None


class Mirror(Declared):
    """A copy of a model's weights in the cluster, shared by all that stream it."""

    model: str
    namespace: Name | None = None
    mode: Literal["Managed", "Static"] = "Managed"
    size: Quantity | None = None
    storageClass: ObjectName | None = None
    serviceAccount: ObjectName | None = None
    secret: SecretName | None = None
    clusters: list[Name] | None = None


class NodePool(Declared):
    """Brought nodes of one kind, as the GPU feature discovery labels them."""

    product: str
    """Value of nvidia.com/gpu.product."""
    gpus: Count
    memoryMiB: Count
    """Memory of one GPU, nvidia.com/gpu.memory."""
    labels: Labels = Field(min_length=1)
    """Labels that select these nodes and no others."""
    count: Count = 1


class Cluster(Declared):
    """A cluster that the fleet is rendered for."""

    region: str
    provisioner: Literal["karpenter", "byo", "azure-gpu-provisioner", "aks-addon"]
    gitops: Literal["argocd", "flux", "none"] = "none"
    cloud: Literal["azure", "aws", "arc"] = "azure"
    registry: str | None = None
    """Registry and path that KAITO's own images come from."""
    featureGates: dict[str, bool] = {}
    nvmeStorageClass: bool = True
    """The storage class for local NVMe disks is installed."""
    nodeClasses: list[str] = []
    nodes: dict[Name, NodePool] = {}
    models: dict[Name, "Model"] = {}
    """Differences of models on this cluster, by name."""
    tuning: dict[Name, dict[str, Any]] = {}
    rag: dict[Name, dict[str, Any]] = {}


class Defaults(Declared):
    """Said once for every workload that does not say otherwise."""

    namespace: Name | None = None
    mode: Mode | None = None
    gpu: str | None = None
    secret: SecretName | None = None
    benchmark: bool | None = None
    nodeLabels: Labels | None = None
    maxNodes: Count | None = None


class Fleet(Declared):
    """Everything that one ``fleet.yaml`` declares."""

    kaito: str
    """KAITO version of the clusters."""
    defaults: Defaults = Defaults()
    clusters: dict[Name, Cluster] = Field(min_length=1)
    models: dict[Name, Model] = {}
    tuning: dict[Name, Tuning] = {}
    rag: dict[Name, Rag] = {}
    mirrors: dict[Name, Mirror] = {}
