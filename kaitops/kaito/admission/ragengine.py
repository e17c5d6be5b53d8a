"""RAGEngines: embedding, answers, nodes, guardrails. All rules of a create also hold on every update."""

import re

from kaitops.kaito.admission import resource_update
from kaitops.kaito.admission.resource_spec import check_instance_type
from kaitops.kaito.admission.review import EMPTY, Document, Review, namespace_of
from kaitops.kaito.golang.quote import quote
from kaitops.kaito.golang.url import parse_request_uri
from kaitops.kaito.kubernetes.field_errors import (
    NIL_POINTER,
    Findings,
    WebhookPanic,
    generic,
    invalid_value,
    missing_field,
    via,
)
from kaitops.kaito.kubernetes.selectors import as_labels

_POLICY_KEY = "guardrails.yaml"
_DEFAULT_POLICY = "ragengine-guardrails-policy-template"
# Go's dot does not match a line break; nor does Python's.
_IMAGE = r"(.+/[^:/]+):([^:/]+)\Z"


def check(review: Review) -> Findings:
    """The webhook's findings.

    Raises:
        WebhookPanic: the object has no spec.
    """
    spec = review.document.get("spec")
    if spec is None:
        raise WebhookPanic(NIL_POINTER)
    found = via(_check_spec(review, spec), "spec")
    found += via(_check_guardrails(review, spec.get("guardrails")), "spec.guardrails")
    if review.old is not None:
        before = review.old.get("spec")
        if before is None:
            raise WebhookPanic(NIL_POINTER)
        found += via(_check_update(review, spec, before), "resource")
    return found


def _check_spec(review: Review, spec: Document) -> Findings:
    found: Findings = []
    if (service := spec.get("inferenceService")) is not None:
        found += _check_service(service)
    embedding = spec.get("embedding")
    if embedding is None:
        return [*found, generic("Embedding must be specified", "")]
    local, remote = embedding.get("local"), embedding.get("remote")
    if local is None and remote is None:
        text = "Either remote embedding or local embedding must be specified, not neither"
        found.append(generic(text, ""))
    if local is not None and remote is not None:
        text = "Either remote embedding or local embedding must be specified, but not both"
        found.append(generic(text, ""))
    if (compute := spec.get("compute")) is not None:
        found += check_instance_type(review, compute.get("instanceType") or "")
        if not (found and found[-1].message.startswith("Failed to get SKU handler")):
            found += _check_selector(compute)
    if local is not None:
        found += via(_check_local(local), "embedding")
    if remote is not None:
        found += via(_check_url(remote.get("url") or ""), "embedding")
    return found


def _check_selector(compute: Document) -> Findings:
    try:
        as_labels(compute.get("labelSelector"))
    except ValueError as error:
        return [invalid_value(error, "labelSelector")]
    return []


def _check_service(service: Document) -> Findings:
    url = service.get("url") or ""
    found = _check_url(url) if url else []
    if (service.get("contextWindowSize") or 0) <= 0:
        found.append(invalid_value("ContextWindowSize must be a positive integer", "contextWindowSize"))
    return found


def _check_url(text: str) -> Findings:
    try:
        parse_request_uri(text)
    except ValueError as error:
        return [generic(f"URL input error: {error}", "remote url")]
    return []


def _check_local(local: Document) -> Findings:
    image, model = local.get("image") or "", local.get("modelID") or ""
    found: Findings = []
    if not image and not model:
        found.append(generic("Either image or modelID must be specified, not neither", ""))
    if image and model:
        found.append(generic("Either image or modelID must be specified, but not both", ""))
    if image:
        name = image.rsplit("/", 1)[-1].split(":", 1)[0]
        if not re.match(_IMAGE, image):
            found.append(invalid_value("Invalid image format, require full input image URL", "Image"))
        elif name != name.lower():
            found.append(invalid_value("repository name must be lowercase", "Image"))
    return found


def _check_guardrails(review: Review, guardrails: Document | None) -> Findings:
    if guardrails is None or not guardrails.get("enabled"):
        return []
    name = (guardrails.get("configMapRef") or EMPTY).get("name") or ""
    if name:
        namespace, path = namespace_of(review.document), "configMapRef.name"
        text = (
            f"guardrails.configMapRef.name references ConfigMap {quote(name)}, but it was not found in namespace "
            f"{quote(namespace)}"
        )
    else:
        name, namespace, path = _DEFAULT_POLICY, review.settings.rag_release_namespace, "enabled"
        text = (
            f"guardrails is enabled, but the default policy ConfigMap {quote(name)} was not found in release namespace "
            f"{quote(namespace)}; debug with 'kubectl get configmap {name} -n {namespace}' or set "
            "guardrails.configMapRef.name explicitly"
        )
    where = (namespace,) if path == "configMapRef.name" else review.settings.rag_namespaces
    policy = next((found for each in where if (found := review.config_map(each, name)) is not None), None)
    if policy is None:
        return [review.not_found("ConfigMap", namespace, name, generic(text, path))]
    if _POLICY_KEY not in (policy.get("data") or EMPTY):
        return [missing_field(f"{_POLICY_KEY} in ConfigMap")]
    return []


def _check_update(review: Review, spec: Document, old: Document) -> Findings:
    compute, before = spec.get("compute"), old.get("compute")
    if compute is not None and before is None:
        return [generic("Compute resources cannot be added after creation", "compute")]
    if compute is None and before is not None:
        return [generic("Compute resources cannot be removed after creation", "compute")]
    if compute is None or before is None:
        return []
    return via(resource_update.check_update(review, compute, before), "resource")
