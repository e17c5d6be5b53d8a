"""Settings of what stands beside the cluster: registry, weights, secrets, monitoring, upgrades, security."""

from typing import Literal

from pydantic import Field

from kaitops.components.settings.values import AccountName, Email, Namespace, Region, Repository, ResourceId, Section


class RegistrySettings(Section):
    """The container registry."""

    sku: Literal["Standard", "Premium"] = "Premium"
    """Private endpoints, replicas and zone redundancy need Premium."""
    existing: ResourceId | None = None
    """Use a registry that is there already; the kubelet gets AcrPull on it."""
    imports: list[Repository] = Field(default=[])
    """Repositories cached from their origin, such as ``mcr.microsoft.com/aks/kaito/workspace``."""
    replicas: list[Region] = Field(default=[])
    """Further regions, such as ``northeurope``."""
    public_access: bool = False
    """Reachable from outside of the network."""
    push_identity: bool = False
    """An identity that may push, federated for tuning jobs."""
    push_namespace: Namespace = "models"
    """Namespace of the service account that may push."""
    push_service_account: AccountName = "adapter-pusher"
    """Service account that may push."""
    untagged_days: int = Field(default=30, ge=1, le=365)
    """Days that Premium keeps a manifest without a tag; what pods name by digest alone is lost after them."""
    quarantine: bool = False
    """Hold pushed images until they are released by a scanner of yours."""


class Window(Section):
    """When Azure may change the cluster, in UTC."""

    day: Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    """Day of the week."""
    start: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    """Time of day."""
    hours: int = Field(default=4, ge=4, le=24)
    """Length."""


class Upgrades(Section):
    """What Azure upgrades by itself, and when."""

    channel: Literal["none", "patch", "stable", "rapid", "node-image"] = "patch"
    """Kubernetes versions."""
    node_os_channel: Literal["None", "Unmanaged", "SecurityPatch", "NodeImage"] = "NodeImage"
    """Node images."""
    cluster_window: Window = Window(day="Sunday", start="00:00")
    """When Kubernetes is upgraded."""
    node_window: Window = Window(day="Saturday", start="00:00")
    """When node images are replaced."""
    system_surge: str = Field(default="33%", pattern=r"^\d+%?$")
    """Extra nodes of the system pool while upgrading."""


class Security(Section):
    """Protection of the cluster."""

    defender: bool = True
    """Microsoft Defender for Containers; needs monitoring.logs."""
    policy: bool = True
    """Azure Policy add-on."""
    image_cleaner_hours: int = Field(default=168, ge=24, le=2160)
    """How often unused images with findings are removed."""
    node_resource_group_lockdown: Literal["ReadOnly", "Unrestricted"] = "ReadOnly"
    """Whether people may change the resource group of the nodes."""
    host_encryption: bool = True
    """Encrypt system nodes at the host; needs the subscription feature EncryptionAtHost."""
    disk_encryption_set_id: ResourceId | None = None
    """Key of your own for the nodes' disks; cannot be changed later."""


class Monitoring(Section):
    """Logs, metrics and pictures."""

    logs: bool = True
    """Log Analytics workspace with Container insights and the control plane's logs."""
    retention_days: int = Field(default=30, ge=30, le=730)
    """How long logs are kept."""
    prometheus: bool = True
    """Azure Monitor workspace and managed Prometheus."""
    grafana: bool = True
    """Azure Managed Grafana; needs prometheus."""
    alerts: bool = True
    """Alert rules for the models; need prometheus."""
    recording_rules: bool = True
    """Records that the dashboards read which Azure brings; without prometheus there are none."""
    action_groups: list[ResourceId] = Field(default=[])
    """Action groups that are there already, which alerts are told to."""
    alert_emails: list[Email] = Field(default=[])
    """Addresses that alerts are told to, by an action group of the stack's own."""


class Weights(Section):
    """Where the weights of custom models are kept. Presets need none of it."""

    kind: Literal["blob", "files", "nvme"]
    """Blob storage, an NFS share, or the nodes' local disks (nothing is made for these)."""
    container: str = Field(default="weights", pattern=r"^[a-z0-9](-?[a-z0-9]){2,62}$")
    """Container or share."""
    share_gb: int = Field(default=1024, ge=100, le=102400)
    """Size of the share; files only."""
    namespace: Namespace = "models"
    """Namespace of the service account that reads."""
    service_account: AccountName = "model-loader"
    """Service account that may read, by federation."""
    redundancy: Literal["Standard_LRS", "Standard_ZRS", "Premium_LRS", "Premium_ZRS"] | None = None
    """Copies; zone redundant where absent. With files, premium storage only."""


class SecretSettings(Section):
    """How tokens such as HF_TOKEN reach the namespaces. They never pass through this stack."""

    kind: Literal["csi", "externalSecrets"] = "csi"
    """The Key Vault CSI driver of AKS, or External Secrets with an identity of its own."""
    existing: ResourceId | None = None
    """A vault that is there already."""
    namespace: Namespace = "models"
    """Namespace whose service account may read."""
    service_account: AccountName = "model-secrets"
    """Service account that may read, by federation."""
    public_access: bool = False
    """Reachable from outside of the network."""
