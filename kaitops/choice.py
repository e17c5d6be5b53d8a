"""Which models run on which machines under what is asked of them, or are tuned there, and why the others are not.

Asks :mod:`kaitops.fit` for each model and size and sorts; has no arithmetic of its own.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from kaitops import fit
from kaitops.errors import BadInput
from kaitops.kaito.kubernetes.quantity import GIB
from kaitops.kaito.preset import Preset
from kaitops.kaito.release import Release
from kaitops.kaito.sku import Sku
from kaitops.kaito.training import METHODS
from kaitops.prices import meant, regions
from kaitops.report import printable

if TYPE_CHECKING:
    from kaitops.cost.quota import Quota

_TOOLS = "tool-call-parser"


class Wanted(NamedTuple):
    """What is asked. What is left out is not asked.

    Attributes:
        region: prices are those of this region.
        context: tokens; 0 for KAITO's own default.
        machine: name of a size or of a GPU, or a word of it, in any case; with ``:N`` behind it, of exactly N GPUs.
        max_usd_per_hour: for all machines of one server.
        max_nodes: machines of one server.
        licence: part of the licence's name, in any case.
        tunable: machines are those of tuning jobs, by each method, and not of servers.
        quota: what is left of it must hold the machines.
    """

    cloud: str = "azure"
    region: str | None = None
    context: int = 0
    machine: str = ""
    max_usd_per_hour: float | None = None
    max_nodes: int | None = None
    tunable: bool = False
    tools: bool = False
    open: bool = False
    licence: str = ""
    quota: "Quota | None" = None


class Choice(NamedTuple):
    """A model on a machine size, or as a whole where it is ruled out on any.

    Attributes:
        sku: None where the model itself is not what is asked.
        fit: None where the size does not hold it.
        reason: why not; empty where all that is asked holds.
        method: by which the model is tuned, where that is asked for.
    """

    preset: Preset
    sku: Sku | None
    fit: fit.Fit | fit.Job | None
    reason: str
    method: str = ""


def choices(release: Release, presets: Iterable[Preset], wanted: Wanted) -> list[Choice]:
    """Every model and size, those that do first and the cheapest of them at the top.

    Raises:
        BadInput: the region or the machine is not known.
    """
    check_region(wanted.cloud, wanted.region)
    sizes = _sizes(release, wanted)
    found = [choice for preset in presets for choice in _of_model(release, preset, sizes, wanted)]
    return sorted(found, key=_order)


def best(found: Iterable[Choice]) -> list[Choice]:
    """The first choice of each model, and of each way to tune it, in the order given."""
    kept: dict[tuple[str, str], Choice] = {}
    for choice in found:
        kept.setdefault((choice.preset.title, choice.method), choice)
    return list(kept.values())


def check_region(cloud: str, region: str | None) -> None:
    """Refuse a region that no price is known for.

    Raises:
        BadInput: with those that look like it.
    """
    known = regions(cloud)
    if region is None or not known or region in known:
        return
    near = meant(cloud, region)
    hint = f"nearest: {', '.join(near)}" if near else f"known: {', '.join(sorted(known))}"
    raise BadInput(f"--region: no price is known in {region!r} of {cloud}, so nothing could be compared; {hint}")


def has_no_prices(cloud: str, region: str | None) -> bool:
    """Whether no price is shown because nobody said of which region."""
    return region is None and bool(regions(cloud))


def _sizes(release: Release, wanted: Wanted) -> list[Sku]:
    name, colon, count = wanted.machine.lower().partition(":")
    if colon and not count.isdigit():
        raise BadInput(f"--machine: {wanted.machine!r} has no number of GPUs behind the colon; write such as A100:1")
    every = [sku for sku in release.skus(wanted.cloud) if sku.nvidia]
    found = [sku for sku in every if sku.is_named(name) and (not colon or sku.gpus == int(count))]
    if not found:
        gpus = sorted({f"{sku.model.rpartition(' ')[2]}:{sku.gpus}" for sku in every})
        near = release.skus(wanted.cloud).nearest(name) or gpus
        raise BadInput(f"--machine: no size of {wanted.cloud} is {wanted.machine!r}; known: {', '.join(near)}")
    return found


def _of_model(release: Release, preset: Preset, sizes: list[Sku], wanted: Wanted) -> Iterator[Choice]:
    if reason := _no_model(preset, wanted):
        yield Choice(preset, None, None, reason)
        return
    if wanted.tunable:
        yield from _tuned(preset, sizes, wanted)
        return
    for sku in sizes:
        found = fit.fit(release, preset, sku, wanted.cloud, wanted.context, wanted.region)
        reason = _no_machine(found, wanted) if found else "does not fit, with any number of them"
        yield Choice(preset, sku, found, reason)


def _tuned(preset: Preset, sizes: list[Sku], wanted: Wanted) -> Iterator[Choice]:
    for method in METHODS:
        for sku in sizes:
            job = fit.job(preset, sku, method, wanted.cloud, wanted.region)
            if job.left > 0:
                yield Choice(preset, sku, job, _no_machine(job, wanted), method)
                continue
            each = sku.gpu_config().bytes_per_gpu / GIB
            yield Choice(preset, sku, None, f"loads {job.loaded / GIB:.1f} GiB onto each GPU of {each:.0f}", method)


def _no_model(preset: Preset, wanted: Wanted) -> str:
    if wanted.context > preset.token_limit:
        return f"holds {preset.token_limit} tokens"
    if wanted.tunable and not preset.tunable:
        return "KAITO does not tune it"
    if wanted.tools and _TOOLS not in preset.vllm:
        return "KAITO starts it without a parser for tool calls"
    if wanted.open and preset.gated:
        return "is gated"
    if wanted.licence.lower() not in (preset.license or "").lower():
        return f"its licence is {preset.license or 'not known'}"
    return ""


def _no_machine(found: fit.Fit | fit.Job, wanted: Wanted) -> str:
    if wanted.max_nodes is not None and found.nodes > wanted.max_nodes:
        return f"takes {printable.counted(found.nodes, 'machine')}"
    if wanted.max_usd_per_hour is not None:
        if found.per_hour is None:
            return "no price is known" + (f" in {wanted.region}" if wanted.region else "; name a --region")
        if found.per_hour > wanted.max_usd_per_hour:
            return f"costs {found.per_hour:.2f} USD an hour"
    return _no_quota(found, wanted.quota) if wanted.quota else ""


def _no_quota(found: fit.Fit | fit.Job, quota: "Quota") -> str:
    from kaitops.cost.quota import CORES

    size = found.sku.name
    vcpus, family = quota.vcpus(size), quota.limits.get(quota.family(size))
    if quota.sizes and size.lower() not in quota.sizes:
        return f"is not offered in {quota.region} to the subscription"
    if reason := quota.restriction(size):
        return f"is restricted in {quota.region} ({reason})"
    if vcpus is None or family is None:
        return "its quota is not recorded"
    needed = vcpus * found.nodes
    for limit in (family, quota.limits.get(CORES)):
        if limit is not None and limit.left < needed:
            return f"needs {needed} vCPUs, and {max(limit.left, 0)} of {limit.name} are left"
    return ""


def _order(choice: Choice) -> tuple[bool, bool, float, int, int, str, str, str]:
    found = choice.fit
    cost = found.per_hour if found else None
    nodes = found.nodes if found else 0
    gpus = found.sku.gpus if found else 0
    name = choice.sku.name if choice.sku else ""
    return bool(choice.reason), cost is None, cost or 0.0, nodes, gpus, name, choice.preset.title, choice.method
