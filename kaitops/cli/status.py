"""``kaitops status``: one line a workload of the fleet, over all its clusters, by what is really the case."""

import argparse
import sys
import time
from collections.abc import Sequence
from typing import Any

from kaitops.cli import output, reaching, waiting
from kaitops.cli.reaching import Cluster, Reach
from kaitops.errors import BadInput, Findings, ToolMissing
from kaitops.live import declared, judging, reading
from kaitops.live.declared import Row
from kaitops.live.judging import State
from kaitops.live.snapshot import Snapshot, name_of, namespace_of
from kaitops.live.view import View
from kaitops.live.workloads import hidden, select, workloads

TIMED_OUT = 4
EXIT_CODES = (
    "0 nothing failed (with --wait: ready), 1 something failed or is absent, 2 bad input, 3 not readable, 4 timed out"
)
WORDS = {
    "healthy": "ready",
    "progressing": "waiting",
    "degraded": "failed",
    "deleting": "deleting",
    "absent": "absent",
    "unknown": "unknown",
}
_LONGEST = 110
_SETTLED = 15.0
"""Seconds that a failure has to last before a wait ends with it: a first exit may be the last."""
_DOWNLOADS = 4


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
        return _follow(arguments, reach, limit)
    rows, problems = _all(reach, arguments.names)
    _print(rows, arguments.output, len(reach.clusters) > 1)
    return _finish(rows, problems)


def _all(reach: Reach, names: Sequence[str]) -> tuple[list[Row], list[str]]:
    """The rows of all clusters, and what keeps rows from being there."""
    rows: list[Row] = []
    problems: list[str] = []
    for cluster in reach.clusters:
        try:
            snapshot = reach.read(cluster)
            rows += rows_of(reach, cluster, snapshot, names)
            problems += hidden(snapshot)
        except ToolMissing as error:
            if len(reach.clusters) == 1:
                raise
            problems.append(str(error))
            rows += _unreachable(cluster, str(error), names)
    if names and not rows and problems:
        raise ToolMissing("; ".join(problems))
    if names and not rows:
        raise BadInput(
            f"{', '.join(names)}: no workload of that name is declared or there; 'kaitops status' alone lists all"
        )
    return rows, problems


def rows_of(reach: Reach, cluster: Cluster, snapshot: Snapshot, names: Sequence[str]) -> list[Row]:
    """The rows of one cluster."""
    views = select(workloads(snapshot, reach.version), names)
    states = [_downloading(cluster, view, judging.judge_one(view)) for view in views]
    documents = cluster.documents
    if names and documents is not None:
        documents = [one for one in documents if any(_called(one, name) for name in names)]
    if reach.namespace and documents is not None:
        documents = [one for one in documents if namespace_of(one) == reach.namespace]
    return [declared.priced(one) for one in declared.rows(states, snapshot, documents, cluster.region)]


def _called(one: Any, name: str) -> bool:
    kind = str(one.get("kind"))
    return name in (
        name_of(one),
        f"{namespace_of(one)}/{name_of(one)}",
        f"{kind}/{name_of(one)}",
        f"{kind.lower()}/{name_of(one)}",
    )


def _unreachable(cluster: Cluster, why: str, names: Sequence[str]) -> list[Row]:
    documents = [one for one in cluster.documents or () if not names or any(_called(one, name) for name in names)]
    snapshot = Snapshot({}, {str(one["kind"]): why for one in documents}, cluster=cluster.name)
    return declared.rows([], snapshot, documents, cluster.region)


def _downloading(cluster: Cluster, view: View, state: State) -> State:
    """The state with what KAITO's server tells of a download, where it is one of few that load."""
    from dataclasses import replace

    if cluster.kubectl is None or state.rule != "loading" or len(view.unready) > _DOWNLOADS:
        return state
    told = reading.download(cluster.kubectl, view.namespace, name_of(view.unready[0]))
    if "remaining" not in told or told["remaining"] < 0:
        return state
    from kaitops.live.steps import weights_gib

    left, speed = told["remaining"], told.get("speed", 0.0)
    text = f"downloads weights at {speed / 1e6:.0f} MB/s, {left / 60:.0f} minutes left"
    size = weights_gib(view)
    if size:
        done = max(0.0, 1 - left * speed / (size * 2**30))
        text = f"downloads weights: {done:.0%}, {speed / 1e6:.0f} MB/s, {left / 60:.0f} minutes left"
    return replace(state, cause=text)


def _print(rows: Sequence[Row], form: str, several: bool) -> None:
    wide = form in ("json", "yaml")
    output.emit([(_whole if wide else _line)(row, several) for row in rows], form)


def _line(row: Row, several: bool) -> dict[str, Any]:
    state = row.state
    cause = state.cause if len(state.cause) <= _LONGEST else f"{state.cause[: _LONGEST - 3]}..."
    shown: dict[str, Any] = {"cluster": state.cluster} if several else {}
    return shown | {
        "name": f"{state.namespace}/{state.name}" if state.namespace else state.name,
        "kind": state.kind,
        "state": WORDS[state.phase],
        "since": output.lasting(state.age) or None,
        "nodes": f"{state.ready}/{state.wanted}",
        "usd_per_hour": row.usd,
        "revision": state.revision or None,
        **({"declared": row.declared} if row.declared else {}),
        "cause": cause,
    }


def _whole(row: Row, several: bool) -> dict[str, Any]:
    state = row.state
    return {
        "cluster": state.cluster,
        "kind": state.kind,
        "namespace": state.namespace,
        "name": state.name,
        "state": WORDS[state.phase],
        "rule": state.rule,
        "cause": state.cause,
        "since": state.since,
        "nodesReady": state.ready,
        "nodesWanted": state.wanted,
        "usdPerHour": row.usd,
        "endpoint": state.endpoint,
        "revision": state.revision,
        "declared": row.declared,
        "remedy": list(state.finding.remedy) if state.finding else [],
        "notRead": list(state.unread),
    }


def _finish(rows: Sequence[Row], problems: Sequence[str]) -> int:
    unread = dict.fromkeys(text for row in rows for text in row.state.unread)
    for text in problems:
        output.note(f"there may be more workloads than are shown: {text}")
    for text in unread:
        if text not in problems:
            output.note(f"not looked at, so a state may be worse than it seems: {text}")
    failed = any(row.state.phase in ("degraded", "absent") for row in rows)
    if not failed and (problems or any(row.state.phase == "unknown" for row in rows)):
        return ToolMissing.exit_code
    return int(failed)


def _follow(arguments: argparse.Namespace, reach: Reach, limit: float | None) -> int:
    from kaitops.live.watching import Watcher

    if len(reach.clusters) != 1 or reach.clusters[0].kubectl is None or reach.clusters[0].problem:
        raise BadInput("-w, --wait: one cluster at a time is followed; give --cluster or --context")
    (cluster,) = reach.clusters
    assert cluster.kubectl is not None  # noqa: S101 - said above
    watcher = Watcher(cluster.kubectl, arguments.namespace, cluster.name)
    start, failing_since = time.monotonic(), None
    shown = ""
    for snapshot in watcher.snapshots(1.0 if arguments.wait else 10.0):
        rows = rows_of(reach, cluster, snapshot, arguments.names)
        if arguments.names and not rows and not arguments.wait:
            raise BadInput(f"{', '.join(arguments.names)}: no workload of that name is declared or there")
        text = "\n".join(str(_line(row, False)) for row in rows)
        if text != shown:
            shown = text
            _print(rows, arguments.output, False)
            sys.stdout.flush()
        if not arguments.wait:
            continue
        now = time.monotonic()
        if rows and all(row.state.phase == "healthy" for row in rows):
            return 0
        failing = any(row.state.phase == "degraded" for row in rows)
        failing_since = (failing_since or now) if failing else None
        if failing_since is not None and now - failing_since >= min(_SETTLED, (limit or _SETTLED) / 2):
            return Findings.exit_code
        limit = limit if limit is not None else waiting.longest(rows, snapshot, reach.version)
        if now - start >= limit:
            output.note(f"--wait: not ready after {limit:.0f} s; 'kaitops why NAME' says what holds it up")
            return TIMED_OUT
    return 0
