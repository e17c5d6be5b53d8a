"""ModelMirrors: nothing may change, and a mirror that KAITO fills needs a source and a volume."""

from typing import Any

from kaitops.kaito.admission.review import EMPTY, Document, Review
from kaitops.kaito.golang.quote import quote
from kaitops.kaito.kubernetes import quantity
from kaitops.kaito.kubernetes.field_errors import Findings, disallowed_fields, generic, invalid_value, missing_field

_REGISTRIES = ("huggingface",)


def check(review: Review) -> Findings:
    """The webhook's findings."""
    spec = review.document.get("spec") or EMPTY
    if review.old is not None:
        if _identity(spec) != _identity(review.old.get("spec") or EMPTY):
            return [generic("ModelMirror spec is immutable; delete and recreate to change", "spec")]
        return []
    if spec.get("mode") == "Static":
        return [disallowed_fields(f"spec.{key}") for key in ("source", "storage") if spec.get(key) is not None]
    return _check_source(spec.get("source")) + _check_storage(review, spec.get("storage"))


def _check_source(source: Document | None) -> Findings:
    if source is None:
        return [missing_field("spec.source")]
    found: Findings = []
    registry = source.get("registry") or ""
    if not registry:
        found.append(missing_field("spec.source.registry"))
    elif registry not in _REGISTRIES:
        supported = ", ".join(map(quote, _REGISTRIES))
        text = f"{quote(registry)} is not supported, only {supported} are supported"
        found.append(invalid_value(text, "spec.source.registry"))
    if not source.get("modelID"):
        found.append(missing_field("spec.source.modelID"))
    return found


def _check_storage(review: Review, storage: Document | None) -> Findings:
    if storage is None:
        return [missing_field("spec.storage")]
    found: Findings = []
    size = storage.get("size") or ""
    if not size:
        found.append(missing_field("spec.storage.size"))
    else:
        try:
            quantity.parse(size)
        except ValueError:
            found.append(invalid_value(size, "spec.storage.size"))
    name = storage.get("storageClassName") or ""
    if not name:
        found.append(missing_field("spec.storage.storageClassName"))
    elif review.cluster.get("StorageClass", "", name) is None:
        error = invalid_value(name, "spec.storage.storageClassName")
        found.append(review.not_found("StorageClass", "", name, error))
    return found


def _identity(spec: Document) -> tuple[Any, ...]:
    """What makes two specs the same to Go: absent text and empty text are one, absent structs are not empty ones."""
    source, storage = spec.get("source"), spec.get("storage")
    secret = None if source is None else source.get("accessSecret")
    return (
        spec.get("mode") or "",
        spec.get("jobNamespace") or "",
        spec.get("serviceAccountName") or "",
        None
        if source is None
        else (
            source.get("registry") or "",
            source.get("modelID") or "",
            None if secret is None else {key: value for key, value in secret.items() if value},
        ),
        None if storage is None else (storage.get("size") or "", storage.get("storageClassName")),
    )
