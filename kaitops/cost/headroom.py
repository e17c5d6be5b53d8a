"""Whether a subscription's quota holds the machines: region total and family, both must fit.

Spot machines use one quota of their own instead of a family's. With a base, the machines that are added are held
against what is left; without one, all machines against the limit, since the usage may count them already.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from kaitops.cost.cluster import QUOTA, Cluster, CostFinding
from kaitops.cost.counted import Machines
from kaitops.cost.quota import CORES, SPOT_CORES, VMS, Quota, fold

_KEEP_DAYS = 30
Asked = Sequence[tuple[Cluster, Sequence[Machines]]]


class _Need:
    """What is asked of a quota: in all, and more than the base asks."""

    def __init__(self) -> None:
        self.whole = self.added = 0
        self.sizes: set[str] = set()


def findings(asked: Asked, base: Asked | None, quotas: Sequence[Quota], today: date) -> Iterator[CostFinding]:
    """What the quotas do not hold."""
    for quota in quotas:
        here = [(cluster, many) for cluster, many in asked if fold(cluster.region or "") == quota.region]
        if not here:
            continue
        yield from _recorded(quota, today)
        for cluster, many in here:
            yield from _sizes(cluster, many, quota)
        before = [(cluster, many) for cluster, many in base or () if fold(cluster.region or "") == quota.region]
        names = ", ".join(sorted({cluster.name for cluster, _ in here if cluster.name}))
        for key, need in _needs(here, before, quota).items():
            yield from _fits(key, need, quota, names, with_base=base is not None)


def _recorded(quota: Quota, today: date) -> Iterator[CostFinding]:
    if quota.day is not None and (today - quota.day).days > _KEEP_DAYS:
        message = (
            f"the quota of {quota.region} was recorded {(today - quota.day).days} days ago, so what is left may have "
            f"changed; record it again with 'kaitops quota record --region {quota.region}'"
        )
        yield CostFinding(QUOTA, "warning", "", message)


def _sizes(cluster: Cluster, many: Sequence[Machines], quota: Quota) -> Iterator[CostFinding]:
    for one in many:
        if not one.size or not one.nodes or one.brought:
            continue
        text = ""
        if quota.sizes and one.size.lower() not in quota.sizes:
            text = f"{one.size} is not offered in {quota.region} to the subscription"
        elif reason := quota.restriction(one.size):
            text = f"{one.size} is restricted in {quota.region} for the subscription ({reason})"
        if text:
            message = f"{text}, so no machine of it comes up; choose another size or region, or ask Azure for access"
            yield CostFinding(QUOTA, "error", cluster.name, message, one.document, one.path)
        elif quota.vcpus(one.size) is None:
            message = f"the vCPUs of {one.size} are not known, so it is not held to the quota of {quota.region}"
            yield CostFinding(QUOTA, "warning", cluster.name, message, one.document, one.path)


def _needs(here: Asked, before: Asked, quota: Quota) -> dict[str, _Need]:
    needs: dict[str, _Need] = {}
    for sign, many in ((1, here), (-1, before)):
        for _, group in many:
            for one in group:
                vcpus = quota.vcpus(one.size) if one.size and not one.brought else None
                if vcpus is None:
                    continue
                keys = [SPOT_CORES] if one.spot else [CORES, quota.family(one.size)]
                for key, amount in [*((key, vcpus * one.nodes) for key in keys), (VMS, one.nodes)]:
                    need = needs.setdefault(key, _Need())
                    need.added += sign * amount
                    if sign > 0:
                        need.whole += amount
                        need.sizes.add(one.size)
    return needs


def _fits(key: str, need: _Need, quota: Quota, clusters: str, *, with_base: bool) -> Iterator[CostFinding]:
    what = "machines" if key == VMS else "vCPUs"
    sizes = ", ".join(sorted(need.sizes))
    if not key or key not in quota.limits:
        if key not in (VMS, SPOT_CORES) and need.sizes:
            family = f"family {key}" if key else "quota family"
            message = f"the {family} of {sizes} is not in the recorded usage of {quota.region}, so it is not judged"
            yield CostFinding(QUOTA, "warning", clusters, message)
        return
    limit = quota.limits[key]
    wanted, room = (need.added, limit.left) if with_base else (need.whole, limit.limit)
    if wanted <= 0 or wanted <= room:
        return
    new_limit = limit.used + need.added if with_base else need.whole
    told = (
        f"needs {wanted} more {what} ({sizes}) and {max(room, 0)} of {limit.limit} are left"
        if with_base
        else f"needs {wanted} {what} ({sizes}) and the limit is {limit.limit}"
    )
    message = (
        f"quota {limit.name!r} of {quota.region}: {clusters or 'the fleet'} {told}, so machines stay pending; ask "
        f"Azure for a limit of {new_limit}, or take smaller or fewer machines"
    )
    yield CostFinding(QUOTA, "error", clusters, message)
