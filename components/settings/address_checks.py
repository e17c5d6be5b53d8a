"""Rules between address ranges: none may overlap, and each stays clear of what AKS keeps for itself."""

from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from itertools import combinations

from kaitops.components.settings.infra import InfraSettings
from kaitops.components.settings.names import azure_facts


def problems(settings: InfraSettings) -> Iterator[str]:
    """What does not hold of the ranges."""
    network = settings.network
    told = {"podCidr": network.pod_cidr, "serviceCidr": network.service_cidr}
    own = {"nodeSubnetCidr": network.node_subnet_cidr, "endpointSubnetCidr": network.endpoint_subnet_cidr}
    if network.existing is None:
        told |= {"vnetCidr": network.vnet_cidr, **own}
    told |= {f"otherRanges[{number}]": cidr for number, cidr in enumerate(network.other_ranges)}
    ranges: dict[str, IPv4Network] = {}
    for key, cidr in told.items():
        try:
            ranges[key] = IPv4Network(cidr)
        except (AddressValueError, NetmaskValueError, ValueError) as error:
            yield (
                f"infra.network.{key}: {cidr} is not a range ({error}), so Azure refuses it; give the first address "
                "and a prefix length, such as 10.64.0.0/16"
            )
    for number, cidr in enumerate(settings.api_server.authorized_ranges):
        try:
            IPv4Network(cidr)
        except ValueError as error:
            yield (
                f"infra.apiServer.authorizedRanges[{number}]: {cidr} is not a range ({error}), so Azure refuses it; "
                "give the first address and a prefix length"
            )
    yield from _overlaps(ranges)
    yield from _subnets(ranges, settings)
    yield from _dns(ranges, network.dns_service_ip)
    yield from _outbound(settings)


def _overlaps(ranges: dict[str, IPv4Network]) -> Iterator[str]:
    inside = {"nodeSubnetCidr", "endpointSubnetCidr"}
    for (one, first), (other, second) in combinations(ranges.items(), 2):
        if ({one, other} & inside and "vnetCidr" in (one, other)) or not first.overlaps(second):
            continue
        if {one, other} & inside and not {one, other} <= inside:
            continue  # told of vnetCidr already, which holds the subnets
        yield (
            f"infra.network.{one}: {first} overlaps {other} {second}, so packets for one reach the other; choose "
            "ranges that do not"
        )
    for key, network in ranges.items():
        for reserved in azure_facts()["reserved_ranges"]:
            if key in ("podCidr", "serviceCidr", "vnetCidr") and network.overlaps(IPv4Network(reserved)):
                yield (
                    f"infra.network.{key}: {network} overlaps {reserved}, which AKS keeps for itself, so the cluster "
                    "is refused; choose another range"
                )


def _subnets(ranges: dict[str, IPv4Network], settings: InfraSettings) -> Iterator[str]:
    whole = ranges.get("vnetCidr")
    for key in ("nodeSubnetCidr", "endpointSubnetCidr"):
        part = ranges.get(key)
        if part is not None and whole is not None and not part.subnet_of(whole):
            yield (
                f"infra.network.{key}: {part} lies outside of vnetCidr {whole}, so the subnet is refused; choose a "
                "part of it"
            )
    nodes = ranges.get("nodeSubnetCidr")
    wanted = (settings.system_pool.max or settings.system_pool.min) + sum(
        pool.max for pool in settings.gpu_pools.values()
    )
    # Azure keeps five addresses of each subnet, and an upgrade adds nodes before it removes any.
    if nodes is not None and nodes.num_addresses - 5 < 2 * wanted:
        yield (
            f"infra.network.nodeSubnetCidr: {nodes} has {nodes.num_addresses - 5} addresses for {wanted} nodes, which "
            "an upgrade may double; choose a larger range"
        )
    services = ranges.get("serviceCidr")
    if services is not None and services.prefixlen < 12:
        yield (
            f"infra.network.serviceCidr: {services} is larger than the /12 that AKS takes at most, so the cluster is "
            "refused; choose a smaller range"
        )


def _dns(ranges: dict[str, IPv4Network], told: str) -> Iterator[str]:
    services = ranges.get("serviceCidr")
    try:
        address = IPv4Address(told)
    except AddressValueError as error:
        yield f"infra.network.dnsServiceIp: {told} is not an address ({error}); give one of serviceCidr"
        return
    if services is None:
        return
    if address not in services:
        yield (
            f"infra.network.dnsServiceIp: {told} lies outside of serviceCidr {services}, so the cluster is refused; "
            f"take {services.network_address + 10}"
        )
    elif address <= services.network_address + 1 or address == services.broadcast_address:
        yield (
            f"infra.network.dnsServiceIp: {told} is the first or last address of serviceCidr {services}; the first is "
            f"the API server's own Service, so the cluster is refused; take {services.network_address + 10}"
        )


def _outbound(settings: InfraSettings) -> Iterator[str]:
    network = settings.network
    routed = network.outbound == "userDefinedRouting"
    if routed and network.next_hop is None and network.existing is None:
        yield (
            "infra.network.nextHop: missing with outbound userDefinedRouting; nodes would have no way out and never "
            "join; name the firewall's address, or an existing subnet with its route table"
        )
    if network.next_hop is not None and (not routed or network.existing is not None):
        yield (
            "infra.network.nextHop: given where this stack makes no route table, so it is ignored; it belongs to "
            "outbound userDefinedRouting in a network of this stack"
        )
    if network.outbound == "natGateway" and network.existing is not None:
        yield (
            "infra.network.outbound: natGateway with an existing network; this stack changes no subnet that it does "
            "not own; take userDefinedRouting or loadBalancer"
        )
    if network.policy == "cilium" and network.data_plane != "cilium":
        yield (
            "infra.network.policy: cilium needs dataPlane cilium, so Azure refuses the cluster; take it, or policy "
            "azure"
        )
    if network.policy != "cilium" and network.data_plane == "cilium":
        yield (
            f"infra.network.policy: {network.policy} with dataPlane cilium, which enforces policies itself, so Azure "
            "refuses the cluster; take policy cilium"
        )
