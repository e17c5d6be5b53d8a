"""The plugin over the engine's own protocol: its schema, what it makes, how it refuses."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from kaitops.components.packaged.host import COMPONENTS
from kaitops.components.packaged.host import plugin as provider
from tests.components.packaged.engine import Plugin, plugin
from tests.conftest import ROOT
from tests.version import KAITO

GOLDEN = ROOT / "provider" / "schema.json"
A100 = "Standard_NC24ads_A100_v4"
WORKSPACE = "kubernetes:kaito.sh/v1beta1:Workspace"
NODES = {"instanceType": A100, "labelSelector": {"matchLabels": {"apps": "phi"}}, "count": 1}
FLEET = str(ROOT / "fleet.yaml")


@pytest.fixture(scope="module")
def running() -> Iterator[Plugin]:
    with plugin() as found:
        yield found


def test_the_schema_is_the_one_that_was_agreed_to(request: pytest.FixtureRequest) -> None:
    found = json.dumps(json.loads(provider("0.0.0").schema or ""), indent=1, sort_keys=True) + "\n"
    if request.config.getoption("--update-docs"):
        GOLDEN.write_text(found)
    assert GOLDEN.read_text() == found, (
        "the interface for every language changed; if that is meant, run: "
        ".venv/bin/pytest tests/components/packaged/test_plugin.py --update-docs, and say so in the message"
    )


def test_a_running_plugin_tells_the_same_schema_under_its_version(running: Plugin) -> None:
    told, golden = running.schema(), json.loads(GOLDEN.read_text())
    assert told["name"] == "kaitops" and told.pop("version") != golden.pop("version")
    assert set(told["resources"]) == {f"kaitops:index:{one.__name__}" for one in COMPONENTS}
    assert told["resources"] == golden["resources"] and told["types"] == golden["types"]


def test_every_input_and_output_says_what_it_is() -> None:
    golden = json.loads(GOLDEN.read_text())
    for name, one in {**golden["resources"], **golden["types"]}.items():
        assert one.get("description"), name
        for key, each in {**one.get("inputProperties", {}), **one.get("properties", {})}.items():
            assert each.get("description"), (name, key)


def test_a_workspace_is_made_with_whole_numbers(running: Plugin) -> None:
    answer = running.construct(
        "Workspace",
        "phi",
        metadata={"name": "phi", "namespace": "models"},
        resource=NODES,
        inference={"preset": {"name": "phi-4-mini-instruct", "accessMode": "public"}},
    )
    assert answer.refused == {}
    made = answer.made[WORKSPACE, "phi"]
    assert made["resource"] == NODES and made["inference"]["preset"]["name"] == "phi-4-mini-instruct"
    assert answer.parents[f"urn:pulumi:stack::project::{WORKSPACE}::phi"].endswith("kaitops:index:Workspace::phi")
    assert answer.state["name"] == "phi"


SPECS: dict[str, dict[str, Any]] = {
    "InferenceSet": {
        "replicas": 2,
        "labelSelector": {"matchLabels": {"apps": "phi"}},
        "template": {
            "resource": {"instanceType": A100},
            "inference": {"preset": {"name": "phi-4-mini-instruct"}},
        },
    },
    "RAGEngine": {
        "compute": NODES,
        "embedding": {"local": {"modelID": "BAAI/bge-small-en-v1.5"}},
        "inferenceService": {"url": "http://phi.models/v1/completions", "contextWindowSize": 4096},
    },
}


@pytest.mark.parametrize("kind", list(SPECS))
def test_a_kind_with_a_spec_is_made(running: Plugin, kind: str) -> None:
    answer = running.construct(kind, "one", metadata={"name": "one"}, spec=SPECS[kind])
    assert answer.refused == {}
    assert answer.made[f"kubernetes:kaito.sh/v1beta1:{kind}", "one"]["spec"] == SPECS[kind]


def test_a_refusal_is_an_error_of_the_input_that_it_is_about(running: Plugin) -> None:
    answer = running.construct(
        "Workspace", "phi", resource={**NODES, "instanceType": "Standard_D2s_v3"}, inference={"preset": {"name": "x"}}
    )
    assert answer.made.keys() <= {("kaitops:index:Workspace", "phi")}
    assert "Traceback" not in answer.refused[""]
    assert any(path.startswith("inference.preset") for path in answer.refused), answer.refused


def test_a_model_of_a_fleet_is_made(running: Plugin) -> None:
    answer = running.construct("Model", "granite-classifier", fleet=FLEET, cluster="prod-weu", group="models")
    assert answer.refused == {}
    assert any(type_ == WORKSPACE for type_, _ in answer.made)
    missing = running.construct("Model", "nobody", fleet=FLEET, cluster="prod-weu")
    assert "runs no models.nobody" in missing.refused[""]


def test_an_entry_of_ones_own_has_whole_numbers_and_is_refused_at_the_entry(running: Plugin) -> None:
    given: dict[str, Any] = {
        "kaito": KAITO,
        "cluster_declaration": {},
        "clusterDeclaration": {"region": "westeurope", "provisioner": "karpenter"},
        "entry": {"preset": "phi-4-mini-instruct", "gpu": A100, "context": 16384.0, "namespace": "models"},
    }
    given.pop("cluster_declaration")
    assert running.construct("Model", "phi", **given).refused == {}
    given["entry"] = {**given["entry"], "contxt": 1}
    assert "entry.contxt" in running.construct("Model", "phi", **given).refused


def test_settings_of_a_cluster_are_refused_where_they_stand(running: Plugin) -> None:
    answer = running.construct(
        "Cluster", "c", fleet=FLEET, cluster="edge-lab", settings={"gpuPools": {"a": {"size": 1}}}
    )
    assert "settings.gpuPools.a.size" in answer.refused
    assert not any(type_.startswith("azure-native:") for type_, _ in answer.made)
