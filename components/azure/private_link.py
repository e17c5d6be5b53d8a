"""A private address for one Azure service inside of the network, with the DNS zone that leads there."""

from collections.abc import Mapping
from typing import NotRequired

import pulumi
from pulumi_azure_native import network, privatedns

from kaitops.components.place import Place
from kaitops.components.settings.names import azure_facts
from kaitops.components.settings.tag_checks import zone_tags


class PrivateLinkArgs(Place):
    """What a private link needs."""

    service: str
    """``registry``, ``vault``, ``blob`` or ``file``."""
    target_name: str
    """Name of what is linked; the endpoint is named after it."""
    target_id: pulumi.Input[str]
    subnet_id: pulumi.Input[str]
    vnet_id: pulumi.Input[str]
    zones: NotRequired[Mapping[str, str]]
    """Zones that somebody else keeps, by service; one of the stack's own where a service has none."""


class PrivateLink(pulumi.ComponentResource):
    """Endpoint, zone, the zone's link to the network, and the record that joins them."""

    endpoint_id: pulumi.Output[str]
    """Id of the private endpoint."""

    def __init__(self, name: str, args: PrivateLinkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:azure:PrivateLink", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        facts = azure_facts()["private_link"][args["service"]]
        group, tags = args["resource_group_name"], args.get("tags", {})
        endpoint = network.PrivateEndpoint(
            f"{name}-endpoint",
            resource_group_name=group,
            location=args["location"],
            private_endpoint_name=f"pe-{args['target_name']}",
            subnet=network.SubnetArgs(id=args["subnet_id"]),
            private_link_service_connections=[
                network.PrivateLinkServiceConnectionArgs(
                    name=args["service"], private_link_service_id=args["target_id"], group_ids=[facts["group"]]
                )
            ],
            tags=tags,
            # Azure moves no endpoint to another subnet, and the provider would try. Two of one name cannot be.
            opts=pulumi.ResourceOptions.merge(
                child, pulumi.ResourceOptions(replace_on_changes=["subnet.id"], delete_before_replace=True)
            ),
        )
        central = args.get("zones", {}).get(args["service"])
        zone_id, before = self._zone(name, args, child) if central is None else (central, [])
        network.PrivateDnsZoneGroup(
            f"{name}-records",
            resource_group_name=group,
            private_endpoint_name=endpoint.name,
            private_dns_zone_group_name="default",
            private_dns_zone_configs=[
                network.PrivateDnsZoneConfigArgs(name=args["service"], private_dns_zone_id=zone_id)
            ],
            opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=before)),
        )
        self.endpoint_id = endpoint.id
        self.register_outputs({"endpoint_id": self.endpoint_id})

    def _zone(
        self, name: str, args: PrivateLinkArgs, child: pulumi.ResourceOptions
    ) -> tuple[pulumi.Input[str], list[pulumi.Resource]]:
        """A zone of the stack's own: its id, and what must be there before records are."""
        group, tags = args["resource_group_name"], zone_tags(args.get("tags", {}))
        zone = privatedns.PrivateZone(
            f"{name}-zone",
            resource_group_name=group,
            location="global",
            private_zone_name=azure_facts()["private_link"][args["service"]]["zone"],
            tags=tags,
            opts=child,
        )
        link = privatedns.VirtualNetworkLink(
            f"{name}-link",
            resource_group_name=group,
            location="global",
            private_zone_name=zone.name,
            virtual_network_link_name=f"link-{args['target_name']}",
            virtual_network=privatedns.SubResourceArgs(id=args["vnet_id"]),
            registration_enabled=False,
            tags=tags,
            # A link stays with its network.
            opts=pulumi.ResourceOptions.merge(
                child, pulumi.ResourceOptions(replace_on_changes=["virtualNetwork.id"], delete_before_replace=True)
            ),
        )
        return zone.id, [link]
