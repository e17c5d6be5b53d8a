"""Which machines a model fits on, how many, at what context and at what cost.

Uses KAITO's estimate of nodes as it is, and beside it what vLLM serves on them; adds the price and leaves out what
KAITO would accept and could never run: sizes without NVIDIA GPUs, for which it still asks for ``nvidia.com/gpu``.
"""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple

from kaitops.documents.plain import Object
from kaitops.errors import Findings
from kaitops.kaito import estimator
from kaitops.kaito.estimator import Arithmetic, arithmetic, trained
from kaitops.kaito.kubernetes.quantity import GIB
from kaitops.kaito.preset import Preset
from kaitops.kaito.release import Release
from kaitops.kaito.sku import GpuConfig, Sku
from kaitops.kaito.vllm.memory import Serving, is_known
from kaitops.kaito.vllm.telling import misfit as misfit
from kaitops.prices import Price, price

Flags = Object


class Fit(NamedTuple):
    """A model on a machine size.

    Attributes:
        sums: KAITO's estimate, which decides the number of nodes.
        nodes: machines needed, at least 1.
        kaito_context: longest context in tokens for which KAITO takes no more machines, within the model's limit.
        served: what vLLM holds on them; None where nothing is known of it.
        max_context: longest context in tokens that vLLM serves on them; KAITO's where nothing is known of that.
        price: of one machine in the region; None where unknown.
    """

    sku: Sku
    sums: Arithmetic
    kaito_context: int
    served: Serving | None
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


class Job(NamedTuple):
    """A tuning job of a model on a machine size; KAITO gives it one machine.

    Attributes:
        method: as a fleet writes it.
        loaded: bytes of weights that each GPU loads.
        price: of the machine in the region; None where unknown.
    """

    sku: Sku
    method: str
    loaded: int
    price: Price | None

    @property
    def nodes(self) -> int:
        """Machines that it gets."""
        return 1

    @property
    def per_hour(self) -> float | None:
        """USD per hour of its machine."""
        return None if self.price is None else self.price.on_demand

    @property
    def left(self) -> int:
        """Bytes of each GPU beside the weights, for what the training computes."""
        return self.sku.gpu_config().bytes_per_gpu - self.loaded


def job(preset: Preset, sku: Sku, method: str, cloud: str, region: str | None = None) -> Job:
    """A tuning job on one size, whether its GPUs hold the weights (``left`` is more than nothing) or not."""
    cost = price(cloud, sku.name, region) if region else None
    return Job(sku, method, trained(preset.size_bytes, method), cost)


def fit(
    release: Release,
    preset: Preset,
    sku: Sku,
    cloud: str,
    context: int = 0,
    region: str | None = None,
    flags: Flags | None = None,
) -> Fit | None:
    """The model on one size, or None where no number of such machines holds it or vLLM does not hold the context.

    Args:
        flags: of vLLM, by name with dashes.
    """
    gpu = sku.gpu_config()
    sums = arithmetic(preset.size_bytes, preset.bytes_per_token, gpu, context)
    if not sums.nodes:
        return None
    kaito_context = max_context(preset, gpu, sums.nodes)
    served = serving(release, preset, gpu, sums.nodes, flags)
    if served is not None and misfit(preset.title, served, context, sku.name):
        return None
    cost = price(cloud, sku.name, region) if region else None
    return Fit(sku, sums, kaito_context, served, served.largest() if served else kaito_context, cost)


def serving(release: Release, preset: Preset, gpu: GpuConfig, nodes: int, flags: Flags | None = None) -> Serving | None:
    """What vLLM holds on so many nodes; None where nothing is known of it."""
    if not is_known(release.version, preset, flags):
        return None
    return Serving(release.version, preset, gpu, nodes, flags)


def longest(release: Release, preset: Preset, gpu: GpuConfig, flags: Flags | None = None) -> int | None:
    """What vLLM serves of a model whose context nobody declares, on the machines that KAITO gives it.

    Returns:
        None where nothing is known of it, or where it does not fit at all.
    """
    nodes = arithmetic(preset.size_bytes, preset.bytes_per_token, gpu, 0).nodes
    served = serving(release, preset, gpu, nodes, flags) if nodes else None
    return served.largest() or None if served is not None else None


def untrained(preset: Preset, sku: Sku, method: str) -> str:
    """Why a size cannot hold the weights of a tuning job; empty where it may."""
    needed, each = trained(preset.size_bytes, method), sku.gpu_config().bytes_per_gpu
    if needed < each:
        return ""
    return (
        f"a {method.lower()} job of {preset.title} loads {needed / GIB:.1f} GiB of weights onto each GPU, and those of "
        f"{sku.name} have {each / GIB:.0f} GiB, so it ends for want of memory"
    )


def fits(
    release: Release,
    preset: Preset,
    cloud: str,
    context: int = 0,
    region: str | None = None,
    flags: Flags | None = None,
) -> list[Fit]:
    """All sizes of a cloud that can run the model, cheapest first; sizes without a price come last."""
    found = (fit(release, preset, sku, cloud, context, region, flags) for sku in release.skus(cloud) if sku.nvidia)
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


def why_not(
    release: Release,
    preset: Preset,
    sku: Sku,
    cloud: str,
    context: int,
    region: str | None,
    flags: Flags | None = None,
) -> Findings:
    """The error for a model that does not fit a size: what it needs, what the size has, what would do."""
    found = fits(release, preset, cloud, context, region, flags)
    best = cheapest(found) or min(found, key=attrgetter("nodes"), default=None)
    text, is_servers = _reason(release, preset, sku, context, flags)
    if is_servers:
        return Findings(f"{text}; {_named(best)}" if best else text)
    return Findings(f"{text}; " + (_suggest(best) if best else "no size of this cloud fits; shorten the context"))


def reason(release: Release, preset: Preset, sku: Sku, context: int, flags: Flags | None = None) -> str:
    """What keeps a model that does not fit a size from it, with the numbers, and no other size beside it."""
    return _reason(release, preset, sku, context, flags)[0]


def _reason(release: Release, preset: Preset, sku: Sku, context: int, flags: Flags | None) -> tuple[str, bool]:
    """The reason, and whether it is vLLM's, which says itself what helps."""
    gpu = sku.gpu_config()
    sums = arithmetic(preset.size_bytes, preset.bytes_per_token, gpu, context)
    served = serving(release, preset, gpu, sums.nodes, flags) if sums.nodes else None
    if served is not None and (text := misfit(preset.title, served, context, f"{sums.nodes} x {sku.name}")):
        return text, True
    length = context or estimator.DEFAULT_CONTEXT
    return (
        f"{preset.title} does not fit {sku.name}: each GPU has {sums.per_gpu / GIB:.0f} GiB, of which vLLM uses "
        f"{sums.usable / GIB:.1f} GiB, but {length} tokens of context already take {sums.kv_cache / GIB:.1f} GiB and "
        f"the runtime {sums.overhead / GIB:.1f} GiB, so nothing is left for {preset.size} of weights"
    ), False


def _suggest(best: Fit) -> str:
    return f"{_named(best)}; or shorten the context"


def _named(best: Fit) -> str:
    cost = "" if best.per_hour is None else f", {best.per_hour:.2f} USD/h"
    return f"cheapest that fits: {best.nodes} x {best.sku.name}{cost}"
