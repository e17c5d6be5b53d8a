"""The containers of rendered objects: which images they run, and the same objects with those pinned."""

from collections.abc import Iterable, Iterator

from kaitops.documents.plain import MutableObject, Object, Path, at, items, mapping
from kaitops.fleet.image_lock import ImageLock

_KINDS = {"StatefulSet", "Deployment", "DaemonSet", "Job"}
_WORKLOAD: Path = ("spec", "template")
_PARTS = ("initContainers", "containers")


def images(documents: Iterable[Object]) -> Iterator[str]:
    """Each image that a pod of the objects runs, and that a volume of an image mounts."""
    for document in documents:
        spec = mapping(at(document, "spec", "template", "spec") if document["kind"] in _KINDS else None)
        for part in _PARTS:
            for container in items(spec.get(part)):
                yield str(mapping(container).get("image"))
        for volume in items(spec.get("volumes")):
            reference = at(volume, "image", "reference")
            if reference:
                yield str(reference)


def pinned(document: MutableObject, lock: ImageLock) -> MutableObject:
    """The object with its images by digest, as far as digests are recorded; itself where none is."""
    if not lock.images:
        return document
    path = _WORKLOAD if document["kind"] in _KINDS else _own(document["kind"])
    if path is None or not at(document, *path):
        return document
    spec = mapping(at(document, *path, "spec"))
    changed = {
        part: [{**mapping(one), "image": lock.pinned(str(mapping(one).get("image")))} for one in items(spec.get(part))]
        for part in _PARTS
        if spec.get(part)
    }
    return _put(document, (*path, "spec"), {**spec, **changed})


def _own(kind: str) -> Path | None:
    """Where a kind of KAITO holds a pod template of the user's own."""
    # Most fleets record no digest, and a render loads nothing that it does not need.
    from kaitops.kaito.anatomy import TEMPLATES

    return TEMPLATES.get(kind)


def _put(node: Object, path: Path, value: object) -> MutableObject:
    """A copy in which another value stands at a path, in the place where one stood."""
    step = str(path[0])
    return {**node, step: _put(mapping(node[step]), path[1:], value) if path[1:] else value}
