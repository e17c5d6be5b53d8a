"""The managed Kubernetes cluster and the windows in which Azure may change it.

Owns the cluster with its one system pool, hardened by default. GPU pools are resources of their own in
``kaitops.components.capacity``; who provisions GPU nodes is handed in as a fragment.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import NotRequired

import pulumi
from pulumi_azure_native import containerservice

from kaitops.components.azure import system_pool as declared_pool
from kaitops.components.azure.cluster_profiles import (
    access_profile,
    addons,
    monitor_profile,
    network_profile,
    security_profile,
    system_pool,
)
from kaitops.components.azure.roles import grant
from kaitops.components.azure.standing import MOVING
from kaitops.components.capacity.plan import ClusterFragment
from kaitops.components.foresight import foreseen
from kaitops.components.kubelogin import converted
from kaitops.components.place import Place
from kaitops.components.settings.infra import InfraSettings
from kaitops.components.settings.services import Window


class AksClusterArgs(Place):
    """What a cluster needs."""

    cluster_name: str
    known_group: str
    """Name of the resource group as the program knows it, to read what Azure has of the cluster."""
    dns_prefix: str
    settings: InfraSettings
    capacity: ClusterFragment
    identity_id: pulumi.Input[str]
    """User-assigned identity of the cluster."""
    after: Sequence[pulumi.Resource]
    """What must be there first: the identity's roles, since Azure checks them when the cluster is made."""
    node_subnet_id: pulumi.Input[str]
    log_workspace_id: pulumi.Input[str] | None
    outbound_address: NotRequired[pulumi.Output[str | None] | None]
    """Public address that the nodes come from, where it is the stack's own."""


class AksCluster(pulumi.ComponentResource):
    """AKS cluster with two maintenance windows."""

    resource: containerservice.ManagedCluster
    """The managed cluster itself, to depend on."""
    cluster_name: pulumi.Output[str]
    """Name of the cluster."""
    id: pulumi.Output[str]
    """Resource id."""
    oidc_issuer_url: pulumi.Output[str]
    """Issuer that federated credentials trust."""
    kubelet_object_id: pulumi.Output[str]
    """Principal that pulls images."""
    node_resource_group: pulumi.Output[str]
    """Resource group that Azure keeps the nodes in."""
    kubeconfig: pulumi.Output[str]
    """Kubeconfig for ``kubelogin``; a secret."""

    def __init__(self, name: str, args: AksClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:azure:AksCluster", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        settings = args["settings"]
        tags = args.get("tags", {})
        ignored = ["agentPoolProfiles"]
        if settings.upgrades.channel in MOVING:
            ignored.append("kubernetesVersion")
        cluster = containerservice.ManagedCluster(
            f"{name}-cluster",
            resource_group_name=args["resource_group_name"],
            location=args["location"],
            resource_name_=args["cluster_name"],
            dns_prefix=args["dns_prefix"],
            sku=containerservice.ManagedClusterSKUArgs(name="Base", tier=settings.tier),
            support_plan="AKSLongTermSupport" if settings.tier == "Premium" else "KubernetesOfficial",
            kubernetes_version=settings.kubernetes_version,
            identity=containerservice.ManagedClusterIdentityArgs(
                type=containerservice.ResourceIdentityType.USER_ASSIGNED,
                user_assigned_identities=[args["identity_id"]],
            ),
            node_resource_group_profile=containerservice.ManagedClusterNodeResourceGroupProfileArgs(
                restriction_level=settings.security.node_resource_group_lockdown
            ),
            enable_rbac=True,
            disable_local_accounts=True,
            aad_profile=containerservice.ManagedClusterAADProfileArgs(
                managed=True, enable_azure_rbac=True, admin_group_object_ids=settings.entra_admins
            ),
            disk_encryption_set_id=settings.security.disk_encryption_set_id,
            api_server_access_profile=access_profile(settings.api_server, args.get("outbound_address")),
            oidc_issuer_profile=containerservice.ManagedClusterOIDCIssuerProfileArgs(enabled=True),
            security_profile=security_profile(settings.security, args["log_workspace_id"]),
            network_profile=network_profile(settings.network),
            node_provisioning_profile=containerservice.ManagedClusterNodeProvisioningProfileArgs(
                mode="Auto" if args["capacity"]["node_provisioning"] else "Manual",
                default_node_pools="Auto" if args["capacity"]["general_pools"] else "None",
            ),
            ai_toolchain_operator_profile=containerservice.ManagedClusterAIToolchainOperatorProfileArgs(
                enabled=args["capacity"]["ai_toolchain"]
            ),
            auto_upgrade_profile=containerservice.ManagedClusterAutoUpgradeProfileArgs(
                upgrade_channel=settings.upgrades.channel,
                node_os_upgrade_channel=settings.upgrades.node_os_channel,
            ),
            azure_monitor_profile=monitor_profile(settings.monitoring),
            metrics_profile=containerservice.ManagedClusterMetricsProfileArgs(
                cost_analysis=containerservice.ManagedClusterCostAnalysisArgs(enabled=True)
            ),
            storage_profile=containerservice.ManagedClusterStorageProfileArgs(
                blob_csi_driver=containerservice.ManagedClusterStorageProfileBlobCSIDriverArgs(
                    enabled=settings.weights is not None and settings.weights.kind == "blob"
                ),
                disk_csi_driver=containerservice.ManagedClusterStorageProfileDiskCSIDriverArgs(enabled=True),
                file_csi_driver=containerservice.ManagedClusterStorageProfileFileCSIDriverArgs(enabled=True),
                snapshot_controller=containerservice.ManagedClusterStorageProfileSnapshotControllerArgs(enabled=True),
            ),
            addon_profiles=addons(settings, args["log_workspace_id"]),
            agent_pool_profiles=[system_pool(settings, args["node_subnet_id"], tags)],
            tags=tags,
            opts=pulumi.ResourceOptions.merge(
                child,
                pulumi.ResourceOptions(
                    depends_on=[*args["after"]],
                    # Further pools, those of the add-on and of KAITO among them, show up here.
                    ignore_changes=ignored,
                    # Azure turns no public cluster into a private one or back; the provider would try.
                    replace_on_changes=["apiServerAccessProfile.enablePrivateCluster"],
                    delete_before_replace=True,
                    custom_timeouts=pulumi.CustomTimeouts(create="60m", update="90m", delete="60m"),
                ),
            ),
        )
        windows = {
            "aksManagedAutoUpgradeSchedule": settings.upgrades.cluster_window,
            "aksManagedNodeOSUpgradeSchedule": settings.upgrades.node_window,
        }
        before: list[pulumi.Resource] = [cluster]
        for config, window in windows.items():
            maintenance = containerservice.MaintenanceConfiguration(
                f"{name}-{config}",
                resource_group_name=args["resource_group_name"],
                resource_name_=cluster.name,
                config_name=config,
                maintenance_window=_window(window),
                # Azure takes one operation on a cluster at a time.
                opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=before, protect=False)),
            )
            before = [maintenance]
        declared_pool.warn(settings, args["known_group"], args["cluster_name"], self)
        self.resource = cluster
        self.cluster_name, self.id = cluster.name, cluster.id

        def read() -> pulumi.Output[containerservice.GetManagedClusterResult]:
            return containerservice.get_managed_cluster_output(
                resource_group_name=args["resource_group_name"],
                resource_name=args["cluster_name"],
                opts=pulumi.InvokeOutputOptions(parent=self),
            )

        self.oidc_issuer_url = foreseen(
            cluster.oidc_issuer_profile.apply(_issuer),
            cluster.id,
            lambda: read().apply(lambda found: _issuer(found.oidc_issuer_profile)),
        )
        self.kubelet_object_id = foreseen(
            cluster.identity_profile.apply(_kubelet),
            cluster.id,
            lambda: read().apply(lambda found: _kubelet(found.identity_profile)),
        )
        self.node_resource_group = foreseen(
            cluster.node_resource_group.apply(lambda told: told or ""),
            cluster.id,
            lambda: read().apply(lambda found: found.node_resource_group or ""),
        )
        login = settings.api_server.login
        self.kubeconfig = pulumi.Output.secret(
            containerservice.list_managed_cluster_user_credentials_output(
                resource_group_name=args["resource_group_name"], resource_name=cluster.name
            ).apply(lambda told: converted(base64.b64decode(told.kubeconfigs[0].value).decode(), login))
        )
        for deployer in settings.deployers:
            grant(
                f"{name}-deployer-{deployer}",
                scope=cluster.id,
                principal_id=deployer,
                role="Azure Kubernetes Service RBAC Cluster Admin",
                # Whoever is no longer named is no longer let in.
                opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(protect=False)),
            )
        self.register_outputs(
            {
                "cluster_name": self.cluster_name,
                "id": self.id,
                "oidc_issuer_url": self.oidc_issuer_url,
                "node_resource_group": self.node_resource_group,
                "kubeconfig": self.kubeconfig,
            }
        )


def _window(window: Window) -> containerservice.MaintenanceWindowArgs:
    return containerservice.MaintenanceWindowArgs(
        duration_hours=window.hours,
        start_time=window.start,
        utc_offset="+00:00",
        schedule=containerservice.ScheduleArgs(
            weekly=containerservice.WeeklyScheduleArgs(day_of_week=window.day, interval_weeks=1)
        ),
    )


def _issuer(told: "containerservice.outputs.ManagedClusterOIDCIssuerProfileResponse | None") -> str:
    return told.issuer_url if told is not None else ""


def _kubelet(
    told: "Mapping[str, containerservice.outputs.UserAssignedIdentityManagedClusterResponse] | None",
) -> str:
    return (told or {})["kubeletidentity"].object_id or ""
