"""Annotations and labels of KAITO's domain: whether anything reads them where they stand.

Which there are is a closed list of the version's facts. The API server takes any key, so a misspelt one is silent. On
Kubernetes' own kinds KAITO reads no annotation, and labels are for whoever selects by them: there a label counts where
it is much like one of KAITO's, and a selector where no pod of the tree has what it asks for.
"""

from collections.abc import Container, Iterator, Sequence

from kaitops.documents.plain import Object, Path, at, mapping
from kaitops.documents.pods import BY_KIND, MODES, SECURITY
from kaitops.gate.native import naming
from kaitops.kaito.anatomy import SELECTORS

_DOMAIN = "kaito.sh"
_TEMPLATES = {"InferenceSet": ("spec", "template", "metadata")}
# Their annotations are handed on whole to the Workspaces that are made of them.
_WHOLE = ("Workspace", "MultiRoleInference")
_SCALED = "InferenceSet"
_SELECTING: Sequence[tuple[str, Path]] = (
    ("Service", ("spec", "selector")),
    ("NetworkPolicy", ("spec", "podSelector", "matchLabels")),
    ("PodDisruptionBudget", ("spec", "selector", "matchLabels")),
)
"""Where kinds of Kubernetes choose the pods of others."""

Found = Iterator[tuple[Path, str]]


def problems(document: Object, facts: Object) -> Found:
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


def native(document: Object, facts: Object, given: Container[str] = ()) -> Found:
    """The same of a kind of Kubernetes.

    Args:
        given: keys of labels that pods of the tree have.
    """
    held = facts.get("metadata_keys")
    if held is None:
        return
    kind = document["kind"]
    whole, scaler, labels = facts["annotations"], held["scaler"], held["labels"]
    domains = {one.partition("/")[0] for one in (*whole, *scaler, *labels)}
    template = BY_KIND.get(kind) or None
    for path in (("metadata",), *([(*template, "metadata")] if template else [])):
        metadata = mapping(at(document, *path))
        for key in mapping(metadata.get("annotations")):
            if not _is_own(key) or key.partition("/")[0] not in domains or key in held["written"]:
                continue
            place = "an InferenceSet" if key in scaler else "KAITO's own kinds"
            where = (*path, "annotations", key)
            if key in whole or key in scaler:
                yield (
                    where,
                    f"annotation {key} is read on {place} and never on kind {kind}, so it does nothing; drop it",
                )
            else:
                yield where, _unknown("annotation", key, (), (*whole, *scaler))
        for key in mapping(metadata.get("labels")):
            if _is_own(key) and key not in labels and _near(key, labels):
                yield (*path, "labels", key), _unknown("label", key, labels)
    for path, selector in _selectors(document):
        for key in selector:
            if _is_own(key) and key not in labels and key not in given:
                near = _near(key, labels)
                remedy = f"meant is {near}?" if near else "select by kaito.sh/workspace"
                text = f"selects by {key}, which KAITO gives to no pod and the tree to none, so nothing is selected; "
                yield (*path, key), f"{text}{remedy}"


def selector(document: Object) -> Found:
    """Labels of machines that no machine can have: KAITO takes them, and the server refuses what it makes of them."""
    path = (*SELECTORS[document["kind"]], "matchLabels")
    for text in naming.texts({"labels": mapping(at(document, *path))}):
        yield path, f"{'.'.join(map(str, path))} are labels that a machine bears, which this one cannot: {text}"


def levels(namespace: Object) -> Found:
    """Labels of a namespace that are meant to hold its pods to a level, and that nobody reads."""
    known = [f"{SECURITY}{mode}{part}" for mode in MODES for part in ("", "-version")]
    for key in mapping(namespace["metadata"].get("labels")):
        if key.startswith(SECURITY) and key not in known:
            near = _near(key, known)
            meant = f"meant is {near}?" if near else "drop it"
            text = f"label {key} is none that pod security reads, so no pod is held to it; {meant}"
            yield ("metadata", "labels", key), text


def _selectors(document: Object) -> Iterator[tuple[Path, Object]]:
    for kind, path in _SELECTING:
        if document["kind"] == kind and (found := mapping(at(document, *path))):
            yield path, found


def _annotations(
    metadata: Object,
    path: Path,
    kind: str,
    facts: Object,
    held: Object,
    *,
    handed: bool = False,
) -> Found:
    written = mapping(metadata.get("annotations"))
    for key, value in written.items():
        if (near := _slipped(key, facts["annotations"])) and near not in written:
            text = f"annotation {key} is of a domain that KAITO does not read, so it does nothing; meant is {near}?"
            yield (*path, "annotations", key), text
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
            yield where, f"annotation {key} is read on Workspaces and never on kind {kind}, so it does nothing; drop it"
        else:
            own = [*read, *(scaler if kind == _SCALED else ())]
            # What stands there already is not what was meant.
            free = [one for one in own if one not in written]
            yield where, _unknown("annotation", key, free, [one for one in (*whole, *scaler) if one not in written])


def _labels(metadata: Object, path: Path, held: Object) -> Found:
    for key in mapping(metadata.get("labels")):
        if _is_own(key) and key not in held["labels"]:
            yield (*path, "labels", key), _unknown("label", key, held["labels"])


def _unknown(what: str, key: str, known: Sequence[str], elsewhere: Sequence[str] = ()) -> str:
    """What is said of a key that nothing reads.

    Args:
        known: the keys that are read there; ``elsewhere`` those that other kinds or places have.
    """
    for keys, more in (
        (known, ""),
        (elsewhere, " That is read in another place: on a Workspace, or by KAITO's scaler on an InferenceSet"),
    ):
        if near := _near(key, keys):
            return f"{what} {key} is none that this version of KAITO reads, so it does nothing; meant is {near}?{more}"
    return f"{what} {key} is none that this version of KAITO reads, so it does nothing; drop it"


def _slipped(key: str, known: Sequence[str]) -> str:
    """The known key whose domain was written with another end or in capitals, as in ``kaito.io``; empty for others."""
    written, slash, name = key.partition("/")
    domain, first = written.lower(), _DOMAIN.partition(".")[0]
    if not slash or domain.partition(".")[0] != first or domain.count(".") > 1 or written == _DOMAIN:
        return ""
    meant = f"{_DOMAIN}/{name}"
    return meant if meant in known else ""


def _near(key: str, known: Sequence[str]) -> str:
    """The known key that looks like it; empty where none does."""
    from kaitops.errors import nearest

    # The domain before the slash is much alike in all of them, and would pass for likeness.
    names = {one.rpartition("/")[2].lower(): one for one in known}
    near = nearest(key.rpartition("/")[2].lower(), names, cutoff=0.7)
    return names[near[0]] if near else ""


def _is_own(key: str) -> bool:
    domain, slash, _ = key.partition("/")
    return bool(slash) and (domain == _DOMAIN or domain.endswith(f".{_DOMAIN}"))
