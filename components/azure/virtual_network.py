"""The network that the nodes live in: subnets, their way out, and what may come in.

Owns one virtual network with a subnet for nodes and one for private endpoints. Pod and Service addresses are the
cluster's, since the overlay has no subnet of its own. A network that somebody else owns is not changed.
"""

from typing import NotRequired

import pulumi
from pulumi_azure_native import network

from kaitops.components.place import Place
from kaitops.components.settings.network import NetworkSettings


def gateway_name(vnet: str) -> str:
    """Name of the NAT gateway of a network."""
    return f"nat-{vnet}"


class NetworkArgs(Place):
    """What a network needs."""

    vnet_name: str
    settings: NetworkSettings
    protect: NotRequired[bool]


class Network(pulumi.ComponentResource):
    """Virtual network, subnets and outbound path."""

    vnet_id: pulumi.Output[str]
    """Id of the virtual network."""
    node_subnet_id: pulumi.Output[str]
    """Id of the subnet of the nodes."""
    endpoint_subnet_id: pulumi.Output[str] | None
    """Id of the subnet of private endpoints; None where an existing network has none."""
    outbound_ip: pulumi.Output[str] | None
    """Id of the public address that nodes come from; None where it is not this stack's."""
    outbound_address: pulumi.Output[str | None] | None
    """The address itself."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:azure:Network", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self, protect=args.get("protect", True))
        self.outbound_ip = self.outbound_address = None
        existing = args["settings"].existing
        if existing is None:
            self._make()
        else:
            self.vnet_id = pulumi.Output.from_input(existing.vnet_id)
            self.node_subnet_id = pulumi.Output.from_input(existing.node_subnet_id)
            endpoints = existing.endpoint_subnet_id
            self.endpoint_subnet_id = None if endpoints is None else pulumi.Output.from_input(endpoints)
        self.register_outputs(
            {
                "vnet_id": self.vnet_id,
                "node_subnet_id": self.node_subnet_id,
                "endpoint_subnet_id": self.endpoint_subnet_id,
                "outbound_ip": self.outbound_ip,
            }
        )

    def _make(self) -> None:
        name, args, settings = self._name, self._args, self._args["settings"]
        group, location, tags = args["resource_group_name"], args["location"], args.get("tags", {})
        vnet = network.VirtualNetwork(
            f"{name}-vnet",
            resource_group_name=group,
            location=location,
            virtual_network_name=args["vnet_name"],
            address_space=network.AddressSpaceArgs(address_prefixes=[settings.vnet_cidr]),
            tags=tags,
            # Subnets are resources of their own; what Azure tells of them here is not a change.
            opts=pulumi.ResourceOptions.merge(
                self._child,
                pulumi.ResourceOptions(ignore_changes=["subnets"]),
            ),
        )
        rules = network.NetworkSecurityGroup(
            f"{name}-nsg",
            resource_group_name=group,
            location=location,
            network_security_group_name=f"nsg-{args['vnet_name']}",
            tags=tags,
            opts=self._child,
        )
        gateway = self._nat_gateway() if settings.outbound == "natGateway" else None
        routes = self._routes(settings.next_hop) if settings.next_hop is not None else None
        nodes = network.Subnet(
            f"{name}-nodes",
            resource_group_name=group,
            virtual_network_name=vnet.name,
            subnet_name="nodes",
            address_prefix=settings.node_subnet_cidr,
            default_outbound_access=False,
            network_security_group=network.NetworkSecurityGroupArgs(id=rules.id),
            nat_gateway=None if gateway is None else network.SubResourceArgs(id=gateway.id),
            route_table=None if routes is None else network.RouteTableArgs(id=routes.id),
            opts=self._child,
        )
        endpoints = network.Subnet(
            f"{name}-endpoints",
            resource_group_name=group,
            virtual_network_name=vnet.name,
            subnet_name="endpoints",
            address_prefix=settings.endpoint_subnet_cidr,
            default_outbound_access=False,
            private_endpoint_network_policies="Enabled",
            network_security_group=network.NetworkSecurityGroupArgs(id=rules.id),
            # Azure takes one change of a network's subnets at a time.
            opts=pulumi.ResourceOptions.merge(self._child, pulumi.ResourceOptions(depends_on=[nodes])),
        )
        self.vnet_id, self.node_subnet_id, self.endpoint_subnet_id = vnet.id, nodes.id, endpoints.id

    def _nat_gateway(self) -> network.NatGateway:
        name, args = self._name, self._args
        zone = args["settings"].nat_zone
        zones = None if zone is None else [zone]
        group, location, tags = args["resource_group_name"], args["location"], args.get("tags", {})
        # Azure changes the zone of neither, and the provider would try. Two of one name cannot be.
        ours = pulumi.ResourceOptions(replace_on_changes=["zones"], delete_before_replace=True)
        fixed = pulumi.ResourceOptions.merge(self._child, ours)
        address = network.PublicIPAddress(
            f"{name}-outbound-ip",
            resource_group_name=group,
            location=location,
            public_ip_address_name=f"pip-{args['vnet_name']}-nat",
            public_ip_allocation_method="Static",
            public_ip_address_version="IPv4",
            sku=network.PublicIPAddressSkuArgs(name="Standard"),
            zones=zones,
            tags=tags,
            opts=fixed,
        )
        self.outbound_ip = address.id
        self.outbound_address = address.ip_address
        return network.NatGateway(
            f"{name}-nat",
            resource_group_name=group,
            location=location,
            nat_gateway_name=gateway_name(args["vnet_name"]),
            idle_timeout_in_minutes=10,
            public_ip_addresses=[network.SubResourceArgs(id=address.id)],
            sku=network.NatGatewaySkuArgs(name="Standard"),
            zones=zones,
            tags=tags,
            opts=fixed,
        )

    def _routes(self, next_hop: str) -> network.RouteTable:
        name, args = self._name, self._args
        return network.RouteTable(
            f"{name}-routes",
            resource_group_name=args["resource_group_name"],
            location=args["location"],
            route_table_name=f"rt-{args['vnet_name']}",
            disable_bgp_route_propagation=True,
            routes=[
                network.RouteArgs(
                    name="default",
                    address_prefix="0.0.0.0/0",
                    next_hop_type="VirtualAppliance",
                    next_hop_ip_address=next_hop,
                )
            ],
            tags=args.get("tags", {}),
            opts=self._child,
        )
