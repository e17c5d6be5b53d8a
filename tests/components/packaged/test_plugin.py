"""The plugin over the engine's own protocol: its schema, what it makes, how it refuses."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kaitops.components.packaged import generation
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
    "ModelMirror": {
        "mode": "Managed",
        "source": {"registry": "huggingface", "modelID": "microsoft/phi-4"},
        "storage": {"size": "100Gi", "storageClassName": "blob-weights"},
    },
    "MultiRoleInference": {
        "labelSelector": {"matchLabels": {"apps": "phi"}},
        "model": {"name": "phi-4"},
        "roles": [
            {"type": "prefill", "instanceType": "Standard_NC40ads_H100_v5", "replicas": 1},
            {"type": "decode", "instanceType": A100, "replicas": 2},
        ],
    },
}


@pytest.mark.parametrize("kind", list(SPECS))
def test_a_kind_with_a_spec_is_made_as_it_was_given(running: Plugin, kind: str) -> None:
    answer = running.construct(kind, "one", metadata={"name": "one"}, spec=SPECS[kind])
    assert answer.refused == {}
    version = "v1alpha1" if kind in {"ModelMirror", "MultiRoleInference"} else "v1beta1"
    made = answer.made[f"kubernetes:kaito.sh/{version}:{kind}", "one"]["spec"]
    assert made == SPECS[kind]


def changed(kind: str, path: str, value: Any) -> dict[str, Any]:
    """A spec with one value that is wrong."""
    spec = json.loads(json.dumps(SPECS[kind]))
    *above, last = (int(step) if step.isdigit() else step for step in re.findall(r"\w+", path))
    place = spec
    for step in above:
        place = place[step]
    place[last] = value
    return spec


WRONG = [
    ("InferenceSet", "template.inference.preset.name", "phi-9", "Unsupported inference preset name phi-9"),
    ("RAGEngine", "inferenceService.url", "not a url", "invalid URI"),
    ("RAGEngine", "embedding", {"local": {"modelID": ""}}, "must be specified"),
    ("ModelMirror", "storage.size", "much", "invalid value: much"),
    ("ModelMirror", "source.modelID", "", "missing field"),
    ("MultiRoleInference", "roles[1].replicas", 0, "greater than or equal to 1"),
]


@pytest.mark.parametrize(("kind", "path", "value", "said"), WRONG, ids=lambda one: str(one)[:30])
def test_a_wrong_value_is_refused_at_its_own_property(
    running: Plugin, kind: str, path: str, value: Any, said: str
) -> None:
    answer = running.construct(kind, "one", metadata={"name": "one"}, spec=changed(kind, path, value))
    assert f"spec.{path}" in answer.refused, answer.refused
    assert said in answer.refused[f"spec.{path}"] and "Traceback" not in answer.refused[""]
    assert not any(type_.startswith("kubernetes:") for type_, _ in answer.made)


# Plain values are what a manifest holds beside KAITO's own fields, what a chart takes, and flags of other programs.
OPEN = {
    "DataSource.volumeSource", "DataDestination.volumeSource", "InferenceSpec.template", "InferenceSetTemplate.metadata",
    "InferenceSetSpec.updateStrategy", "FleetModel.vllm", "FleetRole.vllm", "FleetTuning.config", "FleetGuardrails.policy",
    "FleetCluster.tuning", "FleetCluster.rag", "FleetHeadlamp.values",
}  # fmt: skip


def test_all_else_has_a_type_down_to_words_and_numbers() -> None:
    golden = json.loads(GOLDEN.read_text())
    found = {
        f"{name.rpartition(':')[2]}.{key}"
        for name, one in golden["types"].items()
        for key, each in one.get("properties", {}).items()
        if "Any" in json.dumps(each)
    }
    assert {one for one in found if one.split(".")[0] not in CHARTS} <= OPEN
    inputs = {
        f"{name.rpartition(':')[2]}.{key}"
        for name, one in golden["resources"].items()
        for key, each in one["inputProperties"].items()
        if "Any" in json.dumps(each)
    }
    assert inputs == {"Operator.values"}
    enums = [one for one in golden["types"].values() if "enum" in one]
    assert len(enums) > 30


CHARTS = {"FleetOperator", "FleetAddon", "FleetRagValues"}


def test_each_kind_is_in_the_table_above() -> None:
    assert {*SPECS, "Workspace"} == {one.__name__ for one in COMPONENTS} - {"Cluster", "Model", "Operator"}


@pytest.mark.parametrize("path", list(generation.files()), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_the_types_are_those_of_the_models(path: Path) -> None:
    held = path.read_text("utf-8")
    assert ast.dump(ast.parse(held)) == ast.dump(ast.parse(generation.files()[path])), (
        "run python -m kaitops.components.packaged.generation, then ruff format"
    )


def test_a_refusal_is_an_error_of_the_input_that_it_is_about(running: Plugin) -> None:
    answer = running.construct(
        "Workspace", "phi", resource={**NODES, "instanceType": "Standard_D2s_v3"}, inference={"preset": {"name": "x"}}
    )
    assert answer.made.keys() <= {("kaitops:index:Workspace", "phi")}
    assert "Traceback" not in answer.refused[""]
    assert any(path.startswith("inference.preset") for path in answer.refused), answer.refused


def test_a_refusal_of_what_is_known_late_is_told_as_the_message_that_it_is(running: Plugin) -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "of-mine"}
    answer = running.construct("Workspace", "phi", resource=NODES, inference={"preset": {"name": secret}})
    assert answer.refused[""].startswith("Workspace phi: KAITO") and "a value of it is secret" in answer.refused[""]
    assert "of-mine" not in answer.refused[""]


@pytest.mark.parametrize(
    ("kind", "inputs", "path", "said"),
    [
        (
            "Workspace",
            {"resource": {**NODES, "instancetype": "x"}},
            "resource.instancetype",
            "did you mean 'instanceType'",
        ),
        ("Workspace", {"resource": NODES, "await": True}, "await", "is no property"),
        ("Workspace", {}, "resource", "is missing"),
        ("InferenceSet", {"spec": {**SPECS["InferenceSet"], "template": {}}}, "spec.template.inference", "is missing"),
        (
            "MultiRoleInference",
            {"spec": {**SPECS["MultiRoleInference"], "roles": [{"type": "encode"}]}},
            "spec.roles[0].type",
            "none of prefill, decode",
        ),
        (
            "RAGEngine",
            {"spec": {**SPECS["RAGEngine"], "storage": {"vectorDB": "x"}}},
            "spec.storage.vectorDB",
            "no object",
        ),
        (
            "Cluster",
            {"fleet": FLEET, "cluster": "c", "settings": {"gpuPools": {"a": {"sise": 1}}}},
            "settings.gpuPools.a.sise",
            "size",
        ),
        (
            "Workspace",
            {"resource": NODES, "metadata": {"labels": {"version": 12}}},
            "metadata.labels.version",
            "is the number 12, and only text can stand here; write it so, by quoting it",
        ),
        ("Workspace", {"resource": NODES, "blueGreen": "maybe"}, "blueGreen", "only true or false"),
        ("Workspace", {"resource": NODES, "awaitReady": 3}, "awaitReady", "only true or false"),
        ("Workspace", {"resource": {**NODES, "count": 1.5}}, "resource.count", "only a whole number"),
        ("Model", {"cluster": {"a": "b"}, "fleet": FLEET}, "cluster", "is an object, and only text"),
        ("Operator", {"fleet": 12, "cluster": "prod-weu"}, "fleet", "only text"),
        ("Operator", {"fleet": FLEET, "cluster": "prod-weu", "values": "x"}, "values", "only an object"),
        (
            "Cluster",
            {"fleet": FLEET, "cluster": "prod-weu", "settings": {"systemPool": {"zones": [1]}}},
            "settings.systemPool.zones[0]",
            "only text",
        ),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_the_schema_has_no_place_for_is_refused_and_not_dropped(
    running: Plugin, kind: str, inputs: dict[str, Any], path: str, said: str
) -> None:
    answer = running.construct(kind, "one", **inputs)
    assert said in answer.refused[path]
    assert not any(name == "one" for _, name in answer.made)


# How an engine writes an output whose value it does not know yet.
LATER = {"4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4"}


def test_an_object_that_is_known_later_is_not_taken_for_an_empty_one(running: Plugin) -> None:
    answer = running.construct("InferenceSet", "one", metadata={"name": "one"}, spec={**LATER})
    assert answer.refused == {}
    assert "spec" in answer.made["kubernetes:kaito.sh/v1beta1:InferenceSet", "one"]


@pytest.mark.parametrize(
    ("change", "path", "said"),
    [
        ({"kaito": "9.9.9"}, "kaito", "9.9.9"),
        ({"entry": {"preset": "phi-4-mini-instruct", "gpu": A100, "vllm": {"x y": 1}}}, "entry.vllm", "x y"),
        (
            {"clusterDeclaration": {"region": "westeurope", "provisioner": "karpenter", "server": "no address"}},
            "clusterDeclaration.server",
            "begin it with https://",
        ),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_a_model_is_refused_for_names_the_input_and_no_place_in_a_text_that_nobody_wrote(
    running: Plugin, change: dict[str, Any], path: str, said: str
) -> None:
    given: dict[str, Any] = {
        "kaito": KAITO,
        "clusterDeclaration": {"region": "westeurope", "provisioner": "karpenter"},
        "entry": {"preset": "phi-4-mini-instruct", "gpu": A100, "namespace": "models"},
    }
    answer = running.construct("Model", "phi", **{**given, **change})
    place = next(one for one in answer.refused if one and one.startswith(path))
    assert said in answer.refused[place] and answer.refused[place].startswith(place), answer.refused
    assert "the arguments" not in answer.refused[""] and "clusters.cluster" not in answer.refused[""]


def test_a_model_of_a_fleet_is_made(running: Plugin) -> None:
    answer = running.construct("Model", "granite-classifier", fleet=FLEET, cluster="prod-weu", group="models")
    assert answer.refused == {}
    assert any(type_ == WORKSPACE for type_, _ in answer.made)
    missing = running.construct("Model", "nobody", fleet=FLEET, cluster="prod-weu")
    assert "runs no models.nobody" in missing.refused[""]


def test_an_entry_of_ones_own_has_whole_numbers_and_is_refused_at_the_entry(running: Plugin) -> None:
    given: dict[str, Any] = {
        "kaito": KAITO,
        "clusterDeclaration": {"region": "westeurope", "provisioner": "karpenter"},
        "entry": {"preset": "phi-4-mini-instruct", "gpu": A100, "context": 16384.0, "namespace": "models"},
    }
    assert running.construct("Model", "phi", **given).refused == {}
    wrong = {**given, "entry": {**given["entry"], "contxt": 1}}
    assert "entry.contxt" in running.construct("Model", "phi", **wrong).refused
    mirror = {"model": "phi-4", "storageClass": "blob-weights", "namespace": "models", "size": "100Gi"}
    both = running.construct("Model", "phi", **given, mirrorEntry=mirror)
    assert "a Model is one workload" in both.refused[""]
    del given["entry"]
    answer = running.construct("Model", "phi", **given, mirrorEntry=mirror)
    assert answer.refused == {}
    assert any(type_.endswith(":ModelMirror") for type_, _ in answer.made)
    assert "mirrorEntry.mod" in running.construct("Model", "phi", **given, mirrorEntry={**mirror, "mod": 1}).refused


def test_settings_of_a_cluster_are_refused_where_they_stand(running: Plugin) -> None:
    answer = running.construct(
        "Cluster", "c", fleet=FLEET, cluster="edge-lab", settings={"gpuPools": {"a": {"size": 1}}}
    )
    assert "settings.gpuPools.a.size" in answer.refused
    assert not any(type_.startswith("azure-native:") for type_, _ in answer.made)


ADMIN = "11111111-1111-1111-1111-111111111111"


@pytest.mark.e2e
def test_the_controllers_are_made_in_order_and_their_definitions_are_held(running: Plugin) -> None:
    values = {"workspace": {"clusterName": "aks-one"}}
    answer = running.construct("Operator", "op", fleet=FLEET, cluster="prod-weu", values=values)
    assert answer.refused == {} and answer.state["releases"] == {"workspace": KAITO, "ragengine": KAITO}
    made = [name for type_, name in answer.made if type_.startswith("kubernetes:")]
    assert made == ["op-kaito-workspace", "op-workspace", "op-kaito-ragengine", "op-ragengine"]
    chart = answer.made["kubernetes:helm.sh/v4:Chart", "op-workspace"]
    assert chart["values"]["clusterName"] == "aks-one" and chart["version"] == KAITO
    # A chart's definitions are made by the provider, and held by a transform that it is asked about.
    charts = {urn for urn in answer.parents if ":Chart::" in urn}
    assert charts <= answer.transformed
    free = running.construct("Operator", "op", fleet=FLEET, cluster="prod-weu", protect=False)
    assert free.transformed == set()


@pytest.mark.parametrize(
    ("kind", "inputs", "path"),
    [
        ("Operator", {"fleet": FLEET, "cluster": "nobody"}, "cluster"),
        ("Operator", {"fleet": "/nowhere.yaml", "cluster": "prod-weu"}, "fleet"),
        ("Operator", {"fleet": FLEET, "cluster": "prod-weu", "archives": "/nowhere"}, "archives"),
        ("Cluster", {"fleet": FLEET, "cluster": "nobody"}, "cluster"),
        ("Cluster", {"fleet": FLEET, "cluster": "prod-weu"}, "settings.entraAdmins"),
        (
            "Cluster",
            {"fleet": FLEET, "cluster": "prod-weu", "settings": {"entraAdmins": [ADMIN], "sku": "Automatic"}},
            "settings.sku",
        ),
    ],
    ids=lambda value: str(value)[-40:],
)
def test_what_a_fleet_does_not_hold_is_refused_at_its_property(
    running: Plugin, kind: str, inputs: dict[str, Any], path: str
) -> None:
    answer = running.construct(kind, "one", **inputs)
    assert path in answer.refused, answer.refused
    assert "Traceback" not in answer.refused[""]
    assert not any(type_.startswith(("kubernetes:", "azure-native:")) for type_, _ in answer.made)


@pytest.mark.e2e
def test_a_cluster_is_made_held_and_handed_on(running: Plugin) -> None:
    settings = {"entraAdmins": [ADMIN], "systemPool": {"min": 3.0}, "nodeClass": {"osDiskGb": 512.0}}
    answer = running.construct("Cluster", "c", fleet=FLEET, cluster="prod-weu", settings=settings)
    assert answer.refused == {}
    cluster = answer.made["azure-native:containerservice:ManagedCluster", "c-aks-cluster"]
    assert cluster["agentPoolProfiles"][0]["count"] == 3
    assert answer.state["clusterName"] == "aks-prod-weu" and answer.state["chartValues"]["workspace"]
    held = {urn.rpartition("::")[2] for urn in answer.protected}
    assert {"c-aks-cluster", "c-guard"} <= held
    assert any(one.endswith("kaitops:index:Cluster::c") for one in answer.parents.values())
