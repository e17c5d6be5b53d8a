"""``kaitops catalogue``: the models that KAITO serves."""

import argparse
from pathlib import Path

from kaitops.cli import files, output
from kaitops.errors import Findings
from kaitops.kaito import facts


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("filter", nargs="?", default="", help="show models whose name or alias contains this")
    parser.add_argument("--kaito", metavar="VERSION", help="KAITO version (default: the newest known in full)")
    parser.add_argument("--store", default=".", metavar="DIR", help="folder of a fleet, for its recorded models")
    output.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """List the models."""
    release = files.release_for(arguments.kaito or facts.newest(), Path(arguments.store))
    wanted = arguments.filter.lower()
    rows = [
        {
            "name": preset.title,
            "aliases": list(preset.aliases),
            "weights": preset.size,
            "context": preset.token_limit,
            "kv_bytes_per_token": preset.bytes_per_token,
            "attention": preset.attention,
            "quantisation": preset.quant_method or None,
            "gated": preset.gated,
            "transformers": preset.transformers is not None,
            "tunable": preset.tunable,
            "licence": preset.license or None,
        }
        for preset in release.catalogue
        if wanted in preset.repo or any(wanted in alias for alias in preset.aliases)
    ]
    if not rows:
        near = release.catalogue.nearest(wanted)
        raise Findings(f"no model contains {arguments.filter!r}" + (f"; nearest: {', '.join(near)}" if near else ""))
    output.emit(rows, arguments.output)
    return 0
