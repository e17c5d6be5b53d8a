"""The parts of a managed cluster's arguments, each made from the settings that rule it."""

import pulumi
from pulumi_azure_native import containerservice

from kaitops.components.settings.infra import InfraSettings
from kaitops.components.settings.network import ApiServer, NetworkSettings
from kaitops.components.settings.services import Monitoring, Security

_OUTBOUND = {
    "natGateway": "userAssignedNATGateway",
    "loadBalancer": "loadBalancer",
    "userDefinedRouting": "userDefinedRouting",
}
SYSTEM_TAINT = "CriticalAddonsOnly=true:NoSchedule"
SYSTEM_POOL = "system"


def access_profile(
    server: ApiServer, outbound_address: pulumi.Output[str | None] | None = None
) -> containerservice.ManagedClusterAPIServerAccessProfileArgs:
    """Who reaches the API server.

    Args:
        outbound_address: public address that the nodes come from, where Azure does not let it in by itself.
    """
    named: list[str] = list(server.authorized_ranges)
    ranges: pulumi.Input[list[str]] = named
    if outbound_address is not None:
        # Nodes reach a public API server by the way out; not let in, none of them would ever join.
        ranges = outbound_address.apply(
            lambda told: [*named, f"{told}/32"] if told and f"{told}/32" not in named else named
        )
    return containerservice.ManagedClusterAPIServerAccessProfileArgs(
        enable_private_cluster=server.private,
        enable_private_cluster_public_fqdn=server.public_name if server.private else None,
        private_dns_zone=server.private_dns_zone if server.private else None,
        authorized_ip_ranges=None if server.private else ranges,
        disable_run_command=True,
    )


def network_profile(network: NetworkSettings) -> containerservice.ContainerServiceNetworkProfileArgs:
    """Addresses, data plane and the way out. Every range is sent: the SDK fills in others where one is missing."""
    return containerservice.ContainerServiceNetworkProfileArgs(
        network_plugin="azure",
        network_plugin_mode=network.plugin_mode,
        network_dataplane=network.data_plane,
        network_policy=network.policy,
        ip_families=["IPv4"],
        pod_cidr=network.pod_cidr,
        service_cidr=network.service_cidr,
        dns_service_ip=network.dns_service_ip,
        outbound_type=_OUTBOUND[network.outbound],
        load_balancer_sku="standard",
    )


def security_profile(
    security: Security, log_workspace_id: pulumi.Input[str] | None
) -> containerservice.ManagedClusterSecurityProfileArgs:
    """Workload identity, image cleaner and Defender."""
    watched = security.defender and log_workspace_id is not None
    # What is off is said to be off: Azure takes silence for no change.
    defender = containerservice.ManagedClusterSecurityProfileDefenderArgs(
        log_analytics_workspace_resource_id=log_workspace_id if watched else None,
        security_monitoring=containerservice.ManagedClusterSecurityProfileDefenderSecurityMonitoringArgs(
            enabled=watched
        ),
    )
    return containerservice.ManagedClusterSecurityProfileArgs(
        workload_identity=containerservice.ManagedClusterSecurityProfileWorkloadIdentityArgs(enabled=True),
        image_cleaner=containerservice.ManagedClusterSecurityProfileImageCleanerArgs(
            enabled=True, interval_hours=security.image_cleaner_hours
        ),
        defender=defender,
    )


def monitor_profile(monitoring: Monitoring) -> containerservice.ManagedClusterAzureMonitorProfileArgs:
    """Managed Prometheus."""
    return containerservice.ManagedClusterAzureMonitorProfileArgs(
        metrics=containerservice.ManagedClusterAzureMonitorProfileMetricsArgs(
            enabled=monitoring.prometheus,
            kube_state_metrics=containerservice.ManagedClusterAzureMonitorProfileKubeStateMetricsArgs(
                metric_annotations_allow_list="", metric_labels_allowlist=""
            ),
        )
    )


def addons(
    settings: InfraSettings, log_workspace_id: pulumi.Input[str] | None
) -> dict[str, pulumi.Input[containerservice.ManagedClusterAddonProfileArgs]]:
    """Add-ons. Those that are off are said to be off, so that switching one off takes effect."""
    csi = settings.secrets is not None and settings.secrets.kind == "csi"
    found: dict[str, pulumi.Input[containerservice.ManagedClusterAddonProfileArgs]] = {
        "azurepolicy": containerservice.ManagedClusterAddonProfileArgs(enabled=settings.security.policy),
        "azureKeyvaultSecretsProvider": containerservice.ManagedClusterAddonProfileArgs(
            enabled=csi,
            config={"enableSecretRotation": "true", "rotationPollInterval": "2m"} if csi else None,
        ),
    }
    if log_workspace_id is None:
        found["omsagent"] = containerservice.ManagedClusterAddonProfileArgs(enabled=False)
    else:
        found["omsagent"] = containerservice.ManagedClusterAddonProfileArgs(
            enabled=True,
            config={"logAnalyticsWorkspaceResourceID": log_workspace_id, "useAADAuth": "true"},
        )
    return found


def system_pool(
    settings: InfraSettings, subnet_id: pulumi.Input[str], tags: dict[str, str]
) -> containerservice.ManagedClusterAgentPoolProfileArgs:
    """The one pool that is declared inside of the cluster, since a cluster cannot be made without."""
    pool = settings.system_pool
    scaled = pool.max is not None and pool.max > pool.min
    return containerservice.ManagedClusterAgentPoolProfileArgs(
        name=SYSTEM_POOL,
        mode="System",
        type="VirtualMachineScaleSets",
        vm_size=pool.size,
        count=pool.min,
        enable_auto_scaling=scaled,
        min_count=pool.min if scaled else None,
        max_count=pool.max if scaled else None,
        availability_zones=pool.zones or None,
        os_type="Linux",
        os_sku="AzureLinux",
        os_disk_type="Ephemeral",
        os_disk_size_gb=pool.os_disk_gb,
        max_pods=110,
        vnet_subnet_id=subnet_id,
        node_taints=[SYSTEM_TAINT],
        enable_encryption_at_host=settings.security.host_encryption,
        enable_node_public_ip=False,
        upgrade_settings=containerservice.AgentPoolUpgradeSettingsArgs(
            max_surge=settings.upgrades.system_surge, drain_timeout_in_minutes=30
        ),
        tags=tags,
    )
