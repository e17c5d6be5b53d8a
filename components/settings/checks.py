"""Rules between the settings of the ``infra`` stack and the fleet's declaration of the cluster.

Owns the list of all problems at once, so that nothing is registered while one is left. What a single value may look
like is in the settings themselves; what Azure finds out only by trying is not guessed.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from kaitops.components.settings import address_checks, gitops, machine_checks, tag_checks
from kaitops.components.settings.infra import InfraSettings
from kaitops.components.settings.names import Names, azure_facts
from kaitops.cost.quota import fold
from kaitops.errors import BadInput
from kaitops.kaito.release import Release
from kaitops.today import today

if TYPE_CHECKING:
    from kaitops.fleet.entries import Cluster

_BYO_GATE = "disableNodeAutoProvisioning"
# What the add-on runs is Azure's; these keys of a fleet's cluster are values of the Helm operator.
_NAME_KEYS = {"agent pool": "gpuPools", "resource group": "resourceGroup"}
_OPERATOR_KEYS = ("featureGates", "nodeClasses", "registry")


def check_infra(
    settings: InfraSettings,
    cluster: "Cluster",
    release: Release,
    cluster_name: str = "cluster",
    day: date | None = None,
) -> list[str]:
    """Everything that does not hold together; empty where all does.

    Args:
        cluster: the fleet's declaration with its defaults filled in.
        release: whose table of machine sizes counts.
        cluster_name: name of the cluster in the fleet; names follow from it.
        day: the day that retirements are held against; the clock's where absent.
    """
    problems = list(_provisioner(settings, cluster))
    if settings.existing is None:
        problems += _cloud(cluster)
        problems += _names(Names.of(settings, cluster_name, cluster), settings)
        problems += address_checks.problems(settings)
        problems += _access(settings)
        problems += _version(settings, day or today())
        problems += _upgrades(settings)
        problems += _services(settings, Names.of(settings, cluster_name, cluster).location)
        problems += tag_checks.problems(settings)
        problems += machine_checks.problems(settings, cluster, release, day or today())
        problems += gitops.problems(settings.gitops, cluster)
    elif settings.gitops is not None:
        problems.append(
            "infra.gitops: an engine beside infra.existing; the stack then makes nothing in Azure, so it would not be "
            "installed; leave one of the two out"
        )
    return problems


def refuse(problems: list[str]) -> None:
    """Raise for what ``check_infra`` found.

    Raises:
        BadInput: there is a problem; all of them are listed.
    """
    if problems:
        raise BadInput("\n".join(problems))


def _version(settings: InfraSettings, day: date) -> Iterator[str]:
    known = azure_facts()["kubernetes"]
    end = known["support_ends"].get(settings.kubernetes_version)
    if end is not None and date.fromisoformat(end) < day and settings.tier != "Premium":
        yield (
            f"infra.kubernetesVersion: {settings.kubernetes_version}; Azure's support of it ended on {end} (as of "
            f"{known['read']}), so it makes no cluster of it and mends nothing in one; raise it one minor version at a "
            "time, or take tier Premium, which supports it a year longer"
        )


def _cloud(cluster: "Cluster") -> Iterator[str]:
    cloud = cluster.get("cloud", "azure")
    if cloud != "azure":
        yield (
            f"fleet cluster: cloud {cloud}; this stack makes clusters on Azure only, not the one that is "
            "one; make it elsewhere and hand it in as infra.existing"
        )


def _provisioner(settings: InfraSettings, cluster: "Cluster") -> Iterator[str]:
    provisioner = cluster["provisioner"]
    gates = cluster.get("featureGates", {})
    gate = gates.get(_BYO_GATE)
    if provisioner == "byo" and gate is False:
        yield (
            f"fleet cluster: provisioner byo with featureGates.{_BYO_GATE} false; KAITO needs both values for nodes of "
            "your own, and looks for a provisioner otherwise; leave the gate out or set it to true"
        )
    if provisioner != "byo" and gate:
        yield (
            f"fleet cluster: featureGates.{_BYO_GATE} is true with provisioner {provisioner}; KAITO sets the gate from "
            "the provisioner and ignores it, so nodes are made all the same; take provisioner byo or leave the gate out"
        )
    if provisioner != "byo" and settings.gpu_pools:
        yield (
            f"infra.gpuPools: {', '.join(sorted(settings.gpu_pools))} with provisioner {provisioner}; KAITO would make "
            "nodes of its own beside them and never use these; take provisioner byo or leave the pools out"
        )
    if provisioner == "byo" and not settings.gpu_pools and settings.existing is None:
        yield (
            "infra.gpuPools: empty with provisioner byo; nobody makes GPU nodes, so every workload stays pending; "
            "declare a pool, or take a provisioner that makes nodes"
        )
    if provisioner == "aks-addon":
        for key in _OPERATOR_KEYS:
            if cluster.get(key):
                yield (
                    f"fleet cluster: {key} with provisioner aks-addon; the add-on has no values, so it is ignored, and "
                    "the Helm operator beside it would be a second controller; leave it out or take another provisioner"
                )
    if provisioner == "karpenter":
        yield from _auto_provisioning(settings)


def _auto_provisioning(settings: InfraSettings) -> Iterator[str]:
    pool, network = settings.system_pool, settings.network
    if pool.max is not None and pool.max > pool.min:
        yield (
            f"infra.systemPool.max: {pool.max} above min {pool.min} turns the cluster autoscaler on beside node "
            "auto-provisioning, and Azure refuses both on one cluster; leave max out"
        )
    if network.policy == "calico":
        yield (
            "infra.network.policy: calico with provisioner karpenter; node auto-provisioning does not support Calico "
            "and the cluster is refused; take cilium"
        )


def _names(names: Names, settings: InfraSettings) -> Iterator[str]:
    wanted = [
        ("resource group", names.resource_group),
        ("cluster", names.cluster),
        ("DNS prefix", names.dns_prefix),
        ("user-assigned identity", names.identity("gpu-provisioner")),
    ]
    if settings.network.existing is None:
        wanted.append(("virtual network", names.vnet))
    if settings.registry is not None and settings.registry.existing is None:
        wanted.append(("registry", names.registry))
    if settings.secrets is not None and settings.secrets.existing is None:
        wanted.append(("key vault", names.vault))
    if settings.weights is not None and settings.weights.kind != "nvme":
        wanted.append(("storage account", names.storage))
    if settings.monitoring.logs:
        wanted.append(("log workspace", names.logs))
    if settings.monitoring.prometheus:
        wanted.append(("metrics workspace", names.metrics))
    if settings.monitoring.grafana:
        wanted.append(("Grafana", names.grafana))
    for name, pool in settings.gpu_pools.items():
        wanted.append(("agent pool", names.pool(name, pool.generation)))
    limits = azure_facts()["names"]
    for kind, name in wanted:
        if not re.fullmatch(limits[kind]["pattern"], name, re.ASCII):
            yield (
                f"infra.{_NAME_KEYS.get(kind, 'name')}: gives the {kind} the name {name!r} ({len(name)} characters), "
                f"and Azure takes {limits[kind]['says']}, so it cannot be made; choose a shorter or plainer name"
            )


def _access(settings: InfraSettings) -> Iterator[str]:
    server = settings.api_server
    for key, given in (("entraAdmins", settings.entra_admins), ("deployers", settings.deployers)):
        folded = [one.lower() for one in given]
        for one in sorted({each for each in folded if folded.count(each) > 1}):
            yield (
                f"infra.{key}: names {one} twice, and Azure refuses the second assignment of a role to the same "
                "principal; name it once"
            )
    if not (settings.entra_admins or settings.deployers or settings.access_elsewhere):
        yield (
            "infra.entraAdmins: empty; the cluster has no local accounts and Azure decides by role, so nobody could do "
            "anything in it, this stack neither; name a group, or the deployers, or set accessElsewhere: true where "
            "roles are given on the subscription"
        )
    if server.private and server.authorized_ranges:
        yield (
            "infra.apiServer.authorizedRanges: given for a private API server; Azure refuses both together; leave the "
            "ranges out, or set private to false"
        )
    if not server.private and not server.authorized_ranges:
        yield (
            "infra.apiServer.authorizedRanges: empty with private false; the whole internet could reach the API "
            "server; name the ranges that may, or set private to true"
        )
    if server.private and server.private_dns_zone == "none" and not server.public_name:
        yield (
            "infra.apiServer.privateDnsZone: none without publicName; no name leads to the private API server, so "
            "nodes cannot join; take system, a zone of your own, or publicName true"
        )
    if not server.private and server.private_dns_zone != "system":
        yield (
            "infra.apiServer.privateDnsZone: given for a public API server, where Azure refuses it; leave it out, or "
            "set private to true"
        )
    if settings.sku == "Automatic":
        yield (
            "infra.sku: Automatic; AKS Automatic chooses network, system pool, add-ons and node provisioning by "
            "itself, and what this stack declares of them would be refused; take Base, or make the cluster elsewhere "
            "and hand it in as infra.existing"
        )


def _upgrades(settings: InfraSettings) -> Iterator[str]:
    upgrades = settings.upgrades
    if settings.tier == "Premium" and upgrades.channel not in ("patch", "none", "node-image"):
        yield (
            f"infra.upgrades.channel: {upgrades.channel} with tier Premium; it leaves the long-term supported "
            "minor version that Premium pays for; take patch"
        )
    if settings.tier == "Premium" and settings.network.policy == "calico":
        yield (
            "infra.tier: Premium with network.policy calico; Azure takes no cluster with Calico into long-term "
            "support; take Standard, or make a cluster with policy cilium"
        )
    if upgrades.channel == "node-image" and upgrades.node_os_channel != "NodeImage":
        yield (
            f"infra.upgrades.nodeOsChannel: {upgrades.node_os_channel} with channel node-image, which is NodeImage by "
            "another name, so Azure refuses both together; take NodeImage, or channel none"
        )


def _services(settings: InfraSettings, location: str) -> Iterator[str]:
    monitoring, registry = settings.monitoring, settings.registry
    if monitoring.grafana and not monitoring.prometheus:
        yield "infra.monitoring.grafana: without prometheus it has nothing to show; turn prometheus on or grafana off"
    if monitoring.alerts and not monitoring.prometheus:
        yield "infra.monitoring.alerts: without prometheus nothing evaluates them; turn prometheus on or alerts off"
    if not monitoring.alerts and (monitoring.action_groups or monitoring.alert_emails):
        yield (
            "infra.monitoring.alerts: off beside actionGroups or alertEmails, so nobody is told of anything; turn "
            "alerts on or leave them out"
        )
    weights = settings.weights
    if weights is not None and weights.redundancy is not None:
        if weights.kind == "files" and not weights.redundancy.startswith("Premium"):
            yield (
                f"infra.weights.redundancy: {weights.redundancy} with kind files; Azure has NFS shares on premium "
                "storage only, so the account is refused; take Premium_ZRS or Premium_LRS"
            )
        if weights.kind == "nvme":
            yield (
                f"infra.weights.redundancy: {weights.redundancy} with kind nvme; no storage is made for the nodes' "
                "own disks, so it changes nothing; leave it out"
            )
    if settings.security.defender and not monitoring.logs:
        yield (
            "infra.security.defender: without monitoring.logs it has no workspace to write to and Azure refuses it; "
            "turn logs on or defender off"
        )
    if registry is not None and registry.sku != "Premium":
        for key, wanted in (("publicAccess", not registry.public_access), ("replicas", bool(registry.replicas))):
            if wanted:
                what = "a closed registry" if key == "publicAccess" else "replicas"
                yield (
                    f"infra.registry.{key}: {what} with sku {registry.sku}; Azure has private endpoints and replicas "
                    "in Premium only; take Premium, or open the registry and drop the replicas"
                )
        if "untagged_days" in registry.model_fields_set:
            yield (
                f"infra.registry.untaggedDays: with sku {registry.sku}, which keeps every manifest; Azure deletes "
                "those without a tag in Premium only; take Premium, or drop the key"
            )
    for region in () if registry is None else registry.replicas:
        if fold(region) == fold(location):
            yield (
                f"infra.registry.replicas: {region} is where the registry itself is, so Azure has that replica already "
                "and makes no second; leave it out"
            )
    if registry is not None and registry.existing is not None and (registry.imports or registry.replicas):
        yield (
            "infra.registry.existing: given with imports or replicas; what is there already is not changed by this "
            "stack; leave them out, or leave existing out"
        )
