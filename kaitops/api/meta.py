"""Object metadata, label selectors and conditions, as Kubernetes' ``meta/v1`` has them."""

from typing import Annotated, Literal

from annotated_types import Ge, Len, MaxLen

from kaitops.api.resource import Anything, Part


class OwnerReference(Part):
    """The object that owns this one."""

    api_version: str
    kind: str
    name: str
    uid: str | None = None
    controller: bool | None = None
    block_owner_deletion: bool | None = None


class ObjectMeta(Part):
    """Name, namespace, labels, annotations; the rest is the API server's."""

    name: str | None = None
    generate_name: str | None = None
    namespace: str | None = None
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    finalizers: list[str] | None = None
    owner_references: list[OwnerReference] | None = None
    uid: str | None = None
    resource_version: str | None = None
    generation: int | None = None
    creation_timestamp: str | None = None
    deletion_timestamp: str | None = None
    deletion_grace_period_seconds: int | None = None
    self_link: str | None = None
    managed_fields: list[Anything] | None = None


class LabelSelectorRequirement(Part):
    """One condition on a label."""

    key: str
    """Label that is looked at."""
    operator: str
    """``In``, ``NotIn``, ``Exists`` or ``DoesNotExist``."""
    values: list[str] | None = None
    """Values; none with the last two operators."""


class LabelSelector(Part):
    """Labels that must match; all conditions hold together."""

    match_labels: dict[str, str] | None = None
    """Labels with their values."""
    match_expressions: list[LabelSelectorRequirement] | None = None
    """Conditions on labels."""


class Condition(Part):
    """One observed aspect of an object's state."""

    type: Annotated[str, MaxLen(316)]
    status: Literal["True", "False", "Unknown"]
    last_transition_time: str
    reason: Annotated[str, Len(1, 1024)]
    message: Annotated[str, MaxLen(32768)]
    observed_generation: Annotated[int, Ge(0)] | None = None
