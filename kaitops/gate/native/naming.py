"""Names, labels and annotations: of the object itself, and of the pods that it declares."""

import re
from collections.abc import Iterator

from kaitops.documents.plain import Object, Path, at, mapping
from kaitops.documents.pods import LEVELS, MODES, SECURITY
from kaitops.gate.native import places
from kaitops.kaito.kubernetes import object_names
from kaitops.kaito.kubernetes.dns_names import label_problems, subdomain_problems

Found = Iterator[tuple[Path, str]]
_LABEL, _SEGMENT = ("Namespace", "Service", "StatefulSet"), ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding")
# Ten characters are kept for the moment that a CronJob's Job starts at, and so on for each name made from another.
_LONGEST = {"CronJob": 52, "Job": 63, "StatefulSet": 63}
_BYTES = 256 << 10


def problems(document: Object) -> Found:
    """What is wrong with names and labels."""
    kind, metadata = document["kind"], mapping(document.get("metadata"))
    name = metadata["name"]
    if kind in _SEGMENT:
        if name in (".", "..") or "/" in name or "%" in name:
            yield ("metadata", "name"), "may not be '.' or '..', nor hold '/' or '%'; rename it"
    elif (label_problems(name) if kind in _LABEL else subdomain_problems(name)) or len(name) > _LONGEST.get(kind, 253):
        form = "a label of DNS (lower case letters, digits, '-', at most 63)"
        if kind not in _LABEL:
            form = f"a name of DNS (lower case letters, digits, '-', '.', at most {_LONGEST.get(kind, 253)})"
        yield ("metadata", "name"), f"must be {form}, or the server refuses the object; rename it"
    namespace = metadata.get("namespace")
    if namespace and label_problems(namespace):
        yield ("metadata", "namespace"), "can be no namespace's name; write lower case letters, digits and '-'"
    yield from _labels(metadata, ("metadata",))
    if kind == "Namespace":
        yield from _levels(mapping(metadata.get("labels")))
    where = places.template(document)
    if where:
        yield from _labels(mapping(at(document, *where, "metadata")), (*where, "metadata"))
    for path in places.selectors(document):
        for text in texts({"labels": mapping(at(document, *path))}):
            yield path, text


def _levels(labels: Object) -> Found:
    """Levels of pod security: a namespace that names one that there is not is refused as a whole."""
    for key, value in labels.items():
        if not key.startswith(SECURITY):
            continue
        mode, version, _ = key.removeprefix(SECURITY).partition("-version")
        if mode not in MODES:
            continue
        if not version and value not in LEVELS:
            yield ("metadata", "labels", key), f"must be {', '.join(LEVELS[:-1])} or {LEVELS[-1]}; write one"
        elif version and not re.fullmatch(r"latest|v1\.(0|[1-9][0-9]*)", str(value)):
            yield ("metadata", "labels", key), "must be latest or a version such as v1.32; write one"


def _labels(metadata: Object, path: Path) -> Found:
    for part in ("labels", "annotations"):
        if held := metadata.get(part):
            for text in texts({part: held}):
                yield (*path, part), text
    notes = mapping(metadata.get("annotations"))
    if sum(len(key.encode()) + len(str(value).encode()) for key, value in notes.items()) > _BYTES:
        yield (*path, "annotations"), f"hold more than {_BYTES} bytes, which the server takes at most; shorten them"


def texts(metadata: Object) -> Iterator[str]:
    """What is wrong with labels and annotations, with what to do."""
    return (f"{reason}; correct it" for reason in object_names.reasons(metadata))
