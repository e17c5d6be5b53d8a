"""How Prometheus finds the metrics of one model, as a PodMonitor; how they are read is the one definition's to say."""

from typing import Literal

from kaitops.documents.plain import MutableObject
from kaitops.fleet.kinds.metadata import own_metadata
from kaitops.fleet.kinds.pods import pod_labels
from kaitops.fleet.workload import Workload
from kaitops.observability import definition, scraping


def pod_monitor(workload: Workload, version: str, kind: Literal["operator", "azure"]) -> MutableObject:
    """The PodMonitor of a model, for the Prometheus operator or Azure's managed Prometheus."""
    document = scraping.pod_monitor(definition.load(), workload.namespace, kind)
    return {
        **document,
        "metadata": own_metadata(workload.name, workload.namespace, workload),
        "spec": {
            "selector": {"matchLabels": pod_labels(workload, version)},
            "podMetricsEndpoints": document["spec"]["podMetricsEndpoints"],
        },
    }
