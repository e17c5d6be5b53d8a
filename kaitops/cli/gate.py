"""``kaitops gate``: are these manifests admitted, do they fit, do their references hold."""

import argparse

from kaitops.cli import files, output
from kaitops.errors import BadInput
from kaitops.fleet.controllers import controller_settings
from kaitops.gate.collecting import collect
from kaitops.gate.findings import Report
from kaitops.gate.judging import Judge
from kaitops.kaito import facts
from kaitops.kaito.release import Release
from kaitops.kaito.settings import CLOUDS, GATES, PROVISIONERS


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files or folders of manifests; - for standard input")
    parser.add_argument(
        "--kaito", metavar="VERSION", help="KAITO version where the tree does not say (default: newest)"
    )
    parser.add_argument("--cloud", choices=CLOUDS, default="azure", help="where the tree does not say (default: azure)")
    parser.add_argument(
        "--provisioner",
        choices=PROVISIONERS,
        default="azure-gpu-provisioner",
        help="where the tree does not say (default: azure-gpu-provisioner, as KAITO's)",
    )
    parser.add_argument("--feature-gate", action="append", default=[], metavar="NAME=BOOL", help="repeatable")
    parser.add_argument(
        "--assume-present", action="append", default=[], metavar="KIND/NAME", help="is in the cluster; repeatable"
    )
    parser.add_argument("--store", default=".", metavar="DIR", help="folder of a fleet, for its recorded models")
    parser.add_argument("-q", "--quiet", action="store_true", help="print findings only")
    output.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Judge everything and report."""
    from pathlib import Path

    recorded = files.snapshots(Path(arguments.store) / files.STORE)
    settings = controller_settings(
        {"cloud": arguments.cloud, "provisioner": arguments.provisioner, "nvmeStorageClass": True,
         "featureGates": _gates(arguments.feature_gate)},
        frozenset({"MultiRoleInference", "ModelMirror"}),
    )  # fmt: skip
    report = Report()
    groups = collect(arguments.paths, report)
    assumed = frozenset(_assumption(text) for text in arguments.assume_present)
    progress = output.Progress("cluster", len(groups))
    for group in groups:
        version = str(group.context.get("kaito") or arguments.kaito or facts.versions()[-1])
        Judge(Release.load(version, recorded), group, settings, assumed).judge(report)
        progress.step()
    progress.close()
    if not report.seen and not report.findings:
        raise BadInput(f"{', '.join(arguments.paths)}: no Kubernetes object found, so nothing was checked")
    _print(report, arguments.output, arguments.quiet)
    return 1 if report.findings else 0


def _print(report: Report, form: str, quiet: bool) -> None:
    findings = sorted(report.findings, key=lambda one: (one.file, one.line, one.column, one.message))
    if form == "table":
        for one in findings:
            print(one)
        if not quiet:
            for need in report.needs:
                print(need)
            print(f"{report.seen} objects, {report.judged} judged as KAITO would, {len(findings)} findings")
    elif form == "json":
        import json

        result = {
            "objects": report.seen,
            "judged": report.judged,
            "findings": [one.as_row() for one in findings],
            "needs": report.needs,
        }
        print(json.dumps(result, indent=2, ensure_ascii=False))
    else:
        output.emit([one.as_row() for one in findings], form, "object")
    if not quiet:
        for text in report.notes:
            output.note(f"note: {text}")


def _gates(given: list[str]) -> dict[str, bool]:
    gates: dict[str, bool] = {}
    for text in given:
        name, _, value = text.partition("=")
        if name not in GATES:
            raise BadInput(f"--feature-gate: KAITO has no gate {name!r} and would not start; known: {', '.join(GATES)}")
        if value.lower() not in {"true", "false"}:
            raise BadInput(f"--feature-gate: {text!r} is neither {name}=true nor {name}=false")
        gates[name] = value.lower() == "true"
    return gates


def _assumption(text: str) -> str:
    kind, slash, name = text.partition("/")
    if not slash or not kind or not name:
        raise BadInput(f"--assume-present: {text!r} is not KIND/NAME or KIND/NAMESPACE/NAME")
    return f"{kind.lower()}/{name}"
