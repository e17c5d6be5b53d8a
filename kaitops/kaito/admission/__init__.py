"""What the API server and KAITO's webhooks answer to a write. Pure: no network, no clock, no environment.

The order is the server's: strict decoding, schema with pruning and defaults, then the webhook, which first reads the
object into its own types and then judges it. The doors: :func:`admit`, and :func:`admit_in` for many objects of one
cluster.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kaitops.documents.plain import MutableObject, Object
from kaitops.kaito.admission import webhooks
from kaitops.kaito.admission.review import EMPTY, Review, name_of
from kaitops.kaito.admission.verdict import MissingReference, Verdict
from kaitops.kaito.kubernetes import object_names, structural
from kaitops.kaito.kubernetes.cluster import Cluster
from kaitops.kaito.kubernetes.field_errors import Refusal
from kaitops.kaito.kubernetes.metadata import check_metadata
from kaitops.kaito.kubernetes.schema_rules import message_of
from kaitops.kaito.settings import Settings

if TYPE_CHECKING:
    from kaitops.kaito.release_facts import ReleaseFacts

__all__ = ["MissingReference", "Verdict", "admit", "admit_in"]

_HEAD = ("apiVersion", "kind", "metadata", "status")


def admit(
    release: "ReleaseFacts",
    documents: Sequence[Object],
    settings: Object | Settings,
    old: Object | None = None,
) -> Verdict:
    """Would the API server take the last document, the others being in the cluster?

    Args:
        release: the KAITO version.
        documents: the cluster; the resource under judgement last.
        settings: of the controllers.
        old: the object before an update; None for a create.
    """
    return admit_in(release, Cluster(documents[:-1]), documents[-1], settings, old)


def admit_in(
    release: "ReleaseFacts",
    cluster: Cluster,
    document: Object,
    settings: Object | Settings,
    old: Object | None = None,
) -> Verdict:
    """The same for an object beside a cluster that is read once for many."""
    api_version, kind = document.get("apiVersion") or "", document.get("kind") or ""
    given = settings if isinstance(settings, Settings) else Settings.from_dict(settings, release.version)
    schema = structural.schema_for(release.version, api_version, kind)
    if schema is None or not webhooks.is_installed(kind, given, release.version):
        return _refused(404, f'no matches for kind "{kind}" in version "{api_version}"', "kind")

    before, body_before = None, structural.ABSENT
    if old is not None:
        body_before, _ = schema.apply(_body(old))
        before = _joined(old, body_before)
    body, result = schema.apply(_body(document), body_before, nulls=given.server_side_apply)
    problem, unknown = check_metadata(document.get("metadata"))
    if "status" in document:
        from kaitops.kaito.kubernetes.status_fields import unknown_fields

        unknown += unknown_fields(release.version, api_version, kind, document["status"])
    fields: list[str] = []
    if problem is None and (unknown or result.unknown):
        fields = sorted({*unknown, *result.unknown})
        problem = "strict decoding error: " + ", ".join(f'unknown field "{path}"' for path in fields)
    if problem is not None:
        text = f'{kind} in version "{_version(api_version)}" cannot be handled as a {kind}: {problem}'
        return _refused(400, text, *fields[:1])
    metadata: Object = document.get("metadata") or EMPTY
    if given.server_side_apply and (refusal := object_names.apply_refusal(metadata)):
        return _refused(*refusal)
    if old is None and (nowhere := object_names.namespace_refusal(kind, metadata)):
        return _refused(404, nowhere, "metadata.namespace")
    named = object_names.findings(metadata, create=old is None)
    if result.findings:
        found = [*named, *result.findings]
        return _refused(422, message_of(kind, name_of(document), found), found[0].path)

    review = Review(release, given, cluster, _joined(document, body), before)
    answer = webhooks.ask(review, api_version, kind)
    if named:
        # Refused before KAITO is asked; where its webhook would refuse as well, its words are kept for those who
        # compare with it.
        message = message_of(kind, name_of(document), named)
        refusals = answer.refusals if answer else [Refusal(message, (named[0].path,))]
        return Verdict(refusals, review.missing, 422, message)
    if answer is None:
        # The last thing that is looked at: the store refuses it.
        versioned = object_names.version_refusal(metadata) if old is None else None
        return _refused(500, versioned, "metadata.resourceVersion") if versioned else Verdict([], [])
    return Verdict(answer.refusals, review.missing, answer.code, answer.message)


def _body(document: Object) -> MutableObject:
    return {key: value for key, value in document.items() if key not in _HEAD}


def _joined(document: Object, body: MutableObject) -> MutableObject:
    metadata: Object = document.get("metadata") or {}
    notes: Object | None = metadata.get("annotations")
    if notes and None in notes.values():
        # Go reads a null in a map of strings as an empty string.
        metadata = {**metadata, "annotations": {key: value or "" for key, value in notes.items()}}
    return {"metadata": metadata, **body}


def _version(api_version: str) -> str:
    return api_version.rpartition("/")[2]


def _refused(code: int, message: str, *fields: str) -> Verdict:
    """The API server's own refusal, in one line, with the field that it begins with."""
    return Verdict([Refusal(message, fields)], [], code, message)
