"""Settings of the network and of the way to the API server."""

from typing import Literal

from pydantic import Field

from kaitops.components.settings.values import Address, Cidr, ResourceId, Section, Zone

Login = Literal["azurecli", "azd", "workloadidentity", "msi", "spn", "devicecode"]
PrivateService = Literal["registry", "vault", "blob", "file"]
Outbound = Literal["natGateway", "loadBalancer", "userDefinedRouting"]


class ExistingNetwork(Section):
    """A network that somebody else owns. Nothing is made in it."""

    vnet_id: ResourceId
    """Virtual network; the cluster's identity gets Network Contributor on the node subnet."""
    node_subnet_id: ResourceId
    """Subnet of the nodes."""
    endpoint_subnet_id: ResourceId | None = None
    """Subnet of private endpoints; no private endpoints where absent."""


class NetworkSettings(Section):
    """Addresses and the way out. Ranges are always sent, so that no default can clash with a hub network."""

    vnet_cidr: Cidr = "10.64.0.0/16"
    """Range of the virtual network."""
    node_subnet_cidr: Cidr = "10.64.0.0/20"
    """Range of the nodes."""
    endpoint_subnet_cidr: Cidr = "10.64.16.0/24"
    """Range of private endpoints."""
    pod_cidr: Cidr = "10.244.0.0/16"
    """Overlay range of the pods."""
    service_cidr: Cidr = "10.65.0.0/16"
    """Range of Services."""
    dns_service_ip: Address = "10.65.0.10"
    """Address of the cluster's DNS, inside of serviceCidr."""
    outbound: Outbound = "natGateway"
    """How nodes reach registries and Hugging Face."""
    next_hop: Address | None = None
    """Firewall that userDefinedRouting sends everything to; absent where the existing subnet has its route table."""
    existing: ExistingNetwork | None = None
    """Use a network that is there already."""
    nat_zone: Zone | None = None
    """Zone of the NAT gateway and its address; Azure chooses where absent. Fixed once they are made."""
    private_dns_zones: dict[PrivateService, ResourceId] = Field(default={})
    """Private DNS zones that are kept centrally, by service; the network is linked to them by whoever keeps them."""
    other_ranges: list[Cidr] = Field(default=[])
    """Ranges of peered networks and of the premises, that must not overlap."""
    plugin_mode: Literal["overlay"] = "overlay"
    """Pod addressing; node auto-provisioning and this bundle support the overlay only."""
    data_plane: Literal["cilium", "azure"] = "cilium"
    """Data plane of the cluster."""
    policy: Literal["cilium", "azure", "calico"] = "cilium"
    """Network policy engine."""


class ApiServer(Section):
    """Who reaches the API server."""

    private: bool = True
    """No public address."""
    authorized_ranges: list[Cidr] = Field(default=[])
    """Ranges that may reach a public API server; a firewall's too. The address of the stack's NAT gateway is added."""
    private_dns_zone: str = Field(default="system", pattern=r"^(system|none|/subscriptions/.+/privateDnsZones/.+)$")
    """``system``, ``none`` or the id of a zone of your own."""
    public_name: bool = False
    """A private cluster has a public DNS name as well; needed with privateDnsZone none."""
    login: Login = "azurecli"
    """How ``kubelogin`` logs in for the kubeconfig of the stack; each way finds its credentials in the environment."""
