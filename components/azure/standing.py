"""What Azure has of a stack already, held against what is declared of it.

Owns the refusals of changes that Azure takes from nobody once the resource is made, and that neither the provider nor
the engine knows of: without them a preview would promise an update that fails half-way. Protection is no matter here,
for what Azure refuses it refuses of unprotected resources too.
"""

import re
from collections.abc import Iterator
from datetime import date

import pulumi
from pulumi_azure_native import containerregistry, containerservice, network, storage

from kaitops.components.asking import asked
from kaitops.components.azure.virtual_network import gateway_name
from kaitops.components.azure.weights import kind_of, sku_of
from kaitops.components.capacity.plan import ClusterFragment
from kaitops.components.settings.infra import InfraSettings
from kaitops.components.settings.names import Names, azure_facts
from kaitops.today import today

MOVING = ("stable", "rapid")
"""Channels that move the minor version by themselves; declaring it would turn that back."""
_ANEW = "a cluster does not move: make another one beside it and move the models"


def problems(
    settings: InfraSettings, names: Names, capacity: ClusterFragment, parent: pulumi.Resource, day: date | None = None
) -> list[str]:
    """What is declared of resources that are there and that Azure would not change so; empty where all is well."""
    opts = pulumi.InvokeOptions(parent=parent)
    group = names.resource_group
    found: list[str] = []
    cluster = asked(
        lambda: containerservice.get_managed_cluster(resource_group_name=group, resource_name=names.cluster, opts=opts)
    )
    if cluster is not None:
        found += _version(settings, cluster, names.cluster, day or today())
        found += _zone(settings, cluster, names.cluster)
        found += _provisioning(capacity, cluster)
        found += _place(settings, cluster, names)
    if settings.network.existing is None:
        found += _subnets(settings, names, opts)
        found += _gateway(settings, names, opts)
    if settings.weights is not None and settings.weights.kind != "nvme":
        found += _account(settings, names, opts)
    if settings.registry is not None and settings.registry.existing is None and settings.registry.sku != "Premium":
        found += _registry(names, opts)
    return found


def _version(
    settings: InfraSettings, cluster: containerservice.GetManagedClusterResult, name: str, day: date
) -> Iterator[str]:
    runs = _minor(cluster.current_kubernetes_version or cluster.kubernetes_version)
    if runs is None or settings.upgrades.channel in MOVING:
        return
    wanted = _minor(settings.kubernetes_version) or runs
    if wanted < runs:
        yield (
            f"infra.kubernetesVersion: {settings.kubernetes_version}, and {name} runs 1.{runs}; Azure takes no cluster "
            f"back to an older version; declare 1.{runs}"
        )
    elif wanted > runs + 1 and not _ended(runs, day):
        yield (
            f"infra.kubernetesVersion: {settings.kubernetes_version}, and {name} runs 1.{runs}; Azure leaves out no "
            f"minor version; declare 1.{runs + 1} and run 'pulumi up' first"
        )


def _ended(minor: int, day: date) -> bool:
    # Out of a version without support Azure leads to any that has some.
    end = azure_facts()["kubernetes"]["support_ends"].get(f"1.{minor}")
    return end is not None and date.fromisoformat(end) < day


def _minor(version: str | None) -> int | None:
    told = re.match(r"1\.(\d+)", version or "")
    return int(told[1]) if told else None


def _zone(settings: InfraSettings, cluster: containerservice.GetManagedClusterResult, name: str) -> Iterator[str]:
    server, has = settings.api_server, cluster.api_server_access_profile
    if has is None or not has.enable_private_cluster or not has.private_dns_zone or not server.private:
        return
    wanted = server.private_dns_zone
    if wanted.lower() not in (has.private_dns_zone.lower(), "none"):
        yield (
            f"infra.apiServer.privateDnsZone: {wanted}, and {name} was made with {has.private_dns_zone}; Azure changes "
            f"it to none and to nothing else; declare {has.private_dns_zone}, or none with publicName"
        )


def _provisioning(capacity: ClusterFragment, cluster: containerservice.GetManagedClusterResult) -> Iterator[str]:
    scaled = sorted(pool.name for pool in cluster.agent_pool_profiles or () if pool.enable_auto_scaling)
    if capacity["node_provisioning"] and scaled:
        yield (
            f"fleet cluster: provisioner karpenter, and the cluster autoscaler is on for {', '.join(scaled)}; Azure "
            "refuses node auto-provisioning beside it; keep the provisioner, set max to min, run 'pulumi up', and "
            "change it after that"
        )


def _place(settings: InfraSettings, cluster: containerservice.GetManagedClusterResult, names: Names) -> Iterator[str]:
    existing = settings.network.existing
    wanted = f"/virtualNetworks/{names.vnet}" if existing is None else existing.vnet_id
    for pool in cluster.agent_pool_profiles or ():
        vnet = (pool.vnet_subnet_id or "").rpartition("/subnets/")[0]
        if vnet and not vnet.lower().endswith(wanted.lower()):
            yield (
                f"infra.network{'' if existing is None else '.existing.vnetId'}: {wanted.rpartition('/')[2]}, and the "
                f"pool {pool.name} of {names.cluster} is in {vnet.rpartition('/')[2]}; Azure keeps all pools of "
                f"a cluster in one network; {_ANEW}"
            )
            return


def _subnets(settings: InfraSettings, names: Names, opts: pulumi.InvokeOptions) -> Iterator[str]:
    told = settings.network
    for name, key, wanted in (
        ("nodes", "nodeSubnetCidr", told.node_subnet_cidr),
        ("endpoints", "endpointSubnetCidr", told.endpoint_subnet_cidr),
    ):
        found = asked(
            lambda name=name: network.get_subnet(
                resource_group_name=names.resource_group,
                virtual_network_name=names.vnet,
                subnet_name=name,
                opts=opts,
            )
        )
        if found is None or found.address_prefix in ("", None, wanted):
            continue
        if found.ip_configurations or found.private_endpoints:
            yield (
                f"infra.network.{key}: {wanted}, and the subnet {name} of {names.vnet} has {found.address_prefix}; "
                f"Azure changes no range that is in use; declare {found.address_prefix}"
                + (f"; {_ANEW}" if name == "nodes" else "")
            )


def _gateway(settings: InfraSettings, names: Names, opts: pulumi.InvokeOptions) -> Iterator[str]:
    if settings.network.outbound != "natGateway":
        return
    gateway = gateway_name(names.vnet)
    found = asked(
        lambda: network.get_nat_gateway(resource_group_name=names.resource_group, nat_gateway_name=gateway, opts=opts)
    )
    wanted = [settings.network.nat_zone] if settings.network.nat_zone else []
    if found is not None and found.location and list(found.zones or []) != wanted:
        yield (
            f"infra.network.natZone: {', '.join(wanted) or 'none'}, and {gateway} was made with "
            f"{', '.join(found.zones or []) or 'none'}; Azure changes the zone of no gateway and no address, and "
            "deletes none that a subnet leads out by; declare what is there"
        )


def _account(settings: InfraSettings, names: Names, opts: pulumi.InvokeOptions) -> Iterator[str]:
    weights = settings.weights
    found = asked(
        lambda: storage.get_storage_account(
            resource_group_name=names.resource_group, account_name=names.storage, opts=opts
        )
    )
    if weights is None or found is None or not found.kind:
        return
    has, wanted = found.sku.name, sku_of(weights)
    if found.kind != kind_of(weights):
        key = "kind" if (found.kind == "FileStorage") != (weights.kind == "files") else "redundancy"
        value = weights.kind if key == "kind" else weights.redundancy
        yield (
            f"infra.weights.{key}: {value}, and the account {names.storage} is of kind {found.kind}, which Azure never "
            "changes; name another account in names.storage and copy the weights: the one that is there is kept"
        )
    elif has != wanted:
        yield (
            f"infra.weights.redundancy: {wanted}, and the account {names.storage} has {has}; Azure converts between "
            f"local and zone redundancy outside of a declaration; run 'az storage account migration start --name "
            f"{names.storage} --resource-group {names.resource_group} --sku {wanted} --no-wait' and declare it when "
            "that is done"
        )


def _registry(names: Names, opts: pulumi.InvokeOptions) -> Iterator[str]:
    found = asked(
        lambda: containerregistry.get_registry(
            resource_group_name=names.resource_group, registry_name=names.registry, opts=opts
        )
    )
    if found is None or not found.sku or found.sku.name != "Premium":
        return
    ends = list(found.private_endpoint_connections or ())
    if found.zone_redundancy == "Enabled" or ends:
        what = "zone redundancy" + (" and private endpoints" if ends else "")
        yield (
            f"infra.registry.sku: Standard, and {names.registry} is Premium with {what}, which only Premium has and "
            "Azure takes from no registry that is there; keep Premium, or make another registry and hand it in as "
            "registry.existing"
        )
