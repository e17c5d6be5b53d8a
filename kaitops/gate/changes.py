"""What merging would change: the tree against the same paths at a git reference, and what that costs.

Owns how changes become findings and rows. What a change does and what machines cost is worked out elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from kaitops.gate.base import BaseTree, name_of
from kaitops.gate.collecting import Group, Item
from kaitops.kaito.release import Release
from kaitops.report.findings import CRITICAL, HIGH, LOW, MEDIUM, Finding, Report, RuleNote

if TYPE_CHECKING:
    from kaitops.change import Change
    from kaitops.cost import Budget, Cluster
    from kaitops.cost.quota import Quota

_CHANGES = {
    "refused": RuleNote("KAITOPS-CHANGE-REFUSED", CRITICAL, "The cluster takes the change"),
    "ignored": RuleNote("KAITOPS-CHANGE-IGNORED", MEDIUM, "The cluster follows the change"),
    "restarted": RuleNote("KAITOPS-CHANGE-RESTART", LOW, "The change stops nothing that serves"),
    "deleted": RuleNote("KAITOPS-CHANGE-DELETE", MEDIUM, "The change deletes no object"),
    "unknown": RuleNote("KAITOPS-CHANGE-UNKNOWN", MEDIUM, "What the base holds can be read"),
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


def judge(before: BaseTree, head: Sequence[Side], report: Report, anchor: str, ref: str) -> "list[Change]":
    """Compare every cluster; returns the edits that need another way, for which a plan can be made.

    Args:
        anchor: the file that findings about an object that is gone are shown at.
        ref: the git reference, for messages.
    """
    from kaitops.change import compare

    rows: list[Mapping[str, Any]] = []
    immutable: list[Change] = []
    for group, side in _sides(before, head):
        found = compare(
            [item.data for item in group.items], side.objects, side.release, side.settings,
            beside=list(side.group.context.get("nodes", ())),
        )  # fmt: skip
        items = {id(item.data): item for item in side.group.items}
        for change in found:
            if str(change.outcome) == "unchanged":
                continue
            rows.append(_row(side.name, change))
            item = items.get(id(change.head))
            report.findings += _findings(change, item, anchor)
            if change.immutable:
                immutable.append(change)
    report.findings += [_unknown(ref, name, reason) for name, reason in sorted(before.unknown.items())]
    report.plan = rows
    report.rules |= {note.id: note for note in _CHANGES.values()}
    return immutable


def _unknown(ref: str, name: str, reason: str) -> Finding:
    note = _CHANGES["unknown"]
    text = (
        f"{ref} holds it in a form that cannot be read ({reason[:200]}), so what was there is not known: objects of it "
        "count as new, and an edit that the cluster refuses is not seen; compare it by hand"
    )
    return Finding("change", note.id, note.severity, name, 1, 1, "", text)


def _sides(before: BaseTree, head: Sequence[Side]) -> "list[tuple[Group, Side]]":
    """All clusters with what they were; those that the head has no more are empty ones."""
    if not head:
        return []
    was, gone = before.matched([side.group for side in head])
    empty = [
        (group, Side(name_of(group), head[0].release, group.context.get("settings") or {}, Group(group.context)))
        for group in gone
    ]
    return [*zip(was, head, strict=True), *empty]


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
    before: BaseTree | None,
    head: Sequence[Side],
    report: Report,
    *,
    anchor: str,
    region: str | None,
    today: date,
    budget: "Budget | None",
    quotas: "Sequence[Quota]",
) -> None:
    """Add what the machines cost against the base, and what is wrong with them.

    Args:
        anchor: the file that findings about no object are shown at.
    """
    from kaitops.cost import difference, findings

    clusters = [_cluster(side.group, side, region) for side in head]
    items = {id(item.data): item for side in head for item in side.group.items}
    for one in findings(clusters, head[0].release, today=today, budget=budget, quotas=quotas) if head else ():
        note = RuleNote(f"KAITOPS-{one.check.upper()}", _COST[one.severity], f"Machines: {one.check}")
        report.rules.setdefault(note.id, note)
        item = items.get(id(one.document))
        if item is not None:
            report.findings.append(item.violation("cost", note, one.path, one.message))
        else:
            where = f"cluster {one.cluster}" if one.cluster else ""
            report.findings.append(Finding("cost", note.id, note.severity, anchor, 1, 1, where, one.message))
    if before is not None and head:
        was = [_cluster(group, head[0], region) for group, _ in _sides(before, head)]
        found = difference(was, clusters, head[0].release)
        rows = [row for row in found.rows if not row.is_same]
        sums = [{**row.as_row(), "object": "all"} for row in found.clusters if row.cluster]
        report.cost = [*(row.as_row() for row in rows), *sums, {**found.total.as_row(), "object": "total"}]
        report.notes += found.notes


def _cluster(group: Group, side: Side, region: str | None) -> "Cluster":
    from kaitops.cost import Cluster

    context = dict(group.context) or {"cluster": "", "settings": dict(side.settings)}
    return Cluster.from_context(context, [item.data for item in group.items], region=region)
