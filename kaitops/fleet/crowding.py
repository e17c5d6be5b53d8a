"""Brought nodes that have fewer GPUs than the models on them take: KAITO admits all of them, and some wait for ever."""

from collections.abc import Iterator, Mapping

from kaitops.documents.plain import Steps
from kaitops.fleet.workload import ClusterPlan, Workload

Found = Iterator[tuple[Steps, str]]


def crowded(plan: ClusterPlan) -> Found:
    """The first workload of each pool that finds no GPU left, where nobody takes parts of one."""
    for name, pool in plan.cluster.get("nodes", {}).items():
        held = pool["count"] * pool["gpus"]
        taken, before = 0, list[str]()
        for workload in plan.workloads:
            asked = _asked(workload, pool["labels"], pool["gpus"])
            if asked is None:
                break
            if asked and taken + asked > held:
                beside = f", of which {', '.join(before)} take {taken}" if before else ""
                text = (
                    f"asks for {asked} of the {held} GPUs of pool {name}{beside}, so its pods wait for ever; add nodes "
                    "and raise count, or name another pool"
                )
                yield [*workload.path, "gpu"], text
                break
            taken += asked
            before += [f"{workload.group}.{workload.name}"] if asked else []


def _asked(workload: Workload, labels: Mapping[str, str], gpus: int) -> int | None:
    """The GPUs that a workload takes of the nodes with these labels; None where it takes parts of one."""
    if "partition" in workload.entry:
        return None
    found = 0
    for role, place in workload.machines.items():
        if place.size is not None or place.labels != labels:
            continue
        custom = next(iter(workload.entry.get("custom", {}).values()), None)
        each = custom["gpus"] if custom is not None else gpus * (place.nodes or 1)
        found += each * workload.replicas(role)
    return found
