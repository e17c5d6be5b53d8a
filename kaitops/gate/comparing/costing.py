"""What the machines of a tree cost, against the base, and what is wrong with them.

Owns how costs become findings and rows. What machines cost is worked out elsewhere.
"""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from kaitops.documents.plain import Path
from kaitops.gate.comparing.changes import Pair, Side
from kaitops.gate.guarding import settle
from kaitops.gate.judging.admission import Judge
from kaitops.gate.objects import Group, Item
from kaitops.kaito.anatomy import GROUP
from kaitops.report.findings import HIGH, LOW, Finding, Report, RuleNote

if TYPE_CHECKING:
    from kaitops.cost import Budget, Cluster, CostFinding
    from kaitops.cost.quota import Quota

_COST = {"error": HIGH, "warning": LOW}


def judge(
    pairs: Sequence[Pair] | None,
    head: Sequence[Side],
    report: Report,
    *,
    refused: frozenset[int],
    anchor: str,
    region: str | None,
    today: date,
    budget: "Budget | None",
    quotas: "Sequence[Quota]",
    kept: Collection[int],
) -> None:
    """Add what the machines cost against the base, and what is wrong with them.

    Args:
        pairs: each cluster as it was, with the head's; None where nothing is compared.
        refused: identities of objects that are not admitted, which no machine is counted for.
        anchor: the file that findings about no object are shown at.
        kept: identities of objects of the base that stay although the head has them no more.
    """
    from kaitops.cost import difference, findings, machines

    if not head:
        return
    items = {id(item.data): item for side in head for item in side.group.items}
    admitted = [item for item in items.values() if id(item.data) not in refused]

    # What is found of objects that stay is told of their cluster.
    staying = {id(side.group): side.group.holding([*side.group.items, *stay]) for group, side in pairs or ()
               if (stay := [item for item in group.items if id(item.data) in kept])}  # fmt: skip
    known = {id(side.group) for side in head}
    # The tree may have a cluster no more whose machines run on.
    lasting = [*head, *(side for _, side in pairs or () if id(side.group) in staying.keys() - known)]

    @cache
    def clusters(left_out: frozenset[int]) -> "list[Cluster]":
        # The same ones for both questions: a cluster keeps what was counted of it.
        return [_cluster(staying.get(id(side.group), side.group), side, region, refused | left_out) for side in lasting]

    def probe(item: Item) -> object:
        side = next(side for side in head if any(one is item for one in side.group.items))
        return machines(_cluster(Group(side.group.context, [item]), side, region), side.release)

    def judge_all(left_out: frozenset[int]) -> "list[CostFinding]":
        return findings(clusters(left_out), head[0].release, today=today, budget=budget, quotas=quotas)

    for one in settle(judge_all, admitted, probe, report, "the cost of it", anchor) or ():
        if one.severity == "note":
            report.notes.append(one.message)
            continue
        note = RuleNote(f"KAITOPS-{one.check.upper()}", _COST[one.severity], f"Machines: {one.check}")
        report.rules.setdefault(note.id, note)
        item = items.get(id(one.document))
        if item is not None:
            report.findings.append(item.violation("cost", note, one.path, one.message))
        else:
            where = f"cluster {one.cluster}" if one.cluster else ""
            place = next(
                (side.group.place(anchor) for side in head if one.cluster and side.name == one.cluster), anchor
            )
            report.findings.append(Finding("cost", note.id, note.severity, place, 1, 1, where, one.message))
    if pairs is None:
        found = settle(
            lambda left_out: difference(clusters(left_out), clusters(left_out), head[0].release),
            admitted, probe, report, "the cost of it", anchor,
        )  # fmt: skip
        if found is not None:
            report.cost = [{**found.total.as_row(), "object": "total"}]
            report.notes += found.notes
    else:
        was = [_cluster(group, head[0], region, _not_admitted(group, head[0], side, refused)) for group, side in pairs]
        found = settle(
            lambda left_out: difference(was, clusters(left_out), head[0].release),
            admitted, probe, report, "the cost of the change", anchor,
        )  # fmt: skip
        if found is None:
            return
        rows = [row for row in found.rows if not row.is_same]
        sums = [{**row.as_row(), "object": "all"} for row in found.clusters if row.cluster]
        report.cost = [*(row.as_row() for row in rows), *sums, {**found.total.as_row(), "object": "total"}]
        report.notes += found.notes


def _not_admitted(group: Group, side: Side, now: Side, refused: frozenset[int]) -> frozenset[int]:
    """Objects of the base that no cluster holds, since none would take them: nothing is worked out from them.

    Args:
        now: the cluster as the change leaves it; what it has word for word was judged there.
        refused: identities of its objects that are not admitted.
    """
    judge = Judge(side.release, group, side.settings, frozenset())
    # What both have in files of the same content is read once, so that it is the same data.
    admitted: set[tuple[int, Path, object]] = set()
    if now.release is side.release and group.settings_or({}) == now.group.settings_or({}):
        admitted = {_source(item) for item in now.group.items if id(item.data) not in refused}
    return frozenset(
        id(item.data)
        for item in group.items
        if item.data["apiVersion"].startswith(GROUP) and _source(item) not in admitted and not judge.admits(item)
    )


def _source(item: Item) -> tuple[int, Path, object]:
    return id(item.document.data), item.prefix, item.data["metadata"].get("namespace")


def _cluster(group: Group, side: Side, region: str | None, left_out: frozenset[int] = frozenset()) -> "Cluster":
    from kaitops.cost import Cluster

    settings = group.settings_or({} if group.context else side.settings)
    objects = [item.data for item in group.items if id(item.data) not in left_out]
    # What was judged by other settings than are counted by says nothing of the machines.
    made = group.made if side.settings == settings else None
    return Cluster.from_context(group.context, objects, region=region, settings=settings, made=made)
