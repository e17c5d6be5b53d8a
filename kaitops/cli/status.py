"""``kaitops status``: one line a workload of the fleet, over all its clusters, by what is really the case."""

import argparse
from collections.abc import Sequence

from kaitops.cli import output, reaching, rows, waiting
from kaitops.cli.reaching import Reach
from kaitops.errors import BadInput, ToolMissing
from kaitops.live.declared import Row
from kaitops.live.workloads import hidden

EXIT_CODES = (
    "0 nothing failed (with --wait: ready), 1 something failed or is absent, 2 bad input, 3 not readable, 4 timed out"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = f"exit codes: {EXIT_CODES}"
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="workloads: NAME, NAMESPACE/NAME or KIND/NAME (default: all)"
    )
    reaching.add(parser)
    parser.add_argument("-w", "--watch", action="store_true", help="go on and print what changes")
    parser.add_argument("--wait", action="store_true", help="wait until all are ready, or one stays failed")
    parser.add_argument(
        "--timeout", metavar="TIME", help="of --wait, as 90s, 30m, 2h (default: KAITO's own, by the weights)"
    )
    output.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read, judge, print."""
    if arguments.timeout and not arguments.wait:
        raise BadInput("--timeout: is how long --wait waits, and without it nothing does; add --wait or drop it")
    if arguments.files and (arguments.wait or arguments.watch):
        raise BadInput("--from: what a file holds does not change, so there is nothing to wait for; drop --wait and -w")
    limit = waiting.seconds(arguments.timeout) if arguments.timeout else None
    reach = reaching.reach(arguments)
    if arguments.wait or arguments.watch:
        from kaitops.cli import following

        return following.run(arguments, reach, limit)
    found, problems = _all(reach, arguments.names)
    rows.show(found, arguments.output, len(reach.clusters) > 1)
    return _finish(found, problems)


def _all(reach: Reach, names: Sequence[str]) -> tuple[list[Row], list[str]]:
    """The rows of all clusters, and what keeps rows from being there."""
    found: list[Row] = []
    problems: list[str] = []
    for cluster in reach.clusters:
        try:
            snapshot = reach.read(cluster)
            found += rows.of(reach, cluster, snapshot, names)
            problems += hidden(snapshot)
        except ToolMissing as error:
            if len(reach.clusters) == 1:
                raise
            problems.append(str(error))
            found += rows.unreachable(cluster, str(error), names)
    if names and not found and problems:
        raise ToolMissing("; ".join(problems))
    if names and not found:
        raise BadInput(
            f"{', '.join(names)}: no workload of that name is declared or there; 'kaitops status' alone lists all"
        )
    return found, problems


def _finish(found: Sequence[Row], problems: Sequence[str]) -> int:
    for text in rows.unseen(found, problems):
        output.note(text)
    failed = any(row.state.phase in ("degraded", "absent") for row in found)
    if not failed and (problems or any(row.state.phase == "unknown" for row in found)):
        return ToolMissing.exit_code
    return int(failed)
