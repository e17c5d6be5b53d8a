"""``kaitops fit``: which machines a model fits on, how many, at what context and cost."""

import argparse
import math
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from kaitops import choice, fit
from kaitops.cli import models, output, pricing, sizing
from kaitops.errors import BadInput, Findings
from kaitops.fleet import files
from kaitops.kaito import facts
from kaitops.kaito.kubernetes.quantity import GIB
from kaitops.kaito.preset import Preset
from kaitops.kaito.release import Release
from kaitops.kaito.settings import CLOUDS

_CONTEXTS = (2048, 8192, 32768, 131072)
_JOBS = (
    "note: machines for tuning, of which a job gets one; each GPU loads all weights, and the training computes in what "
    "is left: how much that takes is not known beforehand, more with longer texts"
)
_FILTERS = ("machine", "max_nodes", "tunable", "tools", "not_gated", "licence", "quota", "every", "refused")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "model",
        nargs="?",
        help="catalogue name, alias or recorded model, or a part of names, such as 70b; all models where absent",
    )
    parser.add_argument("--cloud", choices=CLOUDS, default="azure")
    parser.add_argument("--region", help="show prices of this region")
    parser.add_argument("--gpu", metavar="SIZE", help="only this machine size")
    parser.add_argument("--context", type=_tokens, default=0, metavar="TOKENS", help="such as 32k (default: 2048)")
    parser.add_argument("--explain", action="store_true", help="show the arithmetic")
    parser.add_argument("--kaito", metavar="VERSION", help="KAITO version (default: the newest known in full)")
    parser.add_argument("--store", default=".", metavar="DIR", help="folder of a fleet, for its recorded models")
    parser.add_argument("--prices", metavar="FILE", help="prices that come before ours, in USD an hour")
    asked = parser.add_argument_group("which models and machines")
    asked.add_argument("--machine", default="", metavar="NAME[:GPUS]", help="size or GPU, such as A100:1")
    asked.add_argument("--max-usd-per-hour", type=_dollars, metavar="USD", help="for all machines of one server")
    asked.add_argument("--max-nodes", type=_machines, metavar="N", help="machines of one server")
    asked.add_argument("--tunable", action="store_true", help="models that KAITO fine-tunes, on what tuning fits")
    asked.add_argument("--tools", action="store_true", help="models that KAITO starts with a parser for tool calls")
    asked.add_argument("--not-gated", action="store_true", help="models whose weights need no token")
    asked.add_argument("--licence", default="", metavar="TEXT", help="models whose licence has this in its name")
    asked.add_argument("--quota", metavar="FILE", help="machines that a recorded quota leaves room for")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--every", action="store_true", help="each machine that does, where one a model is shown else")
    shown.add_argument("--refused", action="store_true", help="what does not, and why")
    shown.add_argument("--matrix", action="store_true", help="nodes of each model on every size at four contexts")
    output.add_format(parser)


def _tokens(text: str) -> int:
    with suppress(ValueError):
        if (found := models.tokens(text)) > 0:
            return found
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of tokens; write such as 32768 or 32k")


def _dollars(text: str) -> float:
    with suppress(ValueError):
        if 0 < (found := float(text)) < math.inf:
            return found
    raise argparse.ArgumentTypeError(f"{text!r} is no amount of USD; write such as 5 or 4.50")


def _machines(text: str) -> int:
    with suppress(ValueError):
        if (found := int(text)) > 0:
            return found
    raise argparse.ArgumentTypeError(f"{text!r} is no number of machines; write 1 or more")


def run(arguments: argparse.Namespace) -> int:
    """Answer for one model, or for all of them."""
    with pricing.named(arguments.prices):
        return _answer(arguments)


def _answer(arguments: argparse.Namespace) -> int:
    release = files.release_for(arguments.kaito or facts.newest(), Path(arguments.store))
    if arguments.tunable:
        _check_tunable(arguments)
    if arguments.matrix:
        return _matrix(arguments, release)
    choice.check_region(arguments.cloud, arguments.region)
    if arguments.model is None:
        return _asked(arguments, release, list(release.catalogue))
    if named := _named(release, arguments.model):
        return _asked(arguments, release, named)
    preset = models.known(release, arguments.model)
    if any(getattr(arguments, name) for name in _FILTERS) or arguments.max_usd_per_hour is not None:
        return _asked(arguments, release, [preset])
    if arguments.context > preset.token_limit:
        raise BadInput(f"--context: {preset.title} holds {preset.token_limit} tokens at most; shorten the context")
    found = _fits(arguments, release, preset)
    if arguments.explain and arguments.output == "table":
        print("\n".join(line for one in found for line in _explained(one)))
        return 0
    output.emit([_row(each, arguments.explain) for each in found], arguments.output, "size")
    _unpriced(arguments)
    _several(one.nodes for one in found[:1])
    return 0


def _check_tunable(arguments: argparse.Namespace) -> None:
    for option, asked in (("--context", arguments.context), ("--matrix", arguments.matrix)):
        if asked:
            raise BadInput(
                f"{option}: is of servers, and with --tunable the machines are those of tuning jobs, which serve "
                "nothing; leave out one of the two: without --tunable a column says which models can be tuned"
            )


def _named(release: Release, part: str) -> list[Preset]:
    """Models by a part of their name, such as 70b; none where it is the whole name of one."""
    if release.catalogue.find(part) is not None or not part:
        return []
    wanted = part.lower()
    found = [one for one in release.catalogue if any(wanted in name.lower() for name in (one.title, *one.aliases))]
    if found:
        output.note(f"note: models whose name contains {part!r}: {len(found)}")
    return found


def _unpriced(arguments: argparse.Namespace) -> None:
    if choice.has_no_prices(arguments.cloud, arguments.region):
        output.note(output.NO_REGION)


def _several(nodes: Iterable[int]) -> None:
    """The cheapest may be several machines, which the price alone does not show to be another thing."""
    if any(count > 1 for count in nodes):
        output.note(
            "note: a server on several machines sends every token over the network between them and fails with any "
            "of them, so one machine is faster where it fits: --max-nodes 1 shows those"
        )


def _explained(one: fit.Fit | fit.Job) -> Iterator[str]:
    cost = f", {one.per_hour:.2f} USD an hour" if one.per_hour is not None else ""
    yield f"{one.sku.name}: {one.nodes} x ({one.sku.gpus} x {one.sku.model}){cost}"
    if isinstance(one, fit.Job):
        each = one.sku.gpu_config().bytes_per_gpu
        yield f"  {each / GIB:.0f} GiB a GPU - {one.loaded / GIB:.2f} of weights, which {one.method} loads onto each"
        yield f"  = {one.left / GIB:.2f} GiB for what the training computes, more with longer texts"
        return
    yield from sizing.sums(one)
    if one.served is not None:
        budget, tokens = one.served.budget(), one.sums.context
        whole, weights, runtime = (f"{each / GIB:.2f}" for each in (budget.usable, budget.weights, budget.runtime))
        left, need = f"{budget.cache / GIB:.2f} GiB", f"{one.served.cache(tokens) / GIB:.2f} GiB"
        yield f"  vLLM itself: {whole} GiB - {weights} of weights - {runtime} for its runtime = {left}"
        yield f"  for the context, of which {tokens} tokens take {need}"


def _wanted(arguments: argparse.Namespace) -> choice.Wanted:
    quota = None
    if arguments.quota:
        from kaitops.cost.quota import Quota

        quota = Quota.read(Path(arguments.quota))
    return choice.Wanted(
        cloud=arguments.cloud,
        region=arguments.region,
        context=arguments.context,
        machine=arguments.machine or arguments.gpu or "",
        max_usd_per_hour=arguments.max_usd_per_hour,
        max_nodes=arguments.max_nodes,
        tunable=arguments.tunable,
        tools=arguments.tools,
        open=arguments.not_gated,
        licence=arguments.licence,
        quota=quota,
    )


def _asked(arguments: argparse.Namespace, release: Release, presets: list[Preset]) -> int:
    """One line a model, with its cheapest machine that does; all of them, or what does not, where asked for."""
    every = choice.choices(release, presets, _wanted(arguments))
    good = [one for one in every if not one.reason]
    if arguments.refused:
        shown = [one for one in every if one.reason]
    elif arguments.every or len(presets) == 1:
        shown = good
    else:
        shown = choice.best(good)
    if not shown and not arguments.refused:
        why = next((one for one in every if one.fit), every[0])
        where = f" on {why.sku.name}" if why.sku else ""
        by = f", by {why.method}," if why.method else ""
        raise Findings(
            f"no model on no machine is all that is asked; the nearest: {why.preset.title}{by}{where} {why.reason}; "
            "--refused shows why of each"
        )
    if arguments.explain and not arguments.refused and arguments.output == "table":
        lines = (line for one in shown if one.fit for line in (f"{one.preset.title}:", *_explained(one.fit)))
        print("\n".join(lines))
        return 0
    output.emit(
        [(_job if arguments.tunable else _choice)(one, arguments.refused) for one in shown], arguments.output, "model"
    )
    if not arguments.refused:
        _unpriced(arguments)
    if arguments.tunable and not arguments.refused:
        output.note(_JOBS)
    _several(one.fit.nodes for one in shown if one.fit and not arguments.refused)
    return 0


def _choice(one: choice.Choice, refused: bool) -> dict[str, object]:
    row: dict[str, object] = {
        "model": one.preset.title,
        "size": one.sku.name if one.sku else None,
        "gpus": f"{one.sku.gpus} x {one.sku.model}" if one.sku else None,
        "nodes": one.fit.nodes if one.fit else None,
        "max_context": one.fit.max_context if isinstance(one.fit, fit.Fit) else None,
        "usd_per_hour": one.fit.per_hour if one.fit else None,
    }
    if refused:
        return {"model": row["model"], "size": row["size"], "why_not": one.reason}
    return {**row, "gated": one.preset.gated, "tunable": one.preset.tunable}


def _job(one: choice.Choice, refused: bool) -> dict[str, object]:
    """The row of a tuning job, which serves no context and differs by its method."""
    row = _choice(one, refused)
    named = {"model": row["model"], "method": one.method or None, "size": row["size"]}
    if refused or not isinstance(one.fit, fit.Job):
        return {**named, "why_not": one.reason}
    return {
        **named,
        "gpus": row["gpus"],
        "nodes": row["nodes"],
        "weights_gib": round(one.fit.loaded / GIB, 2),
        "left_gib": round(one.fit.left / GIB, 2),
        "usd_per_hour": row["usd_per_hour"],
        "gated": row["gated"],
    }


def _fits(arguments: argparse.Namespace, release: Release, preset: Preset) -> list[fit.Fit]:
    if arguments.gpu:
        sku = release.skus(arguments.cloud).find(arguments.gpu)
        if sku is None:
            hint = release.skus(arguments.cloud).hint(arguments.gpu)
            raise BadInput(f"--gpu: no size {arguments.gpu!r} on {arguments.cloud}; {hint}")
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
    name: str | None = arguments.model
    presets = list(release.catalogue) if name is None else _named(release, name) or [models.known(release, name)]
    if arguments.explain:
        raise BadInput("--explain: shows the arithmetic of machines and not of the matrix; leave out one of the two")
    # What is asked of models and machines is asked at the shortest of the contexts.
    asked = choice.choices(release, presets, _wanted(arguments)._replace(context=min(contexts)))
    good = {(one.preset.title, one.sku.name) for one in asked if one.sku and (not one.reason or not one.fit)}
    rows = [
        {
            "model": preset.title,
            "size": sku.name,
            # What a model cannot hold is no question of machines.
            **{
                f"nodes_at_{c}": n if n and c <= preset.token_limit else None
                for c, n in zip(contexts, cells, strict=True)
            },
        }
        for preset, sku, cells in fit.matrix(release, presets, arguments.cloud, contexts)
        if (preset.title, sku.name) in good
    ]
    output.emit(rows, arguments.output, "model")
    return 0
