"""Settings of node pools."""

from typing import Literal

from pydantic import Field

from kaitops.components.settings.values import Count, LabelKey, LabelValue, ResourceId, Section, Size, Taint, Zone

Mig = Literal["MIG1g", "MIG2g", "MIG3g", "MIG4g", "MIG7g"]


class SystemPool(Section):
    """The pool that runs the cluster's own pods and the KAITO controllers."""

    size: Size = "Standard_D4ds_v5"
    """Machine size, at least 4 vCPUs."""
    min: Count = 2
    """Fewest nodes."""
    max: Count | None = None
    """Most nodes, by the cluster autoscaler; as many as min where absent, which node auto-provisioning needs."""
    zones: list[Zone] = Field(default=["1", "2", "3"])
    """Availability zones; empty for none."""
    os_disk_gb: int = Field(default=128, ge=30, le=2048)
    """Size of the ephemeral OS disk; the size's cache or temporary disk must hold it."""
    spot: bool = False
    """Always false: Azure has no spot system pools."""


class NodeClass(Section):
    """The machines that Karpenter makes. KAITO creates its node classes once and never changes them."""

    image_family: Literal["Ubuntu", "AzureLinux"] = "Ubuntu"
    """Operating system; ``Ubuntu`` follows what AKS supports."""
    os_disk_gb: int = Field(default=300, ge=30, le=2048)
    """OS disk; weights lie on it where a size has no local NVMe disk."""
    host_encryption: bool = True
    """Encrypt at the host; needs the subscription feature EncryptionAtHost."""
    general_pools: bool = True
    """Let node auto-provisioning make nodes for pods other than KAITO's as well."""


class GpuPool(Section):
    """A pool of GPU nodes that the stack owns; with provisioner byo only."""

    size: Size
    """Machine size with GPUs that KAITO accepts."""
    min: Count = 1
    """Fewest nodes; KAITO reads the GPU from a ready node, so at least 1."""
    max: Count = 1
    """Most nodes; above min turns the cluster autoscaler on."""
    zones: list[Zone] = Field(default=[])
    """Availability zones; GPU capacity is often in one zone only."""
    labels: dict[LabelKey, LabelValue] = Field(default={})
    """Node labels, which workloads select by; ``kaitops.io/pool: <name>`` where empty."""
    taints: list[Taint] = Field(default=["sku=gpu:NoSchedule"])
    """Taints; KAITO's pods tolerate ``sku=gpu:NoSchedule``."""
    mig: Mig | None = None
    """Split every GPU of the pool."""
    spot: bool = False
    """Evictable machines at a lower price; cannot be changed later."""
    spot_max_price: float = Field(default=-1, ge=-1)
    """USD per hour; -1 pays up to the on-demand price."""
    os_disk_gb: int = Field(default=300, ge=30, le=2048)
    """OS disk; weights lie on it."""
    os_disk_type: Literal["Managed", "Ephemeral"] = "Managed"
    """Ephemeral where the size's temporary disk holds osDiskGb."""
    temporary_kubelet_disk: bool = False
    """Keep pod data, and so the weights, on the local temporary disk."""
    host_encryption: bool = True
    """Encrypt at the host; needs the subscription feature EncryptionAtHost."""
    driver: Literal["Install", "None", "Managed"] = "Install"
    """None where the GPU Operator installs it. Managed is refused: a preview that this stack's API does not have."""
    minimum_image: str | None = Field(default=None, pattern=r"^\d{6}\.\d{2}\.\d+$")
    """Refuse nodes with an older node image, such as 202606.08.1; where absent, a size's known least is a warning."""
    stopped: bool | None = None
    """Give the machines back and keep the pool, as for the night; absent leaves it to others. Never at the first up."""
    generation: int = Field(default=1, ge=1, le=9)
    """Raise to make a new pool beside the old one before that goes: it is part of the pool's name."""
    keep_previous: bool = False
    """Keep the pool of the generation before, as it is, while workloads move; it goes when this does."""
    previous_size: Size | None = None
    """Size of the generation before, where it differs; for the quota, and where that pool has to be made anew."""
    protect: bool | None = None
    """Refuse to delete or replace the pool; as infra.protect where absent. The generation before is never held."""
    capacity_reservation_group_id: ResourceId | None = None
    """Reserved capacity."""
    max_surge: str = Field(default="0", pattern=r"^\d+%?$")
    """Extra nodes while upgrading; they need quota."""
    max_pods: int = Field(default=50, ge=10, le=250)
    """Pods of one node."""
