"""``kaitops sizes``: the machine sizes that a KAITO version knows, what they hold, and what they cost."""

import argparse
from pathlib import Path

from kaitops import choice
from kaitops.cli import output
from kaitops.errors import Findings
from kaitops.fleet import files
from kaitops.kaito import facts
from kaitops.kaito.settings import CLOUDS
from kaitops.prices import HOURS_PER_MONTH, price
from kaitops.prices import size as known_size


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("filter", nargs="?", default="", metavar="NAME", help="a GPU or a size, or a word of it")
    parser.add_argument("--cloud", choices=CLOUDS, default="azure")
    parser.add_argument("--region", help="show prices of this region")
    parser.add_argument("--kaito", metavar="VERSION", help="KAITO version (default: the newest known in full)")
    output.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """List the sizes, by GPU memory; those without NVIDIA GPUs run no preset and are left out."""
    choice.check_region(arguments.cloud, arguments.region)
    release = files.release_for(arguments.kaito or facts.newest(), Path())
    wanted = arguments.filter.lower()
    rows: list[dict[str, object]] = []
    for sku in sorted(release.skus(arguments.cloud), key=lambda one: (one.memory_gib, one.gpus, one.name)):
        if not sku.nvidia or not sku.is_named(wanted):
            continue
        about = known_size(sku.name) if arguments.cloud == "azure" else {}
        cost = price(arguments.cloud, sku.name, arguments.region) if arguments.region else None
        rows.append({
            "size": sku.name,
            "gpus": f"{sku.gpus} x {sku.model}",
            "gpu_gib": sku.memory_gib,
            "vcpus": about.get("vcpus"),
            "memory_gib": about.get("memory_gib"),
            "usd_per_hour": cost.on_demand if cost else None,
            "usd_per_month": round(cost.on_demand * HOURS_PER_MONTH, 2) if cost else None,
            "spot_usd_per_hour": cost.spot if cost else None,
            "retired": about.get("retired"),
        })  # fmt: skip
    if not rows:
        hint = release.skus(arguments.cloud).hint(arguments.filter)
        raise Findings(f"no size of {arguments.cloud} is named by {arguments.filter!r}; {hint}")
    output.emit(rows, arguments.output, "size")
    if choice.has_no_prices(arguments.cloud, arguments.region):
        output.note(output.NO_REGION)
    return 0
