"""What merging would change: the tree against the same paths at a git reference, and what that costs.

Owns how changes become findings and rows. What a change does and what machines cost is worked out elsewhere.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaitops.documents.reader import Document
from kaitops.gate.collecting import Group, Item, Tree, collect
from kaitops.gate.guarding import settle
from kaitops.gate.judging import Judge
from kaitops.kaito.release import Release
from kaitops.report.findings import CRITICAL, HIGH, LOW, MEDIUM, Finding, Report, RuleNote

if TYPE_CHECKING:
    from kaitops.change import Change
    from kaitops.cost import Budget, Cluster, CostFinding
    from kaitops.cost.quota import Quota

_CHANGES = {
    "refused": RuleNote("KAITOPS-CHANGE-REFUSED", CRITICAL, "The cluster takes the change"),
    "ignored": RuleNote("KAITOPS-CHANGE-IGNORED", MEDIUM, "The cluster follows the change"),
    "restarted": RuleNote("KAITOPS-CHANGE-RESTART", LOW, "The change stops nothing that serves"),
    "deleted": RuleNote("KAITOPS-CHANGE-DELETE", MEDIUM, "The change deletes no object"),
}
_COST = {"error": HIGH, "warning": LOW}


@dataclass(frozen=True, slots=True)
class Side:
    """One cluster as it is on one side of the change."""

    name: str
    release: Release
    settings: Mapping[str, Any]
    group: Group

    @property
    def objects(self) -> list[dict[str, Any]]:
        """Its objects."""
        return [item.data for item in self.group.items]


@dataclass(slots=True)
class Base:
    """The tree at a git reference.

    Attributes:
        groups: by name of the cluster.
    """

    groups: dict[str, Group] = field(default_factory=dict[str, Group])


def name_of(group: Group) -> str:
    """The name of a group's cluster; empty where the tree does not say."""
    return str(group.context.get("cluster") or "")


def read_base(ref: str, paths: Sequence[str], parsed: dict[bytes, list[Document]]) -> Base:
    """Read the same paths at a reference.

    Args:
        parsed: documents of the head by the content of their file.

    Raises:
        BadInput: no repository, no such reference, or the reference holds what cannot be read.
    """
    from kaitops.change import tree_at
    from kaitops.errors import BadInput

    report = Report()
    with tempfile.TemporaryDirectory(prefix="kaitops-base-") as name:
        found = tree_at(ref, paths, Path(name))
        tree = collect(found, report, parsed) if found else Tree()
    unread = [one for one in report.findings if one.unjudged]
    if unread:
        raise BadInput(f"--base {ref}: {unread[0].message}; the change cannot be judged against what cannot be read")
    base = Base()
    for group in tree.groups:
        base.groups.setdefault(name_of(group), Group(group.context)).items.extend(group.items)
    return base


def judge(base: Base, head: Sequence[Side], report: Report, anchor: str) -> "list[Change]":
    """Compare every cluster; returns the edits that need another way, for which a plan can be made.

    Args:
        anchor: the file that findings about an object that is gone are shown at.
    """
    rows: list[Mapping[str, Any]] = []
    immutable: list[Change] = []
    for side in _sides(base, head):
        before = base.groups.get(side.name, Group())
        found = _compared(before, side, report, anchor)
        items = {id(item.data): item for item in side.group.items}
        for change in found:
            if str(change.outcome) == "unchanged":
                continue
            rows.append(_row(side.name, change))
            item = items.get(id(change.head))
            report.findings += _findings(change, item, anchor)
            if change.immutable:
                immutable.append(change)
    report.plan = rows
    report.rules |= {note.id: note for note in _CHANGES.values()}
    return immutable


def _compared(before: Group, side: Side, report: Report, anchor: str) -> "list[Change]":
    """The changes of one cluster, but for objects that break the comparison, which are named."""
    from kaitops.change import compare

    beside = list(side.group.context.get("nodes", ()))
    olds = {_key(item): item for item in before.items}

    def act(left_out: frozenset[int]) -> "list[Change]":
        keys = {_key(item) for item in side.group.items if id(item.data) in left_out}
        base = [item.data for item in before.items if id(item.data) not in left_out and _key(item) not in keys]
        head = [item.data for item in side.group.items if id(item.data) not in left_out]
        return compare(base, head, side.release, side.settings, beside=beside)

    def probe(item: Item) -> object:
        old = olds.get(_key(item))
        head = [] if old is item else [item.data]
        return compare([old.data] if old else [], head, side.release, side.settings, beside=beside)

    found = settle(act, [*side.group.items, *before.items], probe, report, "comparing with the base", anchor)
    return found or []


def _key(item: Item) -> tuple[str, str, str]:
    about = item.data["metadata"]
    return item.data["kind"], str(about.get("namespace") or ""), str(about.get("name"))


def _sides(base: Base, head: Sequence[Side]) -> list[Side]:
    """All clusters, with those that the head has no more as empty ones."""
    if not head:
        return []  # nothing says which version of KAITO the clusters run
    known = {side.name for side in head}
    gone = [name for name in base.groups if name not in known]
    empty = [
        Side(name, head[0].release, base.groups[name].context.get("settings") or {}, Group(base.groups[name].context))
        for name in gone
    ]
    return [*head, *empty]


def _row(cluster: str, change: "Change") -> dict[str, Any]:
    edit = change.edits[0] if change.edits else None
    return {
        "cluster": cluster,
        "object": change.subject,
        "outcome": str(change.outcome),
        "field": edit.field if edit else "",
        "consequence": edit.consequence if edit else "",
    }


def _findings(change: "Change", item: Item | None, anchor: str) -> list[Finding]:
    found: list[Finding] = []
    for edit in change.edits:
        note = _CHANGES.get(str(edit.outcome))
        if note is None:
            continue
        text = "; ".join(part for part in (edit.reason, edit.consequence) if part)
        if item is not None:
            one = item.violation("change", note, edit.path, text)
            found.append(_with_remedy(one, edit.remedy))
        else:
            found.append(Finding("change", note.id, note.severity, anchor, 1, 1, change.subject, text, edit.remedy))
    return found


def _with_remedy(one: Finding, remedy: str) -> Finding:
    from dataclasses import replace

    return replace(one, remedy=remedy)


def judge_cost(
    base: Base | None,
    head: Sequence[Side],
    report: Report,
    *,
    refused: frozenset[int],
    anchor: str,
    region: str | None,
    today: date,
    budget: "Budget | None",
    quotas: "Sequence[Quota]",
) -> None:
    """Add what the machines cost against the base, and what is wrong with them.

    Args:
        refused: identities of objects that are not admitted, which no machine is counted for.
        anchor: the file that findings about no object are shown at.
    """
    from kaitops.cost import difference, findings, machines

    if not head:
        return
    items = {id(item.data): item for side in head for item in side.group.items}
    admitted = [item for item in items.values() if id(item.data) not in refused]

    def clusters(left_out: frozenset[int]) -> "list[Cluster]":
        return [_cluster(side.group, side, region, refused | left_out) for side in head]

    def probe(item: Item) -> object:
        side = next(side for side in head if any(one is item for one in side.group.items))
        return machines(_cluster(Group(side.group.context, [item]), side, region), side.release)

    def judge_all(left_out: frozenset[int]) -> "list[CostFinding]":
        return findings(clusters(left_out), head[0].release, today=today, budget=budget, quotas=quotas)

    for one in settle(judge_all, admitted, probe, report, "the cost of it", anchor) or ():
        note = RuleNote(f"KAITOPS-{one.check.upper()}", _COST[one.severity], f"Machines: {one.check}")
        report.rules.setdefault(note.id, note)
        item = items.get(id(one.document))
        if item is not None:
            report.findings.append(item.violation("cost", note, one.path, one.message))
        else:
            where = f"cluster {one.cluster}" if one.cluster else ""
            report.findings.append(Finding("cost", note.id, note.severity, anchor, 1, 1, where, one.message))
    if base is not None:
        was = [_cluster(group, head[0], region, _not_admitted(group, head[0])) for group in base.groups.values()]
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


def _not_admitted(group: Group, side: Side) -> frozenset[int]:
    """Objects of the base that no cluster holds, since none would take them: nothing is worked out from them."""
    judge = Judge(side.release, group, side.settings, frozenset())
    return frozenset(
        id(item.data)
        for item in group.items
        if item.data["apiVersion"].startswith("kaito.sh/") and not judge.admits(item)
    )


def _cluster(group: Group, side: Side, region: str | None, left_out: frozenset[int] = frozenset()) -> "Cluster":
    from kaitops.cost import Cluster

    context = dict(group.context) or {"cluster": "", "settings": dict(side.settings)}
    objects = [item.data for item in group.items if id(item.data) not in left_out]
    return Cluster.from_context(context, objects, region=region)
