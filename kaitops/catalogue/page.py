"""The page: one file that asks nobody for anything, readable without its script."""

import json
from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib.resources import files

from kaitops.catalogue.collecting import Catalogue, Size
from kaitops.catalogue.facts import FACTS, Value
from kaitops.catalogue.packing import packed
from kaitops.kaito.preset import Preset

START_CONTEXT = 16384
"""Tokens that the page starts with, as `kaitops init` does."""
_SCRIPT = ("state.js", "table.js", "details.js", "keys.js")
_SHOWN = ("licence", "gated", "tools", "tunable", "weights", "context")


def page(catalogue: Catalogue) -> str:
    """The page; two runs of one version are equal byte for byte."""
    style, script = _part("page.css"), "".join(_part(name) for name in _SCRIPT)
    data = {**packed(catalogue), "start": catalogue.contexts.index(START_CONTEXT), "shown": _shown()}
    parts = {
        "policy": f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'",
        "style": style,
        "script": script,
        "data": json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c"),
        "version": escape(catalogue.version),
        "about": escape(_about(catalogue)),
        "start": escape(_start(catalogue)),
        "headings": "".join(f"<th>{escape(fact.label)}" for fact in FACTS if fact.key in _SHOWN),
        "models": "\n".join(_row(catalogue, preset) for preset in catalogue.presets),
        "sizes": "\n".join(_size_row(cloud, size) for cloud, sizes in catalogue.clouds.items() for size in sizes),
    }
    text = _part("page.html")
    before, *rest = text.split("{{")
    made = [before]
    for piece in rest:
        name, _, after = piece.partition("}}")
        made += (parts[name], after)
    return "".join(made)


def _shown() -> list[int]:
    return [number for number, fact in enumerate(FACTS) if fact.key in _SHOWN]


def _part(name: str) -> str:
    return files("kaitops.catalogue").joinpath(name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _about(catalogue: Catalogue) -> str:
    count = sum(len(sizes) for sizes in catalogue.clouds.values())
    told: list[str] = []
    for cloud, sizes in catalogue.clouds.items():
        dates = {one.date for size in sizes for one in size.prices.values()}
        days = " and ".join(sorted(day for day in dates if day))
        some = ", some without a day" if None in dates and days else ""
        told.append(f"{cloud} of {days or 'no known day'}{some}" if dates else f"none for {cloud}")
    return f"{len(catalogue.presets)} models on {count} machine sizes. List prices in USD: {'; '.join(told)}"


def _start(catalogue: Catalogue) -> str:
    cloud = next(iter(catalogue.clouds))
    return f"{START_CONTEXT} tokens of context on {cloud} in {catalogue.usual(cloud)}"


def text_of(value: Value) -> str:
    """A fact as people read it."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _parted(title: str) -> str:
    """A model's name, to be cut behind its owner before it is cut at a dash."""
    owner, slash, name = title.rpartition("/")
    return "".join(f"<span>{escape(part)}</span>" for part in (owner + slash, name) if part)


def _cut(text: str) -> str:
    """A text with names of machines, which are cut behind their dashes where a line ends."""
    return escape(text).replace("_", "_<wbr>")


def _row(catalogue: Catalogue, preset: Preset) -> str:
    facts = "".join(f"<td>{escape(text_of(fact.value(preset)))}" for fact in FACTS if fact.key in _SHOWN)
    best = "".join(f"<td>{_cut(one)}" for one in _best(catalogue, preset))
    return f"<tr><th scope=row>{_parted(preset.title)}{facts}{best}"


def _best(catalogue: Catalogue, preset: Preset) -> tuple[str, ...]:
    """The cheapest machine at the start: its name, how many, tokens, cost; or the reason, and nothing else."""
    cloud = next(iter(catalogue.clouds))
    region, at = catalogue.usual(cloud), catalogue.contexts.index(START_CONTEXT)
    found = [(size, size.cells[preset.title][at]) for size in catalogue.clouds[cloud]]
    good = [(size, cell, size.per_hour(region, cell.nodes)) for size, cell in found if cell.nodes]
    if not good:
        return f"does not fit: {found[-1][1].why_not}", "", "", ""
    size, cell, cost = min(
        good, key=lambda one: (one[2] is None, round(one[2] or 0.0, 2), one[1].nodes, one[0].sku.gpus, one[0].sku.name)
    )
    return size.sku.name, str(cell.nodes), str(cell.max_context), "no price" if cost is None else f"{cost:.2f}"


def _size_row(cloud: str, size: Size) -> str:
    sku = size.sku
    retires = ", ".join(f"{day} in {region}" if region else day for region, day in size.retires.items())
    cells = (
        cloud, f"{sku.gpus} x {sku.model}", str(sku.memory_gib), str(size.vcpus or "not known"),
        size.family or "not known", str(len(size.prices)), retires or "not announced",
    )  # fmt: skip
    return f"<tr><th scope=row>{escape(sku.name)}{''.join(f'<td>{escape(one)}' for one in cells)}"
