"""``kaitops images``: what a cluster pulls, in forms that copy it into a registry, and the record of its digests.

``lock`` asks registries and is, with ``preset record``, all that uses the network.
"""

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kaitops.cli import files, output
from kaitops.errors import BadInput, ToolMissing
from kaitops.inventory import inventory
from kaitops.operator.charts import Chart
from kaitops.operator.image_list import Image
from kaitops.operator.image_lock import FILE, ImageLock, chart_key
from kaitops.tree import single

_COPIES = ("list", "acr-import", "oras")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("action", nargs="?", choices=("show", "lock"), default="show", help="show, or record digests")
    parser.add_argument("--fleet", default="fleet.yaml", metavar="FILE", help="the declaration")
    parser.add_argument("--cluster", action="append", metavar="NAME", help="of this cluster only; repeatable")
    parser.add_argument("--format", choices=_COPIES, default="list", help="a list, or commands that copy the images")
    parser.add_argument("--to", metavar="REGISTRY", help="where the commands copy to, such as contoso.azurecr.io")
    output.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show, print commands, or record."""
    source = files.read_fleet(arguments.fleet)
    known = files.beside(arguments.fleet, source.data["kaito"])
    whole = inventory(source, known.release, known.sizes, known.images, arguments.cluster or ())
    found = whole.images
    if arguments.action == "lock":
        return _record(files.base(arguments.fleet) / FILE, known.images, found, whole.charts)
    if arguments.format == "list":
        rows = [{"image": one.name, "digest": one.digest or "not recorded", "role": one.role} for one in found]
        output.emit(rows, arguments.output, "image")
        return 0
    if not arguments.to:
        raise BadInput(f"--format {arguments.format}: copies need a target; name the registry with --to")
    for one in found:
        print(_command(arguments.format, one, arguments.to))
    return 0


def _command(form: str, one: Image, target: str) -> str:
    if form == "oras":
        return f"oras cp --recursive {one.source} {target}/{one.path}"
    return f"az acr import --name {target.partition('.')[0]} --source {one.source} --image {one.path}"


def _record(path: Path, lock: ImageLock, found: Sequence[Image], installed: Sequence[Chart]) -> int:
    from kaitops.operator import registries

    today = date.today().isoformat()
    images: dict[str, Any] = {}
    for one in found:
        images[one.name] = _entry(lock.images.get(one.name), registries.image_digest(one.name), today, one.registry)
    archives: dict[str, Any] = {}
    for chart in installed:
        key = chart_key(chart.repository, chart.chart, chart.version)
        digest = registries.chart_digest(chart.repository, chart.chart, chart.version)
        archives[key] = _entry(lock.charts.get(key), digest, today, chart.repository)
    made = ImageLock(images, archives)
    single.write_whole(path, made.text())
    changed = sum(lock.digest(name) != made.digest(name) for name in images)
    output.note(f"{path}: {len(images)} images and {len(archives)} charts, {changed} new or moved; review the diff")
    return 0


def _entry(before: Any, digest: str, today: str, source: str) -> dict[str, str]:
    """What stands stays as it was recorded, so that the diff shows what moved."""
    if before and before["digest"] == digest:
        return dict(before)
    if not digest:
        raise ToolMissing(f"{source}: gave no digest, so nothing was recorded")
    return {"digest": digest, "date": today, "source": source}
