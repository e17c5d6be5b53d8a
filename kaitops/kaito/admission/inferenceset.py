"""InferenceSets: their own few rules, and all rules of the Workspace that each replica would become."""

from kaitops.documents.plain import MutableObject
from kaitops.kaito.admission import workspace
from kaitops.kaito.admission.cron import schedule_problem
from kaitops.kaito.admission.resource_update import partition_identity
from kaitops.kaito.admission.review import EMPTY, Document, Review, annotations
from kaitops.kaito.golang.text import duration_text, parse_duration
from kaitops.kaito.kubernetes.field_errors import Findings, generic, invalid_value, missing_field, via

_DISABLE_BENCHMARK = "kaito.sh/disable-benchmark"


def check(review: Review) -> Findings:
    """The webhook's findings for v1beta1. The child is judged as on create, also when the set is only updated."""
    found = check_own(review, review.document, review.old)
    review.by_form = review.old is None and not review.settings.child_admission
    return found + _check_child(review, review.document)


def check_legacy(review: Review) -> Findings:
    """The webhook's findings for v1alpha1, which does not look at the child."""
    return check_own(review, review.document, review.old, partition=False)


def check_own(review: Review, document: Document, old: Document | None, *, partition: bool = True) -> Findings:
    """The rules on the set itself."""
    found = workspace.check_name(document)
    spec = document.get("spec") or EMPTY
    inner: Findings = []
    replicas = spec.get("replicas")
    if old is None and replicas is not None and replicas < 0:
        inner.append(invalid_value(replicas, "replicas", "must be non-negative"))
    inner += via(_check_instance_type(review, _resource(spec).get("instanceType") or ""), "template")
    inner += _check_window((spec.get("autoUpgrade") or EMPTY).get("maintenanceWindow"))
    if old is not None and partition:
        before = _resource(old.get("spec") or EMPTY).get("partition")
        if partition_identity(_resource(spec).get("partition")) != partition_identity(before):
            inner.append(generic("field is immutable", "template", "resource", "partition"))
    return found + via(inner, "spec")


def child(review: Review, document: Document) -> MutableObject:
    """The Workspace that a replica would become, as far as admission looks at it."""
    spec = document["spec"]
    template = spec.get("template") or EMPTY
    metadata = template.get("metadata") or EMPTY
    notes = {key: value or "" for key, value in (metadata.get("annotations") or EMPTY).items()}
    if annotations(document).get(_DISABLE_BENCHMARK) == "true":
        notes[_DISABLE_BENCHMARK] = "true"
    resource: MutableObject = {"labelSelector": spec.get("labelSelector")}
    given = _resource(spec)
    if given.get("partition") is not None:
        resource["partition"] = given["partition"]
    if not review.settings.byo:
        resource["instanceType"] = given.get("instanceType") or ""
    return {
        "metadata": {"namespace": (document.get("metadata") or EMPTY).get("namespace"), "annotations": notes},
        "resource": resource,
        "inference": template.get("inference") or EMPTY,
    }


def _check_child(review: Review, document: Document) -> Findings:
    return via(workspace.check_create(review, child(review, document)), "spec", "template")


def _resource(spec: Document) -> Document:
    return (spec.get("template") or EMPTY).get("resource") or EMPTY


def _check_instance_type(review: Review, name: str) -> Findings:
    provisioner = review.settings.provisioner
    if provisioner == "byo":
        if name:
            text = "instanceType must be empty when nodeProvisioner is byo"
            return [invalid_value(name, "resource.instanceType", text)]
    elif provisioner in ("karpenter", "azure-gpu-provisioner") and not name:
        return [missing_field("resource.instanceType")]
    return []


def _check_window(window: Document | None) -> Findings:
    if window is None:
        return []
    schedule = window.get("schedule") or ""
    if not schedule:
        return [missing_field("autoUpgrade.maintenanceWindow.schedule")]
    found: Findings = []
    if problem := schedule_problem(schedule):
        path = "autoUpgrade.maintenanceWindow.schedule"
        found.append(invalid_value(schedule, path, f"invalid cron expression: {problem}"))
    duration = window.get("duration")
    if duration is not None and (length := parse_duration(duration)) <= 0:
        path = "autoUpgrade.maintenanceWindow.duration"
        found.append(invalid_value(duration_text(length), path, "must be a positive duration"))
    return found
