"""The network: one way out, subnets one after the other, nothing made in a network of somebody else."""

from typing import Any

import pytest

from kaitops.components.azure.virtual_network import Network
from kaitops.components.settings.infra import InfraSettings
from kaitops.components.settings.network import NetworkSettings
from kaitops.components.settings.tag_checks import has_zones
from tests.components import stacks
from tests.components.conftest import Record
from tests.components.recorder import Recording

VNET = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub"


def network(record: Record, **settings: Any) -> Recording:
    return record(
        lambda: Network(
            "net",
            {
                "resource_group_name": "rg",
                "location": "westeurope",
                "vnet_name": "vnet-a",
                "settings": NetworkSettings.model_validate(settings),
                "tags": {"team": "ml"},
            },
        )
    )


def test_nodes_leave_by_a_nat_gateway_with_one_fixed_address(record: Record) -> None:
    found = network(record)
    gateway, address = found.one(":NatGateway"), found.one(":PublicIPAddress")
    assert gateway.inputs["publicIpAddresses"] == [{"id": address.id}]
    assert (address.inputs["sku"], address.inputs["publicIPAllocationMethod"]) == ({"name": "Standard"}, "Static")
    assert found.one(":Subnet", "net-nodes").inputs["natGateway"] == {"id": gateway.id}
    assert found.one(":Network").outputs["outbound_ip"] == address.id
    assert found.of(":RouteTable") == []


def test_a_firewall_takes_everything_where_it_is_named(record: Record) -> None:
    found = network(record, outbound="userDefinedRouting", nextHop="10.0.0.4")
    (route,) = found.one(":RouteTable").inputs["routes"]
    assert (route["addressPrefix"], route["nextHopType"], route["nextHopIpAddress"]) == (
        "0.0.0.0/0", "VirtualAppliance", "10.0.0.4",
    )  # fmt: skip
    assert found.one(":Subnet", "net-nodes").inputs["routeTable"] == {"id": found.one(":RouteTable").id}
    assert found.of(":NatGateway") == found.of(":PublicIPAddress") == []


def test_a_load_balancer_needs_nothing_of_the_network(record: Record) -> None:
    found = network(record, outbound="loadBalancer")
    assert found.of(":NatGateway") == found.of(":RouteTable") == []
    assert "natGateway" not in found.one(":Subnet", "net-nodes").inputs


def test_subnets_have_their_ranges_and_come_one_after_the_other(record: Record) -> None:
    found = network(record, nodeSubnetCidr="10.64.32.0/20", endpointSubnetCidr="10.64.1.0/24")
    nodes, endpoints = found.one(":Subnet", "net-nodes"), found.one(":Subnet", "net-endpoints")
    assert nodes.inputs["addressPrefix"] == "10.64.32.0/20"
    assert endpoints.inputs["addressPrefix"] == "10.64.1.0/24"
    assert nodes.urn in endpoints.depends_on
    rules = {"id": found.one(":NetworkSecurityGroup").id}
    for one in (nodes, endpoints):
        assert one.inputs["networkSecurityGroup"] == rules
        assert one.inputs["defaultOutboundAccess"] is False


def test_the_network_is_protected_and_ignores_what_azure_tells_of_subnets(record: Record) -> None:
    vnet = network(record).one(":VirtualNetwork")
    assert vnet.protect
    assert vnet.ignore_changes == ("subnets",)
    assert vnet.inputs["addressSpace"] == {"addressPrefixes": ["10.64.0.0/16"]}


@pytest.mark.parametrize("endpoints", [None, f"{VNET}/subnets/pe"])
def test_an_existing_network_is_passed_on_and_not_touched(record: Record, endpoints: str | None) -> None:
    existing = {"vnetId": VNET, "nodeSubnetId": f"{VNET}/subnets/nodes", "endpointSubnetId": endpoints}
    found = network(record, outbound="userDefinedRouting", existing=existing)
    assert [one.type for one in found] == ["kaitops:azure:Network"]
    outputs = found.one(":Network").outputs
    assert (outputs["vnet_id"], outputs["node_subnet_id"]) == (VNET, f"{VNET}/subnets/nodes")
    assert outputs.get("endpoint_subnet_id") == endpoints


@pytest.mark.e2e
def test_a_nat_gateway_may_stand_in_one_zone() -> None:
    free, held = stacks.run({}), stacks.run({"network": {"natZone": "2"}})
    for end in (":NatGateway", ":PublicIPAddress"):
        assert free.one(end).inputs.get("zones") is None
        assert held.one(end).inputs["zones"] == ["2"]
        # Azure changes it on neither, so that a preview must not call it an update.
        assert free.one(end).replace_on_changes == ("zones",) and free.one(end).delete_before_replace


@pytest.mark.e2e
def test_zones_that_are_kept_centrally_are_used_and_not_made() -> None:
    zone = "/subscriptions/s/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io"
    found = stacks.run({"network": {"privateDnsZones": {"registry": zone}}})
    (vaults,) = found.of(":PrivateZone")
    assert vaults.inputs["privateZoneName"] == "privatelink.vaultcore.azure.net"
    assert len(found.of(":VirtualNetworkLink")) == 1
    # Neither moves: the old one goes first, since two of one name cannot be.
    for one, path in ((":VirtualNetworkLink", "virtualNetwork.id"), (":PrivateEndpoint", "subnet.id")):
        for each in found.of(one):
            assert (each.replace_on_changes, each.delete_before_replace) == ((path,), True)
    configs = {
        one.inputs["privateDnsZoneConfigs"][0]["name"]: one.inputs["privateDnsZoneConfigs"][0]["privateDnsZoneId"]
        for one in found.of(":PrivateDnsZoneGroup")
    }
    assert configs == {"registry": zone, "vault": vaults.id}


_OTHERS = f"/subscriptions/{stacks.GROUP}/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub"
_HUB = {"vnetId": _OTHERS, "nodeSubnetId": f"{_OTHERS}/subnets/nodes"}
_CENTRAL = "/subscriptions/s/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/z"


@pytest.mark.e2e
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"network": {"existing": _HUB, "outbound": "loadBalancer"}},
        {"network": {"existing": {**_HUB, "endpointSubnetId": f"{_OTHERS}/subnets/ends"}, "outbound": "loadBalancer"}},
        {"registry": {"sku": "Standard", "publicAccess": True}, "secrets": None},
        {"registry": None, "secrets": None, "weights": {"kind": "blob"}},
        {"registry": None, "secrets": None, "weights": {"kind": "files"}},
        {"network": {"privateDnsZones": {"registry": _CENTRAL, "vault": _CENTRAL}}},
        {"network": {"privateDnsZones": {"blob": _CENTRAL}}, "registry": None, "secrets": None},
    ],
)
def test_tags_are_counted_by_a_zones_measure_where_the_stack_makes_a_zone(settings: dict[str, Any]) -> None:
    """The check comes before the first resource, so it foresees what registry, vault and weights make."""
    declared = InfraSettings.model_validate({"accessElsewhere": True, **settings})
    assert has_zones(declared) == bool(stacks.run(settings).of(":PrivateZone"))
