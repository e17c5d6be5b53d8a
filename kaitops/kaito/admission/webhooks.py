"""Which webhook judges which kind, and how its answer reaches the user.

Owns the registration (kinds, versions, feature gates) and the words around findings, crashes and decoding errors.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import NamedTuple

from kaitops.kaito.admission import workspace
from kaitops.kaito.admission.review import Document, Review
from kaitops.kaito.kubernetes.field_errors import Findings, Refusal, WebhookPanic, lines
from kaitops.kaito.kubernetes.structural import Schema, schema_for
from kaitops.kaito.settings import Settings, gated_kinds


class Answer(NamedTuple):
    """A refusal: its lines, the HTTP status, and the API server's whole message."""

    refusals: list[Refusal]
    code: int
    message: str


# Module and function that judge a kind; RAGEngine is registered for v1beta1 only and gets older objects converted.
_CHECKS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("v1alpha1", "Workspace"): ("legacy_workspace", "check"),
    ("v1beta1", "InferenceSet"): ("inferenceset", "check"),
    ("v1alpha1", "InferenceSet"): ("inferenceset", "check_legacy"),
    ("v1beta1", "RAGEngine"): ("ragengine", "check"),
    ("v1alpha1", "RAGEngine"): ("ragengine", "check"),
    ("v1alpha1", "ModelMirror"): ("modelmirror", "check"),
    ("v1alpha1", "MultiRoleInference"): ("multirole", "check"),
}


def is_installed(kind: str, settings: Settings, version: str) -> bool:
    """Is there a definition of this kind in the cluster? One is only installed with its feature gate."""
    return kind != "MultiRoleInference" or bool(settings.gates.get(gated_kinds(version)[kind]))


def ask(review: Review, api_version: str, kind: str) -> Answer | None:
    """The webhook's refusal; None where it admits the object or is not registered."""
    gate = gated_kinds(review.release.version).get(kind)
    if gate is not None and not review.gate(gate):
        return None
    webhook = f"validation.{kind.lower()}.kaito.sh"
    version = api_version.rpartition("/")[2]
    problem = _decoding_problem(review, kind)
    if problem is None:
        if kind == "RAGEngine" and version == "v1alpha1":
            review = _converted(review)
        try:
            findings = _check_of(version, kind)(review)
        except WebhookPanic as panic:
            return _crash(review, webhook, str(panic))
        if not findings:
            return None
        return _denied(webhook, lines(findings), "validation failed: ")
    text = f"decoding request failed: {problem}"
    return _denied(webhook, [Refusal(line) for line in text.split("\n")])


def _check_of(version: str, kind: str) -> Callable[[Review], Findings]:
    if kind == "Workspace" and version == "v1beta1":
        return workspace.check
    module, function = _CHECKS[version, kind]
    return getattr(import_module(f"kaitops.kaito.admission.{module}"), function)


def _denied(webhook: str, refusals: list[Refusal], head: str = "") -> Answer:
    reason = head + "\n".join(one.text for one in refusals)
    return Answer(refusals, 400, f'admission webhook "{webhook}" denied the request: {reason}')


def _crash(review: Review, webhook: str, text: str) -> Answer:
    service = f"kaito-workspace.{review.settings.release_namespace}.svc"
    url = f"https://{service}:443/{webhook.replace('validation.', 'validate/', 1)}?timeout=10s"
    message = f'Internal error occurred: failed calling webhook "{webhook}": failed to call webhook: Post "{url}": EOF'
    return Answer([Refusal(f"panic: {text}")], 500, message)


def _decoding_problem(review: Review, kind: str) -> str | None:
    for document, which in ((review.document, "new"), (review.old, "old")):
        if document is not None and _has_loose_parts(document):
            from kaitops.kaito.admission.decoding import decoding_problem

            problem = decoding_problem(review.release.version, kind, document)
            if problem is not None:
                return f"cannot decode incoming {which} object: {problem}"
    return None


def _has_loose_parts(document: Document) -> bool:
    """A quick look for anything that the schema leaves open, so that plain objects cost no typed reading."""
    inference = document.get("inference")
    if inference is not None and ("template" in inference or inference.get("adapters")):
        return True
    return document.get("tuning") is not None or "spec" in document


def _converted(review: Review) -> Review:
    """The object as v1beta1: relabelled and pruned, nothing moved."""
    schema = schema_for(review.release.version, "kaito.sh/v1beta1", "RAGEngine")
    if schema is None:
        return review
    new = _pruned(schema, review.document)
    old = None if review.old is None else _pruned(schema, review.old)
    return Review(review.release, review.settings, review.cluster, new, old, review.missing)


def _pruned(schema: Schema, document: Document) -> Document:
    body = {key: value for key, value in document.items() if key != "metadata"}
    return {"metadata": document["metadata"], **schema.apply(body)[0]}
