"""The schema of ``fleet.yaml``: plain values only, said once, named where a name is the key.

Owns shape and types. What the values mean together (fit, references, names) is checked in ``kaitops.fleet.plan``.
"""

from typing import Literal

from pydantic import Field

from kaitops.documents.plain import MutableObject
from kaitops.fleet.companion_keys import Isolation, Secrets
from kaitops.fleet.custom import DataDestination, DataSource
from kaitops.fleet.gitops import GitOps, Members
from kaitops.fleet.operator import Operator
from kaitops.fleet.retrieval import Rag
from kaitops.fleet.serving import Model, Placement
from kaitops.fleet.values import Count, Declared, Labels, Mode, Name, ObjectName, Quantity, Registry, SecretName


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
    config: MutableObject | None = None
    """Sections of training_config, in place of the whole of KAITO's own; that is used where absent."""


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
    members: Members | None = None
    """The cluster is a hub of KubeFleet: what is applied here runs on these."""
    revision: str | None = Field(default=None, pattern=r"^\S+$")
    """Branch, tag, commit or digest of the tree for this cluster, in place of the fleet's."""
    environment: Name | None = None
    """Stage of delivery that the cluster belongs to, such as dev or prod."""
    cloud: Literal["azure", "aws", "arc"] = "azure"
    """Whose machine sizes KAITO knows there."""
    registry: Registry | None = None
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
    secrets: Secrets | None = None
    """Fetch the Secrets that workloads name; they have to be there by other means where absent."""
    isolation: Isolation | None = None
    """Close the namespaces of models to all but whom it names."""
    monitoring: Literal["operator", "azure"] = "operator"
    """Whose PodMonitors are read there: those of the Prometheus operator or of Azure's managed Prometheus."""
    models: dict[Name, "Model"] = {}
    """Differences of models on this cluster, by name."""
    tuning: dict[Name, MutableObject] = {}
    """Differences of tuning jobs on this cluster, by name."""
    rag: dict[Name, MutableObject] = {}
    """Differences of engines on this cluster, by name."""


class Environment(Cluster):
    """What all clusters of an environment have, unless one says otherwise itself."""

    region: str | None = None  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues]
    """Region of the cloud; prices follow it."""
    provisioner: Literal["karpenter", "byo", "azure-gpu-provisioner", "aks-addon"] | None = None  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues]
    """What makes GPU nodes."""


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
    monitor: bool | None = None
    """Have the metrics of models read by PodMonitors."""
    nodeLabels: Labels | None = None
    """Labels that a node must carry."""
    maxNodes: Count | None = None
    """Most nodes of one replica."""


class Fleet(Declared):
    """Everything that one ``fleet.yaml`` declares."""

    kaito: str
    """KAITO version, one for all clusters; those on another one are a fleet of their own."""
    gitops: GitOps | None = None
    """Where Argo CD and Flux find the rendered tree."""
    defaults: Defaults = Defaults()
    """Said once for every workload that does not say otherwise."""
    clusters: dict[Name, Cluster] = Field(min_length=1)
    """Clusters by name."""
    environments: dict[Name, Environment] = {}
    """What the clusters of an environment have in common, by the name that they give under environment."""
    models: dict[Name, Model] = {}
    """Models to serve, by name."""
    tuning: dict[Name, Tuning] = {}
    """Fine-tuning jobs by name."""
    rag: dict[Name, Rag] = {}
    """Retrieval-augmented generation engines by name."""
    mirrors: dict[Name, Mirror] = {}
    """Copies of weights by name."""
