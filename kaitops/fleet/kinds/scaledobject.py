"""The scaler of an InferenceSet that asks a Prometheus or a clock, as a ScaledObject of KEDA.

There is no fallback on purpose: without an answer KEDA leaves the number as it is, and any number written here would
take replicas from a loaded model just when nobody sees its load.
"""

from typing import TYPE_CHECKING

from kaitops.documents.plain import MutableObject
from kaitops.fleet.kinds.metadata import own_metadata
from kaitops.fleet.kinds.pods import known
from kaitops.fleet.workload import Workload
from kaitops.kaito.autoscaling import least

if TYPE_CHECKING:
    from kaitops.fleet.entries import Autoscale


def scaled_object(workload: Workload, version: str) -> MutableObject:
    """The ScaledObject of a model that is scaled by ``autoscale.prometheus``, by ``autoscale.hours``, or by both."""
    scale, figures, fewest = workload.entry["autoscale"], known(version)["scaling"], least(workload.entry)
    triggers: list[MutableObject] = []
    # At none there is no pod left whose metric could call the first one back; a clock can.
    lowest = max(fewest, 1)
    if hours := scale.get("hours"):
        lowest = hours.get("outside", 0)
        times = {"timezone": hours.get("timezone", "UTC"), "start": hours["start"], "end": hours["end"]}
        triggers.append({"type": "cron", "metadata": {**times, "desiredReplicas": str(fewest)}})
    if "prometheus" in scale:
        triggers.append(_asking(scale["prometheus"], scale, workload, version))
    # A replica takes many minutes to start, and none waits while all are just busy enough: down slowly, one by one.
    down = {
        "stabilizationWindowSeconds": figures["settle_seconds"],
        "policies": [{"type": "Pods", "value": 1, "periodSeconds": figures["step_seconds"]}],
    }
    return {
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "ScaledObject",
        "metadata": own_metadata(workload.name, workload.namespace, workload),
        "spec": {
            "scaleTargetRef": {"apiVersion": "kaito.sh/v1beta1", "kind": "InferenceSet", "name": workload.name},
            "minReplicaCount": lowest,
            "maxReplicaCount": scale["max"],
            "pollingInterval": figures["poll_seconds"],
            "advanced": {"horizontalPodAutoscalerConfig": {"behavior": {"scaleDown": down}}},
            "triggers": triggers,
        },
    }


def _asking(address: str, scale: "Autoscale", workload: Workload, version: str) -> MutableObject:
    trigger: MutableObject = {
        "type": "prometheus",
        "metadata": {
            "serverAddress": address,
            "query": _query(workload, version),
            "threshold": str(scale["up"]),
        },
    }
    if "authentication" in scale:
        trigger["authenticationRef"] = {"name": scale["authentication"]}
    return trigger


def _query(workload: Workload, version: str) -> str:
    """The sum of the metric over the pods of the set, whose names the API server draws."""
    pods = f"{workload.name}-{known(version)['replica_suffix']}-[0-9]+"
    return f'sum({workload.entry["autoscale"]["metric"]}{{namespace="{workload.namespace}",pod=~"{pods}"}})'
