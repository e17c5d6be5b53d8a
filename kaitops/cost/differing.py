"""Nodes, GPUs and USD of a head against a base."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kaitops.cost.cluster import Cluster
from kaitops.cost.counted import Machines
from kaitops.cost.machine_list import machines
from kaitops.documents.plain import MutableObject
from kaitops.kaito.release import Release
from kaitops.prices import HOURS_PER_MONTH
from kaitops.report.printable import counted


class Amount(NamedTuple):
    """Machines and money.

    Attributes:
        per_hour: USD for the machines that have a price.
        unpriced: nodes without one; where not 0, ``per_hour`` is a lower bound.
        gpus: of the sizes whose GPUs are known.
    """

    nodes: int = 0
    gpus: int = 0
    per_hour: float = 0.0
    unpriced: int = 0

    @property
    def per_month(self) -> float:
        """USD for 730 hours."""
        return self.per_hour * HOURS_PER_MONTH

    @classmethod
    def of(cls, parts: Iterable["Amount"]) -> "Amount":
        """The sum of some."""
        nodes = gpus = unpriced = 0
        per_hour = 0.0
        for one in parts:
            nodes, gpus, per_hour = nodes + one.nodes, gpus + one.gpus, per_hour + one.per_hour
            unpriced += one.unpriced
        return cls(nodes, gpus, per_hour, unpriced)


class Row(NamedTuple):
    """One object and size, one cluster, or all of them; empty names stand for more."""

    cluster: str
    subject: str
    size: str
    before: Amount
    after: Amount

    @property
    def is_same(self) -> bool:
        """Nothing changes."""
        return self.before == self.after

    def as_row(self) -> MutableObject:
        """Plain form; money is None where a machine has no price."""
        return {
            "cluster": self.cluster,
            "object": self.subject,
            "size": self.size,
            "nodes_before": self.before.nodes,
            "nodes_after": self.after.nodes,
            "gpus_before": self.before.gpus,
            "gpus_after": self.after.gpus,
            "usd_per_hour_before": _money(self.before),
            "usd_per_hour_after": _money(self.after),
            "usd_per_month_before": _money(self.before, HOURS_PER_MONTH),
            "usd_per_month_after": _money(self.after, HOURS_PER_MONTH),
            "nodes_without_price": self.after.unpriced,
        }


class Difference(NamedTuple):
    """The whole difference.

    Attributes:
        rows: objects and sizes, those that stay as they are included.
        clusters: sums by cluster.
        total: of all clusters.
        notes: what the sums leave out and why.
    """

    rows: tuple[Row, ...]
    clusters: tuple[Row, ...]
    total: Row
    notes: tuple[str, ...]

    def as_dict(self) -> MutableObject:
        """Plain form."""
        return {
            "objects": [row.as_row() for row in self.rows],
            "clusters": [row.as_row() for row in self.clusters],
            "total": self.total.as_row(),
            "notes": list(self.notes),
        }

    def markdown(self) -> str:
        """A table for a pull request: what changes, then sums."""
        lines = ["| cluster | object | size | nodes | GPUs | USD/h | USD/month |", "|---|---|---|---:|---:|---:|---:|"]
        changed = [row for row in self.rows if not row.is_same]
        for row in [*changed, *self.clusters, self.total]:
            lines.append(_line(row))
        lines += ["", *(f"- {note}" for note in self.notes)] if self.notes else []
        return "\n".join(lines) + "\n"


def difference(base: Sequence[Cluster], head: Sequence[Cluster], release: Release) -> Difference:
    """See :func:`kaitops.cost.difference`."""
    after = _by_key(head, release)
    before = _by_key(base, release, {cluster.name: cluster for cluster in head})
    keys = list(dict.fromkeys([*after, *before]))
    rows = [Row(*key, total(before.get(key, ())), total(after.get(key, ()))) for key in keys]
    names = list(dict.fromkeys(row.cluster for row in rows))
    clusters = [_sum(name, [row for row in rows if row.cluster == name]) for name in names]
    notes = [*(note for key in after for note in _notes(key, after[key])), *_unpriced(after, head)]
    return Difference(tuple(rows), tuple(clusters), _sum("", rows), tuple(dict.fromkeys(notes)))


def _sum(name: str, rows: Sequence[Row]) -> Row:
    return Row(name, "", "", Amount.of(row.before for row in rows), Amount.of(row.after for row in rows))


def _by_key(
    clusters: Sequence[Cluster], release: Release, like: Mapping[str, Cluster] | None = None
) -> Mapping[tuple[str, str, str], list[Machines]]:
    found: dict[tuple[str, str, str], list[Machines]] = {}
    for cluster in clusters:
        for one in machines(cluster, release, (like or {}).get(cluster.name)):
            found.setdefault((cluster.name, one.subject, one.size), []).append(one)
    return found


def total(found: Sequence[Machines]) -> Amount:
    """All machines of a list together."""
    return Amount.of(map(_amount, found))


def _amount(one: Machines) -> Amount:
    cost = one.per_hour
    return Amount(one.nodes, one.gpus or 0, cost or 0.0, one.nodes if cost is None and not one.brought else 0)


def _notes(key: tuple[str, str, str], found: Sequence[Machines]) -> Iterator[str]:
    cluster, subject, _ = key
    where = f"cluster {cluster}: " if cluster else ""
    for one in found:
        if one.problem:
            yield f"{where}{subject}: {one.problem}"
        if one.brought and one.nodes:
            yield f"{where}{subject}: runs on nodes of your own, which are counted and not priced"


def _unpriced(found: Mapping[tuple[str, str, str], Sequence[Machines]], clusters: Sequence[Cluster]) -> Iterator[str]:
    """One note a cluster and size, however many workloads run on it; one a cluster whose region is not known."""
    regions = {cluster.name: cluster.region for cluster in clusters}
    left: dict[tuple[str, str], list[str]] = {}
    nodes: dict[tuple[str, str], int] = {}
    for (name, subject, size), machines_of in found.items():
        for one in machines_of:
            if one.per_hour is None and size and not one.brought:
                kept = (name, size if regions.get(name) else "")
                left.setdefault(kept, []).append(subject)
                nodes[kept] = nodes.get(kept, 0) + one.nodes
    for (name, size), subjects in left.items():
        where = f"cluster {name}: " if name else ""
        more = f" and {counted(len(subjects) - 1, 'other')}" if len(subjects) > 1 else ""
        out = f"so the sums leave {counted(nodes[name, size], 'node')} out: {subjects[0]}{more}"
        known = f"price is known for {size} in {regions[name]}" if size else "region is known: name it by --region"
        yield f"{where}no {known}; {out}"


def _money(amount: Amount, times: int = 1) -> float | None:
    return None if amount.unpriced else round(amount.per_hour * times, 4)


def _line(row: Row) -> str:
    names = (row.cluster or ("all" if not row.subject else ""), row.subject or "*all*", row.size)
    cells = [
        _pair(row.before.nodes, row.after.nodes, "{}"),
        _pair(row.before.gpus, row.after.gpus, "{}"),
        _pair(row.before.per_hour, row.after.per_hour, "{:.2f}") + _unknown(row),
        _pair(row.before.per_month, row.after.per_month, "{:.0f}") + _unknown(row),
    ]
    return f"| {' | '.join([*names, *cells])} |"


def _unknown(row: Row) -> str:
    return " + unknown" if row.after.unpriced or row.before.unpriced else ""


def _pair(before: float, after: float, form: str) -> str:
    if before == after:
        return form.format(after)
    sign = "+" if after > before else "-"
    return f"{form.format(before)} -> {form.format(after)} ({sign}{form.format(abs(after - before))})"
