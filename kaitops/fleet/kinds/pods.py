"""The pods of a workload as others find them: their labels, which group of labels serves, on which port.

The same in either mode, as plain mode keeps KAITO's labels. Does not make pods.
"""

from collections.abc import Mapping

from kaitops.documents.plain import Object, mapping
from kaitops.fleet.clusters import ROLES
from kaitops.fleet.workload import Workload
from kaitops.kaito import facts


def known(version: str) -> Object:
    """What stands around a model in a KAITO version, as data."""
    return facts.load(version, "companions.json")


def ports(version: str) -> Mapping[str, int]:
    """The ports of KAITO's pods and Services by use."""
    return facts.load(version, "controller.json")["ports"]


def pod_labels(workload: Workload, version: str) -> dict[str, str]:
    """The label that all pods of a workload carry and no others do."""
    return {known(version)["pod_labels"][workload.kind]: workload.name}


def groups(workload: Workload, version: str) -> dict[str, dict[str, str]]:
    """Labels of the pods that stand in for each other, by name; the roles of a split model do not."""
    labels = pod_labels(workload, version)
    if workload.kind != "MultiRoleInference":
        return {workload.name: labels}
    role = known(version)["role_label"]
    return {f"{workload.name}-{each}": {**labels, role: each} for each in ROLES}


def pods_of_one(workload: Workload) -> int:
    """Pods of one replica of a model, the largest number of any role."""
    declared = workload.entry.get("nodes", 1)
    return max((each.nodes or declared for each in workload.machines.values()), default=1)


def serving_port(workload: Workload, version: str) -> int:
    """The port that answers requests."""
    custom = mapping(workload.entry.get("custom"))
    return next((server["port"] for server in custom.values()), ports(version)["inference"])


def has_pool(workload: Workload, gates: Mapping[str, bool]) -> bool:
    """KAITO makes an InferencePool for it."""
    if not gates["gatewayAPIInferenceExtension"]:
        return False
    if workload.kind == "MultiRoleInference":
        return True
    vllm = gates["vLLM"] and workload.entry.get("runtime") != "transformers"
    return workload.kind == "InferenceSet" and vllm and "preset" in workload.entry


def pool_name(workload: Workload, version: str) -> str:
    """The name of its InferencePool and of the release that brings it."""
    return workload.name + known(version)["pool"]["suffix"]


def picker_labels(workload: Workload, version: str) -> dict[str, str]:
    """The label of the pods that choose an endpoint of its pool."""
    picker = known(version)["pool"]["picker"]
    release = pool_name(workload, version)[: picker["release_length"]]
    return {picker["label"]: release + picker["suffix"]}
