"""A model split into prefill and decode as a MultiRoleInference."""

from kaitops.documents.plain import MutableObject
from kaitops.fleet.clusters import ROLES
from kaitops.fleet.kinds.configmap import inference_config
from kaitops.fleet.kinds.metadata import metadata, runtime_annotations, selector
from kaitops.fleet.workload import Workload


def multirole(workload: Workload) -> list[MutableObject]:
    """The objects of a split model: configurations of the roles, if any, then the MultiRoleInference."""
    entry = workload.entry
    model: MutableObject = {"name": entry["preset"]}
    if "secret" in entry:
        model["modelAccessSecret"] = entry["secret"]
    configs: dict[str, MutableObject] = {}
    roles: list[MutableObject] = []
    for role in ROLES:
        declared = entry[role]
        document: MutableObject = {"type": role, "replicas": declared["replicas"]}
        if size := workload.machines[role].size:
            document["instanceType"] = size
        merged = {**entry, "vllm": {**entry.get("vllm", {}), **declared.get("vllm", {})}}
        if config := inference_config(workload.name, workload.namespace, merged):
            configs[config["metadata"]["name"]] = config
            document["runtimeConfig"] = config["metadata"]["name"]
        roles.append(document)
    resource = {
        "apiVersion": "kaito.sh/v1alpha1",
        "kind": "MultiRoleInference",
        "metadata": metadata(workload, runtime_annotations(workload)),
        "spec": {"labelSelector": selector(workload), "model": model, "roles": roles},
    }
    return [*configs.values(), resource]
