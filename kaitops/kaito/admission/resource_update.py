"""The nodes of a workload on update: almost nothing may change."""

from typing import Any

from kaitops.kaito.admission.review import Document, Review
from kaitops.kaito.kubernetes.field_errors import Findings, generic, invalid_value, missing_field
from kaitops.kaito.kubernetes.selectors import as_labels


def check_update(review: Review, resource: Document, old: Document) -> Findings:
    """Count, partition, machine size and selector stay."""
    found = check_count(resource, old)
    if partition_identity(resource.get("partition")) != partition_identity(old.get("partition")):
        found.append(generic("field is immutable", "partition"))
    found += _check_instance_type(review, resource.get("instanceType") or "", old.get("instanceType") or "")
    return found + check_selector(resource, old)


def check_count(resource: Document, old: Document) -> Findings:
    """The number of nodes stays, where it is said at all."""
    count, before = resource.get("count"), old.get("count")
    if count is not None and before is not None and count != before:
        return [generic("field is immutable", "count")]
    return []


def check_selector(resource: Document, old: Document) -> Findings:
    """The selector means the same labels as before."""
    try:
        same = as_labels(resource.get("labelSelector")) == as_labels(old.get("labelSelector"))
    except ValueError:
        return [generic("Only allow matchLabels or 'IN' matchExpression", "labelSelector")]
    return [] if same else [generic("field is immutable", "labelSelector")]


def partition_identity(partition: Document | None) -> tuple[Any, ...] | None:
    """What makes two partitions the same."""
    if partition is None:
        return None
    return partition.get("mode") or "", partition.get("profile") or "", partition.get("count")


def _check_instance_type(review: Review, name: str, old: str) -> Findings:
    if review.settings.byo:
        if not old:
            text = "instanceType must be empty when node auto-provisioning is disabled (BYO scenario)"
            return [invalid_value(text, "instanceType")] if name else []
        # An old object may lose its machine size, but not get another.
        return (
            [invalid_value("instanceType cannot be changed once set", "instanceType")] if name not in ("", old) else []
        )
    if not name:
        text = "instanceType is required when node auto-provisioning is enabled"
        return [missing_field(text, "instanceType")]
    if old not in ("", name):
        text = "instanceType cannot be changed once set when node auto-provisioning is enabled"
        return [generic(text, "instanceType")]
    return []
