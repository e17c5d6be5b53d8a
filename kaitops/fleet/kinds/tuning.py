"""A fine-tuning job as a Workspace."""

from kaitops.documents.plain import MutableObject, ordered
from kaitops.fleet.kinds.configmap import configmap
from kaitops.fleet.kinds.metadata import metadata, resource, runtime_annotations
from kaitops.fleet.kinds.workspace import preset_block
from kaitops.fleet.workload import Workload


def tuning(workload: Workload) -> list[MutableObject]:
    """The objects of a tuning job: its configuration, if any, then the Workspace."""
    entry = workload.entry
    objects: list[MutableObject] = []
    block: MutableObject = {
        "preset": preset_block(entry["preset"], entry.get("secret")),
        "method": entry["method"],
    }
    if entry.get("config") is not None:
        config = configmap(
            f"{workload.name}-training",
            workload.namespace,
            "training_config.yaml",
            {"training_config": ordered(entry["config"])},
        )
        objects.append(config)
        block["config"] = config["metadata"]["name"]
    block["input"] = _source(entry["input"])
    block["output"] = _destination(entry["output"])
    document = {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": metadata(workload, runtime_annotations(workload)),
        "resource": resource(workload),
        "tuning": block,
    }
    return [*objects, document]


def _source(source: MutableObject) -> MutableObject:
    if "urls" in source:
        return {"urls": list(source["urls"])}
    if "image" in source:
        document: MutableObject = {"image": source["image"]}
        if source.get("pullSecrets"):
            document["imagePullSecrets"] = list(source["pullSecrets"])
        return document
    return {"volumeSource": {"persistentVolumeClaim": {"claimName": source["claim"]}}}


def _destination(destination: MutableObject) -> MutableObject:
    if "image" in destination:
        document: MutableObject = {"image": destination["image"]}
        if "pushSecret" in destination:
            document["imagePushSecret"] = destination["pushSecret"]
        return document
    return {"volumeSource": {"persistentVolumeClaim": {"claimName": destination["claim"]}}}
