"""Every setting of the ``infra`` stack.

Owns the keys as they stand in the stack configuration under ``kaitops:infra``. Plain values only: secrets and Outputs
never pass through here.
"""

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from kaitops.components.settings import refused
from kaitops.components.settings.gitops import GitOps
from kaitops.components.settings.network import ApiServer, NetworkSettings
from kaitops.components.settings.pools import GpuPool, NodeClass, SystemPool
from kaitops.components.settings.services import (
    Monitoring,
    RegistrySettings,
    SecretSettings,
    Security,
    Upgrades,
    Weights,
)
from kaitops.components.settings.values import Guid, Section
from kaitops.documents.plain import Object
from kaitops.errors import BadInput


class Existing(Section):
    """A cluster that is there already, on Azure, Arc or elsewhere. The stack then makes nothing."""

    kubeconfig: str | None = None
    """Path of a kubeconfig file; its content is a secret of the stack. ``kaitops:kubeconfig`` where absent."""
    name: str | None = None
    """Name of the cluster; the fleet's where absent."""

    def read_kubeconfig(self) -> str:
        """Content of the kubeconfig file.

        Raises:
            BadInput: no file is named, or it cannot be read.
        """
        if self.kubeconfig is None:
            raise BadInput(
                "infra.existing.kubeconfig: missing, and the stack has no secret kaitops:kubeconfig, so the other "
                "stacks cannot reach the cluster; give one of them"
            )
        try:
            return Path(self.kubeconfig).expanduser().read_text("utf-8")
        except OSError as error:
            raise BadInput(
                f"infra.existing.kubeconfig: {self.kubeconfig} cannot be read ({error.strerror}), so the other stacks "
                "cannot reach the cluster; name another file, or set the secret kaitops:kubeconfig"
            ) from None


class GivenNames(Section):
    """Names of resources that are there already under a name of their own, to import them; made up where absent."""

    cluster: str | None = None
    """Managed cluster."""
    dns_prefix: str | None = None
    """DNS prefix of the cluster; a change replaces the cluster."""
    vnet: str | None = None
    """Virtual network."""
    registry: str | None = None
    """Container registry."""
    vault: str | None = None
    """Key vault."""
    storage: str | None = None
    """Storage account of the weights."""
    logs: str | None = None
    """Log Analytics workspace."""
    metrics: str | None = None
    """Azure Monitor workspace."""
    grafana: str | None = None
    """Managed Grafana."""


class InfraSettings(Section):
    """The ``infra`` stack of one cluster."""

    name: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9-]{0,38}[a-z0-9]$")
    """Prefix of all names; the fleet cluster's name where absent."""
    suffix: str | None = Field(default=None, pattern=r"^[a-z0-9]{1,8}$")
    """Makes names unique that Azure shares between all customers; a hash of name and location where absent."""
    resource_group: str | None = None
    """``rg-<name>`` where absent."""
    names: GivenNames = GivenNames()
    """Names of resources that are there already."""
    location: str | None = None
    """Azure region; the fleet cluster's where absent."""
    kubernetes_version: str = Field(default="1.35", pattern=r"^1\.\d{2}$")
    """Minor version only: a pinned patch breaks the day it retires."""
    sku: Literal["Base", "Automatic"] = "Base"
    """Always Base: AKS Automatic decides by itself what this stack declares."""
    tier: Literal["Standard", "Premium"] = "Standard"
    """Premium adds long-term support."""
    api_server: ApiServer = ApiServer()
    """Who reaches the API server."""
    entra_admins: list[Guid] = Field(default=[])
    """Object ids of groups that administrate the cluster and Grafana."""
    deployers: list[Guid] = Field(default=[])
    """Object ids of service principals and managed identities that deploy into the cluster."""
    access_elsewhere: bool = False
    """Roles on the cluster are given elsewhere, such as on the subscription; entraAdmins and deployers may be empty."""
    network: NetworkSettings = NetworkSettings()
    """Addresses and the way out."""
    system_pool: SystemPool = SystemPool()
    """The pool of the cluster's own pods."""
    gpu_pools: dict[str, GpuPool] = Field(default={})
    """GPU pools by name; with provisioner byo only."""
    node_class: NodeClass = NodeClass()
    """The machines that Karpenter makes."""
    registry: RegistrySettings | None = RegistrySettings()
    """Container registry; null for none."""
    upgrades: Upgrades = Upgrades()
    """What Azure upgrades by itself."""
    security: Security = Security()
    """Protection of the cluster."""
    monitoring: Monitoring = Monitoring()
    """Logs, metrics and pictures."""
    weights: Weights | None = None
    """Storage of custom weights."""
    secrets: SecretSettings | None = SecretSettings()
    """Delivery of tokens; null for none."""
    gitops: GitOps | None = None
    """GitOps engine that Azure installs; none where absent."""
    tags: dict[str, str] = Field(default={})
    """Tags of every resource, and of nodes that Karpenter makes; DNS zones get those that Azure keeps on them."""
    protect: bool = True
    """Refuse to delete or replace what holds data, lets others in or serves."""
    quota: str | None = None
    """Recording by ``kaitops quota record`` that machine sizes are held to."""
    quota_counts_cluster: bool = False
    """The recording was made while this cluster ran: its nodes are held to the limit, not to what is left."""
    existing: Existing | None = None
    """Use a cluster that is there already."""

    @classmethod
    def read(cls, plain: Object) -> "InfraSettings":
        """Settings from their plain form.

        Raises:
            BadInput: a key is unknown or a value has the wrong form; all of them are listed.
        """
        try:
            return cls.model_validate(dict(plain))
        except ValidationError as error:
            raise BadInput("\n".join(refused.lines(error, cls, "infra."))) from None
