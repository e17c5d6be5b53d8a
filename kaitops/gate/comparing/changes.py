"""What merging would change: the tree against the same paths at a git reference.

Owns how changes become findings and rows. What a change does is worked out elsewhere.
"""

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kaitops.documents.plain import MutableObject, Object
from kaitops.fleet.objects import refusals
from kaitops.gate import checks, native
from kaitops.gate.comparing.base import BaseTree
from kaitops.gate.guarding import settle
from kaitops.gate.objects import Group, Item
from kaitops.kaito.anatomy import GROUP
from kaitops.kaito.release import Release
from kaitops.kaito.settings import Settings
from kaitops.report.findings import CRITICAL, HIGH, LOW, MEDIUM, Finding, Report, RuleNote

if TYPE_CHECKING:
    from kaitops.change import Change

_CHANGES = {
    "refused": RuleNote("KAITOPS-CHANGE-REFUSED", CRITICAL, "The cluster takes the change"),
    "ignored": RuleNote("KAITOPS-CHANGE-IGNORED", MEDIUM, "The cluster follows the change"),
    "restarted": RuleNote("KAITOPS-CHANGE-RESTART", LOW, "The change stops nothing that serves"),
    "deleted": RuleNote("KAITOPS-CHANGE-DELETE", MEDIUM, "The change deletes no object"),
    "lowered": checks.note(checks.GUARD),
    "unknown": RuleNote("KAITOPS-CHANGE-UNKNOWN", MEDIUM, "What the base holds can be read"),
}


class Side(NamedTuple):
    """One cluster as it is on one side of the change."""

    name: str
    release: Release
    settings: Object
    group: Group

    @property
    def objects(self) -> list[MutableObject]:
        """Its objects."""
        return [item.data for item in self.group.items]


Pair = tuple[Group, Side]


def judge(
    before: BaseTree,
    pairs: Sequence[Pair],
    report: Report,
    anchor: str,
    ref: str,
    unlisted: Collection[str],
    kept: Mapping[int, str],
) -> "list[Change]":
    """Compare every cluster; returns the edits that need another way, for which a plan can be made.

    Args:
        kept: why objects stay that the head has no more, by the identity of their data.
        pairs: see :func:`sides`.
        anchor: the file that findings about an object that is gone are shown at where its cluster has none, and is
            not gone itself.
        ref: the git reference, for messages.
        unlisted: files of the head that nobody deploys, so that what they hold is not there.
    """
    left = {*unlisted, *before.unlisted}
    # A tree that holds nothing any more has nothing that could be found in it.
    emptied = not any(side.group.items for _, side in pairs)
    unknown = dict(before.unknown)
    rows: list[Object] = []
    immutable: list[Change] = []
    for group, side in pairs:
        now = side._replace(group=_deployed(side.group, left))
        found, refused = _compared(_deployed(group, left), now, report, anchor, kept)
        unknown |= {before.place_of(item): f"{item.subject} is refused by the API server" for item in refused}
        items = {id(item.data): item for item in side.group.items}
        # Of a cluster that is gone nothing is left to point to, and a file of another one has no part in it.
        is_gone = not emptied and not side.group.items and side.group.document is None
        lost = {id(item.data): item for item in group.items} if is_gone else {}
        for change in found:
            if str(change.outcome) == "unchanged":
                continue
            rows.append(_row(side.name or _overlay(side.group), change))
            item = items.get(id(change.head))
            place = side.group.place(anchor)
            if id(change.base) in lost:
                place = before.was_at(lost[id(change.base)])
            report.findings += _findings(change, item, place, emptied=emptied)
            if change.immutable:
                immutable.append(change)
    report.findings += [_unknown(ref, name, reason) for name, reason in sorted(unknown.items())]
    report.plan = rows
    report.rules |= {note.id: note for note in _CHANGES.values()}
    return immutable


def _deployed(group: Group, left: Collection[str]) -> Group:
    if not left:
        return group
    return group.holding([item for item in group.items if item.document.file not in left])


def _compared(
    before: Group, side: Side, report: Report, anchor: str, kept: Mapping[int, str]
) -> "tuple[list[Change], list[Item]]":
    """The changes of one cluster, but for objects that break the comparison, which are named.

    Those of the base that the API server refuses were never in the cluster: they are returned, and block no change.
    """
    from kaitops.change import compare

    beside = list(side.group.context.get("nodes", ()))
    olds = {item.key: item for item in before.items}
    refused: dict[int, Item] = {}

    def act(left_out: frozenset[int]) -> "list[Change]":
        keys = {item.key for item in side.group.items if id(item.data) in left_out}
        without = left_out | refused.keys()
        base = [item.data for item in before.items if id(item.data) not in without and item.key not in keys]
        head = [item.data for item in side.group.items if id(item.data) not in left_out]
        return compare(base, head, side.release, side.settings, beside=beside, left=kept)

    def probe(item: Item) -> object:
        old = olds.get(item.key)
        head = [] if old is item else [item.data]
        try:
            return compare([old.data] if old else [], head, side.release, side.settings, beside=beside, left=kept)
        except Exception:
            if old is None or not _is_refused(old, side):
                raise
            refused[id(old.data)] = old
            return compare([], head, side.release, side.settings, beside=beside)

    found = settle(act, [*side.group.items, *before.items], probe, report, "comparing with the base", anchor)
    return found or [], list(refused.values())


def _is_refused(item: Item, side: Side) -> bool:
    """The API server takes no such object, so the cluster never had it."""
    if not item.data["apiVersion"].startswith(GROUP):
        return native.is_held(item.data) and any(True for _ in native.problems(item.data))
    return bool(refusals(side.release.admit([item.data], Settings.from_dict(side.settings, side.release.version))))


def _unknown(ref: str, name: str, reason: str) -> Finding:
    note = _CHANGES["unknown"]
    text = (
        f"{ref} holds it in a form that cannot be read ({reason[:200]}), so what was there is not known: objects of it "
        "count as new, and an edit that the cluster refuses is not seen; compare it by hand"
    )
    return Finding("change", note.id, note.severity, name, 1, 1, "", text)


def sides(before: BaseTree, head: Sequence[Side], release: Callable[[Group], Release]) -> list[Pair]:
    """All clusters with what they were; those that the head has no more are empty ones.

    Args:
        release: of KAITO that a cluster ran, where the head has none to go by.
    """
    was, gone = before.matched([side.group for side in head])
    empty = [
        (
            group,
            Side(group.name, head[0].release if head else release(group), group.settings_or({}), Group(group.context)),
        )
        for group in gone
    ]
    return [*zip(was, head, strict=True), *empty]


def gone(pairs: Sequence[Pair]) -> list[Item]:
    """The objects of the base that their cluster has no more."""
    found: list[Item] = []
    for group, side in pairs:
        there = {item.key for item in side.group.items}
        found += [item for item in group.items if item.key not in there]
    return found


def _overlay(group: Group) -> str:
    """The folder of what is built for a cluster that no context file names."""
    return os.path.relpath(group.overlay) if group.overlay else ""


def _row(cluster: str, change: "Change") -> MutableObject:
    edit = change.edits[0] if change.edits else None
    return {
        "cluster": cluster,
        "object": change.subject,
        "outcome": str(change.outcome),
        "anew": any(one.anew for one in change.edits if one.outcome is change.outcome),
        "field": edit.field if edit else "",
        "consequence": edit.consequence if edit else "",
    }


def _findings(change: "Change", item: Item | None, anchor: str, *, emptied: bool) -> list[Finding]:
    found: list[Finding] = []
    for edit in change.edits:
        note = _CHANGES["lowered"] if edit.lowers else _CHANGES.get(str(edit.outcome))
        if note is None or edit.expected:
            continue
        if edit.grave or emptied:
            note = note._replace(severity=HIGH)
        text = "; ".join(part for part in (edit.reason, edit.consequence) if part)
        if item is not None:
            one = item.violation("change", note, edit.path, text)
            found.append(_with_remedy(one, edit.remedy))
        else:
            found.append(Finding("change", note.id, note.severity, anchor, 1, 1, change.subject, text, edit.remedy))
    return found


def _with_remedy(one: Finding, remedy: str) -> Finding:
    return one._replace(remedy=remedy)
