"""Programs in other languages with the plugin, by the real engine: YAML and TypeScript, on a real API server.

Every kind of KAITO's and a model of a fleet in each; clusters and controllers are in ``test_engine_languages_cluster``.
Each needs the engine's host of the language; a machine without it skips by name.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.cluster import Cluster
from tests.e2e.engine.languages import Stack, documented
from tests.e2e.engine.project import Result, engine
from tests.version import KAITO

__all__ = ["engine"]
pytestmark = pytest.mark.timeout(1200)

SPACE = "engine-languages"
A100, H100 = "Standard_NC24ads_A100_v4", "Standard_NC40ads_H100_v5"
KINDS = {"Workspace", "InferenceSet", "RAGEngine", "ModelMirror", "MultiRoleInference"}
NODES = {"instanceType": A100, "labelSelector": {"matchLabels": {"apps": "phi"}}, "count": 1}
CLUSTER = {"region": "westeurope", "provisioner": "karpenter"}
ENTRY = {"preset": "phi-4-mini-instruct", "gpu": A100, "context": 16384, "namespace": SPACE, "benchmark": False}
SPECS: dict[str, dict[str, Any]] = {
    "Workspace": {"resource": NODES, "inference": {"preset": {"name": "phi-4-mini-instruct", "accessMode": "public"}}},
    "InferenceSet": {
        "spec": {
            "replicas": 2,
            "labelSelector": {"matchLabels": {"apps": "phi"}},
            "template": {"resource": {"instanceType": A100}, "inference": {"preset": {"name": "phi-4-mini-instruct"}}},
        }
    },
    "RAGEngine": {
        "spec": {
            "compute": NODES,
            "embedding": {"local": {"modelID": "BAAI/bge-small-en-v1.5"}},
            "inferenceService": {"url": "http://phi.models/v1/completions", "contextWindowSize": 4096},
        }
    },
    "ModelMirror": {
        "spec": {
            "mode": "Managed",
            "source": {"registry": "huggingface", "modelID": "microsoft/phi-4"},
            "storage": {"size": "100Gi", "storageClassName": "blob-weights"},
        }
    },
    "MultiRoleInference": {
        "spec": {
            "labelSelector": {"matchLabels": {"apps": "phi"}},
            "model": {"name": "phi-4"},
            "roles": [
                {"type": "prefill", "instanceType": H100, "replicas": 1},
                {"type": "decode", "instanceType": A100, "replicas": 2},
            ],
        }
    },
}
MODEL: dict[str, Any] = {"kaito": KAITO, "clusterDeclaration": CLUSTER, "entry": ENTRY}
# What is wrong, where it stands in the program, the property at which it is refused.
WRONG: dict[str, tuple[str, tuple[str | int, ...], Any, str]] = {
    "workspace": ("Workspace", ("inference", "preset", "name"), "phi-9", "inference.preset.name"),
    "inferenceset": (
        "InferenceSet",
        ("spec", "template", "inference", "preset", "name"),
        "phi-9",
        "spec.template.inference.preset.name",
    ),
    "ragengine": ("RAGEngine", ("spec", "inferenceService", "url"), "no url", "spec.inferenceService.url"),
    "modelmirror": ("ModelMirror", ("spec", "storage", "size"), "much", "spec.storage.size"),
    "multiroleinference": ("MultiRoleInference", ("spec", "roles", 1, "replicas"), 0, "spec.roles[1].replicas"),
    "model": ("Model", ("entry", "preset"), "phi-9", "entry.preset"),
}
TYPESCRIPT = """
import * as pulumi from "@pulumi/pulumi";
import * as kaitops from "@pulumi/kaitops";

const MADE = {
RESOURCES
};
PAGE
export const name = MADE.workspace.name;
"""


@pytest.fixture
def stack(
    engine: None, api_server: Cluster, install: Callable[[list[str]], None], tmp_path: Path
) -> Iterator[Callable[[str], Stack]]:
    install(["kaito.sh", "karpenter.sh"])
    made: list[Stack] = []

    def make(runtime: str) -> Stack:
        one = Stack(tmp_path, api_server, runtime)
        made.append(one)
        one.client.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SPACE}})
        return one

    yield make
    for one in made:
        one.project.run("destroy")
        one.client.close()


def inputs(wrong: str = "") -> dict[str, tuple[str, dict[str, Any]]]:
    """Type and inputs by the name in the program; one of them with a value that is wrong."""
    found: dict[str, tuple[str, dict[str, Any]]] = {"model": ("Model", json.loads(json.dumps(MODEL)))}
    for kind, given in SPECS.items():
        place = {"name": kind.lower(), **({} if kind == "ModelMirror" else {"namespace": SPACE})}
        found[kind.lower()] = (kind, {"metadata": place, **json.loads(json.dumps(given))})
    if wrong:
        _, (*above, last), value, _ = WRONG[wrong]
        target: Any = found[wrong][1]
        for step in above:
            target = target[step]
        target[last] = value
    return found


def kaito(result: Result) -> list[str]:
    """KAITO's kinds that were made."""
    return sorted(
        step.type.rpartition(":")[2]
        for step in result.steps
        if step.op == "create" and step.type.startswith("kubernetes:kaito.sh")
    )


def whole(made: Stack) -> None:
    """Numbers are whole in the cluster, although other languages hand them over as floating point."""
    found = made.client.get("kaito.sh/v1beta1", "InferenceSet", "inferenceset", SPACE)
    assert found["spec"]["replicas"] == 2 and isinstance(found["spec"]["replicas"], int)
    roles = made.client.get("kaito.sh/v1alpha1", "MultiRoleInference", "multiroleinference", SPACE)["spec"]["roles"]
    assert [one["replicas"] for one in roles] == [1, 2]
    settings = made.client.list("v1", "ConfigMap", SPACE)
    assert any("max-model-len: 16384" in json.dumps(one.get("data")) for one in settings)


def refused(result: Result, wrong: str) -> None:
    """The engine tells the property, and no more than that."""
    _, _, value, path = WRONG[wrong]
    assert path in result.text, result.text
    assert str(value) in result.text and "Traceback" not in result.text


def test_a_program_in_yaml_comes_up_stays_and_is_refused_at_the_input(stack: Callable[[str], Stack]) -> None:
    made = stack("yaml")
    page = yaml.safe_load(documented("yaml", SPACE))["resources"]

    def declare(wrong: str = "") -> None:
        ours = {
            name: {"type": f"kaitops:index:{kind}", "properties": given}
            for name, (kind, given) in inputs(wrong).items()
        }
        made.resources({**ours, **page}, name="${workspace.name}")

    declare()
    assert kaito(made.project.run("up")) == sorted([*KINDS, "Workspace", "Workspace"])
    assert made.project.run("preview").steps == []
    assert json.loads(made.project.pulumi("stack", "output", "--json")) == {"name": "workspace"}
    whole(made)
    for wrong in WRONG:
        declare(wrong)
        refused(made.project.run("preview", code=1), wrong)
    declare()
    assert made.project.run("up").steps == []


def test_a_program_in_typescript_comes_up_stays_and_is_refused_at_the_input(stack: Callable[[str], Stack]) -> None:
    made = stack("nodejs")
    page = documented("typescript", SPACE).partition("\n")[2]

    def declare(wrong: str = "", typo: str = "") -> None:
        rows = [
            f"    {name}: new kaitops.{kind}({json.dumps(name)}, {json.dumps(given)}),"
            for name, (kind, given) in inputs(wrong).items()
        ]
        text = TYPESCRIPT.replace("RESOURCES", "\n".join(rows)).replace("PAGE", page)
        made.program(text.replace('"instanceType"', f'"{typo}"') if typo else text)

    declare()
    assert kaito(made.project.run("up")) == sorted([*KINDS, "InferenceSet", "Workspace"])
    assert made.project.run("preview").steps == []
    assert json.loads(made.project.pulumi("stack", "output", "--json")) == {"name": "workspace"}
    whole(made)
    for wrong in WRONG:
        declare(wrong)
        refused(made.project.run("preview", code=1), wrong)
    # What has no such type does not get as far as the plugin.
    declare(typo="instancetype")
    assert "instancetype" in made.project.run("preview", code=1).text
    declare()
