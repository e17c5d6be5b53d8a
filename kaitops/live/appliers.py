"""What Argo CD and Flux say of a workload that they could not apply. Pure.

Only of files: a cluster is not asked for their objects, as who may read models may mostly not read these.
"""

import re
from collections.abc import Iterator

from kaitops.documents.plain import Object, at, items, mapping
from kaitops.live.snapshot import Snapshot, condition, name_of, namespace_of

_LONGEST = 400
_OF_FLUX = ("Kustomization", "HelmRelease")
_ERRORS = ("ComparisonError", "SyncError", "InvalidSpecError")


def refusals(snapshot: Snapshot, name: str, *, declared: bool) -> list[str]:
    """As evidence, the failures that name a workload.

    Args:
        declared: it should be there, so that one which names none may be why it is not.
    """
    found = [*_of_flux(snapshot), *_of_argo(snapshot, name)]
    named = [one for one in found if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", one.partition(": ")[2])]
    return named or (found if declared else [])


def _of_flux(snapshot: Snapshot) -> Iterator[str]:
    for kind in _OF_FLUX:
        for one in snapshot.of(kind):
            ready = condition(one, "Ready")
            if ready.get("status") == "False" and ready.get("reason") != "DependencyNotReady":
                yield _said(one, ready.get("reason"), ready.get("message"))


def _of_argo(snapshot: Snapshot, name: str) -> Iterator[str]:
    for one in snapshot.of("Application"):
        operation = mapping(at(one, "status", "operationState"))
        for result in map(mapping, items(at(operation, "syncResult", "resources"))):
            if result.get("name") == name and result.get("status") == "SyncFailed":
                yield _said(one, f"{result.get('kind')} {name} SyncFailed", result.get("message"))
                return
        if operation.get("phase") in ("Failed", "Error"):
            yield _said(one, operation.get("phase"), operation.get("message"))
        for told in map(mapping, items(at(one, "status", "conditions"))):
            if told.get("type") in _ERRORS:
                yield _said(one, told.get("type"), told.get("message"))


def _said(one: Object, reason: object, message: object) -> str:
    text = " ".join(str(message or "").split())[:_LONGEST]
    return f"{one.get('kind')} {namespace_of(one)}/{name_of(one)}: {reason}: {text}"
