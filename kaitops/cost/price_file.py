"""Prices that the invoker names: negotiated ones, or those that ``kaitops prices record`` wrote down.

Owns the file's form, which is that of the tables in ``presets/prices``, with the cloud; a plain number may stand for a
row. What is not in it has the price of the table that we bring.
"""

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from kaitops.documents import reader
from kaitops.documents.plain import MutableObject, Object, items, mapping
from kaitops.errors import BadInput, nearest
from kaitops.kaito import facts
from kaitops.kaito.release import Release
from kaitops.kaito.settings import CLOUDS
from kaitops.prices import offers, slip

CURRENCY = "USD"
MOST = 1e5
"""USD an hour: no machine costs a hundredth of it."""
_KEYS = frozenset({"cloud", "currency", "unit", "columns", "sources", "prices", "date", "note"})
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")


class PriceFile(NamedTuple):
    """A table of prices.

    Attributes:
        table: as :mod:`kaitops.prices` reads it.
    """

    cloud: str
    table: MutableObject

    def dump(self) -> str:
        """The file's text: a row a size, sorted, so that a change of prices is a change of lines."""
        rows = ",\n".join(
            f"  {json.dumps(size)}: {json.dumps(dict(sorted(regions.items())))}"
            for size, regions in sorted(self.table["prices"].items())
        )
        sources = ",\n".join(f"  {json.dumps(one)}" for one in self.table["sources"])
        return (
            f'{{\n "cloud": {json.dumps(self.cloud)}, "currency": "{CURRENCY}", "unit": "hour",\n'
            f' "columns": ["on_demand", "spot", "source"],\n "sources": [\n{sources}\n ],\n'
            f' "prices": {{\n{rows}\n }}\n}}\n'
        )


def amount(value: object, where: str) -> float:
    """A price.

    Raises:
        BadInput: it is none that a machine could have; 0 would make it the cheapest of all.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < MOST:
        shown = repr(value) if isinstance(value, int | float) else f"a {type(value).__name__}"
        raise BadInput(f"{where}: {shown[:40]} is no price, so sums would be wrong; write USD per hour, more than 0")
    return float(value)


def parse(raw: bytes, name: str) -> PriceFile:
    """The table of a file.

    Raises:
        BadInput: it is none, or holds what is no price.
    """
    documents = reader.read_bytes(raw, name)
    data: Object = mapping(documents[0].data) if len(documents) == 1 else {}
    prices = data.get("prices")
    if not isinstance(prices, dict) or not prices:
        raise BadInput(f"{name}: holds no mapping 'prices' of sizes, so nothing has a price; see docs/prices.md")
    if unknown := sorted(set(data) - _KEYS):
        raise BadInput(f"{name}: {unknown[0]!r} is no key of a price file; known: {', '.join(sorted(_KEYS))}")
    cloud, currency, unit = data.get("cloud", "azure"), data.get("currency"), data.get("unit", "hour")
    if cloud not in CLOUDS:
        raise BadInput(f"{name}: cloud: {str(cloud)[:40]!r} is none of {', '.join(CLOUDS)}")
    if currency != CURRENCY:
        raise BadInput(
            f"{name}: currency: is {str(currency)[:10]!r}, and amounts are compared with tables and budgets in "
            f"{CURRENCY}; convert the prices, and say currency: {CURRENCY}"
        )
    if unit != "hour":
        raise BadInput(
            f"{name}: unit: is {str(unit)[:20]!r}, and prices are for an hour; convert them, and say unit: hour"
        )
    sources = [_source(one, f"{name}: sources[{number}]") for number, one in enumerate(items(data.get("sources")))]
    own = len(sources)
    sources.append(_source({"on_demand": name, "date": data.get("date")}, f"{name}: date"))
    known = _sizes(str(cloud))
    table = {
        _size(size, known, name): {
            _region(region, str(cloud), f"{name}: prices.{size}"): _row(row, own, f"{name}: prices.{size}.{region}")
            for region, row in _regions(rows, f"{name}: prices.{size}").items()
        }
        for size, rows in mapping(prices).items()
    }
    return PriceFile(str(cloud), {"currency": CURRENCY, "sources": sources, "prices": table})


def _regions(rows: Any, where: str) -> Object:
    if not isinstance(rows, dict):
        raise BadInput(f"{where}: is no mapping of regions; write such as westeurope: 3.20")
    return mapping(rows)


def _name(text: str, name: str) -> str:
    if not _NAME.fullmatch(text):
        raise BadInput(f"{name}: prices: {text[:40]!r} is no name of a size or region")
    return text


def _size(text: str, known: Sequence[str], name: str) -> str:
    if meant := _meant(_name(text, name), known):
        raise BadInput(_nobodys(f"{name}: prices: no size is called {text!r}", meant))
    return text


def _region(text: str, cloud: str, where: str) -> str:
    if meant := slip(cloud, _name(text, where)):
        raise BadInput(_nobodys(f"{where}: no region is called {text!r}", meant))
    return text


def _nobodys(what: str, meant: str) -> str:
    return f"{what}, so its price would count for nothing; write {meant} if that is meant"


def _sizes(cloud: str) -> list[str]:
    """The sizes that something here knows."""
    names = {sku.name for sku in Release.load(facts.newest()).skus(cloud)}
    return sorted({*names, *offers(cloud)})


def _meant(text: str, known: Sequence[str]) -> str:
    """The size that a name is a slip of; empty where it is known, or may be one that nothing here knows.

    A letter more or another number is often another size, D16ds and D16s, ND96is and ND96isr, so what counts as a slip
    is another case, a first or last part that is left out or misspelt, and letters that changed places.
    """
    if text in known:
        return ""
    first, _, rest = text.partition("_")
    for one in known:
        head, _, tail = one.partition("_")
        is_cut = one.endswith(f"_{text}") or one.startswith(f"{text}_")
        is_mixed = one.lower() == text.lower() or sorted(one) == sorted(text)
        if is_cut or is_mixed or (tail and rest == tail and nearest(first, [head])):
            return one
    return ""


def _row(row: Any, own: int, where: str) -> list[Any]:
    if not isinstance(row, list):
        return [amount(row, where), None, own]
    cells = items(row)
    if len(cells) != 3 or not isinstance(cells[2], int) or not 0 <= cells[2] < own:
        raise BadInput(f"{where}: is no row of on-demand price, Spot price and number of a source")
    demand, spot = (None if cell is None else amount(cell, where) for cell in cells[:2])
    return [demand, spot, cells[2]]


def _source(one: object, where: str) -> MutableObject:
    day = mapping(one).get("date")
    try:
        known = day is None or date.fromisoformat(str(day)).isoformat() == day
    except ValueError:
        known = False
    text = mapping(one).get("on_demand")
    if not known or not isinstance(text, str):
        raise BadInput(f"{where}: is no source with a text 'on_demand' and a day as 'date', such as 2026-11-29")
    return {"on_demand": text[:300], "date": day}
