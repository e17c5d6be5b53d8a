"""What Azure's public interface of retail prices answers, as rows of a price table.

Owns the questions and what is believed of the answers: a row that is not about what was asked ends the reading, for a
price that is taken for another machine's, region's or currency's is worse than none.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote

from kaitops.asking import origin
from kaitops.cost.price_file import CURRENCY, amount
from kaitops.documents.plain import MutableObject, Object, mapping
from kaitops.documents.plain import items as listed
from kaitops.errors import BadInput

HOST = "https://prices.azure.com"
MAX_PAGES = 40
_PATH = "/api/retail/prices"
_HOUR = "1 Hour"
_SERVICE = "Virtual Machines"
_TEXTS = ("armSkuName", "armRegionName", "currencyCode", "skuName", "productName", "serviceName")
Fetch = Callable[[str], Any]


class _Key(NamedTuple):
    region: str
    spot: bool


def rows(host: str, size: str, region: str | None, today: date, fetch: Fetch) -> dict[str, list[float | None]]:
    """On-demand and Spot price of a size by region.

    Args:
        today: a price that begins later, or has ended, is passed over.
        fetch: gives the JSON of an address.

    Raises:
        BadInput: an answer is not what was asked for.
    """
    wanted = f"serviceName eq '{_SERVICE}' and priceType eq 'Consumption' and armSkuName eq '{size}'"
    if region:
        wanted += f" and armRegionName eq '{region}'"
    address: str | None = f"{host}{_PATH}?currencyCode='{CURRENCY}'&$filter={quote(wanted)}"
    found: dict[_Key, tuple[str, float]] = {}
    seen: set[str] = set()
    while address:
        seen.add(address)
        if len(seen) > MAX_PAGES:
            raise BadInput(f"{size}: the answer has more than {MAX_PAGES} pages, so it may never end")
        page = fetch(address)
        items = mapping(page).get("Items")
        if not isinstance(items, list) or mapping(page).get("BillingCurrency") != CURRENCY:
            raise BadInput(f"{size}: the answer is no page of prices in {CURRENCY}")
        for row in listed(items):
            _take(mapping(row), size, region, today, found)
        address = _next(mapping(page).get("NextPageLink"), host, seen, size)
    made: dict[str, list[float | None]] = {}
    for key, (_, price) in found.items():
        made.setdefault(key.region, [None, None])[key.spot] = price
    for place, (demand, spot) in made.items():
        if demand is not None and spot is not None and spot > demand:
            raise BadInput(f"{size} in {place}: the answer holds {spot} for Spot and {demand} on demand, which is less")
    return made


def _take(row: Object, size: str, region: str | None, today: date, found: dict[_Key, tuple[str, float]]) -> None:
    texts = {key: row.get(key) for key in _TEXTS}
    if not all(isinstance(text, str) for text in texts.values()):
        raise BadInput(f"{size}: a row of the answer does not say what it is the price of")
    if texts["serviceName"] != _SERVICE:
        raise BadInput(f"{size}: the answer holds a price of {str(texts['serviceName'])[:40]!r}, not of {_SERVICE}")
    if texts["armSkuName"] != size or (region and texts["armRegionName"] != region):
        what = f"{str(texts['armSkuName'])[:40]} in {str(texts['armRegionName'])[:40]}"
        raise BadInput(f"{size}: the answer holds a price of {what}, which nobody asked for")
    if texts["currencyCode"] != CURRENCY:
        raise BadInput(f"{size}: the answer holds a price in {str(texts['currencyCode'])[:10]}, not in {CURRENCY}")
    # Which of the names says it, and in which letters, has changed over the years.
    name = f"{texts['skuName']} {row.get('meterName')}".casefold()
    is_windows = "windows" in f"{texts['productName']} {name}".casefold()
    others = row.get("type") != "Consumption" or is_windows or "low priority" in name
    if others or row.get("isPrimaryMeterRegion") is False or not texts["armRegionName"] or row.get("tierMinimumUnits"):
        return
    since, until = (_day(row.get(key), size) for key in ("effectiveStartDate", "effectiveEndDate"))
    if since > today.isoformat() or (until and until <= today.isoformat()):
        return
    if row.get("unitOfMeasure") != _HOUR:
        raise BadInput(f"{size}: the answer holds a price for {str(row.get('unitOfMeasure'))[:20]!r}, not for an hour")
    key = _Key(str(texts["armRegionName"]), "spot" in name.split())
    price = amount(row.get("retailPrice"), f"{size} in {key.region}")
    known = found.get(key)
    if known and known[0] == since and known[1] != price:
        raise BadInput(f"{size}: the answer holds two prices in {key.region}, {known[1]} and {price}")
    if known is None or since > known[0]:
        found[key] = since, price


def _day(text: object, size: str) -> str:
    """The day that a row names, whatever the time; empty where it names none.

    Raises:
        BadInput: it is no day, and could win over one.
    """
    if text is None:
        return ""
    try:
        return date.fromisoformat(text[:10] if isinstance(text, str) else "").isoformat()
    except ValueError:
        raise BadInput(f"{size}: {str(text)[:40]!r} in the answer is no day") from None


def _next(link: object, host: str, seen: set[str], size: str) -> str | None:
    if link in (None, ""):
        return None
    if not isinstance(link, str) or not _is_of(link, host):
        raise BadInput(f"{size}: the next page is said to be on another server, which nobody named")
    if link in seen:
        raise BadInput(f"{size}: the next page is one that was read, so the answer would never end")
    return link


def _is_of(link: str, host: str) -> bool:
    try:
        return origin(link) == origin(host)
    except ValueError:
        return False


def merged(
    table: Object | None, fresh: Mapping[str, Mapping[str, Sequence[float | None]]], source: str, day: str
) -> MutableObject:
    """A table with what was read now; all else of it stays, each row with its own source and day."""
    held: Mapping[str, Mapping[str, list[Any]]] = table["prices"] if table else {}
    sources: list[MutableObject] = [*(table["sources"] if table else ()), {"on_demand": source, "date": day}]
    prices = {size: dict(regions) for size, regions in held.items()}
    for size, regions in fresh.items():
        for region, (demand, spot) in regions.items():
            if demand is not None or region not in prices.get(size, {}):
                prices.setdefault(size, {})[region] = [demand, spot, len(sources) - 1]
    used = sorted({int(row[2] or 0) for regions in prices.values() for row in regions.values()})
    kept: dict[int, int] = {}
    texts: list[MutableObject] = []
    for old in used:
        one = sources[int(old)]
        if one not in texts:
            texts.append(one)
        kept[int(old)] = texts.index(one)
    renumbered = {
        size: {region: [row[0], row[1], kept[row[2]]] for region, row in regions.items()}
        for size, regions in prices.items()
    }
    return {"currency": CURRENCY, "sources": texts, "prices": renumbered}
