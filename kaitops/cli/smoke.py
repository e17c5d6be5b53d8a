"""``kaitops smoke``: is an endpoint what was declared. Prints no content of models."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from kaitops.cli import calling, output
from kaitops.documents.plain import MutableObject
from kaitops.errors import BadInput, KaitopsError
from kaitops.live import expecting
from kaitops.smoke import load
from kaitops.smoke.__main__ import run as run_checks
from kaitops.smoke.expected import Expected
from kaitops.smoke.verdict import FAIL, LIMITED, Report, junit
from kaitops.smoke.wire import Trouble, Wire

_LONGEST_LOAD = 600.0


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = "exit codes: 0 READY, 1 NOT READY or READY WITH LIMITS, 2 bad input, 3 no way to it"
    calling.add(parser, positional="first")
    parser.add_argument("more", nargs="*", metavar="NAME", help="further workloads")
    add = parser.add_argument
    add("--model", help="with --url: the id that is served")
    add(
        "--adapter", action="append", default=[], metavar="ID", help="with --url: an adapter that is served; repeatable"
    )
    add("--context-length", type=int, default=0, metavar="N", help="with --url: tokens of context")
    add("--tools", action="store_true", help="with --url: tool calls are parsed")
    add(
        "--runtime",
        choices=("vllm", "transformers", "llama.cpp", "openai", "rag"),
        help="with --url: what serves (default: found out)",
    )
    add("--seconds", type=float, default=30.0, metavar="N", help="that one answer may take (default: 30)")
    add("--load", type=int, default=0, metavar="N", help="then measure N parallel requests")
    add("--load-seconds", type=float, default=20.0, metavar="S", help="how long --load measures (default: 20)")
    add("--accept-limits", action="store_true", help="READY WITH LIMITS is exit code 0")
    add("--junit", metavar="FILE", help="write the checks as JUnit")
    output.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Check each, print, and leave with the worst."""
    names: list[str | None] = [one for one in (arguments.first, *arguments.more) if one] or [None]
    if arguments.url and names != [None]:
        raise BadInput("--url: is one endpoint by its address, and names are of workloads; give one of the two")
    if not arguments.url and (arguments.model or arguments.adapter or arguments.context_length or arguments.tools):
        raise BadInput(
            "--model, --adapter, --context-length, --tools: a workload declares these itself; give them with --url"
        )
    if (
        not 0 < arguments.seconds <= _LONGEST_LOAD
        or not 0 < arguments.load_seconds <= _LONGEST_LOAD
        or arguments.load < 0
    ):
        raise BadInput(f"--seconds, --load-seconds, --load: take positive numbers up to {_LONGEST_LOAD:.0f}")
    reports: list[tuple[str, Report]] = []
    troubles: list[KaitopsError] = []
    for name in names:
        try:
            reports.append((name or arguments.url, _one(arguments, name)))
        except KaitopsError as error:
            if len(names) == 1:
                raise
            output.note(str(error))
            troubles.append(error)
    if arguments.junit:
        Path(arguments.junit).write_text(junit(reports), "utf-8")
    _print(reports, arguments.output)
    codes = [_code(report, arguments.accept_limits) for _, report in reports]
    return max([*codes, *(error.exit_code for error in troubles)], default=0)


def _one(arguments: argparse.Namespace, name: str | None) -> Report:
    with calling.way(arguments, name) as way:
        try:
            wire = Wire(way.url, way.key, arguments.seconds)
        except Trouble as trouble:
            raise BadInput(f"--url: {trouble}") from None
        wanted = expecting.expected(way.view) if way.view is not None else _given(arguments)
        report = run_checks(wire, wanted, expecting.known(way.version))
        if arguments.load and not wanted.rag and report.exit_code == 0:
            model = wanted.model or next(one.evidence.split(", ")[0] for one in report.checks if one.name == "models")
            report.figures = load.measure(wire, model, arguments.load, arguments.load_seconds)
        return report


def _given(arguments: argparse.Namespace) -> Expected:
    return Expected(
        arguments.runtime or "",
        arguments.model or "",
        tuple(arguments.adapter),
        arguments.context_length,
        arguments.tools,
        arguments.runtime == "rag",
    )


def _code(report: Report, accept_limits: bool) -> int:
    return 0 if accept_limits and report.verdict == LIMITED else report.exit_code


def _print(reports: Sequence[tuple[str, Report]], form: str) -> None:
    if form != "table":
        rows: list[MutableObject] = [{"name": name, **report.plain()} for name, report in reports]
        output.emit(rows, form)
        return
    for number, (name, report) in enumerate(reports):
        if number:
            print()
        rows = [{"check": one.name, "verdict": one.verdict, "seen": one.evidence} for one in report.checks]
        output.emit(rows, "table")
        for key, value in report.figures.items():
            print(f"load: {key}: {value}")
        failed = sum(one.verdict == FAIL for one in report.checks)
        count = f", {failed} of {len(report.checks)} checks failed" if failed else ""
        print(f"{name}: {report.verdict}{count}")
