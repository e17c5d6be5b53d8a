"""Annotations and labels of KAITO's domain: whether anything reads them where they stand.

Which there are is a closed list of the version's facts. The API server takes any key, so a misspelt one is silent.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kaitops.documents.plain import Path, at, mapping

_DOMAIN = "kaito.sh"
_TEMPLATES = {"InferenceSet": ("spec", "template", "metadata")}
# Their annotations are handed on whole to the Workspaces that are made of them.
_WHOLE = ("Workspace", "MultiRoleInference")
_SCALED = "InferenceSet"

Found = Iterator[tuple[Path, str]]


def problems(document: Mapping[str, Any], facts: Mapping[str, Any]) -> Found:
    """Path and message of each key that nothing reads, and of each value that means another thing."""
    held = facts.get("metadata_keys")
    if held is None:
        return
    kind, metadata = document["kind"], document["metadata"]
    yield from _annotations(metadata, ("metadata",), kind, facts, held)
    yield from _labels(metadata, ("metadata",), held)
    where = _TEMPLATES.get(kind)
    if where is not None and (inner := at(document, *where)):
        yield from _annotations(mapping(inner), where, "Workspace", facts, held, handed=True)
        yield from _labels(mapping(inner), where, held)


def _annotations(
    metadata: Mapping[str, Any],
    path: Path,
    kind: str,
    facts: Mapping[str, Any],
    held: Mapping[str, Any],
    *,
    handed: bool = False,
) -> Found:
    written = mapping(metadata.get("annotations"))
    for key, value in written.items():
        if not _is_own(key) or key in held["written"]:
            continue
        whole, scaler = facts["annotations"], held["scaler"]
        read = whole if kind in _WHOLE else held["annotations"].get(kind, ())
        where = (*path, "annotations", key)
        if key in read or (key in scaler and kind == _SCALED):
            if key in held["values"] and str(value) not in held["values"][key]:
                meant = ", ".join(held["values"][key])
                yield where, f"annotation {key} is compared with {meant}, so this value counts for nothing; write one"
        elif key in scaler:
            place = "metadata of the InferenceSet itself" if handed else "an InferenceSet, which has replicas to scale"
            yield where, f"annotation {key} is read by KAITO's scaler on {place}, so here it does nothing; move it"
        elif key in whole and kind == _SCALED:
            yield where, f"annotation {key} is read from spec.template.metadata, so here it does nothing; move it"
        elif key in whole:
            yield where, f"annotation {key} is read on Workspaces and never on a {kind}, so it does nothing; drop it"
        else:
            own = [*read, *(scaler if kind == _SCALED else ())]
            # What stands there already is not what was meant.
            free = [one for one in own if one not in written]
            yield where, _unknown("annotation", key, free, [one for one in (*whole, *scaler) if one not in written])


def _labels(metadata: Mapping[str, Any], path: Path, held: Mapping[str, Any]) -> Found:
    for key in mapping(metadata.get("labels")):
        if _is_own(key) and key not in held["labels"]:
            yield (*path, "labels", key), _unknown("label", key, held["labels"])


def _unknown(what: str, key: str, known: Sequence[str], elsewhere: Sequence[str] = ()) -> str:
    """What is said of a key that nothing reads.

    Args:
        known: the keys that are read there; ``elsewhere`` those that other kinds or places have.
    """
    from kaitops.errors import nearest

    # The domain before the slash is much alike in all of them, and would pass for likeness.
    for keys, more in (
        (known, ""),
        (elsewhere, " That is read in another place: on a Workspace, or by KAITO's scaler on an InferenceSet"),
    ):
        names = {one.rpartition("/")[2].lower(): one for one in keys}
        near = nearest(key.rpartition("/")[2].lower(), names, cutoff=0.7)
        if near:
            return (
                f"{what} {key} is none that this version of KAITO reads, so it does nothing; meant is "
                f"{names[near[0]]}?{more}"
            )
    return f"{what} {key} is none that this version of KAITO reads, so it does nothing; drop it"


def _is_own(key: str) -> bool:
    domain, slash, _ = key.partition("/")
    return bool(slash) and (domain == _DOMAIN or domain.endswith(f".{_DOMAIN}"))
