"""``kaitops fit``: which machines a model fits on, how many, at what context and cost."""

import argparse
from pathlib import Path

from kaitops import fit
from kaitops.cli import files, output
from kaitops.errors import BadInput, Findings
from kaitops.kaito import facts
from kaitops.kaito.preset import Preset
from kaitops.kaito.quantity import GIB
from kaitops.kaito.release import Release
from kaitops.kaito.settings import CLOUDS

_CONTEXTS = (2048, 8192, 32768, 131072)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("model", nargs="?", help="catalogue name, alias or recorded model; all models where absent")
    parser.add_argument("--cloud", choices=CLOUDS, default="azure")
    parser.add_argument("--region", help="show prices of this region")
    parser.add_argument("--gpu", metavar="SIZE", help="only this machine size")
    parser.add_argument("--context", type=int, default=0, metavar="TOKENS", help="context (default: KAITO's 2048)")
    parser.add_argument("--explain", action="store_true", help="show the arithmetic")
    parser.add_argument("--kaito", metavar="VERSION", help="KAITO version (default: the newest known in full)")
    parser.add_argument("--store", default=".", metavar="DIR", help="folder of a fleet, for its recorded models")
    output.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Answer for one model, or for all as a matrix."""
    if arguments.context < 0:
        raise BadInput(f"--context: {arguments.context} is not a number of tokens; give a positive one")
    release = files.release_for(arguments.kaito or facts.newest(), Path(arguments.store))
    if arguments.model is None:
        return _matrix(arguments, release)
    preset = release.catalogue.find(arguments.model)
    if preset is None:
        near = release.catalogue.nearest(arguments.model)
        hint = f"nearest: {', '.join(near)}" if near else "'kaitops catalogue' lists them"
        raise BadInput(f"no model {arguments.model!r} in the catalogue of KAITO {release.version}; {hint}")
    if arguments.context > preset.token_limit:
        raise BadInput(f"--context: {preset.title} holds {preset.token_limit} tokens at most; shorten the context")
    found = _fits(arguments, release, preset)
    output.emit([_row(each, arguments.explain) for each in found], arguments.output, "size")
    return 0


def _fits(arguments: argparse.Namespace, release: Release, preset: Preset) -> list[fit.Fit]:
    if arguments.gpu:
        sku = release.skus(arguments.cloud).find(arguments.gpu)
        if sku is None:
            near = release.skus(arguments.cloud).nearest(arguments.gpu)
            raise BadInput(
                f"--gpu: no size {arguments.gpu!r} on {arguments.cloud}; nearest: {', '.join(near) or 'none'}"
            )
        one = fit.fit(release, preset, sku, arguments.cloud, arguments.context, arguments.region)
        if one is None:
            raise fit.why_not(release, preset, sku, arguments.cloud, arguments.context, arguments.region)
        return [one]
    found = fit.fits(release, preset, arguments.cloud, arguments.context, arguments.region)
    if not found:
        raise Findings(f"{preset.title} fits no size of {arguments.cloud} at this context; shorten the context")
    return found


def _row(each: fit.Fit, explain: bool) -> dict[str, object]:
    row: dict[str, object] = {
        "size": each.sku.name,
        "gpus": f"{each.sku.gpus} x {each.sku.model}",
        "nodes": each.nodes,
        "max_context": each.max_context,
        "usd_per_hour": each.per_hour,
        "price_date": each.price.date if each.price else None,
    }
    if explain:
        sums = each.sums
        row |= {
            "kaito_max_context": each.kaito_context,
            "kaito_context": sums.context,
            "kaito_weights_gib": round(sums.weights / GIB, 2),
            "kaito_gpu_gib": round(sums.per_gpu / GIB, 2),
            "kaito_usable_gib": round(sums.usable / GIB, 2),
            "kaito_overhead_gib": round(sums.overhead / GIB, 2),
            "kaito_kv_cache_gib": round(sums.kv_cache / GIB, 2),
            "kaito_left_for_weights_gib": round(sums.for_weights / GIB, 2),
            "kaito_gpus_needed": sums.gpus,
        }
        if each.served is not None:
            budget = each.served.budget()
            row |= {
                "vllm_usable_gib": round(budget.usable / GIB, 2),
                "vllm_weights_gib": round(budget.weights / GIB, 2),
                "vllm_runtime_gib": round(budget.runtime / GIB, 2),
                "vllm_kv_cache_there_gib": round(budget.cache / GIB, 2),
                "vllm_kv_cache_needed_gib": round(each.served.cache(sums.context) / GIB, 2),
            }
    return row


def _matrix(arguments: argparse.Namespace, release: Release) -> int:
    contexts = (arguments.context,) if arguments.context else _CONTEXTS
    presets = list(release.catalogue)
    wanted = (arguments.gpu or "").lower()
    rows = [
        {
            "model": preset.title,
            "size": sku.name,
            **{f"nodes_at_{c}": n or None for c, n in zip(contexts, cells, strict=True)},
        }
        for preset, sku, cells in fit.matrix(release, presets, arguments.cloud, contexts)
        if sku.nvidia and wanted in sku.name.lower()
    ]
    output.emit(rows, arguments.output, "model")
    return 0
