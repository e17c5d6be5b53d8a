"""An edit that the API server or KAITO's webhook refuses: which field, why, and what to do instead."""

import re
from collections.abc import Iterator
from typing import Any

from kaitops.change.changes import STEPS, Edit, Outcome
from kaitops.change.fields import ABSENT, differences, value
from kaitops.change.pair import Pair
from kaitops.documents.plain import MutableObject, Path, mapping
from kaitops.fleet.objects import refusals
from kaitops.kaito.admission.remedies import remedy_for
from kaitops.kaito.kubernetes.cluster import Seen
from kaitops.kaito.kubernetes.field_errors import Refusal

# The ways in which KAITO says that a field cannot be changed once set.
_IMMUTABLE = re.compile(
    r"immutable|cannot be changed|cannot be toggled|cannot be unset/set|cannot be (?:added|removed) after creation"
)
_WAY = f"put the field back, or give the object a new name and let both serve until the old one can go ({STEPS})"


def edits(pair: Pair) -> list[Edit]:
    """The refusals of an update, one edit each; empty where it is admitted."""
    verdict = pair.release.admit_in(Seen(pair.after.cluster, pair.head), pair.head, pair.settings, pair.base)
    # In a whole tree nothing else is in the cluster, so what is absent there excuses nothing.
    said = verdict._replace(missing=[]) if pair.whole else verdict
    changed = list(differences(_body(pair.base), _body(pair.head)))
    return [_edit(pair, refusal, changed) for refusal in refusals(said)]


def _edit(pair: Pair, refusal: Refusal, changed: list[tuple[Path, Any, Any]]) -> Edit:
    text = refusal.text.rstrip(": ")
    immutable = bool(_IMMUTABLE.search(text))
    path = _path(refusal, [path for path, _, _ in changed], pair.head if not immutable else None)
    if not immutable:
        consequence = "the API server refuses the edit and the object stays as it is, so the sync fails"
        return Edit(Outcome.REFUSED, path, text, consequence, remedy_for(text, pair.release.version, pair.head) or "")
    before, after = next(((a, b) for where, a, b in changed if where == path), (None, None))
    kept = f"the {pair.head['kind']} keeps {value(before)}" if _set(before) else "the object stays as it is"
    return Edit(
        Outcome.REFUSED,
        path,
        f"KAITO {pair.release.version} refuses the change from {value(before)} to {value(after)}: {text}",
        f"{kept}, and every sync of it fails until the field is put back",
        _WAY,
        immutable=True,
    )


def _set(given: object) -> bool:
    return given is not None and given is not ABSENT and not isinstance(given, dict | list)


def _path(refusal: Refusal, changed: list[Path], anywhere: object) -> Path:
    """The changed field that a message speaks of; KAITO's paths are loose, so words are matched, not paths."""
    if len(changed) == 1:
        return changed[0]
    said = [word.lower() for word in re.findall(r"[A-Za-z]+", refusal.text)]
    words = [word.lower() for field in refusal.fields for word in re.findall(r"[A-Za-z]+", field)] or said

    def score(path: Path) -> tuple[int, int, int]:
        steps = [str(step).lower() for step in path]
        return sum(step in words for step in steps), sum(step in said for step in steps), -len(path)

    best = max(changed, key=score, default=())
    if anywhere is not None and (not changed or not any(score(best)[:2])):
        best = max(_paths(_body(anywhere)), key=score, default=best)
    return best


def _paths(node: object, path: Path = ()) -> Iterator[Path]:
    for key, child in mapping(node).items():
        yield (*path, key)
        yield from _paths(child, (*path, key))


def _body(document: object) -> MutableObject:
    """What a message can be about: all but the head of the object, its annotations included."""
    body = {key: part for key, part in mapping(document).items() if key not in ("apiVersion", "kind", "status")}
    about = mapping(body.get("metadata"))
    body["metadata"] = {key: about[key] for key in ("annotations", "labels") if key in about}
    return body
