"""Which machines a model fits on, how many, at what context and at what cost.

Uses KAITO's estimate as it is; adds the price and leaves out what KAITO would accept and could never run: sizes
without NVIDIA GPUs, for which it still asks for ``nvidia.com/gpu``.
"""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple

from kaitops.errors import Findings
from kaitops.kaito import estimator
from kaitops.kaito.estimator import Arithmetic, arithmetic
from kaitops.kaito.preset import Preset
from kaitops.kaito.quantity import GIB
from kaitops.kaito.release import Release
from kaitops.kaito.sku import GpuConfig, Sku
from kaitops.prices import Price, price


class Fit(NamedTuple):
    """A model on a machine size.

    Attributes:
        nodes: machines needed, at least 1.
        max_context: longest context in tokens that these machines hold, within the model's limit.
        price: of one machine in the region; None where unknown.
    """

    sku: Sku
    sums: Arithmetic
    max_context: int
    price: Price | None

    @property
    def nodes(self) -> int:
        """Machines needed."""
        return self.sums.nodes

    @property
    def per_hour(self) -> float | None:
        """USD per hour for all machines."""
        return None if self.price is None else self.price.on_demand * self.nodes


def fit(preset: Preset, sku: Sku, cloud: str, context: int = 0, region: str | None = None) -> Fit | None:
    """The model on one size, or None where no number of such machines holds it."""
    gpu = sku.gpu_config()
    sums = arithmetic(preset.size_bytes, preset.bytes_per_token, gpu, context)
    if not sums.nodes:
        return None
    cost = price(cloud, sku.name, region) if region else None
    return Fit(sku, sums, max_context(preset, gpu, sums.nodes), cost)


def fits(release: Release, preset: Preset, cloud: str, context: int = 0, region: str | None = None) -> list[Fit]:
    """All sizes of a cloud that can run the model, cheapest first; sizes without a price come last."""
    found = (fit(preset, sku, cloud, context, region) for sku in release.skus(cloud) if sku.nvidia)
    return sorted((each for each in found if each), key=_cost)


def _cost(each: Fit) -> tuple[bool, float, int, str]:
    return each.per_hour is None, each.per_hour or 0.0, each.nodes, each.sku.name


def max_context(preset: Preset, gpu: GpuConfig, nodes: int) -> int:
    """The longest context in tokens for which KAITO asks for no more than ``nodes`` machines."""
    low, high = 0, preset.token_limit
    while low < high:
        middle = (low + high + 1) // 2
        needed = arithmetic(preset.size_bytes, preset.bytes_per_token, gpu, middle).nodes
        low, high = (middle, high) if 0 < needed <= nodes else (low, middle - 1)
    return low


def matrix(
    release: Release, presets: Sequence[Preset], cloud: str, contexts: Sequence[int]
) -> list[tuple[Preset, Sku, tuple[int, ...]]]:
    """Nodes for every model, size and context; 0 where it does not fit.

    The terms that do not depend on the context are worked out once per row: this is the bulk path, and equal to
    :func:`kaitops.kaito.estimator.node_count` cell by cell, which a test holds.
    """
    rows: list[tuple[Preset, Sku, tuple[int, ...]]] = []
    lengths = [context or estimator.DEFAULT_CONTEXT for context in contexts]
    overhead = estimator.BASE_OVERHEAD_GIB * GIB
    divisor = 1 + estimator.OVERHEAD_PER_WEIGHT
    machines = [(sku, sku.gpus, sku.gpu_config().bytes_per_gpu * estimator.UTILISATION) for sku in release.skus(cloud)]
    for preset in presets:
        weights = preset.size_bytes * estimator.WEIGHT_EXPANSION
        caches = [length * preset.bytes_per_token for length in lengths]
        for sku, gpus, usable in machines:
            cells: list[int] = []
            for cache in caches:
                reserve = overhead + cache / gpus
                needed = 0 if usable <= reserve else int(weights / ((usable - reserve) / divisor)) + 1
                cells.append((needed + gpus - 1) // gpus)
            rows.append((preset, sku, tuple(cells)))
    return rows


def cheapest(found: Iterable[Fit]) -> Fit | None:
    """The cheapest fit with a known price."""
    return min((each for each in found if each.per_hour is not None), key=_cost, default=None)


def why_not(release: Release, preset: Preset, sku: Sku, cloud: str, context: int, region: str | None) -> Findings:
    """The error for a model that does not fit a size: what it needs, what the size has, what would do."""
    sums = arithmetic(preset.size_bytes, preset.bytes_per_token, sku.gpu_config(), context)
    found = fits(release, preset, cloud, context, region)
    best = cheapest(found) or min(found, key=attrgetter("nodes"), default=None)
    length = context or estimator.DEFAULT_CONTEXT
    return Findings(
        f"{preset.title} does not fit {sku.name}: each GPU has {sums.per_gpu / GIB:.0f} GiB, of which vLLM uses "
        f"{sums.usable / GIB:.1f} GiB, but {length} tokens of context already take {sums.kv_cache / GIB:.1f} GiB and "
        f"the runtime {sums.overhead / GIB:.1f} GiB, so nothing is left for {preset.size} of weights; "
        + (_suggest(best) if best else "no size of this cloud fits; shorten the context")
    )


def _suggest(best: Fit) -> str:
    cost = "" if best.per_hour is None else f", {best.per_hour:.2f} USD/h"
    return f"cheapest that fits: {best.nodes} x {best.sku.name}{cost}; or shorten the context"
