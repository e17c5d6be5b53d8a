"""What a typed resource hands to the engine."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime import rpc

from kaitops.components.refusals import Refused
from kaitops.components.resources import InferenceSet, ModelMirror, MultiRoleInference, RAGEngine, Readiness, Workspace
from kaitops.components.resources.kaito_resource import KaitoResource
from kaitops.documents.plain import at
from kaitops.kaito import facts
from tests.components.conftest import Record
from tests.components.recorder import Registered
from tests.conftest import ROOT
from tests.version import KAITO

ROWS = facts.load(KAITO, "lifecycle.json")["kinds"]
SIZE = "Standard_NC24ads_A100_v4"
NODES: Any = {"instanceType": SIZE, "labelSelector": {"matchLabels": {"apps": "a"}}}
PRESET: Any = {"preset": {"name": "phi-4-mini-instruct"}}
Make = Callable[..., KaitoResource]


def workspace(name: str = "a", **more: Any) -> Workspace:
    given: Any = {"metadata": {"name": "a", "namespace": "b"}, "resource": NODES, "inference": PRESET, **more}
    return Workspace(name, **given)


def tuning(name: str = "a", **more: Any) -> Workspace:
    work: Any = {
        "preset": {"name": "phi-4"},
        "method": "lora",
        "input": {"urls": ["https://example.com/a"]},
        "output": {"image": "registry.example.com/a:1", "imagePushSecret": "s"},
    }
    return workspace(name, inference=None, tuning=work, **more)


def inferenceset(name: str = "a", **more: Any) -> InferenceSet:
    given: Any = {
        "metadata": {"name": "a", "namespace": "b"},
        "spec": {
            "labelSelector": {"matchLabels": {"apps": "a"}},
            "template": {"resource": {"instanceType": SIZE}, "inference": PRESET},
        },
        **more,
    }
    return InferenceSet(name, **given)


def ragengine(name: str = "a", **more: Any) -> RAGEngine:
    given: Any = {
        "metadata": {"name": "a", "namespace": "b"},
        "spec": {
            "compute": NODES,
            "embedding": {"local": {"modelID": "a/b"}},
            "inferenceService": {"url": "http://a.b/v1", "contextWindowSize": 1024},
        },
        **more,
    }
    return RAGEngine(name, **given)


def modelmirror(name: str = "a", **more: Any) -> ModelMirror:
    given: Any = {
        "metadata": {"name": "a"},
        "spec": {
            "source": {"registry": "huggingface", "modelID": "a/b"},
            "storage": {"size": "1Gi", "storageClassName": "c"},
        },
        **more,
    }
    return ModelMirror(name, **given)


def multirole(name: str = "a", **more: Any) -> MultiRoleInference:
    given: Any = {
        "metadata": {"name": "a", "namespace": "b"},
        "spec": {
            "labelSelector": {"matchLabels": {"apps": "a"}},
            "model": {"name": "phi-4-mini-instruct"},
            "roles": [{"type": kind, "instanceType": SIZE} for kind in ("prefill", "decode")],
        },
        **more,
    }
    return MultiRoleInference(name, **given)


KINDS = {
    "Workspace": workspace,
    "InferenceSet": inferenceset,
    "RAGEngine": ragengine,
    "ModelMirror": modelmirror,
    "MultiRoleInference": multirole,
}
each_kind = pytest.mark.parametrize(("kind", "make"), KINDS.items(), ids=KINDS)


def one(record: Record, make: Make, *names: str, **more: Any) -> Registered:
    """The resource that a program with one of them registers."""
    found = record(lambda: make(*names, **more)).resources
    assert len(found) == 1
    return found[0]


@each_kind
def test_the_manifest_reaches_the_engine_as_it_is(record: Record, kind: str, make: Make) -> None:
    found = one(record, make)
    version = "v1alpha1" if kind in ("ModelMirror", "MultiRoleInference") else "v1beta1"
    assert found.type == f"kubernetes:kaito.sh/{version}:{kind}"
    assert (found.inputs["apiVersion"], found.inputs["kind"]) == (f"kaito.sh/{version}", kind)
    assert found.inputs["metadata"]["name"] == "a"
    assert "annotations" not in found.inputs["metadata"]
    assert None not in found.inputs.values()
    if kind == "Workspace":
        assert (found.inputs["resource"], found.inputs["inference"]) == (NODES, PRESET)


@each_kind
def test_the_default_provider_is_that_of_the_installed_package(record: Record, kind: str, make: Make) -> None:
    from pulumi_kubernetes import _utilities

    assert one(record, make).version == _utilities.get_version()
    assert one(record, make, opts=pulumi.ResourceOptions(version="4.1.0")).version == "4.1.0"


@each_kind
def test_another_version_of_the_kind_is_the_same_resource(record: Record, kind: str, make: Make) -> None:
    mine = pulumi.Alias(name="before")
    found = one(record, make, opts=pulumi.ResourceOptions(aliases=[mine]))
    other = {"v1beta1": "v1alpha1", "v1alpha1": "v1beta1"}[found.inputs["apiVersion"].rpartition("/")[2]]
    specs = [alias.spec for alias in found.aliases]
    assert [spec.name for spec in specs if spec.name] == ["before"]
    assert [spec.type for spec in specs if spec.type] == [f"kubernetes:kaito.sh/{other}:{kind}"]


@each_kind
def test_what_cannot_change_replaces(record: Record, kind: str, make: Make) -> None:
    found = one(record, make, opts=pulumi.ResourceOptions(replace_on_changes=["metadata.labels"]))
    # What is within a part that the object does not have comes with the part, and that replaces by itself.
    lacking = tuple(f"{path}." for path in ROWS[kind]["presence"] if at(found.inputs, *path.split(".")) is None)
    wanted = [path for path in ROWS[kind]["immutable"] if not path.startswith(lacking)]
    assert found.replace_on_changes == ("metadata.labels", *wanted)
    assert not lacking or found.replacement_trigger
    ours = one(record, make, opts=pulumi.ResourceOptions(replacement_trigger="mine"))
    assert ours.replace_on_changes == tuple(ROWS[kind]["immutable"])
    assert found.delete_before_replace is True


@each_kind
def test_the_engine_is_told_the_line_of_the_program(record: Record, kind: str, make: Make) -> None:
    uri, line = one(record, make).line
    assert uri == Path(__file__).as_uri()
    assert f"return {kind}(" in Path(__file__).read_text().splitlines()[line - 1]


def test_help_names_the_arguments_of_a_kind() -> None:
    assert [*signature(Workspace).parameters][:3] == ["name", "resource", "metadata"]
    assert [*signature(InferenceSet).parameters][:3] == ["name", "spec", "metadata"]


def test_a_feature_gate_makes_more_immutable(record: Record) -> None:
    path = 'metadata.annotations["kaito.sh/model-streaming"]'
    gates = {"nodeProvisioner": "karpenter", "featureGates": {"ModelStreaming": True}}
    assert path in one(record, workspace, controllers=gates).replace_on_changes
    assert path not in one(record, workspace).replace_on_changes


def test_parts_that_come_or_go_trigger_a_replacement(record: Record) -> None:
    seen = [one(record, make).replacement_trigger for make in (workspace, tuning, ragengine, inferenceset)]
    seen.append(one(record, workspace, opts=pulumi.ResourceOptions(replacement_trigger="mine")).replacement_trigger)
    assert seen == [
        {"inference": True, "inference.template": False, "tuning": False},
        {"inference": False, "inference.template": False, "tuning": True},
        {"spec.compute": True},
        None,
        "mine",
    ]


@each_kind
def test_blue_green_follows_what_cannot_change(record: Record, kind: str, make: Make) -> None:
    found = one(record, make, blue_green=True)
    name = found.inputs["metadata"]["name"]
    assert name.startswith("a-")
    assert len(name) == 8
    assert found.delete_before_replace is None
    again = one(record, make, blue_green=True, opts=pulumi.ResourceOptions(delete_before_replace=False))
    assert again.inputs["metadata"]["name"] == name
    assert again.delete_before_replace is False


def test_blue_green_names_differ_where_the_webhook_would_refuse(record: Record) -> None:
    def name(**more: Any) -> str:
        return one(record, workspace, blue_green=True, **more).inputs["metadata"]["name"]

    same = name()
    assert name(inference={**PRESET, "config": "other"}) == same
    assert name(resource={**NODES, "preferredNodes": ["n"]}) == same
    assert name(metadata={"name": "a", "namespace": "b", "labels": {"team": "x"}}) == same
    assert name(inference={"preset": {"name": "phi-4"}}) != same
    assert name(resource={**NODES, "count": 2}) != same
    assert name(resource={**NODES, "instanceType": "Standard_NC40ads_H100_v5"}) != same


def test_a_selector_that_repeats_the_name_follows_it(record: Record) -> None:
    nodes = {**NODES, "labelSelector": {"matchLabels": {"apps": "a", "pool": "shared"}}}
    found = one(record, workspace, blue_green=True, resource=nodes)
    labels = found.inputs["resource"]["labelSelector"]["matchLabels"]
    assert labels == {"apps": found.inputs["metadata"]["name"], "pool": "shared"}
    kept = one(record, workspace, resource=nodes)
    assert kept.inputs["resource"] == nodes


def test_blue_green_takes_values_that_are_not_known_yet(record: Record) -> None:
    plain = one(record, workspace, blue_green=True).inputs["metadata"]["name"]

    def nodes_of(wrap: Callable[[Any], Any]) -> Any:
        return {**NODES, "instanceType": wrap(SIZE)}

    assert (
        one(
            record,
            lambda: workspace(resource=nodes_of(pulumi.Output.from_input), blue_green=True),
        ).inputs["metadata"]["name"]
        == plain
    )
    assert (
        one(record, lambda: workspace(resource=pulumi.Output.from_input(NODES), blue_green=True)).inputs["metadata"][
            "name"
        ]
        == plain
    )


def test_without_a_name_pulumi_makes_one_up(record: Record) -> None:
    found = one(record, workspace, metadata={"namespace": "b"})
    assert "name" not in found.inputs["metadata"]
    assert found.delete_before_replace is None
    named = one(record, workspace, "phi", metadata=None, blue_green=True)
    assert named.inputs["metadata"]["name"].startswith("phi-")


@each_kind
def test_waiting_is_for_the_condition_of_the_kind(record: Record, kind: str, make: Make) -> None:
    notes = one(record, make, await_ready=True).inputs["metadata"]["annotations"]
    assert notes["pulumi.com/waitFor"] == f"condition={ROWS[kind]['ready']}"
    assert notes["pulumi.com/timeoutSeconds"] == ("7200" if kind == "ModelMirror" else "3600")
    assert len(notes) == 2


def test_waiting_can_be_timed_skipped_and_left_out(record: Record) -> None:
    def notes(**more: Any) -> Any:
        return one(record, workspace, **more).inputs["metadata"].get("annotations")

    about = {"name": "a", "namespace": "b", "annotations": {"kaito.sh/disable-benchmark": "true"}}
    assert notes() is None
    assert notes(await_ready=Readiness(skip=True)) == {"pulumi.com/skipAwait": "true"}
    assert notes(await_ready=Readiness(timeout_seconds=60))["pulumi.com/timeoutSeconds"] == "60"
    assert notes(metadata=about) == about["annotations"]
    assert set(notes(metadata=about, await_ready=True)) == {
        "kaito.sh/disable-benchmark",
        "pulumi.com/timeoutSeconds",
        "pulumi.com/waitFor",
    }


@pytest.mark.parametrize("given", [{"timeout_seconds": 0}, {"timeout_seconds": 60, "skip": True}])
def test_a_wait_that_is_none_is_refused(given: Any) -> None:
    with pytest.raises(Refused, match=r"timeout_seconds: is .*skip=True alone"):
        Readiness(**given)


@pytest.mark.parametrize("wrap", [lambda value: value, pulumi.Output.from_input], ids=["plain", "output"])
def test_an_annotation_of_the_users_is_not_overwritten(record: Record, wrap: Callable[[Any], Any]) -> None:
    notes = {"pulumi.com/waitFor": "jsonpath={.status.state}=Ready"}

    def program() -> None:
        workspace(metadata={"name": "a", "namespace": "b", "annotations": wrap(notes)}, await_ready=True)

    with pytest.raises(Refused, match=r"metadata.annotations\[pulumi.com/waitFor\].*remove the annotation"):
        record(program)


def test_annotations_that_are_outputs_are_kept(record: Record) -> None:
    def program(whole: bool) -> None:
        about: Any = {"name": "a", "namespace": "b", "annotations": {"x": "y"}}
        later: Any = pulumi.Output.from_input
        about = later(about) if whole else {**about, "annotations": later(about["annotations"])}
        workspace(metadata=about, await_ready=True)

    for whole in (True, False):
        found = record(lambda whole=whole: program(whole)).one(":Workspace")
        assert found.inputs["metadata"]["annotations"]["x"] == "y"
        assert found.inputs["metadata"]["annotations"]["pulumi.com/waitFor"] == "condition=WorkspaceSucceeded"


@each_kind
def test_an_object_of_the_cluster_is_read_by_its_id(record: Record, kind: str, make: Make) -> None:
    cls: type[KaitoResource] = type(record(make).result)
    run = record(lambda: pulumi.export("status", cls.get("old", "b/a")._output("status")))
    found = run.resources[0]
    assert (found.read, found.id, found.type) == (True, "b/a", cls.token())
    assert found.version
    assert run.exports == {"status": None}


def test_an_object_of_the_cluster_can_be_imported(record: Record) -> None:
    found = one(record, workspace, opts=pulumi.ResourceOptions(import_="b/a"))
    assert found.import_id == "b/a"


def test_ready_and_whole_numbers_come_out(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.components import recorder

    status = {"conditions": [{"type": "WorkspaceSucceeded", "status": "True"}], "targetNodeCount": 2}
    computed = recorder.computed
    monkeypatch.setattr(
        recorder, "computed", lambda *given: (computed(*given)[0], {**computed(*given)[1], "status": status})
    )

    def program() -> None:
        made = workspace()
        pulumi.export("ready", made.ready)
        pulumi.export(
            "count", made.status.apply(lambda value: type(value["targetNodeCount"]).__name__ if value else "")
        )
        pulumi.export("name", made.metadata.apply(lambda about: about["name"]))

    assert record(program).exports == {"ready": True, "count": "int", "name": "a"}
    status["conditions"][0]["status"] = "False"
    assert record(program).exports["ready"] is False


@each_kind
def test_a_manifest_becomes_the_same_resource(record: Record, kind: str, make: Make) -> None:
    declared = one(record, make)
    cls: type[KaitoResource] = type(record(make).result)
    read = record(lambda: cls.from_manifest("a", declared.inputs)).resources[0]
    assert read.inputs == declared.inputs
    with pytest.raises(Refused, match="the manifest is of v1 ConfigMap"):
        record(lambda: cls.from_manifest("a", {"apiVersion": "v1", "kind": "ConfigMap"}))


def test_values_that_a_preview_does_not_know_stay_unknown_and_alone(record: Record) -> None:
    def unknown() -> Any:
        def done(value: Any) -> asyncio.Future[Any]:
            future: asyncio.Future[Any] = asyncio.get_event_loop().create_future()
            future.set_result(value)
            return future

        return pulumi.Output(done(set()), done(None), done(False))

    def program() -> None:
        workspace(metadata={"name": "a", "namespace": unknown()}, blue_green=True, await_ready=True)
        workspace("b", resource={**NODES, "instanceType": unknown()}, blue_green=True)

    first, second = record(program, preview=True).of(":Workspace")
    assert rpc.UNKNOWN not in json.dumps(first.inputs["resource"])
    assert str(first.inputs["metadata"]["name"]).startswith("a-")
    assert not str(second.inputs["metadata"].get("name")).startswith("a-")
    assert second.inputs["inference"] == PRESET


def test_importing_a_kind_imports_neither_the_provider_nor_the_models() -> None:
    script = "import sys, kaitops.components.resources.workspace; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {
        "pulumi_kubernetes",
        "pydantic",
        "kaitops.components.resources.arguments",
        "kaitops.fleet.schema",
    }
