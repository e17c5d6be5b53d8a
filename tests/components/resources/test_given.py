"""What Python has and a manifest has not does not reach the engine: nulls, empty maps of metadata, enums, classes."""

from enum import Enum
from typing import Any

import pulumi
import pytest

from kaitops.components.refusals import Refused
from kaitops.components.resources import Workspace
from tests.components import recorder
from tests.components.conftest import Record

SIZE = "Standard_NC24ads_A100_v4"
PLACE: Any = {"name": "a", "namespace": "b"}
NODES: Any = {"instanceType": SIZE, "labelSelector": {"matchLabels": {"apps": "a"}}}
PRESET: Any = {"preset": {"name": "phi-4-mini-instruct"}}


def declare(metadata: Any = PLACE, resource: Any = NODES, inference: Any = PRESET, **more: Any) -> Workspace:
    return Workspace("phi", metadata=metadata, resource=resource, inference=inference, **more)


def later(value: Any) -> Any:
    return pulumi.Output.from_input(None).apply(lambda _: value)


def test_what_holds_nothing_is_left_out_at_any_depth(record: Record) -> None:
    about = {**PLACE, "labels": {"a": None, "b": "c"}, "annotations": None, "creationTimestamp": None}
    nodes = {**NODES, "count": None, "preferredNodes": None}
    preset = {"preset": {**PRESET["preset"], "presetOptions": None}, "adapters": None}
    for wrap in (lambda value: value, later):
        found = record(lambda wrap=wrap: declare(wrap(about), wrap(nodes), wrap(preset))).one(":Workspace")
        assert found.inputs["metadata"] == {**PLACE, "labels": {"b": "c"}}
        assert found.inputs["resource"] == NODES
        assert found.inputs["inference"] == PRESET


def test_empty_maps_and_lists_of_metadata_are_left_out_and_others_are_not(record: Record) -> None:
    about = {**PLACE, "labels": {}, "annotations": {}, "finalizers": []}
    for wrap in (lambda value: value, later):
        found = record(lambda wrap=wrap: declare(wrap(about), {**NODES, "preferredNodes": []})).one(":Workspace")
        assert found.inputs["metadata"] == PLACE
        assert found.inputs["resource"]["preferredNodes"] == []


def test_a_manifest_with_keys_that_hold_nothing(record: Record) -> None:
    document = {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": {**PLACE, "creationTimestamp": None, "labels": None},
        "resource": NODES,
        "inference": PRESET,
    }
    assert record(lambda: Workspace.from_manifest("phi", document)).one(":Workspace").inputs["metadata"] == PLACE


def test_an_output_that_comes_to_nothing_is_refused_at_its_place() -> None:
    with pytest.raises(Refused, match=r"resource\.count: came to nothing"):
        recorder.run(lambda: declare(resource={**NODES, "count": later(None)}))
    # A whole part may.
    assert recorder.run(lambda: declare(tuning=later(None))).one(":Workspace").inputs["resource"] == NODES


class Preset(Enum):
    PHI = "phi-4-mini-instruct"


def test_an_enum_stands_for_its_value(record: Record) -> None:
    found = record(lambda: declare(inference={"preset": {"name": Preset.PHI}})).one(":Workspace")
    assert found.inputs["inference"] == PRESET


@pulumi.input_type
class Selector:
    """As the classes of the Kubernetes SDK are."""


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"resource": {**NODES, "labelSelector": Selector()}}, r"resource\.labelSelector: is of type Selector"),
        ({"inference": {"preset": Selector()}}, r"inference\.preset: is of type Selector"),
        (
            {"resource": {**NODES, "preferredNodes": [Selector()]}},
            r"resource\.preferredNodes\[0\]: is of type Selector",
        ),
        ({"metadata": Selector()}, r"metadata: is of type Selector and no mapping"),
        ({"metadata": "phi"}, r"metadata: is of type str and no mapping"),
        ({"metadata": ["phi"]}, r"metadata: is of type list and no mapping"),
        ({"await_ready": "yes"}, r"await_ready: is 'yes'"),
        ({"blue_green": "yes"}, r"blue_green: is 'yes', so nothing is said; write True or False"),
        ({"controllers": {"nodeProvisoner": "byo"}}, r"controllers: holds 'nodeProvisoner', which is no setting"),
        ({"controllers": {"nodeProvisioner": "byoo"}}, r"controllers: holds 'nodeProvisioner', which has to be one of"),
    ],
)
def test_what_no_manifest_holds_is_refused_by_its_place(given: dict[str, Any], text: str) -> None:
    with pytest.raises(Refused, match=text):
        recorder.run(lambda: declare(**given))


def test_what_no_manifest_holds_is_refused_when_it_is_known() -> None:
    with pytest.raises(Refused, match=r"resource\.labelSelector: is of type Selector"):
        recorder.run(lambda: declare(resource=later({**NODES, "labelSelector": Selector()})))


def test_a_preview_knows_that_an_object_which_is_there_has_no_status_yet() -> None:
    def program(**more: Any) -> None:
        made = declare(**more)
        pulumi.export("ready", made.ready)
        pulumi.export("state", made.status.apply(lambda status: status is None))

    assert recorder.run(program, preview=True).exports == {"ready": False, "state": True}
    waited = recorder.run(lambda: program(await_ready=True), preview=True).exports
    assert waited["ready"] is not False
