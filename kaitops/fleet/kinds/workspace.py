"""A model as a Workspace, and the inference block that InferenceSets share."""

from kaitops.documents.plain import MutableObject
from kaitops.fleet.kinds.configmap import inference_config
from kaitops.fleet.kinds.metadata import metadata, resource, runtime_annotations
from kaitops.fleet.workload import Workload


def workspace(workload: Workload) -> list[MutableObject]:
    """The objects of a model: its configuration, if any, then the Workspace."""
    config, inference = inference_block(workload)
    document = {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": metadata(workload, runtime_annotations(workload)),
        "resource": resource(workload),
        "inference": inference,
    }
    return [*config, document]


def inference_block(workload: Workload) -> tuple[list[MutableObject], MutableObject]:
    """The ConfigMap, if one is needed, and the ``inference`` block."""
    entry = workload.entry
    if "custom" in entry:
        # Most models are presets.
        from kaitops.fleet.kinds.custom_pod import pod_template

        return [], {"template": pod_template(workload)}
    inference: MutableObject = {"preset": preset_block(entry["preset"], entry.get("secret"))}
    config = inference_config(workload.name, workload.namespace, entry)
    if config:
        inference["config"] = config["metadata"]["name"]
    if adapters := entry.get("adapters"):
        inference["adapters"] = [_adapter(name, adapter) for name, adapter in sorted(adapters.items())]
    return ([config] if config else []), inference


def preset_block(name: str, secret: str | None) -> MutableObject:
    """The ``preset`` block, with the Secret of the token where one is named."""
    document: MutableObject = {"name": name}
    if secret:
        document["presetOptions"] = {"modelAccessSecret": secret}
    return document


def _adapter(name: str, adapter: MutableObject) -> MutableObject:
    source: MutableObject = {"name": name}
    if "image" in adapter:
        source["image"] = adapter["image"]
        if adapter.get("pullSecrets"):
            source["imagePullSecrets"] = list(adapter["pullSecrets"])
    else:
        source["volumeSource"] = {"persistentVolumeClaim": {"claimName": adapter["claim"]}}
    document: MutableObject = {"source": source}
    if "strength" in adapter:
        document["strength"] = adapter["strength"]
    return document
