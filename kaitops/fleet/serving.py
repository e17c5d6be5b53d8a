"""The schema of a model to serve, and of what every workload has: where it runs and how it is rendered."""

from typing import Literal

from pydantic import Field

from kaitops.fleet.companion_keys import Autoscale, Disruption, Route
from kaitops.fleet.custom import Custom
from kaitops.fleet.values import Count, Declared, Flags, Image, Labels, Mode, Name, ObjectName, SecretName, Tokens


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
    context: Tokens | None = None
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
    route: Route | None = None
    """Publish the model through a Gateway."""
    disruption: Disruption | None = None
    """Limit what a drain of nodes takes at once."""
    monitor: bool | None = None
    """Have its metrics read by a PodMonitor of its own."""
    smoke: bool | None = None
    """Check by a Job that the model is what was declared, each time its tree was applied."""
    smokeImage: Image | None = None
    """Image with Python 3.11 or newer that the Job runs in; python's own where absent."""
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
