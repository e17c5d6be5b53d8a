"""A model with replicas as an InferenceSet, autoscaled where it asks for that."""

from kaitops.documents import writer
from kaitops.documents.plain import MutableObject
from kaitops.fleet.kinds.metadata import metadata, resource, runtime_annotations, selector
from kaitops.fleet.kinds.workspace import inference_block
from kaitops.fleet.workload import Workload
from kaitops.kaito.autoscaling import AUTO, DOWN, LEAST, METRICS, MOST, by_keda, least

# KAITO reads these from the set itself for its own gates, and from the template for the pods.
_ON_THE_SET_TOO = ("kaito.sh/runtime", "kaito.sh/disable-benchmark")


def inferenceset(workload: Workload) -> list[MutableObject]:
    """The objects of a model with replicas: its configuration, if any, then the InferenceSet."""
    entry = workload.entry
    annotations = runtime_annotations(workload)
    own = {key: value for key, value in annotations.items() if key in _ON_THE_SET_TOO}
    config, inference = inference_block(workload)
    template: MutableObject = {}
    if annotations:
        template["metadata"] = {"annotations": dict(sorted(annotations.items()))}
    machines = {key: value for key, value in resource(workload, count=False).items() if key != "labelSelector"}
    if machines:
        template["resource"] = machines
    template["inference"] = inference
    spec: MutableObject = {}
    # Where a scaler owns the number, whoever applies the tree would set it back with each sync.
    scaled = "autoscale" in entry and workload.mode != "plain"
    if not scaled and ("replicas" in entry or least(entry) > 1):
        spec["replicas"] = least(entry)
    # KAITO 0.12 reads this limit nowhere; whoever reviews the cost of the declaration does.
    most = entry["autoscale"]["max"] if "autoscale" in entry else entry.get("replicas", 1)
    spec["nodeCountLimit"] = max(most * (workload.place.nodes or 1), 1)
    spec["labelSelector"] = selector(workload)
    spec["template"] = template
    if upgrade := entry.get("autoUpgrade"):
        spec["autoUpgrade"] = {
            "enabled": True,
            "strategy": upgrade["strategy"],
            "maintenanceWindow": {"schedule": upgrade["schedule"], "duration": upgrade["duration"]},
        }
    document = {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "InferenceSet",
        "metadata": metadata(workload, {**own, **_autoscale(entry.get("autoscale"), least(entry))}),
        "spec": spec,
    }
    return [*config, document]


def _autoscale(autoscale: MutableObject | None, fewest: int) -> dict[str, str]:
    if autoscale is None or by_keda(autoscale):
        return {}
    metric = {
        "name": autoscale["metric"],
        "type": "gauge",
        "upthreshold": autoscale["up"],
        "downthreshold": autoscale.get("down", DOWN),
    }
    found = {AUTO: "true", MOST: str(autoscale["max"]), METRICS: writer.dump_list([metric])}
    return {**found, LEAST: str(fewest)} if fewest > 1 else found
