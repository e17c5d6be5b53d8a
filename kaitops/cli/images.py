"""``kaitops images``: what a cluster pulls, in forms that copy it into a registry, and the record of its digests.

``lock`` asks registries and is, with ``preset record``, all that uses the network.
"""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from kaitops.cli import files, output
from kaitops.errors import BadInput, ToolMissing
from kaitops.fleet.plan import ClusterPlan
from kaitops.operator.charts import Chart, charts
from kaitops.operator.image_list import Image, cluster_images
from kaitops.operator.image_lock import FILE, ImageLock, chart_key
from kaitops.render import render
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
    folder = files.base(arguments.fleet)
    lock = ImageLock.read(folder / FILE)
    found, installed = _images(arguments, folder, lock)
    if arguments.action == "lock":
        return _record(folder / FILE, lock, found, installed)
    if arguments.format == "list":
        rows = [{"image": one.name, "digest": one.digest or "not recorded", "role": one.role} for one in found]
        output.emit(rows, arguments.output, "image")
        return 0
    if not arguments.to:
        raise BadInput(f"--format {arguments.format}: copies need a target; name the registry with --to")
    for one in found:
        print(_command(arguments.format, one, arguments.to))
    return 0


def _images(arguments: argparse.Namespace, folder: Path, lock: ImageLock) -> tuple[list[Image], list[Chart]]:
    source = files.read_fleet(arguments.fleet)
    version = source.data["kaito"]
    release, sizes = files.release_for(version, folder), files.read_lock(folder / "fleet.lock")
    declared = render(source, release, sizes)
    # What KAITO's controllers would create; a plain workload stands as it is rendered.
    created = render(source, release, sizes, mode="plain", parity=True)
    wanted: list[ClusterPlan] = [one for one in declared.plan.clusters if one.name in (arguments.cluster or [one.name])]
    unknown = set(arguments.cluster or ()) - {one.name for one in declared.plan.clusters}
    if unknown:
        names = ", ".join(one.name for one in declared.plan.clusters)
        raise BadInput(f"--cluster {min(unknown)}: the fleet has no such cluster; it has {names}")
    found: dict[str, Image] = {}
    installed: list[Chart] = []
    for one in wanted:
        kinds = frozenset(each.kind for each in one.workloads)
        of_cluster = charts(version, one.name, one.cluster, kinds, lock)
        installed += of_cluster
        objects = [*declared.objects[one.name]]
        if any(each.mode != "plain" for each in one.workloads):
            objects += created.objects[one.name]
        for image in cluster_images(version, of_cluster, objects, lock):
            found.setdefault(image.name, image)
    return [found[name] for name in sorted(found)], installed


def _command(form: str, one: Image, target: str) -> str:
    if form == "oras":
        return f"oras cp --recursive {one.source} {target}/{one.path}"
    return f"az acr import --name {target.partition('.')[0]} --source {one.source} --image {one.path}"


def _record(path: Path, lock: ImageLock, found: list[Image], installed: list[Chart]) -> int:
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
