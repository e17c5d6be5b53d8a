"""``kaitops upgrade``: what another KAITO version makes of these manifests, and the edits that carry them over."""

import argparse
from collections.abc import Iterator

from kaitops.cli import output
from kaitops.documents.plain import MutableObject, Object
from kaitops.errors import BadInput
from kaitops.fleet.clusters import ADDON_VERSION
from kaitops.fleet.controllers import ADDON, controller_settings
from kaitops.gate.objects import Group
from kaitops.gate.reading.collecting import collect
from kaitops.kaito import facts
from kaitops.kaito.release import Release
from kaitops.kaito.settings import CLOUDS, PROVISIONERS
from kaitops.report import printable
from kaitops.report.findings import Report as Reading
from kaitops.upgrade import Impact, examine
from kaitops.upgrade import Report as Examined

_STEPS = {
    "refused": "before the step, or these stay behind:",
    "changed": "while it runs and from then on, these change:",
    "note": "to know:",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    known = ", ".join(facts.versions())
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files or folders of manifests; - for standard input")
    parser.add_argument("--to", required=True, metavar="VERSION", help=f"KAITO version to go to ({known})")
    parser.add_argument(
        "--from", dest="source", metavar="VERSION", help="version that runs, where the tree does not say"
    )
    parser.add_argument("--cloud", choices=CLOUDS, default="azure", help="where the tree does not say (default: azure)")
    parser.add_argument(
        "--provisioner",
        choices=(*PROVISIONERS, ADDON),
        default="azure-gpu-provisioner",
        help="where the tree does not say",
    )
    parser.add_argument(
        "--feature-gate", action="append", default=[], metavar="NAME=BOOL", help="as the chart sets it now; repeatable"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="refusals only")
    parser.add_argument("-o", "--output", choices=("table", "json"), default="table", help="default: table")


def run(arguments: argparse.Namespace) -> int:
    """Examine every cluster of the tree; 1 where the version refuses something."""
    target = Release.load(_known(arguments.to))
    reading = Reading()
    tree = collect(arguments.paths, reading)
    if not tree.groups and not reading.findings:
        raise BadInput(f"{', '.join(arguments.paths)}: no Kubernetes object found, so nothing was examined")
    rows: list[MutableObject] = []
    reports: list[Examined] = []
    for group in tree.groups:
        source = Release.load(_source(arguments, group))
        if source.version == target.version and not arguments.source:
            output.note(
                f"note: {group.context.get('cluster') or 'the tree'}: is rendered for KAITO {target.version} already, "
                "so there is no step; where another version runs, name it by --from (the AKS add-on's is "
                f"{ADDON_VERSION})"
            )
        found = examine(
            [item.data for item in group.items], source, target, _settings(arguments, group, target.version),
            beside=list(group.context.get("nodes") or ()),
        )  # fmt: skip
        reports.append(found)
        rows += [_row(one, group) for one in found.impacts]
    for one in reading.findings:
        where = {"cluster": "", "object": one.subject, "file": one.file, "line": one.line, "column": one.column}
        rows.append({"severity": "refused", "check": "form", **where, "field": "", "message": one.message, "fix": ""})
    if arguments.quiet:
        rows = [row for row in rows if row["severity"] == "refused"]
    _print(arguments, rows, reports)
    return 1 if any(row["severity"] == "refused" for row in rows) else 0


def _known(version: str) -> str:
    """A version as it is known: the newest of a minor one, and of one whose patch is not known the nearest before."""
    found = facts.meant(version)
    if found != version:
        output.note(f"note: of {version} the facts of {found} are taken")
    return found


def _source(arguments: argparse.Namespace, group: Group) -> str:
    written = arguments.source or group.context.get("kaito")
    if not written:
        raise BadInput(
            f"{', '.join(arguments.paths)}: nothing says which version of KAITO runs, so there is no step to examine; "
            "name it by --from ('helm list -A' shows the chart's version, which is KAITO's)"
        )
    version = _known(str(written))
    if version not in facts.versions() and (older := facts.before(version)):
        raise BadInput(
            f"--from: version {version!r} is not known; take {older}, the nearest before it: what changed between the "
            f"two is in the list then as well; known versions: {', '.join(facts.versions())}"
        )
    return version


def _settings(arguments: argparse.Namespace, group: Group, version: str) -> Object:
    given = _gates(arguments.feature_gate)
    context = group.context.get("settings")
    if context:
        return {**context, "featureGates": {**(context.get("featureGates") or {}), **given}}
    kinds = frozenset(str(item.data.get("kind")) for item in group.items)
    cluster = {"cloud": arguments.cloud, "provisioner": arguments.provisioner, "nvmeStorageClass": True}
    return controller_settings(version, {**cluster, "featureGates": given}, kinds)


def _gates(given: list[str]) -> dict[str, bool]:
    """Gates by name. Names are not checked here: that a version does not know one is a result."""
    gates: dict[str, bool] = {}
    for text in given:
        name, _, value = text.partition("=")
        if not name or value.lower() not in {"true", "false"}:
            raise BadInput(f"--feature-gate: {text!r} is neither NAME=true nor NAME=false")
        gates[name] = value.lower() == "true"
    return gates


def _row(impact: Impact, group: Group) -> MutableObject:
    row: MutableObject = {
        "severity": impact.severity, "check": impact.check, "cluster": str(group.context.get("cluster") or ""),
        "object": "", "file": "", "line": 0, "column": 0,
        "field": ".".join(str(step) for step in impact.path), "message": impact.message, "fix": impact.fix,
        "since": impact.since,
    }  # fmt: skip
    if impact.index is not None:
        item = group.items[impact.index]
        file, line, column = item.document.place([*item.prefix, *impact.path])
        row |= {"object": item.subject, "file": file, "line": line, "column": column}
    return row


def _lines(rows: list[MutableObject]) -> Iterator[str]:
    """A line for each thing that is said, at the first object that it is said of."""
    alike: dict[tuple[str, str, str], list[MutableObject]] = {}
    for row in rows:
        alike.setdefault((row["check"], row["message"], row["fix"]), []).append(row)
    for (check, message, fix), same in alike.items():
        row = same[0]
        where = (
            f"{printable.name(row['file'])}:{row['line']}:{row['column']}"
            if row["file"]
            else row["cluster"] or "installation"
        )
        subject = row["object"]
        if len(same) > 1 and subject:
            subject += f" and {printable.counted(len(same) - 1, 'other')}"
        text = printable.name(f"{subject}: {message}" if subject else message)
        yield f"{where}: {row['severity']}: {check}: {text}{f'; {fix}' if fix else ''}"


def _print(arguments: argparse.Namespace, rows: list[MutableObject], reports: list[Examined]) -> None:
    judged = list(dict.fromkeys(text for report in reports for text in report.judged))
    not_judged = list(dict.fromkeys(text for report in reports for text in report.not_judged))
    steps = sorted({f"{report.source} to {report.target}" for report in reports})
    if arguments.output == "json":
        result = {"steps": steps, "impacts": rows, "judged": judged, "notJudged": not_judged}
        print(printable.as_json(result, indent=2))
        return
    for severity, heading in _STEPS.items():
        told = [row for row in rows if row["severity"] == severity]
        if told and not arguments.quiet:
            print(heading)
        for line in _lines(told):
            print(line)
    counts = {name: sum(row["severity"] == name for row in rows) for name in ("refused", "changed", "note")}
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    print(f"KAITO {'; '.join(steps) or arguments.to}: {told}")
    if not arguments.quiet:
        for text in judged:
            output.note(f"judged: {text}")
        for text in not_judged:
            output.note(f"not judged: {text}")
