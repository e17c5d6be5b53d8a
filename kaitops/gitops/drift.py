"""What a controller writes into objects that a chart declares, so that nobody takes it for drift.

Owns the reading of ``drift.json``. There are no rules for the fleet's own objects: they declare nothing that somebody
else writes. An autoscaled InferenceSet has no replicas, and what KAITO adds to its kinds are further fields, which
server-side apply leaves to their owner.
"""

from typing import Any, NamedTuple

from kaitops.documents.plain import items, mapping
from kaitops.kaito import facts


class Drift(NamedTuple):
    """Fields that a controller owns.

    Attributes:
        name: of the object; empty for all of the kind.
        pointers: JSON pointers of the fields.
        jq: the fields as expressions of jq, for lists of any length; empty where the pointers say it all.
        reason: why they are left alone.
    """

    group: str
    kind: str
    name: str
    pointers: tuple[str, ...]
    jq: tuple[str, ...]
    reason: str


def drift(version: str, chart: str) -> tuple[Drift, ...]:
    """The rules for a chart; none for one that others keep."""
    rows: Any = facts.load(version, "drift.json")["charts"].get(chart, [])
    return tuple(
        Drift(
            row["group"],
            row["kind"],
            row.get("name", ""),
            tuple(map(str, items(row["pointers"]))),
            tuple(map(str, items(row.get("jq", [])))),
            row["reason"],
        )
        for row in map(mapping, rows)
    )
