"""What ``pulumi up`` waits for. Owns the annotations of the Kubernetes provider, which never reach rendered files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import pulumi

from kaitops.components.refusals import told
from kaitops.components.resources import succession
from kaitops.documents.plain import MutableObject, Object
from kaitops.errors import BadInput
from kaitops.kaito.lifecycle import Lifecycle
from kaitops.kaito.release import Release

WAIT_FOR = "pulumi.com/waitFor"
TIMEOUT = "pulumi.com/timeoutSeconds"
SKIP = "pulumi.com/skipAwait"
PROPAGATION = "pulumi.com/deletionPropagationPolicy"


@dataclass(frozen=True, slots=True)
class Readiness:
    """How to wait for an object.

    Attributes:
        timeout_seconds: how long; None for an hour, or two where the weights exceed 100 GB or their size is not known.
        skip: do not wait for what is made; the end of a deletion is waited for all the same.
    """

    timeout_seconds: int | None = None
    skip: bool = False

    @told
    def __post_init__(self) -> None:
        seconds = self.timeout_seconds
        if seconds is not None and (seconds < 1 or self.skip):
            raise BadInput(
                f"Readiness: timeout_seconds: is {seconds} {'beside skip=True' if self.skip else ''}".rstrip()
                + ", so nothing would be waited for in time; give at least one second, or skip=True alone"
            )


def annotations(wanted: "bool | Readiness", lifecycle: Lifecycle, document: Object, release: Release) -> dict[str, str]:
    """The annotations that make the provider wait as wanted; none for False."""
    if wanted is False:
        return {}
    if not isinstance(cast("object", wanted), bool | Readiness):
        raise BadInput(
            f"{document['kind']}: await_ready: is {wanted!r}, so nothing is said of how to wait; write True, False or "
            "Readiness(...)"
        )
    readiness = Readiness() if wanted is True else wanted
    if readiness.skip:
        return {SKIP: "true"}
    seconds = readiness.timeout_seconds
    if seconds is None:
        named = [value for path in lifecycle.model if (value := succession.value_at(document, path)) is not None]
        seconds = lifecycle.timeout_seconds(named, release)
    return {WAIT_FOR: f"condition={lifecycle.ready}", TIMEOUT: str(seconds)}


@told
def merged(given: Object | None, ours: Mapping[str, str], subject: str) -> MutableObject:
    """The annotations of an object with ours beside them.

    Raises:
        BadInput: one is there already with another value.
    """
    given = given or {}
    for key, value in ours.items():
        if given.get(key, value) != value:
            raise BadInput(
                f"{subject}: metadata.annotations[{key}]: is {given[key]!r}, and await_ready would make it {value!r}, "
                "so one of the two would be lost; remove the annotation, or leave await_ready out"
            )
    return {**given, **ours}


def annotated(metadata: object, ours: Mapping[str, str], subject: str) -> Any:
    """The metadata of an object with annotations of ours; Outputs stay Outputs."""
    if metadata is not None and not isinstance(metadata, Mapping):
        whole: pulumi.Output[Any] = pulumi.Output.from_input(metadata)
        return whole.apply(lambda value: annotated(value, ours, subject))
    about = cast("Object", metadata or {})
    given: Any = about.get("annotations")
    if given is None or isinstance(given, Mapping):
        plain = cast("Object | None", given)
        return {**about, "annotations": merged(plain, ours, subject)}
    later: pulumi.Output[Any] = pulumi.Output.from_input(given)
    return {**about, "annotations": later.apply(lambda value: merged(value, ours, subject))}
