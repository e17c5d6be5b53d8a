"""``kaitops catalogue``: the models that KAITO serves."""

import argparse
from pathlib import Path

from kaitops.cli import output
from kaitops.errors import BadInput, Findings
from kaitops.fleet import files
from kaitops.kaito import facts
from kaitops.kaito.release import Release


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("filter", nargs="?", default="", help="show models whose name or alias contains this")
    parser.add_argument("--kaito", metavar="VERSION", help="KAITO version (default: the newest known in full)")
    parser.add_argument("--store", default=".", metavar="DIR", help="folder of a fleet, for its recorded models")
    output.add_format(parser)
    parser.add_argument("--html", metavar="FILE", help="write a page with all models, sizes and contexts; - prints it")
    parser.add_argument("--json", metavar="FILE", help="write the same for programs; - prints it")


def run(arguments: argparse.Namespace) -> int:
    """List the models."""
    release = files.release_for(arguments.kaito or facts.newest(), Path(arguments.store))
    if arguments.html or arguments.json:
        return _written(arguments, release)
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


def _written(arguments: argparse.Namespace, release: Release) -> int:
    """All models on all sizes, as files."""
    import json

    from kaitops import catalogue
    from kaitops.tree import single

    if arguments.filter:
        raise BadInput(
            f"--html and --json hold all models, so {arguments.filter!r} would be left aside; leave it out, and filter "
            "in the page or by 'kaitops fit'"
        )
    found = catalogue.collect(release)
    made = {
        arguments.html: lambda: catalogue.page(found),
        arguments.json: lambda: json.dumps(catalogue.twin(found), indent=1) + "\n",
    }
    if len(made) == 1:
        raise BadInput(f"--html and --json: both would be written to {arguments.html}; name two files")
    for file, text in made.items():
        if file == "-":
            output.plain(text())
        elif file:
            single.write_whole(Path(file), text())
            output.note(f"{file}: written, {len(found.presets)} models of KAITO {release.version}")
    return 0
