"""Metadata that the rendered custom resources share: labels, annotations, node selection."""

from collections.abc import Mapping

from kaitops.documents.plain import MutableObject
from kaitops.fleet.workload import Workload

MANAGED_BY = {"app.kubernetes.io/managed-by": "kaitops"}


def namespace(name: str, labels: Mapping[str, str] | None = None) -> MutableObject:
    """A namespace as a fleet makes it; ``labels`` are further ones."""
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name, "labels": {**MANAGED_BY, **(labels or {})}},
    }


def own_metadata(name: str, place: str, workload: Workload) -> MutableObject:
    """Name, namespace and labels of an object of a workload; its annotations are KAITO's to read and not repeated."""
    labels = {**MANAGED_BY, **workload.entry.get("labels", {})}
    return {"name": name, "namespace": place, "labels": dict(sorted(labels.items()))}


def metadata(workload: Workload, annotations: Mapping[str, str]) -> MutableObject:
    """Name, namespace, labels and annotations, both sorted."""
    document = own_metadata(workload.name, workload.namespace, workload)
    merged = {**annotations, **workload.entry.get("annotations", {})}
    if merged:
        document["annotations"] = dict(sorted(merged.items()))
    return document


def runtime_annotations(workload: Workload) -> dict[str, str]:
    """The annotations that steer KAITO, for the settings that a model declares."""
    entry = workload.entry
    found: dict[str, str] = {}
    if entry.get("loadBalancer"):
        found["kaito.sh/enablelb"] = "True"
    if entry.get("runtime") == "transformers":
        found["kaito.sh/runtime"] = "transformers"
    if entry.get("benchmark") is False:
        found["kaito.sh/disable-benchmark"] = "true"
    if entry.get("localWeights") is not None:
        found["kaito.sh/use-local-weights"] = "true" if entry["localWeights"] else "false"
    if entry.get("streaming") is False:
        found["kaito.sh/model-streaming"] = "disabled"
    if entry.get("bypassResourceChecks"):
        found["kaito.sh/bypass-resource-checks"] = "true"
    for key, annotation in (
        ("performance", "kaito.sh/performance-mode"),
        ("nodeClass", "kaito.sh/node-class-name"),
        ("nodeImageFamily", "kaito.sh/node-image-family"),
    ):
        if key in entry:
            found[annotation] = entry[key]
    return found


def selector(workload: Workload) -> MutableObject:
    """The label selector for nodes: the declared labels, those of the node pool, or the workload's own name."""
    pool: Mapping[str, str] = next(iter(workload.machines.values())).labels if workload.machines else {}
    labels = {**pool, **workload.entry.get("nodeLabels", {})} or {"apps": workload.name}
    return {"matchLabels": dict(sorted(labels.items()))}


def resource(workload: Workload, *, count: bool = True) -> MutableObject:
    """The ``resource`` block: count, size, selector, partition."""
    entry = workload.entry
    document: MutableObject = {}
    if count and "nodes" in entry:
        document["count"] = entry["nodes"]
    if workload.place.size:
        document["instanceType"] = workload.place.size
    document["labelSelector"] = selector(workload)
    if partition := entry.get("partition"):
        if "mig" in partition:
            document["partition"] = {"mode": "mig", "profile": partition["mig"]}
        else:
            document["partition"] = {"mode": "accelerator", "count": partition["accelerators"]}
    return document
