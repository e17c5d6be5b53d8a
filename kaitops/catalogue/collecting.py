"""Asks the engine for each model on each machine size at each context, and for what each machine costs where."""

from collections.abc import Mapping
from typing import NamedTuple

from kaitops import fit
from kaitops.cost.retirement import retirement
from kaitops.kaito.preset import Preset
from kaitops.kaito.release import Release
from kaitops.kaito.settings import CLOUDS
from kaitops.kaito.sku import Sku
from kaitops.prices import Price, offers, price
from kaitops.prices import size as known_size

CONTEXTS = (2048, 8192, 16384, 32768, 65536, 131072, 262144)
"""Those that the page offers; `kaitops fit --context` takes any."""


class Cell(NamedTuple):
    """A model on a size at a context.

    Attributes:
        nodes: 0 where it does not fit.
        max_context: what the server holds on so many machines, in tokens.
        why_not: what `kaitops fit` says of it, without the names of model and size; empty where it fits.
    """

    nodes: int
    max_context: int
    why_not: str


class Size(NamedTuple):
    """A machine size, with its prices by region.

    Attributes:
        vcpus: None where unknown, as is the quota family.
        retires: the day in ISO, by region where regions differ, else under an empty name.
        cells: by model title, one a context of the catalogue.
    """

    sku: Sku
    vcpus: int | None
    family: str | None
    retires: Mapping[str, str]
    successor: str
    prices: Mapping[str, Price]
    cells: Mapping[str, tuple[Cell, ...]]

    def per_hour(self, region: str, nodes: int) -> float | None:
        """USD of so many machines, as `kaitops fit` has it; None where no price is known."""
        found = self.prices.get(region)
        return None if found is None else found.on_demand * nodes


class Catalogue(NamedTuple):
    """All of it.

    Attributes:
        clouds: the sizes of each; a cloud that KAITO knows no NVIDIA size of is left out.
    """

    version: str
    contexts: tuple[int, ...]
    presets: tuple[Preset, ...]
    clouds: Mapping[str, tuple[Size, ...]]

    def regions(self, cloud: str) -> list[str]:
        """Regions that a price is known in, by name."""
        return sorted({region for size in self.clouds[cloud] for region in size.prices})

    def usual(self, cloud: str) -> str:
        """The region that the page starts with: the one with a price for the most sizes, the first of them by name."""
        return max(
            self.regions(cloud),
            key=lambda region: sum(region in size.prices for size in self.clouds[cloud]),
            default="",
        )


def collect(release: Release) -> Catalogue:
    """The catalogue of a KAITO version."""
    presets = tuple(sorted(release.catalogue, key=lambda preset: preset.title.lower()))
    clouds = {
        cloud: tuple(
            _size(release, presets, sku, cloud) for sku in sorted(release.skus(cloud), key=_rank) if sku.nvidia
        )
        for cloud in CLOUDS
        if len(release.skus(cloud))
    }
    return Catalogue(release.version, CONTEXTS, presets, {cloud: sizes for cloud, sizes in clouds.items() if sizes})


def _rank(sku: Sku) -> tuple[int, int, str]:
    return sku.memory_gib, sku.gpus, sku.name


def _size(release: Release, presets: tuple[Preset, ...], sku: Sku, cloud: str) -> Size:
    about = known_size(sku.name) if cloud == "azure" else {}
    found = {region: price(cloud, sku.name, region) for region in sorted(offers(cloud).get(sku.name, ()))}
    retires, successor = _retires(sku.name, list(found)) if cloud == "azure" else ({}, "")
    return Size(
        sku,
        about.get("vcpus"),
        about.get("quota_family"),
        retires,
        successor,
        {region: cost for region, cost in found.items() if cost},
        {preset.title: tuple(_cell(release, preset, sku, cloud, tokens) for tokens in CONTEXTS) for preset in presets},
    )


def _retires(size: str, regions: list[str]) -> tuple[dict[str, str], str]:
    usual = retirement(size, None)
    if usual is None:
        return {}, ""
    days = {"": usual.day.isoformat()}
    for region in regions:
        told = retirement(size, region)
        if told is not None and told.day != usual.day:
            days[region] = told.day.isoformat()
    return days, usual.successor


def _cell(release: Release, preset: Preset, sku: Sku, cloud: str, context: int) -> Cell:
    if context > preset.token_limit:
        return Cell(0, 0, f"holds {preset.token_limit} tokens at most")
    found = fit.fit(release, preset, sku, cloud, context)
    if found is None:
        return Cell(0, 0, fit.reason(release, preset, sku, context).partition(": ")[2])
    return Cell(found.nodes, found.max_context, "")
