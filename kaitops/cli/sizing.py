"""What a workload runs on and why, in lines that people read: size, number, price, and the arithmetic behind them."""

from collections.abc import Iterator

from kaitops import fit
from kaitops.fleet.machines import AUTO, Machines, Wanted
from kaitops.fleet.workload import ClusterPlan, Workload
from kaitops.kaito.kubernetes.quantity import GIB
from kaitops.kaito.release import Release
from kaitops.prices import HOURS_PER_MONTH, Price
from kaitops.report.printable import counted


def line(workload: Workload, role: str, place: Machines, cost: Price | None) -> str:
    """One line: what it runs on, and what that costs."""
    nodes = (place.nodes or int(workload.entry.get("nodes", 1))) * workload.replicas(role)
    gpus = f" ({place.sku.gpus} x {place.sku.model})" if place.sku else ""
    name = f"{workload.group}.{workload.name}{f'.{role}' if role else ''} on {workload.cluster}"
    if cost is None:
        return f"{name}: {nodes} x {place.size}{gpus}, no price is known"
    per_hour = cost.on_demand * nodes
    day = f", price of {cost.date}" if cost.date else ""
    month = per_hour * HOURS_PER_MONTH
    return f"{name}: {nodes} x {place.size}{gpus}, {per_hour:.2f} USD an hour, {month:.2f} a month{day}"


def is_auto(workload: Workload, role: str) -> bool:
    """The size was chosen by us."""
    own = workload.entry[role].get("gpu") if role else None
    return (own or workload.entry.get("gpu")) == AUTO


def several(plan: ClusterPlan, workload: Workload) -> Iterator[str]:
    """What a model runs on that takes more machines than the fleet says: KAITO counts them from its context."""
    for role, place in workload.machines.items():
        is_said = is_auto(workload, role) or "nodes" in workload.entry
        if is_said or (place.nodes or 1) < 2 or place.sku is None or workload.preset is None:
            continue
        yield line(workload, role, place, fit.price(plan.cluster["cloud"], place.sku.name, plan.cluster["region"]))


def explained(plan: ClusterPlan, workload: Workload, release: Release) -> Iterator[str]:
    """What a workload runs on in a cluster, and the sums that lead to it."""
    for role, place in workload.machines.items():
        if place.size is None:
            yield f"{workload.group}.{workload.name} on {workload.cluster}: {place.nodes or 1} of the brought nodes"
            continue
        wanted = Wanted.of(workload.entry, workload.entry.get(role, {}) if role else {})
        cloud, region = plan.cluster["cloud"], plan.cluster["region"]
        if workload.preset is None or place.sku is None:
            yield line(workload, role, place, None)
            continue
        found = fit.fit(release, workload.preset, place.sku, cloud, wanted.context, region, wanted.flags)
        yield line(workload, role, place, found.price if found else None)
        if found is None:
            continue
        yield from sums(found)
        if is_auto(workload, role):
            others = fit.fits(release, workload.preset, cloud, wanted.context, region, wanted.flags)
            following = (one for one in others if one.sku is not place.sku and one.per_hour is not None)
            if (dearer := next(following, None)) is not None:
                times = workload.replicas(role)
                cost = f"{(dearer.per_hour or 0.0) * times:.2f} USD an hour"
                yield f"  the cheapest that fits in {region}; next: {dearer.nodes * times} x {dearer.sku.name}, {cost}"


def sums(found: fit.Fit) -> Iterator[str]:
    """The arithmetic from the memory of a GPU to the number of machines, a line each."""
    sums = found.sums
    fixed = f"{sums.overhead / GIB:.2f} GiB for its runtime"
    cache = f"{sums.kv_cache / GIB:.2f} GiB for {sums.context} tokens of context"
    left = f"{(sums.usable - sums.overhead - sums.kv_cache) / GIB:.2f} GiB for weights"
    gpus, nodes = counted(sums.gpus, "GPU"), counted(found.nodes, "machine")
    yield f"  {sums.per_gpu / GIB:.0f} GiB a GPU, {sums.usable / GIB:.2f} of them for vLLM"
    yield f"  - {fixed} - {cache} = {left}"
    yield f"  {sums.weights / GIB:.2f} GiB of weights and 5 % beside them take {gpus}, so {nodes}"
    yield f"  up to {found.max_context} tokens are served there"
