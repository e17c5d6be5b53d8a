"""The catalogue's numbers in few bytes, for the page: every cell once, and what repeats as a number of a list.

What the page shows is looked up here, never worked out: the cost of so many machines in a region is held as well.
"""

import re
from collections.abc import Iterable, Sequence

from kaitops.catalogue.collecting import Catalogue, Cell, Size
from kaitops.catalogue.entry import command, entry, named
from kaitops.catalogue.facts import FACTS
from kaitops.documents.plain import MutableObject

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class _Numbered:
    """Gives each value a number, the first time it comes by."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self._numbers: dict[str, int] = {}

    def of(self, value: str) -> int:
        number = self._numbers.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number


def packed(catalogue: Catalogue) -> MutableObject:
    """The page's data; numbers of lists and costs in hundredths are written to the base of 36."""
    words, cells, rows, costs = _Numbered(), _Numbered(), _Numbered(), _Numbered()
    clouds: MutableObject = {}
    for cloud, sizes in catalogue.clouds.items():
        regions = catalogue.regions(cloud)
        clouds[cloud] = {
            "regions": regions,
            "usual": regions.index(catalogue.usual(cloud)) if regions else 0,
            "sizes": [_size(catalogue, size, regions, words, cells, rows, costs) for size in sizes],
        }
    return {
        "kaito": catalogue.version,
        "contexts": list(catalogue.contexts),
        "facts": [[fact.key, fact.label] for fact in FACTS],
        "models": [
            [preset.title, named(preset), *(fact.value(preset) for fact in FACTS)] for preset in catalogue.presets
        ],
        "declared": [[entry(preset), command(preset)] for preset in catalogue.presets],
        "words": words.values,
        "cells": cells.values,
        "rows": rows.values,
        "costs": costs.values,
        "clouds": clouds,
    }


def _size(
    catalogue: Catalogue,
    size: Size,
    regions: Sequence[str],
    words: _Numbered,
    cells: _Numbered,
    rows: _Numbered,
    costs: _Numbered,
) -> MutableObject:
    counts = sorted({cell.nodes for row in size.cells.values() for cell in row if cell.nodes})
    sku = size.sku
    return {
        "name": sku.name,
        "gpus": [sku.gpus, sku.model, sku.memory_gib],
        "retires": dict(size.retires),
        "successor": size.successor,
        "rows": _joined(
            rows.of(_joined(cells.of(_cell(cell, words)) for cell in size.cells[preset.title]))
            for preset in catalogue.presets
        ),
        "counts": _joined(counts),
        # One a region, and -1 where no price is known in it.
        "costs": [
            costs.of(_joined(_hundredths(size.per_hour(region, count)) for count in counts))
            if region in size.prices
            else -1
            for region in regions
        ],
        "dates": sorted({one.date or "" for one in size.prices.values()}),
        "date": [sorted({one.date or "" for one in size.prices.values()}).index(size.prices[region].date or "")
                 if region in size.prices else -1 for region in regions],
    }  # fmt: skip


def _cell(cell: Cell, words: _Numbered) -> str:
    """Machines and tokens, or ``!``, the number of the sentence and what stands in its gaps."""
    if cell.nodes:
        return f"{cell.nodes} {cell.max_context}"
    return " ".join([f"!{words.of(_NUMBER.sub('#', cell.why_not))}", *_NUMBER.findall(cell.why_not)])


def _hundredths(amount: float | None) -> int:
    """As `kaitops fit` prints it, which rounds to hundredths."""
    return int(f"{amount or 0:.2f}".replace(".", ""))


def _joined(numbers: Iterable[int]) -> str:
    return " ".join(_based(number) for number in numbers)


def _based(number: int) -> str:
    text = _DIGITS[number % 36]
    while number := number // 36:
        text = _DIGITS[number % 36] + text
    return text
