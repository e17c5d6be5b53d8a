"""A bad object is refused before anything is registered, whether its values are known or not."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from kaitops.components.refusals import Refused
from kaitops.components.resources import InferenceSet, RAGEngine, Workspace, checking
from kaitops.errors import BadInput
from kaitops.kaito import Release
from tests.components import recorder
from tests.components.conftest import Record
from tests.recorded import load
from tests.version import KAITO

RELEASE = Release.load(KAITO)
SIZE = "Standard_NC24ads_A100_v4"
LABELS = {"matchLabels": {"apps": "a"}}
NODES: Any = {"instanceType": SIZE, "labelSelector": LABELS}
PRESET: Any = {"preset": {"name": "phi-4-mini-instruct"}}


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The types of all resources that reached the engine, also of runs that failed."""
    types: list[str] = []
    before = recorder._Mocks.new_resource

    def spy(self: Any, args: Any) -> Any:
        types.append(args.typ)
        return before(self, args)

    monkeypatch.setattr(recorder._Mocks, "new_resource", spy)
    return types


def declare(resource: Any = NODES, inference: Any = PRESET, **more: Any) -> Workspace:
    return Workspace("phi", metadata={"name": "a", "namespace": "b"}, resource=resource, inference=inference, **more)


def later(value: Any) -> Any:
    return pulumi.Output.from_input(value)


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "unknown key": (lambda: {**NODES, "labelSelectr": LABELS}, 'unknown field "resource.labelSelectr"'),
    "type": (lambda: {**NODES, "count": "1"}, "resource.count"),
    "size": (lambda: {**NODES, "instanceType": "Standard_X99"}, "Unsupported instance type"),
    "unknown key beside an output": (
        lambda: {"instanceType": later(SIZE), "labelSelector": LABELS, "cout": 1},
        'unknown field "resource.cout"',
    ),
    "type beside an output": (
        lambda: {"instanceType": later(SIZE), "labelSelector": LABELS, "count": "1"},
        "resource.count",
    ),
    "missing beside an output": (lambda: {"instanceType": later(SIZE)}, "resource.labelSelector: Required value"),
    "size that is an output": (
        lambda: {**NODES, "instanceType": later("Standard_X99")},
        "Unsupported instance type Standard_X99",
    ),
    "whole part that is an output": (lambda: later({**NODES, "count": "1"}), "resource.count"),
}


@pytest.mark.parametrize(("make", "text"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("preview", [True, False])
def test_a_bad_object_is_refused_and_not_registered(
    registered: list[str], make: Callable[[], Any], text: str, preview: bool
) -> None:
    with pytest.raises(Refused) as found:
        recorder.run(lambda: declare(make()), preview=preview)
    message = str(found.value)
    assert message.startswith("Workspace phi: KAITO 0.12.0")
    assert text in message
    assert "; " in message.splitlines()[1]
    assert not registered


def test_a_wrong_key_within_a_pod_is_refused(registered: list[str]) -> None:
    pod: Any = {"template": {"spec": {"containers": [{"name": "a", "imag": "b"}]}}}
    with pytest.raises(Refused, match="imag"):
        recorder.run(lambda: declare(inference=pod))
    assert not registered


@pytest.mark.parametrize(
    ("kind", "arguments", "text"),
    [
        (Workspace, {"resourc": NODES}, "Workspace: no argument 'resourc', .*; did you mean 'resource'"),
        (Workspace, {"inferense": PRESET}, "did you mean 'inference'"),
        (Workspace, {"zzz": 1}, "it takes name, resource, metadata, inference"),
        (InferenceSet, {"metdata": {}}, "InferenceSet: no argument 'metdata', .*; did you mean 'metadata'"),
        (RAGEngine, {"spek": {}}, "RAGEngine: no argument 'spek', .*; did you mean 'spec'"),
    ],
)
def test_a_misspelt_argument_is_answered_with_the_one_that_was_meant(
    registered: list[str], kind: Any, arguments: dict[str, Any], text: str
) -> None:
    with pytest.raises(Refused, match=text):
        recorder.run(lambda: kind("a", **arguments))
    assert not registered


def test_a_preset_that_is_not_known_is_answered_with_those_that_look_like_it() -> None:
    with pytest.raises(Refused, match="Nearest: phi-4-mini-instruct"):
        recorder.run(lambda: declare(inference={"preset": {"name": "phi-4-mini-instrut"}}))


def test_good_objects_pass_with_values_known_at_any_time(record: Record) -> None:
    for make in (
        lambda: NODES,
        lambda: {**NODES, "instanceType": later(SIZE)},
        lambda: later(NODES),
        lambda: {**NODES, "labelSelector": {"matchLabels": {"apps": later("a")}}},
    ):
        found = record(lambda make=make: declare(make())).one(":Workspace")
        assert found.inputs["resource"] == NODES
        assert found.depends_on == ()
        assert record(lambda make=make: declare(make()), preview=True).of(":Workspace")


def test_the_check_keeps_the_dependencies_of_the_values(record: Record) -> None:
    def program() -> None:
        first = pulumi.CustomResource("kubernetes:core/v1:Namespace", "space", {"metadata": {"name": "b"}})
        about: Any = first.id.apply(lambda _: "b")
        Workspace("phi", metadata={"name": "a", "namespace": about}, resource=NODES, inference=PRESET)

    run = record(program)
    space = run.one(":Namespace")
    assert run.one(":Workspace").property_dependencies["metadata"] == (space.urn,)
    assert run.one(":Workspace").property_dependencies["resource"] == ()


def test_a_secret_value_is_not_told(registered: list[str]) -> None:
    with pytest.raises(Refused) as found:
        recorder.run(lambda: declare({**NODES, "instanceType": pulumi.Output.secret("Standard_Hidden")}))
    assert "Standard_Hidden" not in str(found.value)
    assert "secret" in str(found.value)
    assert not registered


def test_the_controllers_can_be_said(record: Record) -> None:
    byo: Any = {"nodeProvisioner": "byo"}
    with pytest.raises(Refused, match="instanceType must be empty"):
        recorder.run(lambda: declare(controllers=byo))
    assert record(lambda: declare({"labelSelector": LABELS}, controllers=byo)).of(":Workspace")


def test_the_cloud_is_the_one_that_has_the_size(record: Record) -> None:
    assert record(lambda: declare({**NODES, "instanceType": "p4d.24xlarge"})).of(":Workspace")


def test_what_may_be_in_the_cluster_already_is_not_missed(record: Record) -> None:
    assert record(lambda: declare(inference={**PRESET, "config": "of-somebody-else"})).of(":Workspace")
    assert record(lambda: declare({"labelSelector": LABELS})).of(":Workspace")


def test_lists_that_are_tuples_and_absent_values_are_fine(record: Record) -> None:
    found = record(lambda: declare({**NODES, "preferredNodes": ("n",), "count": None})).one(":Workspace")
    assert found.inputs["resource"] == {**NODES, "preferredNodes": ["n"]}


def test_a_child_that_does_not_fit_is_refused(registered: list[str]) -> None:
    spec: Any = {
        "labelSelector": LABELS,
        "template": {"resource": {"instanceType": SIZE}, "inference": {"preset": {"name": "nobody-knows"}}},
    }
    with pytest.raises(Refused, match="nobody-knows"):
        recorder.run(lambda: InferenceSet("set", metadata={"name": "a"}, spec=spec))
    rag: Any = {"embedding": {}, "inferenceService": {"url": "http://a.b", "contextWindowSize": 1}}
    with pytest.raises(Refused, match="mbedding"):
        recorder.run(lambda: RAGEngine("rag", metadata={"name": "a"}, spec=rag))
    assert not registered


def test_whatever_the_real_webhook_admits_is_registered() -> None:
    """On the provisioners of the recordings; what rests on objects that may be there is let through as well."""
    seen = {True: 0, False: 0}
    for case in load("admission")[:400]:
        document = case["documents"][-1]
        if document["apiVersion"] != "kaito.sh/v1beta1" or len(case["documents"]) > 1:
            continue
        try:
            checking.check("Workspace x", document, RELEASE, case["settings"])
            refused = False
        except BadInput:
            refused = True
        if case["admitted"]:
            assert not refused, case["id"]
        seen[refused] += 1
    assert seen[True] > 20
    assert seen[False] > 20


TUNING: Any = {
    "preset": {"name": "phi-4"}, "method": "lora", "input": {"urls": ["https://a.b/c"]},
    "output": {"image": "r.example.com/o:1", "imagePushSecret": "p"},
}  # fmt: skip
GATED: Any = {"preset": {"name": "llama-3.1-8b-instruct"}}
SET: Any = {
    "replicas": 1, "labelSelector": LABELS, "template": {"resource": {"instanceType": SIZE}, "inference": GATED},
}  # fmt: skip


def adapted(name: str) -> Any:
    return {**PRESET, "adapters": [{"source": {"name": name, "image": "r.example.com/law:1"}}]}


def engine(embedding: Any) -> RAGEngine:
    asked: Any = {"url": "https://llm.example.com/v1/completions", "contextWindowSize": 4096}
    spec: Any = {"embedding": embedding, "inferenceService": asked}
    return RAGEngine("r", metadata={"name": "r", "namespace": "b"}, spec=spec)


NEVER_SERVES: dict[str, tuple[Callable[[], Any], str]] = {
    "a size that KAITO has no entry of": (
        lambda: declare({**NODES, "instanceType": "Standard_NC24ads_A100_v5"}),
        "Workspace phi: resource.instanceType: Standard_NC24ads_A100_v5 is not in KAITO's table for azure",
    ),
    "one that is known later": (
        lambda: declare({**NODES, "instanceType": later("Standard_NC24ads_A100_v5")}),
        "Workspace phi: resource.instanceType: Standard_NC24ads_A100_v5 is not in KAITO's table for azure",
    ),
    "one that is a secret": (
        lambda: declare({**NODES, "instanceType": pulumi.Output.secret("Standard_NC24ads_A100_v5")}), "",
    ),
    "a tuning job on GPUs below its weights": (
        lambda: declare({**NODES, "instanceType": "Standard_NV36ads_A10_v5"}, None, tuning=TUNING),
        "a lora job of microsoft/phi-4 loads 27.3 GiB of weights onto each GPU",
    ),
    "a gated model without a token": (
        lambda: declare(NODES, GATED), "llama-3.1-8b-instruct is gated by its owner, and no modelAccessSecret is named",
    ),
    "one whose model is known later": (
        lambda: declare(NODES, later(GATED)), "llama-3.1-8b-instruct is gated by its owner, and no modelAccessSecret is named",
    ),
    "a set of them": (
        lambda: InferenceSet("phi", metadata={"name": "a", "namespace": "b"}, spec=SET), "no modelAccessSecret is named",
    ),
    "a gated model with one that is known later": (
        lambda: declare(NODES, {"preset": {**GATED["preset"], "presetOptions": {"modelAccessSecret": later("hf")}}}), "",
    ),
    "an adapter under the model's name": (
        lambda: declare(NODES, adapted("phi-4-mini-instruct")),
        "Workspace phi: inference.adapters[0].source.name: phi-4-mini-instruct is what the model itself is served as",
    ),
    "an adapter under a name of its own": (lambda: declare(NODES, adapted("law")), ""),
    "an embedding elsewhere": (
        lambda: engine({"remote": {"url": "https://e.example.com/v1"}}),
        "RAGEngine r: spec.embedding.remote: KAITO 0.12.0 never passes it on; the engine asks localhost instead; embed locally",
    ),
    "a gated embedding": (
        lambda: engine({"local": {"modelID": "a/b", "modelAccessSecret": "hf"}}), "passes the Secret's name instead of its content",
    ),
    "an embedding of its own": (lambda: engine({"local": {"modelID": "BAAI/bge-small-en-v1.5"}}), ""),
    "what starts": (declare, ""),
}  # fmt: skip


@pytest.mark.parametrize(("make", "said"), NEVER_SERVES.values(), ids=NEVER_SERVES)
def test_what_is_admitted_and_never_serves_is_told(
    record: Record, make: Callable[[], Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("pulumi.log.warn", lambda message, **_: told.append(message))
    assert record(make)
    assert [said in one for one in told] == [True] * bool(said)
