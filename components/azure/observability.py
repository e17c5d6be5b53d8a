"""Where logs and metrics of the cluster go, and where they are shown.

Owns the stores, which must be there before the cluster. What ties a cluster to them is in
``cluster_observability`` beside this, what is applied inside of it in ``kaitops.components.model_monitoring``.
"""

import pulumi
from pulumi_azure_native import dashboard, monitor, operationalinsights

from kaitops.components.azure.roles import grant
from kaitops.components.foresight import foreseen
from kaitops.components.place import Place
from kaitops.components.settings.services import Monitoring


class ObservabilityArgs(Place):
    """What the stores need."""

    log_workspace_name: str
    metrics_workspace_name: str
    grafana_name: str
    settings: Monitoring
    admins: list[str]
    """Object ids of the groups that administrate Grafana."""


class Observability(pulumi.ComponentResource):
    """Log Analytics workspace, Azure Monitor workspace and Grafana."""

    log_workspace_id: pulumi.Output[str] | None
    """Id of the Log Analytics workspace; None where logs are off."""
    metrics_workspace_id: pulumi.Output[str] | None
    """Id of the Azure Monitor workspace; None where metrics are off."""
    grafana_endpoint: pulumi.Output[str] | None
    """Address of Grafana; None where it is off."""

    def __init__(self, name: str, args: ObservabilityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:azure:Observability", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        settings = args["settings"]
        group, location, tags = args["resource_group_name"], args["location"], args.get("tags", {})
        self.log_workspace_id = self.metrics_workspace_id = self.grafana_endpoint = None
        if settings.logs:
            logs = operationalinsights.Workspace(
                f"{name}-logs",
                resource_group_name=group,
                location=location,
                workspace_name=args["log_workspace_name"],
                sku=operationalinsights.WorkspaceSkuArgs(name="PerGB2018"),
                retention_in_days=settings.retention_days,
                features=operationalinsights.WorkspaceFeaturesArgs(
                    disable_local_auth=True, enable_log_access_using_only_resource_permissions=True
                ),
                tags=tags,
                opts=self._child,
            )
            self.log_workspace_id = logs.id
        if settings.prometheus:
            metrics = monitor.AzureMonitorWorkspace(
                f"{name}-metrics",
                resource_group_name=group,
                location=location,
                azure_monitor_workspace_name=args["metrics_workspace_name"],
                tags=tags,
                opts=self._child,
            )
            self.metrics_workspace_id = metrics.id
            if settings.grafana:
                self._grafana(metrics)
        self.register_outputs(
            {
                "log_workspace_id": self.log_workspace_id,
                "metrics_workspace_id": self.metrics_workspace_id,
                "grafana_endpoint": self.grafana_endpoint,
            }
        )

    def _grafana(self, metrics: monitor.AzureMonitorWorkspace) -> None:
        name, args = self._name, self._args
        grafana = dashboard.Grafana(
            f"{name}-grafana",
            resource_group_name=args["resource_group_name"],
            location=args["location"],
            workspace_name=args["grafana_name"],
            identity=dashboard.ManagedServiceIdentityArgs(type="SystemAssigned"),
            sku=dashboard.ResourceSkuArgs(name="Standard"),
            properties=dashboard.ManagedGrafanaPropertiesArgs(
                api_key="Disabled",
                deterministic_outbound_ip="Disabled",
                public_network_access="Enabled",
                zone_redundancy="Disabled",
                grafana_integrations=dashboard.GrafanaIntegrationsArgs(
                    azure_monitor_workspace_integrations=[
                        dashboard.AzureMonitorWorkspaceIntegrationArgs(azure_monitor_workspace_resource_id=metrics.id)
                    ]
                ),
            ),
            tags=args.get("tags", {}),
            opts=self._child,
        )
        grant(
            f"{name}-grafana-reads",
            scope=metrics.id,
            principal_id=foreseen(
                grafana.identity.apply(_principal),
                grafana.id,
                lambda: dashboard.get_grafana_output(
                    resource_group_name=args["resource_group_name"],
                    workspace_name=args["grafana_name"],
                    opts=pulumi.InvokeOutputOptions(parent=self),
                ).apply(lambda found: _principal(found.identity)),
            ),
            role="Monitoring Data Reader",
            opts=self._child,
        )
        for number, admin in enumerate(args["admins"]):
            # By who it is and not by place in the list: where the first of two went, the second would be made anew
            # under the id that its own assignment still has, and Azure refuses that.
            was = pulumi.ResourceOptions(aliases=[pulumi.Alias(name=f"{name}-grafana-admin-{number}")])
            grant(
                f"{name}-grafana-admin-{admin.lower()}",
                scope=grafana.id,
                principal_id=admin,
                role="Grafana Admin",
                group=True,
                # Other people, another assignment: who is named stays in charge of who is let in.
                opts=pulumi.ResourceOptions.merge(
                    pulumi.ResourceOptions.merge(self._child, was), pulumi.ResourceOptions(protect=False)
                ),
            )
        self.grafana_endpoint = grafana.properties.apply(lambda told: told.endpoint)


def _principal(told: "dashboard.outputs.ManagedServiceIdentityResponse | None") -> str:
    return told.principal_id if told is not None else ""
