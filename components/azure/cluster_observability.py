"""What ties a cluster to the stores of its logs and metrics: collection rules, control-plane logs, alerts and records.

Owns no store. What is watched is defined in ``kaitops.observability``.
"""

import pulumi
from pulumi_azure_native import alertsmanagement, monitor

from kaitops.components.place import Place
from kaitops.components.settings.services import Monitoring
from kaitops.observability import definition, records, rules

_PROMETHEUS_STREAM, _CONTAINER_STREAM = "Microsoft-PrometheusMetrics", "Microsoft-ContainerInsights-Group-Default"
# Twelve characters at most; messages begin with it.
_SHORT = "kaito models"
_CONTROL_PLANE_LOGS = ("kube-audit-admin", "kube-controller-manager", "cluster-autoscaler", "guard")


class ClusterObservabilityArgs(Place):
    """What ties a cluster to the stores."""

    cluster_name: str
    cluster_id: pulumi.Input[str]
    log_workspace_id: pulumi.Input[str] | None
    metrics_workspace_id: pulumi.Input[str] | None
    settings: Monitoring


class ClusterObservability(pulumi.ComponentResource):
    """Collection rules, the control plane's logs, alert rules and recording rules."""

    def __init__(self, name: str, args: ClusterObservabilityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:azure:ClusterObservability", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        if args["log_workspace_id"] is not None:
            self._logs(args["log_workspace_id"])
        if args["metrics_workspace_id"] is not None:
            self._metrics(args["metrics_workspace_id"])
            if args["settings"].alerts:
                self._alerts(args["metrics_workspace_id"])
            if args["settings"].recording_rules:
                for group in records.load():
                    self._records(group, args["metrics_workspace_id"])
        self.register_outputs({})

    def _rule(
        self,
        kind: str,
        sources: monitor.DataCollectionRuleDataSourcesArgs,
        destinations: monitor.DataCollectionRuleDestinationsArgs,
        stream: str,
    ) -> None:
        name, args = self._name, self._args
        rule = monitor.DataCollectionRule(
            f"{name}-{kind}-rule",
            resource_group_name=args["resource_group_name"],
            location=args["location"],
            data_collection_rule_name=f"dcr-{args['cluster_name']}-{kind}",
            kind="Linux",
            data_sources=sources,
            destinations=destinations,
            data_flows=[monitor.DataFlowArgs(streams=[stream], destinations=["store"])],
            tags=args.get("tags", {}),
            opts=self._child,
        )
        monitor.DataCollectionRuleAssociation(
            f"{name}-{kind}-association",
            resource_uri=args["cluster_id"],
            association_name=f"dcra-{kind}",
            data_collection_rule_id=rule.id,
            opts=self._child,
        )

    def _logs(self, workspace_id: pulumi.Input[str]) -> None:
        name, args = self._name, self._args
        self._rule(
            "logs",
            monitor.DataCollectionRuleDataSourcesArgs(
                extensions=[
                    monitor.ExtensionDataSourceArgs(
                        name="ContainerInsights",
                        extension_name="ContainerInsights",
                        streams=[_CONTAINER_STREAM],
                        extension_settings={
                            "dataCollectionSettings": {
                                "interval": "1m",
                                "namespaceFilteringMode": "Off",
                                "enableContainerLogV2": True,
                            }
                        },
                    )
                ]
            ),
            monitor.DataCollectionRuleDestinationsArgs(
                log_analytics=[monitor.LogAnalyticsDestinationArgs(name="store", workspace_resource_id=workspace_id)]
            ),
            _CONTAINER_STREAM,
        )
        monitor.DiagnosticSetting(
            f"{name}-control-plane",
            resource_uri=args["cluster_id"],
            name="control-plane",
            workspace_id=workspace_id,
            log_analytics_destination_type="Dedicated",
            logs=[
                monitor.DiagnosticsLogSettingsArgs(category=category, enabled=True) for category in _CONTROL_PLANE_LOGS
            ],
            opts=self._child,
        )

    def _metrics(self, workspace_id: pulumi.Input[str]) -> None:
        self._rule(
            "metrics",
            monitor.DataCollectionRuleDataSourcesArgs(
                prometheus_forwarder=[
                    monitor.PrometheusForwarderDataSourceArgs(name="prometheus", streams=[_PROMETHEUS_STREAM])
                ]
            ),
            monitor.DataCollectionRuleDestinationsArgs(
                monitoring_accounts=[
                    monitor.MonitoringAccountDestinationArgs(name="store", account_resource_id=workspace_id)
                ]
            ),
            _PROMETHEUS_STREAM,
        )

    def _alerts(self, workspace_id: pulumi.Input[str]) -> None:
        told = [alertsmanagement.PrometheusRuleGroupActionArgs(action_group_id=one) for one in self._action_groups()]
        self._group(
            "alerts",
            rules.GROUP,
            "Alerts for the models that KAITO serves",
            workspace_id,
            [
                alertsmanagement.PrometheusRuleArgs(
                    alert=rule["alert"],
                    expression=rule["expression"],
                    for_=rule["for"],
                    severity=rule["severity"],
                    enabled=rule["enabled"],
                    labels=rule["labels"],
                    annotations=rule["annotations"],
                    actions=told or None,
                )
                for rule in rules.azure_rules(definition.load())
            ],
        )

    def _records(self, group: str, workspace_id: pulumi.Input[str]) -> None:
        self._group(
            f"{group}-records",
            f"kaitops-{group}",
            f"Records of {group}, which Azure's dashboards read",
            workspace_id,
            [alertsmanagement.PrometheusRuleArgs(**rule) for rule in records.azure_records(group)],
        )

    def _group(
        self,
        ending: str,
        group: str,
        description: str,
        workspace_id: pulumi.Input[str],
        found: list[alertsmanagement.PrometheusRuleArgs],
    ) -> None:
        args = self._args
        alertsmanagement.PrometheusRuleGroup(
            f"{self._name}-{ending}",
            resource_group_name=args["resource_group_name"],
            location=args["location"],
            rule_group_name=f"{group}-{args['cluster_name']}",
            cluster_name=args["cluster_name"],
            description=description,
            enabled=True,
            interval="PT1M",
            scopes=[workspace_id, args["cluster_id"]],
            rules=found,
            tags=args.get("tags", {}),
            opts=self._child,
        )

    def _action_groups(self) -> list[pulumi.Input[str]]:
        """Ids of whom alerts are told to: those that are there, and one of the stack's own for addresses."""
        name, args, settings = self._name, self._args, self._args["settings"]
        groups: list[pulumi.Input[str]] = [*settings.action_groups]
        if settings.alert_emails:
            own = monitor.ActionGroup(
                f"{name}-told",
                resource_group_name=args["resource_group_name"],
                # Nobody is told of a region's failure from within it.
                location="Global",
                action_group_name=f"ag-{args['cluster_name']}",
                group_short_name=_SHORT,
                enabled=True,
                email_receivers=[
                    {"name": address, "email_address": address, "use_common_alert_schema": True}
                    for address in settings.alert_emails
                ],
                tags=args.get("tags", {}),
                opts=self._child,
            )
            groups.append(own.id)
        return groups
