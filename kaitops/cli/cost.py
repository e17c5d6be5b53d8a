"""``kaitops cost``: what the machines of a fleet or of a tree cost, by workload, by cluster and in all."""

import argparse
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kaitops import choice
from kaitops.cli import output, pricing
from kaitops.documents import reader
from kaitops.documents.plain import MutableObject, Object, mapping
from kaitops.errors import BadInput
from kaitops.fleet import files
from kaitops.kaito import facts
from kaitops.kaito.release import Release
from kaitops.kaito.settings import CLOUDS
from kaitops.prices import HOURS_PER_MONTH

if TYPE_CHECKING:
    from kaitops.cost import Cluster

Row = MutableObject
_ALL = "all"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="manifests; the fleet itself where none is named")
    parser.add_argument("--fleet", default="fleet.yaml", metavar="FILE", help="the declaration; - for standard input")
    parser.add_argument("--cluster", metavar="NAME", help="only this cluster")
    parser.add_argument("--region", help="of manifests that do not say theirs")
    parser.add_argument("--cloud", choices=CLOUDS, default="azure", help="of manifests that do not say theirs")
    parser.add_argument("--kaito", metavar="VERSION", help="of manifests that do not say theirs (default: the newest)")
    parser.add_argument("--spot", action="store_true", help="count Azure's prices of Spot machines")
    parser.add_argument("--prices", metavar="FILE", help="prices that come before ours, in USD an hour")
    output.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print a line a workload and size, the sums at the end."""
    with pricing.named(arguments.prices):
        return _summed(arguments)


def _summed(arguments: argparse.Namespace) -> int:
    from kaitops.cost import machines

    choice.check_region(arguments.cloud, arguments.region)
    clusters = list(_of_tree(arguments) if arguments.paths else _of_fleet(arguments))
    if arguments.cluster:
        names = [cluster.name for cluster, _ in clusters]
        clusters = [one for one in clusters if one[0].name == arguments.cluster]
        if not clusters:
            raise BadInput(f"--cluster: none is called {arguments.cluster!r}; there are: {', '.join(sorted(names))}")
    rows: list[Row] = []
    brought = 0
    for cluster, release in clusters:
        found = [one for one in machines(cluster, release) if one.nodes or one.problem]
        lines = [_row(cluster.name, one.subject, one.size, one.nodes, one.per_hour) for one in found]
        for one in found:
            if one.problem or (one.per_hour is None and not one.brought):
                where = f" in {cluster.region}" if cluster.region else ", as nothing says its region (--region)"
                output.note(
                    f"{one.subject}: {one.problem or f'no price of {one.size} is known{where}'}; it counts as 0"
                )
        brought += sum(one.brought for one in found)
        rows += lines
        if len(clusters) > 1:
            rows.append(_sum(cluster.name, lines))
    if brought:
        verb = "run" if brought > 1 else "runs"
        output.note(f"{brought} of them {verb} on brought nodes, whose price is not known here; that counts as 0")
    workloads = [row for row in rows if row["workload"] != _ALL]
    if arguments.output != "name":
        rows.append(_sum("total", workloads))
    output.emit(rows, arguments.output, "workload")
    return 0


def _row(cluster: str, workload: str, size: str, nodes: int, per_hour: float | None) -> Row:
    return {
        "cluster": cluster,
        "workload": workload,
        "size": size or None,
        "nodes": nodes,
        # As exact as prices are: a sum of such numbers has sixteen digits.
        "usd_per_hour": None if per_hour is None else round(per_hour, 4),
        "usd_per_month": None if per_hour is None else round(per_hour * HOURS_PER_MONTH, 2),
    }


def _sum(cluster: str, rows: Sequence[Row]) -> Row:
    known = [row["usd_per_hour"] for row in rows if row["usd_per_hour"] is not None]
    # A sum of which nothing is known would read as if it cost nothing.
    per_hour = sum(known, 0.0) if known or not rows else None
    return _row(cluster, _ALL, "", sum(row["nodes"] for row in rows), per_hour)


def _of_fleet(arguments: argparse.Namespace) -> "Iterator[tuple[Cluster, Release]]":
    from kaitops.render import render
    from kaitops.tree.layout import CONTEXT_FILE

    fleet = files.read(arguments.fleet)
    rendered = render(fleet)
    for name, objects in rendered.objects.items():
        (document,) = reader.read_bytes(rendered.files[f"{name}/{CONTEXT_FILE}"], CONTEXT_FILE)
        yield _cluster(mapping(document.data), objects, arguments), fleet.release


def _of_tree(arguments: argparse.Namespace) -> "Iterator[tuple[Cluster, Release]]":
    from kaitops.gate.reading.collecting import collect
    from kaitops.report.findings import Report

    report = Report()
    tree = collect(arguments.paths, report, comments=False)
    unread = [one for one in report.findings if one.unjudged]
    if unread:
        one = unread[0]
        raise BadInput(f"{one.file}:{one.line}: {one.message}; what is not read has no cost, so none was summed up")
    if not tree.groups:
        raise BadInput(
            f"{', '.join(arguments.paths)}: no Kubernetes object found, so nothing was summed up; a fleet is named by "
            "--fleet"
        )
    for group in tree.groups:
        context = dict(group.context) or {"cluster": "", "settings": {"cloud": arguments.cloud}}
        version = str(context.get("kaito") or arguments.kaito or facts.newest())
        yield _cluster(context, [item.data for item in group.items], arguments), Release.load(version)


def _cluster(context: Object, objects: Sequence[Object], arguments: argparse.Namespace) -> "Cluster":
    from kaitops.cost import Cluster

    given = {"region": None if context.get("region") else arguments.region, "spot": arguments.spot or None}
    return Cluster.from_context(context, objects, **given)
