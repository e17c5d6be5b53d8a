"""Matching the objects of base and head, and sending each pair to the rules of its kind."""

from collections.abc import Callable, Mapping, Sequence

from kaitops.change import declared, deleting, guards, metadata, native, refusing
from kaitops.change.changes import Change, Edit, Outcome, changed
from kaitops.change.pair import Around, Pair
from kaitops.change.succeeding import Successors
from kaitops.documents.plain import Object
from kaitops.documents.ref import Ref
from kaitops.kaito.release import Release

_Rule = Callable[[Pair], list[Edit]]
_GROUP = "kaito.sh"


def compare(
    base: Sequence[Object],
    head: Sequence[Object],
    release: Release,
    settings: Object,
    *,
    beside: Sequence[Object] = (),
    whole: bool = False,
    left: Mapping[int, str],
) -> list[Change]:
    """See :func:`kaitops.change.compare`."""
    before = {Ref.of(document): document for document in base}
    after = {Ref.of(document): document for document in head}
    openings = guards.Openings(base, head)
    stays = [document for document in head if not deleting.hook(document)]
    around = Around(base, beside), Around(head, beside)
    changes: list[Change] = []
    for key, document in after.items():
        old = before.get(key)
        if old is None:
            added = (_added(document), *openings.of(document))
            changes.append(Change(Outcome.ADDED, None, document, added))
            continue
        pair = Pair(old, document, release, settings, *around, whole)
        one = _judge(pair) if old != document else Change(Outcome.UNCHANGED, old, document)
        if old != document:
            hooked = deleting.hooked(old, document, around[0].users, base, stays)
            away = [edit for edit in (hooked, deleting.displaced(old, document, base)) if edit is not None]
            one = changed(old, document, [*one.edits, *away]) if away else one
        changes.append(one)
    gone = [document for key, document in before.items() if key not in after]
    followed = [one.head for one in changes if one.head is not None and not _is_kept_as_it_was(one)]
    successors = Successors(head, followed)
    for document in gone:
        if id(document) in left:
            changes.append(Change(Outcome.LEFT, document, None, (deleting.left(document, left[id(document)]),)))
            continue
        away = deleting.edit(document, around[0].users, base, head, successors=successors)
        changes.append(Change(Outcome.DELETED, document, None, (away,)))
    return changes


def _is_kept_as_it_was(change: Change) -> bool:
    return any(edit.outcome in (Outcome.REFUSED, Outcome.IGNORED) for edit in change.edits)


def _judge(pair: Pair) -> Change:
    group = str(pair.head.get("apiVersion") or "").rpartition("/")[0]
    if group == _GROUP:
        if refused := refusing.edits(pair):
            return changed(pair.base, pair.head, refused)
        rule: _Rule = declared.RULES.get(str(pair.head["kind"]), declared.unknown)
    else:
        rule = native.rule(str(pair.head["kind"]))
    return changed(pair.base, pair.head, [*rule(pair), *metadata.edits(pair), *guards.edits(pair.base, pair.head)])


def _added(document: Object) -> Edit:
    return Edit(Outcome.ADDED, (), "is new", f"the {document.get('kind')} is created")
