"""What a change of a fleet means for a workload that runs already, in a line each; the gate says it of every object."""

from collections.abc import Iterator, Mapping

from kaitops.fleet.plan import Plan
from kaitops.fleet.workload import Workload

_FIXED = ("Workspace", "RAGEngine")
"""Kinds whose machines and models cannot change."""
Standing = Mapping[tuple[str, str, str], Workload]


def of(plan: Plan) -> Standing:
    """What runs by KAITO's hand, by cluster, group and name."""
    return {
        (cluster.name, one.group, one.name): one
        for cluster in plan.clusters
        for one in cluster.workloads
        if one.mode != "plain"
    }


def told(before: Standing, after: Standing) -> Iterator[str]:
    """Lines of those that are there before and after, and cannot become what they are to be."""
    for place, new in after.items():
        old = before.get(place)
        if old is None or old.namespace != new.namespace:
            continue
        where = f"{new.group}.{new.name} on {new.cluster}"
        if old.kind != new.kind:
            yield (
                f"{where}: where it runs, the {old.kind} goes and the {new.kind} begins anew, so nothing serves in "
                "between; to go on serving, declare it under another name beside this one first"
            )
        elif changed := sorted(_fixed(old, new)) if new.kind in _FIXED else []:
            yield (
                f"{where}: where it runs, KAITO refuses another {' and another '.join(changed)}; "
                + ("'kaitops replace' puts a second one beside it" if new.group == "models" else "take another name")
            )


def _fixed(old: Workload, new: Workload) -> Iterator[str]:
    if {role: one.size for role, one in old.machines.items()} != {role: one.size for role, one in new.machines.items()}:
        yield "machine"
    if old.entry.get("preset") != new.entry.get("preset") or ("custom" in old.entry) != ("custom" in new.entry):
        yield "model"
    if old.entry.get("method") != new.entry.get("method"):
        yield "method"
