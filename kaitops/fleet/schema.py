"""The schema of ``fleet.yaml``: plain values only, said once, named where a name is the key.

Owns shape and types. What the values mean together (fit, references, names) is checked in ``kaitops.fleet.plan``.
"""

from typing import Any, Literal

from pydantic import Field

from kaitops.fleet.custom import Custom, DataDestination, DataSource
from kaitops.fleet.gitops import GitOps
from kaitops.fleet.operator import Operator
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
    """OCI image with the adapter under /data."""
    claim: ObjectName | None = None
    """PersistentVolumeClaim with the adapter."""
    pullSecrets: list[SecretName] = []
    """Secrets to pull the image with."""
    strength: str | None = Field(default=None, pattern=r"^(0(\.\d+)?|1(\.0+)?)$")
    """Share of the adapter, 0 to 1; only the transformers runtime takes it."""


class Autoscale(Declared):
    """Autoscaling of the replicas by the KEDA scaler for KAITO."""

    max: Count
    """Most replicas."""
    metric: str = "vllm:num_requests_waiting"
    """Metric of the runtime that is watched."""
    up: int = Field(default=10, ge=0)
    """Scale up above this value of the metric."""
    down: int = Field(default=1, ge=0)
    """Scale down below this value of the metric."""


class AutoUpgrade(Declared):
    """When running replicas may be replaced by ones on a newer runtime image."""

    schedule: str
    """Five fields of cron, UTC."""
    duration: str = "4h"
    """Length of the window, such as 4h or 90m."""
    strategy: Literal["InPlace", "Surge"] = "InPlace"
    """InPlace replaces a replica, Surge adds the new one first and needs a spare GPU node."""


class Role(Declared):
    """One side of prefill/decode disaggregation."""

    gpu: str | None = None
    """Machine size of this role; the model's where absent."""
    replicas: Count = 1
    """Replicas of this role."""
    vllm: Flags = {}
    """Flags of vLLM for this role."""


class Partition(Declared):
    """A part of a GPU node, on brought nodes only: exactly one of the two."""

    mig: str | None = None
    """MIG profile such as 1g.10gb."""
    accelerators: Count | None = None
    """Whole GPUs of the node."""


class Placement(Declared):
    """What every workload has: where it runs and how it is rendered."""

    namespace: Name | None = None
    """Kubernetes namespace; default where nothing is said."""
    mode: Mode | None = None
    """operator renders the custom resource, plain the objects that KAITO would create."""
    clusters: list[Name] | None = None
    """Clusters that it runs on; all where absent."""
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
    """Inference runtime; vllm where absent."""
    vllm: Flags = {}
    """Flags of vLLM, without dashes."""
    adapters: dict[Name, Adapter] = {}
    """LoRA adapters by name."""
    replicas: int | None = Field(default=None, ge=0)
    """Copies of the model behind an InferenceSet."""
    autoscale: Autoscale | None = None
    """Let replicas follow the load."""
    autoUpgrade: AutoUpgrade | None = None
    """Let replicas follow newer runtime images."""
    prefill: Role | None = None
    """Prefill side of a split model."""
    decode: Role | None = None
    """Decode side of a split model."""
    partition: Partition | None = None
    """Use a part of a brought node."""
    nodes: Count | None = None
    """Nodes for runtimes that KAITO does not size itself: transformers and custom models."""
    maxNodes: Count | None = None
    """Refuse to render where KAITO would take more nodes than this for one replica."""
    loadBalancer: bool | None = None
    """Expose the model on a public address without authentication."""
    performance: Literal["balanced", "interactivity", "throughput"] | None = None
    """What vLLM is tuned for."""
    benchmark: bool | None = None
    """Load-test the model in its start-up probe; KAITO does unless told not to."""
    localWeights: bool | None = None
    """Load weights that lie on the node under /opt/kaito/models."""
    streaming: bool | None = None
    """False opts out of weight streaming where the cluster streams by default."""
    nodeClass: ObjectName | None = None
    """Karpenter node class."""
    nodeImageFamily: Literal["ubuntu", "azurelinux"] | None = None
    """Operating system of nodes that the GPU provisioner makes."""
    bypassResourceChecks: bool | None = None
    """Skip KAITO's check of GPU memory."""


class Tuning(Placement):
    """A fine-tuning job."""

    preset: str
    """Catalogue name of a tunable model."""
    method: Literal["lora", "qlora"]
    """Kind of adapter that is trained."""
    input: DataSource
    """Training data."""
    output: DataDestination
    """Where the adapter goes."""
    secret: SecretName | None = None
    """Secret with the key HF_TOKEN."""
    config: dict[str, Any] | None = None
    """Sections of KAITO's training_config; KAITO's own defaults where absent."""


class Embedding(Declared):
    """How documents become vectors: exactly one of model and url."""

    model: str | None = None
    """Hugging Face id of a local embedding model."""
    url: Url | None = None
    """Remote embedding service."""
    secret: SecretName | None = None
    """Secret of the model or service."""


class Llm(Declared):
    """The model that answers: exactly one of a model of this fleet and a url."""

    model: Name | None = None
    """A model of this fleet on the same cluster."""
    url: Url | None = None
    """Completions endpoint."""
    contextWindow: Count
    """Tokens that the model takes."""
    secret: SecretName | None = None
    """Secret with the key LLM_ACCESS_SECRET."""


class VectorDB(Declared):
    """An external vector database."""

    engine: str = "qdrant"
    """Kind of database; KAITO supports qdrant."""
    url: Url
    """Address of the database."""
    secret: SecretName | None = None
    """Secret with the key VECTOR_DB_ACCESS_SECRET."""


class Storage(Declared):
    """Where the index is kept."""

    claim: ObjectName | None = None
    """PersistentVolumeClaim for the index."""
    mountPath: str | None = Field(default=None, pattern=r"^/")
    """Where the claim is mounted."""
    vectorDB: VectorDB | None = None
    """Keep the index in a database."""


class Guardrails(Declared):
    """Checks of the answers; KAITO's default policy where no policy is given."""

    policy: dict[str, Any] | None = None
    """Content of guardrails.yaml."""


class Rag(Placement):
    """A retrieval-augmented generation engine."""

    embedding: Embedding
    """How documents become vectors."""
    llm: Llm | None = None
    """The model that answers; none retrieves only."""
    storage: Storage | None = None
    """Where the index is kept; in the pod where absent."""
    guardrails: Guardrails | None = None
    """Checks of the answers."""
    loadBalancer: bool | None = None
    """Expose the engine on a public address without authentication."""


class Mirror(Declared):
    """A copy of a model's weights in the cluster, shared by all that stream it."""

    model: str
    """Catalogue name or Hugging Face id."""
    namespace: Name | None = None
    """Where the download runs."""
    mode: Literal["Managed", "Static"] = "Managed"
    """Managed downloads into a volume, Static streams from a given source."""
    size: Quantity | None = None
    """Volume size; from the catalogue where absent."""
    storageClass: ObjectName | None = None
    """Storage class of a managed mirror."""
    serviceAccount: ObjectName | None = None
    """Service account of the download."""
    secret: SecretName | None = None
    """Secret with the key HF_TOKEN."""
    clusters: list[Name] | None = None
    """Clusters that hold it; all where absent."""


class NodePool(Declared):
    """Brought nodes of one kind, as the GPU feature discovery labels them."""

    product: str
    """Value of nvidia.com/gpu.product."""
    gpus: Count
    """GPUs of one node."""
    memoryMiB: Count
    """Memory of one GPU, nvidia.com/gpu.memory."""
    labels: Labels = Field(min_length=1)
    """Labels that select these nodes and no others."""
    count: Count = 1
    """Nodes in the pool."""


class Cluster(Declared):
    """A cluster that the fleet is rendered for."""

    region: str
    """Region of the cloud; prices follow it."""
    provisioner: Literal["karpenter", "byo", "azure-gpu-provisioner", "aks-addon"]
    """What makes GPU nodes."""
    gitops: Literal["argocd", "flux", "none"] = "none"
    """What applies the tree."""
    server: str | None = Field(default=None, pattern=r"^https://\S+$")
    """Address of the cluster as a central Argo CD knows it; each cluster has an Argo CD of its own where absent."""
    revision: str | None = Field(default=None, pattern=r"^\S+$")
    """Branch, tag, commit or digest of the tree for this cluster, in place of the fleet's."""
    environment: Name | None = None
    """Stage of delivery that the cluster belongs to, such as dev or prod."""
    cloud: Literal["azure", "aws", "arc"] = "azure"
    """Whose machine sizes KAITO knows there."""
    registry: str | None = None
    """Registry and path that KAITO's own images come from."""
    featureGates: dict[str, bool] = {}
    """Feature gates of KAITO that differ from its defaults."""
    nvmeStorageClass: bool = True
    """The storage class for local NVMe disks is installed."""
    nodeClasses: list[str] = []
    """Node classes that KAITO manages under Karpenter."""
    nodes: dict[Name, NodePool] = {}
    """Brought nodes by pool."""
    operator: Operator | None = None
    """How KAITO is installed."""
    models: dict[Name, "Model"] = {}
    """Differences of models on this cluster, by name."""
    tuning: dict[Name, dict[str, Any]] = {}
    """Differences of tuning jobs on this cluster, by name."""
    rag: dict[Name, dict[str, Any]] = {}
    """Differences of engines on this cluster, by name."""


class Defaults(Declared):
    """Said once for every workload that does not say otherwise."""

    namespace: Name | None = None
    """Kubernetes namespace."""
    mode: Mode | None = None
    """Render mode."""
    gpu: str | None = None
    """Machine size or auto."""
    secret: SecretName | None = None
    """Secret with the key HF_TOKEN."""
    benchmark: bool | None = None
    """Load-test models in their start-up probe."""
    nodeLabels: Labels | None = None
    """Labels that a node must carry."""
    maxNodes: Count | None = None
    """Most nodes of one replica."""


class Fleet(Declared):
    """Everything that one ``fleet.yaml`` declares."""

    kaito: str
    """KAITO version of the clusters."""
    gitops: GitOps | None = None
    """Where Argo CD and Flux find the rendered tree."""
    defaults: Defaults = Defaults()
    """Said once for every workload that does not say otherwise."""
    clusters: dict[Name, Cluster] = Field(min_length=1)
    """Clusters by name."""
    models: dict[Name, Model] = {}
    """Models to serve, by name."""
    tuning: dict[Name, Tuning] = {}
    """Fine-tuning jobs by name."""
    rag: dict[Name, Rag] = {}
    """Retrieval-augmented generation engines by name."""
    mirrors: dict[Name, Mirror] = {}
    """Copies of weights by name."""
