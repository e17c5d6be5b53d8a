"""``kaitops status -w`` and ``--wait``: the lines of all clusters as they change, until nothing is waited for."""

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from kaitops.cli import output, rows, waiting
from kaitops.cli.reaching import Reach
from kaitops.errors import BadInput, Findings, ToolMissing
from kaitops.live.declared import Row
from kaitops.live.following import Look, follow
from kaitops.live.workloads import hidden

TIMED_OUT = 4
_SETTLED = 15.0
"""Seconds that a failure has to last before a wait ends with it: a first exit may be the last."""


@dataclass(frozen=True, slots=True)
class _All:
    """What all clusters show at one moment.

    Attributes:
        problems: that keep rows from being there.
        longest: seconds that KAITO itself gives a start.
    """

    rows: list[Row]
    problems: list[str]
    longest: float


def run(arguments: argparse.Namespace, reach: Reach, limit: float | None) -> int:
    """Print what changes; with ``--wait`` the exit code of what it ends with.

    Args:
        limit: seconds that are waited, KAITO's own where None.
    """
    clusters = {one.name: one.kubectl for one in reach.clusters if one.kubectl is not None and not one.problem}
    if not clusters:
        raise ToolMissing("; ".join(f"{one.name}: {one.problem}" for one in reach.clusters))
    several = len(reach.clusters) > 1
    watch = _Wait(limit) if arguments.wait else None
    shown, told = "", set[str]()
    with closing(follow(clusters, arguments.namespace, 1.0 if watch else 10.0)) as looks:
        for look in looks:
            now = _collect(reach, look, arguments.names)
            if arguments.names and not now.rows and not watch:
                raise _nobody(arguments.names, now.problems)
            text = "\n".join(str(rows.line(row, several)) for row in now.rows)
            if text != shown:
                shown = text
                rows.show(now.rows, arguments.output, several)
                sys.stdout.flush()
            unseen = rows.unseen(now.rows, now.problems)
            for one in unseen:
                if one not in told:
                    output.note(one)
            # What was seen again and is lost once more is said once more.
            told = set(unseen)
            if watch is not None:
                _never(reach, arguments.names)
                code = watch.ends(now)
                if code is not None:
                    return code
    return 0


def _collect(reach: Reach, looks: Mapping[str, Look], names: Sequence[str]) -> _All:
    found: list[Row] = []
    problems: list[str] = []
    longest = 0.0
    for cluster in reach.clusters:
        look = looks.get(cluster.name, ToolMissing(f"{cluster.name}: {cluster.problem}"))
        if isinstance(look, ToolMissing):
            problems.append(str(look))
            found += rows.unreachable(cluster, str(look), names)
            continue
        its = rows.of(reach, cluster, look, names)
        problems += hidden(look)
        longest = max(longest, waiting.longest(its, look, reach.version))
        found += its
    return _All(found, problems, longest or waiting.USUAL)


def _nobody(names: Sequence[str], problems: Sequence[str]) -> Exception:
    if problems:
        return ToolMissing("; ".join(problems))
    return BadInput(f"{', '.join(names)}: no workload of that name is declared or there")


def _never(reach: Reach, names: Sequence[str]) -> None:
    """Refuse to wait for what no wait can show: a cluster that there is no way to."""
    for cluster in reach.clusters:
        if cluster.problem and rows.unreachable(cluster, cluster.problem, names):
            raise ToolMissing(f"--wait: {cluster.name}: {cluster.problem}; until then nothing of it can be waited for")


class _Wait:
    """When a wait ends, and with what.

    Args:
        limit: seconds; None for as long as KAITO itself waits.
    """

    def __init__(self, limit: float | None) -> None:
        self._limit = limit
        self._start = time.monotonic()
        self._failing_since: float | None = None
        self._longest = 0.0

    def ends(self, now: _All) -> int | None:
        """The exit code; None while the wait goes on."""
        moment = time.monotonic()
        phases = [row.state.phase for row in now.rows]
        if phases and all(one == "healthy" for one in phases):
            return 0
        self._failing_since = (self._failing_since or moment) if "degraded" in phases else None
        settled = min(_SETTLED, (self._limit or _SETTLED) / 2)
        if self._failing_since is not None and moment - self._failing_since >= settled:
            return Findings.exit_code
        self._longest = max(self._longest, now.longest)
        limit = self._limit if self._limit is not None else self._longest
        if moment - self._start >= limit:
            output.note(f"--wait: not ready after {limit:.0f} s; 'kaitops why NAME' says what holds it up")
            return TIMED_OUT
        return None
