"""Machine sizes that Azure has retired or will retire soon, or that KAITO no longer knows."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from kaitops.cost.cluster import RETIREMENT, Cluster, CostFinding
from kaitops.cost.counted import Machines
from kaitops.cost.quota import Quota, fold
from kaitops.documents.plain import MutableObject
from kaitops.kaito import facts
from kaitops.kaito.release import Release

SOON = timedelta(days=180)


class Retirement(NamedTuple):
    """When Azure stops offering a size, and what it names instead; the successor is empty where it names none."""

    day: date
    successor: str


def retirement(size: str, region: str | None) -> Retirement | None:
    """The announced retirement of an Azure size in a region."""
    table: MutableObject = facts.load("prices", "azure-retirements.json")
    for entry in table["retirements"]:
        if re.fullmatch(entry["sizes"], size, re.IGNORECASE):
            told = entry.get("regions", {}).get(fold(region or ""), entry["date"])
            return Retirement(date.fromisoformat(told), entry["successor"])
    return None


def findings(
    cluster: Cluster, many: Sequence[Machines], release: Release, today: date, quotas: Sequence[Quota]
) -> Iterator[CostFinding]:
    """Retired sizes, and those that retire within 180 days."""
    if cluster.cloud != "azure":
        return
    for one in many:
        if not one.size or not one.nodes:
            continue
        found = _recorded(one.size, cluster, quotas) or retirement(one.size, cluster.region)
        if found is None or found.day - today > SOON:
            continue
        successor = release.successor("azure", one.size) or found.successor
        remedy = f"move to {successor}" if successor else "move to a current size ('kaitops fit' lists them)"
        if found.day <= today:
            told = f"was retired by Azure on {found.day}, so machines of it are stopped and no new one comes up"
            severity = "error"
        else:
            days = (found.day - today).days
            told = f"is retired by Azure on {found.day}, in {days} days, and its machines stop then"
            severity = "warning"
        yield CostFinding(RETIREMENT, severity, cluster.name, f"{one.size} {told}; {remedy}", one.document, one.path)


def _recorded(size: str, cluster: Cluster, quotas: Sequence[Quota]) -> Retirement | None:
    """What Azure itself said of the size in the region when its quota was recorded."""
    for quota in quotas:
        told = quota.capability(size, "RetirementDateUtc") if fold(cluster.region or "") == quota.region else None
        if told:
            try:
                return Retirement(date.fromisoformat(told[:10]), "")
            except ValueError:
                return None
    return None
