"""The containers of rendered objects: which images they run, and the same objects with those pinned."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kaitops.documents.plain import at, items, mapping
from kaitops.operator.image_lock import ImageLock

_KINDS = {"StatefulSet", "Deployment", "DaemonSet", "Job"}
_PARTS = ("initContainers", "containers")


def images(documents: Iterable[Mapping[str, Any]]) -> Iterator[str]:
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


def pinned(document: dict[str, Any], lock: ImageLock) -> dict[str, Any]:
    """The object with its images by digest, as far as digests are recorded; itself where none is."""
    if document["kind"] not in _KINDS or not lock.images:
        return document
    spec = mapping(at(document, "spec", "template", "spec"))
    changed = {
        part: [{**mapping(one), "image": lock.pinned(str(mapping(one).get("image")))} for one in items(spec.get(part))]
        for part in _PARTS
        if spec.get(part)
    }
    template = {**document["spec"]["template"], "spec": {**spec, **changed}}
    return {**document, "spec": {**document["spec"], "template": template}}
