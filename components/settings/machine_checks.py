"""Rules between node pools, machine sizes, regions and a recorded quota."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kaitops.components.settings.infra import InfraSettings
from kaitops.components.settings.names import azure_facts
from kaitops.components.settings.pools import GpuPool
from kaitops.cost.quota import CORES, SPOT_CORES, Quota, fold
from kaitops.cost.retirement import retirement
from kaitops.errors import BadInput
from kaitops.kaito.release import Release
from kaitops.prices import price, regions

if TYPE_CHECKING:
    from kaitops.fleet.entries import Cluster

POOL_LABEL = "kaitops.io/pool"
SPOT_LABEL = "kubernetes.azure.com/scalesetpriority"


def problems(settings: InfraSettings, cluster: "Cluster", release: Release, today: date) -> Iterator[str]:
    """What does not hold of the machines on a day."""
    location = settings.location or str(cluster["region"])
    yield from _system(settings)
    if cluster["provisioner"] == "karpenter" and settings.node_class.os_disk_gb < azure_facts()["minimum_os_disk_gb"]:
        yield (
            f"infra.nodeClass.osDiskGb: {settings.node_class.os_disk_gb}; images and weights lie on it where a size "
            f"has no NVMe disk, and pods are evicted when it is full; take at least "
            f"{azure_facts()['minimum_os_disk_gb']}"
        )
    if "region" in cluster and settings.location and fold(settings.location) != fold(cluster["region"]):
        yield (
            f"infra.location: {settings.location} and the fleet's region {cluster['region']} differ, so prices and "
            "sizes would be judged for another place; leave location out, or change the fleet"
        )
    for name, pool in settings.gpu_pools.items():
        key = f"infra.gpuPools.{name}"
        yield from _bounds(key, pool)
        yield from _mig(key, pool, release)
        yield from _disks(key, pool)
        yield from _driver(key, pool)
        yield from _labels(key, pool)
        if release.skus("azure").find(pool.size) is None:
            yield (
                f"{key}.size: {pool.size} is no size that KAITO {release.version} knows as a GPU machine, so no "
                "workload fits on it; 'kaitops catalogue' lists the sizes"
            )
    yield from _sizes(settings, location, today)
    yield from _quota(settings, location)


def _system(settings: InfraSettings) -> Iterator[str]:
    pool = settings.system_pool
    if pool.spot:
        yield (
            "infra.systemPool.spot: true; Azure has no spot system pools, since eviction would take the cluster's own "
            "pods; set it to false"
        )
    if pool.min < 1 or (pool.max is not None and pool.max < pool.min):
        yield (
            f"infra.systemPool: min {pool.min} and max {pool.max} hold no node; the cluster's own pods need at least "
            "one, better two; raise them"
        )


def _bounds(key: str, pool: GpuPool) -> Iterator[str]:
    if pool.min < 1:
        yield (
            f"{key}.min: {pool.min}; KAITO reads the GPU from a ready node and makes no pod before one is there, so "
            "the autoscaler never starts one; set it to at least 1"
        )
    if pool.max < pool.min:
        yield f"{key}.max: {pool.max} is below min {pool.min}, so Azure refuses the pool; raise it"


def _mig(key: str, pool: GpuPool, release: Release) -> Iterator[str]:
    if pool.mig is None:
        return
    sku = release.skus("azure").find(pool.size)
    if sku is None or sku.model not in azure_facts()["mig"]["gpus"]:
        model = sku.model if sku else "an unknown GPU"
        yield (
            f"{key}.mig: {pool.mig} on {pool.size} with {model}; it cannot be split, so Azure refuses the pool; take "
            f"a size with {', '.join(azure_facts()['mig']['gpus'])}"
        )
    if pool.spot:
        yield (
            f"{key}.mig: {pool.mig} on spot machines; an evicted node comes back unsplit only after the driver has "
            "restarted, and every slice's model is lost at once; take on-demand machines"
        )


def _disks(key: str, pool: GpuPool) -> Iterator[str]:
    least = azure_facts()["minimum_os_disk_gb"]
    if pool.os_disk_gb < least and not pool.temporary_kubelet_disk:
        yield (
            f"{key}.osDiskGb: {pool.os_disk_gb}; images and weights lie on it, since KAITO uses no local NVMe on nodes "
            f"of your own, and pods are evicted when it is full; take at least {least} or temporaryKubeletDisk"
        )


def _driver(key: str, pool: GpuPool) -> Iterator[str]:
    if pool.driver == "Managed":
        managed = azure_facts()["managed_gpu"]
        yield (
            f"{key}.driver: Managed; Azure manages GPU software in a preview only (feature {managed['feature']}, API "
            f"{managed['api']}), beside no autoscaler, and the API of this stack has no field for it; take Install, or "
            "None with the GPU Operator"
        )


def _labels(key: str, pool: GpuPool) -> Iterator[str]:
    facts = azure_facts()["node_labels"]
    for label, value in pool.labels.items():
        space = label.rpartition("/")[0]
        owned = _under(space, facts["owned"]) and not _under(space, facts["open"])
        if pool.spot and (label, value) == (SPOT_LABEL, "spot"):
            continue
        if owned or _under(space, facts["reserved"]) or label in facts["names"]:
            yield (
                f"{key}.labels: {label} is a label that AKS or Kubernetes sets itself, so Azure refuses the pool; "
                "leave it out, or take a name of your own, such as example.com/pool"
            )


def _under(space: str, domains: list[str]) -> bool:
    return any(space == one or space.endswith(f".{one}") for one in domains)


def unselected(settings: InfraSettings, cluster: "Cluster") -> Iterator[str]:
    """Nodes of the fleet whose labels no pool of the stack has; they may be nodes that somebody else brings.

    Labels that AKS, Kubernetes or the GPU's own programs set are on nodes without any declaration.
    """
    if cluster["provisioner"] != "byo" or not settings.gpu_pools:
        return
    given = [labels_of(name, pool) for name, pool in settings.gpu_pools.items()]
    for name, nodes in cluster.get("nodes", {}).items():
        wanted = {key: value for key, value in nodes["labels"].items() if not _is_set_by_others(key)}
        if not any(wanted.items() <= labels.items() for labels in given):
            told = ", ".join(f"{key}={value}" for key, value in sorted(wanted.items()))
            yield (
                f"infra.gpuPools: no pool has the labels {told}, by which the fleet selects its nodes {name}, so "
                "models there find no node of this stack; give them to the pool's labels, or change the fleet's "
                f"nodes.{name}.labels; nothing is amiss where others bring these nodes"
            )


def labels_of(name: str, pool: GpuPool) -> dict[str, str]:
    """Labels of a pool's nodes, as far as they are declared."""
    return {**(pool.labels or {POOL_LABEL: name}), **({SPOT_LABEL: "spot"} if pool.spot else {})}


def _is_set_by_others(label: str) -> bool:
    space = label.rpartition("/")[0]
    return not space or _under(space, ["kubernetes.io", "k8s.io", "azure.com", "nvidia.com"])


def _sizes(settings: InfraSettings, location: str, today: date) -> Iterator[str]:
    sizes = {f"infra.gpuPools.{name}.size": pool.size for name, pool in settings.gpu_pools.items()}
    known = fold(location) in regions("azure")
    for key, size in {"infra.systemPool.size": settings.system_pool.size, **sizes}.items():
        gone = retirement(size, location)
        if gone is not None and gone.day <= today:
            yield (
                f"{key}: {size} was retired by Azure on {gone.day}, so no machine of it comes up; take {gone.successor}"
            )
        elif key in sizes and known and price("azure", size, fold(location)) is None:
            offered = sorted(region for region in regions("azure") if price("azure", size, region))
            told = f"it is in {', '.join(offered)}" if offered else "no region is known to have it"
            yield (
                f"{key}: {size} is not sold in {location} ({told}), so no machine of it comes up; choose another size "
                "or region"
            )


def _quota(settings: InfraSettings, location: str) -> Iterator[str]:
    if settings.quota is None:
        return
    try:
        quota = Quota.read(Path(settings.quota))
    except BadInput as error:
        yield f"infra.quota: {error}, so no pool is held to it; record it with 'kaitops quota record'"
        return
    if quota.region != fold(location):
        yield (
            f"infra.quota: {settings.quota} was recorded in {quota.region} and the cluster is in {location}, so it "
            f"says nothing; record it with 'kaitops quota record --region {location}'"
        )
        return
    needs: dict[str, tuple[int, set[str]]] = {}
    system = settings.system_pool
    asked = [(system.size, system.max or system.min, False)]
    for pool in settings.gpu_pools.values():
        asked.append((pool.size, pool.max, pool.spot))
        if pool.keep_previous:
            asked.append((pool.previous_size or pool.size, pool.max, pool.spot))
    for size, count, spot in asked:
        if reason := quota.restriction(size):
            yield (
                f"infra.quota: {size} is restricted in {location} for the subscription ({reason}), so no machine of it "
                "comes up; choose another size or region, or ask Azure for access"
            )
        vcpus = quota.vcpus(size)
        for limit in [SPOT_CORES] if spot else [CORES, quota.family(size)]:
            total, sizes = needs.get(limit, (0, set[str]()))
            needs[limit] = (total + (vcpus or 0) * count, sizes | {size})
    for limit, (wanted, sizes) in needs.items():
        found = quota.limits.get(limit)
        if found is None:
            continue
        counted = settings.quota_counts_cluster
        room = found.limit if counted else found.left
        if wanted > room:
            told = f"the limit is {room}" if counted else f"{max(room, 0)} of {found.limit} are left"
            yield (
                f"infra.quota: {', '.join(sorted(sizes))} need {wanted} vCPUs of {found.name!r} in {location} and "
                f"{told}, so nodes stay missing; ask Azure for {wanted if counted else found.used + wanted}, or take "
                "fewer or smaller nodes"
                + ("" if counted else "; where the recording counts this cluster's nodes, say quotaCountsCluster: true")
            )
