"""What a machine costs, from dated tables.

Owns price rows by cloud, size and region, with their source and date. A missing price is None, never zero: whoever
adds up must say so. Knows nothing of models.
"""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, NamedTuple

from kaitops.errors import nearest
from kaitops.kaito import facts

HOURS_PER_MONTH = 730


class Price(NamedTuple):
    """USD per hour for one machine.

    Attributes:
        spot: None where unknown.
        date: day the table was made, ISO; None where its source does not say.
    """

    on_demand: float
    spot: float | None
    source: str
    date: str | None


def price(cloud: str, sku: str, region: str) -> Price | None:
    """The price of a machine size in a region, or None where no table has one."""
    tables = _load(cloud)
    row = tables.get("prices", {}).get(sku, {}).get(region)
    if row is None or row[0] is None:
        return None
    source = tables["sources"][row[2]]
    return Price(row[0], row[1], source["on_demand"], source["date"])


def offers(cloud: str) -> Mapping[str, Collection[str]]:
    """The regions that a machine size has a price in, by size."""
    return _load(cloud).get("prices", {})


def regions(cloud: str) -> frozenset[str]:
    """Regions that some price is known for."""
    return frozenset(region for rows in _load(cloud).get("prices", {}).values() for region in rows)


def meant(cloud: str, region: str) -> list[str]:
    """Regions that a name may stand for which no price is known in, best first; none where one is."""
    known = regions(cloud)
    return [] if region in known else nearest(region.lower().replace(" ", ""), sorted(known), 3)


def size(sku: str) -> dict[str, Any]:
    """What is known of an Azure size beyond KAITO's table, such as ``vcpus`` and ``retired``; empty if nothing."""
    return facts.load("prices", "azure-sizes.json")["sizes"].get(sku, {})


@cache
def _load(cloud: str) -> dict[str, Any]:
    return facts.load("prices", f"{cloud}.json") if cloud in _clouds() else {}


@cache
def _clouds() -> frozenset[str]:
    return frozenset(path.stem for path in (facts.root() / "prices").glob("*.json") if "-" not in path.stem)
