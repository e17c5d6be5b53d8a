"""How long ``kaitops status --wait`` waits: as long as it is told, else as long as KAITO itself gives a start."""

import re
from collections.abc import Sequence

from kaitops.documents.plain import at
from kaitops.errors import BadInput
from kaitops.kaito import Release
from kaitops.kaito.lifecycle import Lifecycle
from kaitops.live.declared import Row
from kaitops.live.kinds import DECLARED
from kaitops.live.snapshot import Snapshot

USUAL = 3600.0
"""Seconds that are waited for what KAITO says nothing of."""


def longest(rows: Sequence[Row], snapshot: Snapshot, version: str) -> float:
    """The longest that KAITO itself gives one of the workloads; 0 where there is none."""
    release = Release.load(version)
    times = [_time(row, snapshot, version, release) for row in rows]
    return float(max(times, default=0))


def _time(row: Row, snapshot: Snapshot, version: str, release: Release) -> int:
    state = row.state
    live = snapshot.find(state.kind, state.namespace, state.name)
    if state.kind not in DECLARED or live is None:
        return int(USUAL)
    life = Lifecycle.of(version, state.kind)
    return life.timeout_seconds((name for path in life.model if (name := at(live, *path.split(".")))), release)


def seconds(text: str) -> float:
    """A time as people write it.

    Raises:
        BadInput: it is none.
    """
    found = re.fullmatch(r"(\d+)(s|m|h)?", text)
    if not found or not int(found.group(1)):
        raise BadInput(f"--timeout: {text!r} is no time; write 90s, 30m or 2h")
    return float(int(found.group(1)) * {"s": 1, "m": 60, "h": 3600, None: 1}[found.group(2)])
