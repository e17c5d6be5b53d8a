"""What watches the models from inside of a cluster: their metrics, alerts and dashboard.

Owns nothing but the objects; what is in them is defined in ``kaitops.observability``.
"""

from typing import TypedDict

import pulumi
import pulumi_kubernetes as kubernetes

from kaitops.observability import dashboard, definition, rules, scraping


class ModelMonitoringArgs(TypedDict):
    """What is applied inside of a cluster."""

    namespace: str
    """Namespace that Prometheus and Grafana watch."""
    azure: bool
    """Azure's managed Prometheus scrapes; the Prometheus operator where false."""
    dashboard: bool
    """A ConfigMap with the dashboard, for Grafana in the cluster."""


class ModelMonitoring(pulumi.ComponentResource):
    """PodMonitor, and where the Prometheus operator runs the alerts as well."""

    def __init__(self, name: str, args: ModelMonitoringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:observability:ModelMonitoring", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        told = definition.load()
        documents = [scraping.pod_monitor(told, args["namespace"], "azure" if args["azure"] else "operator")]
        if not args["azure"]:
            documents.append(rules.prometheus_rule(told, args["namespace"]))
        for document in documents:
            kubernetes.apiextensions.CustomResource(
                f"{name}-{document['kind'].lower()}",
                api_version=document["apiVersion"],
                kind=document["kind"],
                metadata=document["metadata"],
                spec=document["spec"],
                opts=child,
            )
        if args["dashboard"]:
            shown = dashboard.config_map(told, args["namespace"])
            kubernetes.core.v1.ConfigMap(
                f"{name}-dashboard", metadata=shown["metadata"], data=shown["data"], opts=child
            )
        self.register_outputs({})
