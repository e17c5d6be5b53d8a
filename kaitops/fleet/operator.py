"""What a cluster declares of KAITO's installation: the values of its charts, and who owns which part of the GPU stack.

Every value of the charts of KAITO has its type here; what they mean together is ``kaitops.operator``'s. Only
what is said is written: a chart's own defaults stay the chart's.
"""

from typing import Literal

from pydantic import ConfigDict, Field

from kaitops.documents.plain import MutableObject
from kaitops.fleet.values import Count, Declared, Labels, Name, Quantity, SecretName

_Port = Field(default=None, ge=1, le=65535)


class ImageValue(Declared):
    """An image of a chart, in parts."""

    repository: str | None = None
    """Registry and name."""
    tag: str | None = None
    """Tag; with ``@sha256:...`` behind it the image is pinned."""
    pullPolicy: Literal["Always", "IfNotPresent", "Never"] | None = None
    """When nodes pull."""


class SecretReference(Declared):
    """A Secret by name."""

    name: SecretName
    """Name of the Secret."""


class RollingUpdate(Declared):
    """How pods of the controller are replaced."""

    maxUnavailable: int | str | None = None
    """Pods that may be away, a number or a share."""


class DeploymentStrategy(Declared):
    """How pods of the controller are replaced."""

    rollingUpdate: RollingUpdate | None = None
    """Limits of the replacement."""


class Amounts(Declared):
    """Processor and memory."""

    cpu: Quantity | None = None
    """Processor, such as 500m."""
    memory: Quantity | None = None
    """Memory, such as 128Mi."""


class ContainerResources(Declared):
    """What a controller asks for and may take."""

    limits: Amounts | None = None
    """What it may take."""
    requests: Amounts | None = None
    """What it asks for."""


class Port(Declared):
    """A port of the chart."""

    port: int | None = _Port
    """TCP port."""


class Level(Declared):
    """Logging of the chart."""

    level: Literal["debug", "info", "warn", "error"] | None = None
    """What is logged."""


class NodeClass(Declared):
    """A node class that KAITO creates once and never updates: a change needs a new name."""

    name: Name
    """Name of the node class."""
    default: bool | None = None
    """Workspaces that name none get it."""
    spec: MutableObject
    """Handed through to the provisioner's kind."""


class KarpenterProvider(Declared):
    """The kind of node class of one cloud."""

    group: str | None = None
    """API group."""
    kind: str | None = None
    """Kind."""
    version: str | None = None
    """Version."""
    resourceName: str | None = None
    """Plural of the kind."""
    nodeClasses: list[NodeClass] | None = None
    """Node classes that KAITO makes; every Workspace of every namespace may select each."""


class DevicePlugin(Declared):
    """KAITO's DaemonSet of the NVIDIA device plugin."""

    enabled: bool | None = None
    """Install it; gpuOwner decides where nothing is said."""
    daemonsetName: str | None = None
    """Name of the DaemonSet."""
    image: str | None = None
    """Image reference."""
    imagePullPolicy: Literal["Always", "IfNotPresent", "Never"] | None = None
    """When nodes pull."""


class Enabled(Declared):
    """A part that may be on or off; further values are the sub-chart's own."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True, defer_build=True, populate_by_name=True)
    enabled: bool | None = None
    """Install it."""


class LocalCsi(Declared):
    """Whether the driver for local disks is installed."""

    useLocalCSIDriver: bool | None = None
    """Off only where something else serves its storage class: the class is made all the same."""


class Create(Declared):
    """A controller of Flux that the chart may install."""

    create: bool | None = None
    """Install it."""


class Flux2(Declared):
    """The Flux controllers that come along with the inference extension."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True, defer_build=True, populate_by_name=True)
    helmController: Create | None = None
    """Needed for the inference pools; off where Flux is in the cluster already."""
    sourceController: Create | None = None
    """Needed for the inference pools; off where Flux is in the cluster already."""
    imageAutomationController: Create | None = None
    """Not needed."""
    imageReflectionController: Create | None = None
    """Not needed."""
    kustomizeController: Create | None = None
    """Not needed."""
    notificationController: Create | None = None
    """Not needed."""
    policies: Create | None = None
    """Network policies of Flux."""


class FeatureDiscovery(Declared):
    """GPU and node feature discovery, on brought nodes; further values are the sub-chart's own."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True, defer_build=True, populate_by_name=True)
    affinity: MutableObject | None = None
    """Where it runs."""
    tolerations: list[MutableObject] | None = None
    """Taints that it bears."""
    nfd: Enabled | None = None
    """Node feature discovery."""
    devicePlugin: Enabled | None = None
    """The sub-chart's device plugin; KAITO has its own."""
    gfd: Enabled | None = None
    """GPU feature discovery."""


class Values(Declared):
    """Values of KAITO's chart ``workspace``. Feature gates, provisioner, cloud and node classes follow the cluster."""

    clusterRoleBindingName: str | None = None
    """Name of the object, in place of the chart's."""
    clusterRoleName: str | None = None
    """Name of the object, in place of the chart's."""
    deploymentName: str | None = None
    """Name of the object, in place of the chart's."""
    inferenceSetClusterRoleBindingName: str | None = None
    """Name of the object, in place of the chart's."""
    inferenceSetClusterRoleName: str | None = None
    """Name of the object, in place of the chart's."""
    loggingConfigMapName: str | None = None
    """Name of the object, in place of the chart's."""
    roleBindingName: str | None = None
    """Name of the object, in place of the chart's."""
    roleName: str | None = None
    """Name of the object, in place of the chart's."""
    serviceAccountName: str | None = None
    """Name of the object, in place of the chart's."""
    serviceName: str | None = None
    """Name of the object, in place of the chart's."""
    commonLabels: Labels | None = None
    """Labels of all objects."""
    selectorLabels: Labels | None = None
    """Labels that select the controller's pods."""
    podTemplateLabels: Labels | None = None
    """Labels of the controller's pods."""
    podAnnotations: Labels | None = None
    """Annotations of the controller's pods."""
    replicaCount: Count | None = None
    """Pods of the controller; one of them leads."""
    deploymentStrategy: DeploymentStrategy | None = None
    """How its pods are replaced."""
    image: ImageValue | None = None
    """Image of the controller."""
    imagePullSecrets: list[SecretReference] | None = None
    """Secrets to pull it with."""
    podSecurityContext: MutableObject | None = None
    """Security context of its pods."""
    securityContext: MutableObject | None = None
    """Security context of its container."""
    defaultModelMirrorStorageClass: str | None = None
    """Storage class of mirrors that name none."""
    defaultStreamingServiceAccount: str | None = None
    """Service account of streaming workloads that name none."""
    modelMirrorDownloadCPU: str | None = None
    """Processor of a mirror's download."""
    modelMirrorDownloadMemory: str | None = None
    """Memory of a mirror's download."""
    defaultNodeImageFamily: Literal["", "ubuntu", "azurelinux"] | None = None
    """Node images of the gpu-provisioner."""
    karpenterProvider: str | None = None
    """Key into karpenterProviders."""
    karpenterProviders: dict[str, KarpenterProvider] | None = None
    """Kinds of node class by cloud."""
    nvidiaDevicePlugin: DevicePlugin | None = None
    """KAITO's device plugin."""
    spotInstance: Enabled | None = None
    """Pods bear the taint of Spot nodes; brought nodes only."""
    localCSIDriver: LocalCsi | None = None
    """The driver for local disks."""
    webhook: Port | None = None
    """Port of the webhook."""
    logging: Level | None = None
    """What the controller logs."""
    resources: ContainerResources | None = None
    """What the controller asks for and may take."""
    nodeSelector: Labels | None = None
    """Nodes that the controller runs on."""
    tolerations: list[MutableObject] | None = None
    """Taints that the controller bears."""
    affinity: MutableObject | None = None
    """Where the controller runs."""
    clusterName: str | None = None
    """Name of the cluster, in place of the fleet's."""
    flux2: Flux2 | None = None
    """Flux controllers of the sub-chart."""
    featureDiscovery: FeatureDiscovery | None = Field(default=None, alias="gpu-feature-discovery")
    """Feature discovery of the sub-chart."""
    localCsi: MutableObject | None = Field(default=None, alias="local-csi-driver")
    """Values of the sub-chart for local disks."""
    productionstack: Enabled | None = None
    """The sub-chart with request routing, scaler and gateway authentication."""


class RagValues(Declared):
    """Values of KAITO's chart ``ragengine``."""

    replicaCount: Count | None = None
    """Pods of the controller."""
    image: ImageValue | None = None
    """Image of the controller."""
    imagePullSecrets: list[SecretReference] | None = None
    """Secrets to pull it with."""
    podAnnotations: Labels | None = None
    """Annotations of its pods."""
    podSecurityContext: MutableObject | None = None
    """Security context of its pods."""
    securityContext: MutableObject | None = None
    """Security context of its container."""
    webhook: Port | None = None
    """Port of the webhook."""
    logging: Level | None = None
    """What the controller logs."""
    resources: ContainerResources | None = None
    """What the controller asks for and may take."""
    nodeSelector: Labels | None = None
    """Nodes that it runs on."""
    affinity: MutableObject | None = None
    """Where it runs."""
    tolerations: list[MutableObject] | None = None
    """Taints that it bears."""
    presetRagImageName: str | None = None
    """Name of the service's image."""
    presetRagImageTag: str | None = None
    """Tag of the service's image."""


class Addon(Declared):
    """A chart that others keep, installed beside KAITO; its version is for the user to choose and to raise."""

    version: str = Field(pattern=r"^v?[0-9]+\.[0-9]+\.[0-9]+\S*$")
    """Version of the chart."""
    repository: str | None = Field(default=None, pattern=r"^(https|oci)://\S+$")
    """Where the chart is; the project's own where nothing is said."""
    chart: str | None = None
    """Name of the chart; the project's own where nothing is said."""
    namespace: Name | None = None
    """Namespace, in place of the usual one."""
    values: MutableObject = {}
    """Values of the chart."""


class Headlamp(Declared):
    """Headlamp, a page that shows the cluster, with KAITO's plugin; read-only."""

    digest: str = Field(pattern=r"^sha256:[0-9a-f]{64}$")
    """Digest of Headlamp's image of that version, as its registry says it (`crane digest`); no other one is run."""
    version: str | None = Field(default=None, pattern=r"^v?[0-9]+\.[0-9]+\.[0-9]+\S*$")
    """Version of the chart and the image; the one that kaitops knows where absent."""
    plugin: bool = True
    """Install KAITO's plugin, held to the digest that kaitops knows of its archive."""
    archive: str | None = Field(default=None, pattern=r"^https?://\S+$")
    """Where the plugin's archive is mirrored; its project's own release where absent."""
    repository: str | None = Field(default=None, pattern=r"^(https|oci)://\S+$")
    """Where the chart is; the project's own where nothing is said."""
    chart: str | None = None
    """Name of the chart; the project's own where nothing is said."""
    namespace: Name | None = None
    """Namespace, in place of the usual one."""
    values: MutableObject = {}
    """Values of the chart."""


class Operator(Declared):
    """How KAITO is installed on a cluster."""

    repository: str | None = Field(default=None, pattern=r"^(https|oci)://\S+$")
    """Where KAITO's charts are mirrored; KAITO's own repository where absent."""
    values: Values | None = None
    """Values of the chart workspace."""
    ragengine: RagValues | None = None
    """Values of the chart ragengine; it is installed where the fleet declares an engine, or where this is given."""
    provisioner: MutableObject = {}
    """Values of the gpu-provisioner's chart."""
    gpuOwner: Literal["kaito", "gpu-operator", "aks"] = "kaito"
    """Who installs device plugin and feature discovery: exactly one."""
    keda: Addon | None = None
    """KEDA, for autoscaled models."""
    gpuOperator: Addon | None = None
    """NVIDIA's GPU operator; gpuOwner has to say so."""
    gatewayApi: Addon | None = None
    """An implementation of the Gateway API with its definitions; the chart and its repository have to be named."""
    headlamp: Headlamp | None = None
    """Headlamp with KAITO's plugin, which shows Workspaces to people, read-only."""
