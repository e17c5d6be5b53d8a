"""``kaitops gate``: are these manifests admitted, do they fit, do they hold to the rules; with reports for CI."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kaitops.cli import output, reports
from kaitops.errors import BadInput
from kaitops.fleet.engines import ENGINES
from kaitops.gate.trust.beside import EXEMPTIONS, FLEET, POLICY
from kaitops.kaito import facts
from kaitops.kaito.settings import CLOUDS, PROVISIONERS, gates_of
from kaitops.report import forms
from kaitops.report.findings import FAILED, HIGH, INCOMPLETE, SEVERITIES

if TYPE_CHECKING:
    from kaitops.gate.options import Options
    from kaitops.gate.server.asking import Server

_FORMATS = tuple(dict.fromkeys((*output.FORMATS, *forms.NAMES)))
_CODES = {FAILED: 1, INCOMPLETE: 2}
_UNWRITTEN = 3


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.set_defaults(is_verdict=True)
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files or folders of manifests; - for standard input")
    add = parser.add_argument_group("where the tree does not say").add_argument
    add("--kaito", metavar="VERSION", help="KAITO version (default: the newest known in full)")
    add("--cloud", choices=CLOUDS, default="azure", help="(default: azure)")
    add("--provisioner", choices=PROVISIONERS, default="azure-gpu-provisioner", help="(default: as KAITO's)")
    add("--region", help="region, for prices and quotas")
    add("--feature-gate", action="append", default=[], metavar="NAME=BOOL", help="repeatable")
    add("--assume-present", action="append", default=[], metavar="KIND/NAME", help="is in the cluster; repeatable")
    add("--complete", action="store_true", help="the paths hold all that the cluster gets")
    add("--store", metavar="DIR", help="folder of a fleet, for its recorded models (default: that of the command)")
    add("--fleet", metavar="FILE", help=f"confirms the context files (default: {FLEET}, if it is there)")
    add("--check-render", action=argparse.BooleanOptionalAction, default=None,
        help="is the tree what its fleet renders (default: with --base, where the change touches either)")  # fmt: skip
    add("--trust-context", action="store_true", help="the context files are yours, whatever fleet and base say")
    add = parser.add_argument_group("rules").add_argument
    add("--policy", metavar="FILE", help=f"what the organisation decides (default: {POLICY}, if it is there)")
    add("--rules", action="append", default=[], metavar="DIR", help="folder of further rules; repeatable")
    add("--accept-kind", action="append", default=[], metavar="GROUP/KIND",
        help="objects of this kind may stay unjudged; repeatable")  # fmt: skip
    add("--exemptions", metavar="FILE", help=f"findings that are accepted (default: {EXEMPTIONS}, if it is there)")
    add("--fail-on", type=str.upper, choices=SEVERITIES, default=HIGH, metavar="SEVERITY",
        help="LOW, MEDIUM, HIGH or CRITICAL: fail on findings of it and above (default: HIGH)")  # fmt: skip
    add("--select", action="append", default=[], metavar="ID",
        help="only findings of rules whose id begins so count; repeatable")  # fmt: skip
    add("--ignore", action="append", default=[], metavar="ID",
        help="findings of rules whose id begins so do not count; repeatable")  # fmt: skip
    add("--baseline", metavar="FILE", help="findings that are known and do not count, as --write-baseline wrote them")
    add("--write-baseline", metavar="FILE", help="write what is found, for a repository that starts")
    add("--today", metavar="YYYY-MM-DD", help="the day to judge by (default: KAITOPS_TODAY, else today)")
    add = parser.add_argument_group("checkov").add_argument
    add("--checkov-python", metavar="FILE",
        help="Python that has checkov (default: KAITOPS_CHECKOV_PYTHON)")  # fmt: skip
    add("--require-checkov", action="store_true", help="without checkov nothing passes")
    add("--no-checkov", action="store_true", help="do not run checkov")
    add = parser.add_argument_group("a server").add_argument
    add("--server", action="store_true",
        help="ask an API server too: one made of KUBEBUILDER_ASSETS if set, else the context's by dry run")  # fmt: skip
    add("--context", metavar="NAME", help="with --server: this context of the kubeconfig")
    add = parser.add_argument_group("the change").add_argument
    add("--base", metavar="REF", help="git reference that the tree is compared with")
    add("--write-plan", metavar="DIR", help="write the way around each edit that the cluster would refuse")
    add("--gitops", choices=(*ENGINES, "none"), default="none", help="what the plans are for (default: none)")
    add("--cost", action="store_true", help="check machines and prices without a base as well")
    add("--prices", metavar="FILE", help="prices that come before ours, in USD an hour")
    add("--budget", metavar="FILE", help="limits in USD per month")
    add("--quota", action="append", default=[], metavar="FILE", help="recorded quota of a region; repeatable")
    add = parser.add_argument_group("reports").add_argument
    add("-o", "--output", choices=_FORMATS, default="table", help="form of the result (default: table)")
    for form in forms.FILES:
        add(f"--{form}", metavar="FILE", help=f"write the result as {form} as well")
    add("--all", action="store_true", help="with --base: show what the change did not bring as well")
    add("--summary", action="store_true", help="print how many findings there are of each rule instead of them")
    add("-q", "--quiet", action="store_true", help="print findings only")


def run(arguments: argparse.Namespace) -> int:
    """Judge everything and report."""
    from kaitops.gate.run import run as judge

    options = _options(arguments)
    progress: list[output.Progress] = []

    def started(count: int) -> Callable[[], None]:
        progress.append(output.Progress("cluster", count))
        return progress[0].step

    try:
        outcome = judge(options, started)
    finally:
        for one in progress:
            one.close()
    code = _CODES.get(outcome.report.verdict, 0)
    return code if reports.write(outcome, arguments) else code or _UNWRITTEN


def _options(arguments: argparse.Namespace) -> "Options":
    from kaitops.fleet.controllers import controller_settings
    from kaitops.gate.options import Options
    from kaitops.today import today

    version = arguments.kaito or facts.newest()
    settings = controller_settings(
        version,
        {"cloud": arguments.cloud, "provisioner": arguments.provisioner, "nvmeStorageClass": True,
         "featureGates": _gates(arguments.feature_gate, version)},
        frozenset({"MultiRoleInference", "ModelMirror"}),
    )  # fmt: skip
    if arguments.no_checkov and arguments.require_checkov:
        raise BadInput("--no-checkov and --require-checkov: one of them; a check that is required must run")
    if arguments.write_plan and not arguments.base:
        raise BadInput("--write-plan: a plan is for a change; name what to compare with by --base")
    if arguments.baseline and arguments.write_baseline:
        raise BadInput("--baseline and --write-baseline: one of them; the file is written or held to")
    if arguments.summary and arguments.output != "table":
        raise BadInput(f"--summary: is a table, and -o {arguments.output} is none; '-o json' has it as byRule")
    return Options(
        arguments.paths,
        today(arguments.today),
        settings,
        kaito=arguments.kaito,
        assumed=frozenset(_assumption(text) for text in arguments.assume_present),
        store=arguments.store,
        fleet=arguments.fleet,
        trust_context=arguments.trust_context,
        policy=arguments.policy,
        rules=arguments.rules,
        accepted=arguments.accept_kind,
        exemptions=arguments.exemptions,
        complete=arguments.complete,
        threshold=arguments.fail_on,
        checkov=_checkov(arguments),
        without_checkov=arguments.no_checkov,
        require_checkov=arguments.require_checkov,
        base=arguments.base,
        region=arguments.region,
        budget=arguments.budget,
        prices=arguments.prices,
        quotas=arguments.quota,
        cost=arguments.cost,
        server=_server(arguments),
        select=arguments.select,
        ignore=arguments.ignore,
        baseline=arguments.baseline,
        write_baseline=arguments.write_baseline,
        unfolded=arguments.all,
        check_render=arguments.check_render,
    )


def _server(arguments: argparse.Namespace) -> "Server | None":
    if not arguments.server:
        if arguments.context:
            raise BadInput("--context: names the server to ask, and none is asked; add --server")
        return None
    from kaitops.gate.server.asking import Server

    assets = os.environ.get("KUBEBUILDER_ASSETS")
    return Server(Path(assets).absolute() if assets and not arguments.context else None, arguments.context)


def _checkov(arguments: argparse.Namespace) -> Path | None:
    if arguments.no_checkov:
        return None
    from kaitops.gate.checkov import interpreter

    return interpreter(arguments.checkov_python, os.environ.get("KAITOPS_CHECKOV_PYTHON"))


def _gates(given: list[str], version: str) -> dict[str, bool]:
    gates: dict[str, bool] = {}
    known = gates_of(version)
    for text in given:
        name, _, value = text.partition("=")
        if name not in known:
            raise BadInput(f"--feature-gate: KAITO has no gate {name!r} and would not start; known: {', '.join(known)}")
        if value.lower() not in {"true", "false"}:
            raise BadInput(f"--feature-gate: {text!r} is neither {name}=true nor {name}=false")
        gates[name] = value.lower() == "true"
    return gates


def _assumption(text: str) -> str:
    kind, slash, name = text.partition("/")
    if not slash or not kind or not name:
        raise BadInput(f"--assume-present: {text!r} is not KIND/NAME or KIND/NAMESPACE/NAME")
    return f"{kind.lower()}/{name}"
