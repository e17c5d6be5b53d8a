"""What a machine costs, from dated tables.

Owns price rows by cloud, size and region, with their source and date. A missing price is None, never zero: whoever
adds up must say so. Knows nothing of models.
"""

from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple

from kaitops.documents.plain import MutableObject, Object
from kaitops.errors import nearest
from kaitops.kaito import facts

HOURS_PER_MONTH = 730
_DIGITS = "0123456789"
_SLIP = 0.85
"""How much alike a name and its slip are: westeurope and westeuropa, and not koreacentral and mexicocentral."""
_NOTHING: Object = {}
# By cloud: the table that the invoker named.
_named: dict[str, Object] = {}


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
    """The price of a machine size in a region, or None where no table has one; a table that was named comes first."""
    for tables in (_named.get(cloud, _NOTHING), _load(cloud)):
        row = tables.get("prices", _NOTHING).get(sku, _NOTHING).get(region)
        if row is not None and row[0] is not None:
            source = tables["sources"][row[2]]
            return Price(row[0], row[1], source["on_demand"], source["date"])
    return None


@contextmanager
def including(cloud: str, table: Object) -> Generator[None]:
    """Prices of this table, of the form of ours, come before ours while this lasts."""
    before = _named.get(cloud, _NOTHING)
    _named[cloud] = table
    try:
        yield
    finally:
        _named[cloud] = before


def offers(cloud: str) -> Mapping[str, Collection[str]]:
    """The regions that a machine size has a price in, by size."""
    named = _named.get(cloud, _NOTHING).get("prices", _NOTHING)
    brought: Object = _load(cloud).get("prices", {})
    if not named:
        return brought
    return {size: {*brought.get(size, ()), *named.get(size, ())} for size in {*brought, *named}}


def regions(cloud: str) -> frozenset[str]:
    """Regions that some price is known for."""
    return frozenset(region for rows in offers(cloud).values() for region in rows)


def meant(cloud: str, region: str) -> list[str]:
    """Regions that a name may stand for which no price is known in, best first; none where one is."""
    known = regions(cloud)
    return [] if region in known else nearest(region.lower().replace(" ", ""), sorted(known), 3)


def slip(cloud: str, region: str) -> str:
    """The region that a name stands for which is misspelt; empty where it is known, or may be one that is new.

    Another number at the end is another region: eastus3 is no slip of eastus2.
    """
    near = meant(cloud, region)[:1]
    plain = region.lower().replace(" ", "")
    if not near or (plain.rstrip(_DIGITS) == near[0].rstrip(_DIGITS) and plain != near[0]):
        return ""
    return next(iter(nearest(plain, near, cutoff=_SLIP)), "")


def size(sku: str) -> MutableObject:
    """What is known of an Azure size beyond KAITO's table, such as ``vcpus`` and ``retired``; empty if nothing."""
    return facts.load("prices", "azure-sizes.json")["sizes"].get(sku, {})


@cache
def _load(cloud: str) -> MutableObject:
    return facts.load("prices", f"{cloud}.json") if cloud in _clouds() else {}


@cache
def _clouds() -> frozenset[str]:
    return frozenset(path.stem for path in (facts.root() / "prices").glob("*.json") if "-" not in path.stem)
