"""``kaitops images``: what a cluster pulls, in forms that copy it into a registry, and the record of its digests.

It lists the weights of models as well, for they are fetched too, and writes all of it as a bill of materials. ``lock``
asks registries and is, with ``preset record``, all that uses the network.
"""

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from kaitops.cli import output
from kaitops.documents.plain import MutableObject, Object
from kaitops.errors import BadInput, ToolMissing
from kaitops.fleet import files
from kaitops.fleet.clusters import ADDON_VERSION
from kaitops.fleet.controllers import ADDON
from kaitops.fleet.image_lock import FILE, ImageLock, chart_key
from kaitops.inventory import Inventory, inventory
from kaitops.kaito import facts
from kaitops.operator import addons
from kaitops.operator.charts import Chart
from kaitops.operator.image_list import Image
from kaitops.report import printable
from kaitops.tree import single

_COPIES = ("list", "acr-import", "oras")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("action", nargs="?", choices=("show", "lock"), default="show", help="show, or record digests")
    parser.add_argument("--fleet", default="fleet.yaml", metavar="FILE", help="the declaration")
    parser.add_argument("--cluster", action="append", metavar="NAME", help="of this cluster only; repeatable")
    parser.add_argument("--format", choices=_COPIES, default="list", help="a list, or commands that copy the images")
    parser.add_argument("--to", metavar="REGISTRY", help="where the commands copy to, such as contoso.azurecr.io/team")
    parser.add_argument("--weights", action="store_true", help="list the weights of models instead: revision and size")
    parser.add_argument("--sbom", metavar="FILE", help="write images, charts and models as CycloneDX; - prints it")
    parser.add_argument(
        "--keep-going", action="store_true", help="with lock: record what answers, and say what did not"
    )
    output.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show, print commands, or record."""
    known = files.read(arguments.fleet)
    whole = inventory(known, arguments.cluster or ())
    found = whole.images
    if arguments.action == "lock":
        return _record(files.base(arguments.fleet) / FILE, known.images, whole, arguments.keep_going)
    if arguments.sbom:
        return _bill(arguments.sbom, whole, known.release.version)
    for name, cluster in known.source.data["clusters"].items():
        if cluster.get("provisioner") == ADDON and name in (arguments.cluster or (name,)):
            output.note(
                f"note: {name}: the AKS add-on runs KAITO {ADDON_VERSION}, which brings images of its own; those here "
                f"are of KAITO {known.release.version}"
            )
    _unlisted(whole.charts, facts.load(known.release.version, "charts.json"))
    if arguments.weights:
        rows = [
            {
                "model": one.name,
                "revision": one.revision or "not recorded",
                "size": one.size or None,
                "gated": one.gated,
            }
            for one in whole.weights
        ]
        output.emit(rows, arguments.output, "model")
        return 0
    if arguments.format == "list":
        if arguments.to:
            raise BadInput("--to: a list copies nothing; add --format acr-import or --format oras, or leave it out")
        rows = [{"image": one.name, "digest": one.digest or "not recorded", "role": one.role} for one in found]
        output.emit(rows, arguments.output, "image")
        return 0
    target = _target(arguments)
    for one in found:
        print(_command(arguments.format, one, target))
    for line in dict.fromkeys(_chart(known.release.version, one, target) for one in whole.charts):
        print(line)
    return 0


def _target(arguments: argparse.Namespace) -> str:
    """The registry to copy to.

    Raises:
        BadInput: none is named, or what is named is none.
    """
    from kaitops.fleet.values import REGISTRY

    if not arguments.to:
        raise BadInput(f"--format {arguments.format}: copies need a target; name the registry with --to")
    target = str(arguments.to).removeprefix("oci://").rstrip("/")
    if not re.fullmatch(REGISTRY, target):
        raise BadInput(f"--to: {arguments.to!r} is no registry; write host and path, such as contoso.azurecr.io/team")
    host = target.partition("/")[0]
    if "." not in host and ":" not in host and host != "localhost":
        raise BadInput(
            f"--to: {host!r} is no host, so it would be a name on Docker Hub; write such as {host}.azurecr.io"
        )
    return target


def _command(form: str, one: Image, target: str) -> str:
    """What a cluster of a ``registry`` pulls is copied to where it pulls it from."""
    copy = one.name.partition("@")[0] if one.origin else f"{target}/{one.path}"
    if form == "oras":
        return f"oras cp --recursive {one.source} {copy}"
    host, _, image = copy.partition("/")
    return f"az acr import --name {host.partition('.')[0]} --source {one.source} --image {image}"


def _chart(version: str, one: Chart, target: str) -> str:
    """A chart is copied to where the fleet says that it lies, else below ``charts``, for the fleet to name."""
    place = one.repository.removeprefix("oci://") if one.repository.startswith("oci://") else f"{target}/charts"
    # Of KAITO's own it is known where they are published; of another, only what the fleet says.
    published = facts.load(version, "charts.json")["charts"][one.key].get("repository", one.repository)
    is_there = one.repository.startswith(f"oci://{target}/")
    source = one.repository if one.key in addons.KEYS and not is_there else published
    if source.startswith("oci://"):
        whole = f"{source.removeprefix('oci://')}/{one.chart}:{one.version}"
        return f"oras cp --recursive {whole} {target}/charts/{one.chart}:{one.version}"
    archive = f"{one.chart}-{one.version}.tgz"
    return f"helm pull {one.chart} --repo {source} --version {one.version} && helm push {archive} oci://{place}"


def _unlisted(installed: Sequence[Chart], known: Object) -> None:
    """Say which charts bring images that no fact tells of: their version is the fleet's choice."""
    silent = [one for one in installed if one.key in addons.KEYS and not addons.is_listed(one, known)]
    for one in dict.fromkeys((one.chart, one.version, one.repository) for one in silent):
        chart, version, repository = one
        where = f"{repository}/{chart}" if repository.startswith("oci://") else f"{chart} --repo {repository}"
        output.note(
            f"note: the images of the chart {chart} {version} are not listed, for they follow its version; "
            f"'helm template {where} --version {version}' shows them"
        )


def _bill(file: str, whole: Inventory, version: str) -> int:
    from kaitops.bundle import sbom

    text = sbom.bill(whole, version, models=True).decode()
    if file == "-":
        output.plain(text)
        return 0
    single.write_whole(Path(file), text)
    output.note(
        f"{file}: written, {printable.counted(len(whole.images), 'image')}, "
        f"{printable.counted(len({one.chart for one in whole.charts}), 'chart')}, "
        f"{printable.counted(len(whole.weights), 'model')}"
    )
    return 0


def _record(path: Path, lock: ImageLock, whole: Inventory, keep_going: bool) -> int:
    from kaitops.operator import registries

    today = date.today().isoformat()
    silent = 0

    def asked(before: Any, ask: Callable[[], str], source: str) -> dict[str, str] | None:
        nonlocal silent
        try:
            return _entry(before, ask(), today, source)
        except ToolMissing as error:
            if not keep_going:
                raise
            silent += 1
            output.note(f"kaitops: {error}")
            return dict(before) if before else None

    images = {
        one.name: asked(lock.images.get(one.name), partial(registries.image_digest, one.name), one.registry)
        for one in whole.images
    }
    archives: dict[str, dict[str, str] | None] = {}
    for chart in whole.charts:
        key = chart_key(chart.repository, chart.chart, chart.version)
        ask = partial(registries.chart_digest, chart.repository, chart.chart, chart.version)
        archives[key] = asked(lock.charts.get(key), ask, chart.repository)
    made = ImageLock(_there(images), _there(archives))
    single.write_whole(path, made.text())
    changed = sum(lock.digest(name) != made.digest(name) for name in made.images)
    counts = f"{printable.counted(len(made.images), 'image')} and {printable.counted(len(made.charts), 'chart')}"
    output.note(f"{path}: {counts}, {changed} new or moved; review the diff")
    if not silent:
        return 0
    output.note(f"{path}: {silent} gave no digest and stand as they were before, if at all; run it again for them")
    return 3


def _there(found: Mapping[str, dict[str, str] | None]) -> MutableObject:
    return {name: entry for name, entry in found.items() if entry is not None}


def _entry(before: Any, digest: str, today: str, source: str) -> dict[str, str]:
    """What stands stays as it was recorded, so that the diff shows what moved."""
    if before and before["digest"] == digest:
        return dict(before)
    if not digest:
        raise ToolMissing(f"{source}: gave no digest, so nothing was recorded")
    return {"digest": digest, "date": today, "source": source}
