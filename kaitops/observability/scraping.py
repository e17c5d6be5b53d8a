"""How Prometheus finds the models' metrics: a PodMonitor over every pod that KAITO makes."""

from typing import Literal

from kaitops.documents.plain import MutableObject
from kaitops.observability.definition import Definition

_GROUPS = {"operator": "monitoring.coreos.com/v1", "azure": "azmonitoring.coreos.com/v1"}


def pod_monitor(definition: Definition, namespace: str, kind: Literal["operator", "azure"]) -> MutableObject:
    """A PodMonitor of the Prometheus operator, or of Azure's managed Prometheus, over all namespaces."""
    return {
        "apiVersion": _GROUPS[kind],
        "kind": "PodMonitor",
        "metadata": {"name": "kaitops-models", "namespace": namespace},
        "spec": {
            "namespaceSelector": {"any": True},
            "selector": {"matchExpressions": [{"key": definition.pod_label, "operator": "Exists"}]},
            "podMetricsEndpoints": [{"path": definition.path, "port": definition.port, "interval": "30s"}],
        },
    }
