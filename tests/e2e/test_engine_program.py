"""The repository's own program by the real engine on a real API server: controllers and workloads of a small fleet.

The charts are stand-ins that hold KAITO's definitions, and KAITO's finalizers are played, so that a destruction that
takes the controllers or the definitions first does not come to an end. Azure is played where the stack has a cluster.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import kinds
from tests.e2e.assets import Assets
from tests.e2e.cluster import Cluster
from tests.e2e.conftest import installer
from tests.e2e.engine import azure, charts, cloud, controller
from tests.e2e.engine.controller import Controllers
from tests.e2e.engine.project import Project, Result, engine

__all__ = ["engine"]

A100, H100 = "Standard_NC24ads_A100_v4", "Standard_NC40ads_H100_v5"
KINDS = {"Workspace", "InferenceSet", "RAGEngine", "MultiRoleInference", "ModelMirror"}


def fleet(*, team: str = "a", gpu: str = A100) -> dict[str, Any]:
    """One workload of each kind; ``team`` can change in place, ``gpu`` cannot."""
    return {
        "kaito": kinds.KAITO_VERSION,
        "defaults": {"namespace": "models", "benchmark": False},
        "clusters": {"prod": {"region": "westeurope", "provisioner": "karpenter"}},
        "models": {
            "phi": {"preset": "phi-4-mini-instruct", "gpu": gpu, "labels": {"team": team}},
            "qwen": {"preset": "qwen2.5-coder-7b-instruct", "gpu": A100, "replicas": 2},
            "plain": {"preset": "phi-4", "gpu": A100, "mode": "plain"},
            "llama": {
                "preset": "llama-3.1-8b-instruct",
                "secret": "hf-token",
                "prefill": {"gpu": H100},
                "decode": {"gpu": A100},
            },
        },
        "rag": {
            "handbook": {
                "embedding": {"model": "BAAI/bge-small-en-v1.5"},
                "llm": {"model": "phi", "contextWindow": 16384},
            }
        },
        "mirrors": {"weights": {"model": "qwen2.5-coder-7b-instruct", "storageClass": "blob-weights"}},
    }


class Stack:
    """The program as a stack on a server of its own."""

    def __init__(self, project: Project, folder: Path, server: Cluster) -> None:
        self.project, self.client = project, server.client()
        self._fleet = folder / "fleet.yaml"
        self.declare()

    def declare(self, **changes: str) -> None:
        """Write the fleet."""
        self._fleet.write_text(json.dumps(fleet(**changes)))

    def adopt(self, parts: list[str], protect: bool = False, **config: Any) -> None:
        """Write the stack's file."""
        platform = {"charts": str(self._fleet.with_name("charts")), "protect": protect}
        self.project.adopt(fleet=str(self._fleet), cluster="prod", parts=parts, platform=platform, **config)

    def known(self) -> set[str]:
        """What the state holds, but for providers: those that nothing needs are the engine's own matter."""
        held = self.project.resources().items()
        return {name for name, one in held if not one["type"].startswith("pulumi:providers:")}

    def left(self) -> set[str]:
        """Names of namespaces and definitions of the stack that are on the server."""
        spaces = {one["metadata"]["name"] for one in self.client.list("v1", "Namespace")}
        found = self.client.request("GET", controller.DEFINITIONS)["items"]
        definitions = {one["metadata"]["name"] for one in found if one["spec"]["group"] == kinds.KAITO_GROUP}
        return definitions | {each for each in spaces if each.startswith(("models", "kaito"))}


@pytest.fixture(scope="module")
def server(assets: Assets, engine: None) -> Iterator[Cluster]:
    """A server without KAITO's definitions: the chart brings them."""
    with Cluster(assets) as cluster:
        client = cluster.client()
        installer(client)(["karpenter.sh"])
        client.close()
        yield cluster


@pytest.fixture
def stack(server: Cluster, tmp_path: Path) -> Iterator[Stack]:
    charts.write(tmp_path / "charts", kinds.KAITO_VERSION)
    project = Project(tmp_path, azure=True, environment={azure.REAL: str(server.kubeconfig)})
    made = Stack(project, tmp_path, server)
    yield made
    made.client.close()


def kaito(result: Result) -> dict[str, list[str]]:
    """Operations by name of KAITO's kind."""
    found: dict[str, list[str]] = {}
    for step in result.steps:
        kind = step.type.rpartition(":")[2]
        if step.type.startswith("kubernetes:kaito.sh/"):
            found.setdefault(kind, []).append(step.op)
    return found


def ordered(played: Controllers) -> None:
    """Objects of KAITO's went before any controller, controllers before or with the definitions."""
    kinds_gone = [kind for kind, _ in played.gone]
    assert set(kinds_gone) >= KINDS
    last = max(place for place, kind in enumerate(kinds_gone) if kind in KINDS)
    later = kinds_gone[last + 1 :]
    assert later.count("Deployment") == 2
    assert later.count("CustomResourceDefinition") == len(KINDS)
    assert "CustomResourceDefinition" not in kinds_gone[:last]


def test_platform_and_workloads_come_stay_change_and_go(stack: Stack, server: Cluster) -> None:
    stack.adopt(["platform", "workloads"])
    stack.project.pulumi("config", "set", "--secret", "kubeconfig", Path(server.kubeconfig).read_text())
    with Controllers(server) as played:
        assert kaito(stack.project.run("up")) == {
            "Workspace": ["create"], "InferenceSet": ["create"], "RAGEngine": ["create"],
            "MultiRoleInference": ["create"], "ModelMirror": ["create"],
        }  # fmt: skip
        assert stack.client.get("apps/v1", "StatefulSet", "plain", "models")["spec"]["replicas"] == 1
        settings = stack.client.get("v1", "ConfigMap", "workspace-settings", "kaito-workspace")
        assert settings["data"] == {"cluster": "azure/prod"}
        assert stack.project.run("up").steps == []
        assert set(stack.project.run("refresh").ops()) <= {"refresh"}
        assert stack.project.run("preview", "--expect-no-changes").steps == []
        stack.declare(team="b")
        assert kaito(stack.project.run("up")) == {"Workspace": ["update"]}
        stack.declare(team="b", gpu=H100)
        replaced = kaito(stack.project.run("up"))
        assert replaced == {"Workspace": ["delete-replaced", "replace", "create-replacement"]}
        definitions = {f"{plural}.kaito.sh" for _, plural in controller.KINDS.values()}
        assert stack.left() == {"models", "kaito-workspace", "kaito-ragengine", *definitions}
        stack.project.run("destroy")
        assert stack.project.resources() == {}
        assert stack.left() == set()
    ordered(played)


def test_cluster_controllers_and_workloads_in_one_stack(stack: Stack, server: Cluster, tmp_path: Path) -> None:
    azures = tmp_path / "cloud"
    stack.project.environment[cloud.FOLDER] = str(azures)
    # The cluster's credentials are not known before it is made, so a preview sees no chart's content.
    parts = ["infra", "platform", "workloads"]
    stack.adopt(parts, protect=True, infra={"accessElsewhere": True})
    planned = stack.project.run("preview")
    assert set(planned.ops()) == {"create"}
    assert [op for op, _ in planned.of(":ManagedCluster")] == ["create"]
    assert set(kaito(planned)) == KINDS
    with Controllers(server) as played:
        made = [step.type for step in stack.project.run("up").steps if step.op == "create"]
        assert made.index("azure-native:containerservice:ManagedCluster") < made.index("kubernetes:helm.sh/v4:Chart")
        assert stack.project.run("up").steps == []
        # As it is by default nobody takes anything away, with a preview and without one.
        there, inside, known = cloud.names(azures), stack.left(), stack.known()
        assert "protect" in stack.project.pulumi("destroy", "--yes", "--suppress-progress", code=1)
        assert "Guard" in stack.project.run("destroy", code=1).text
        assert (cloud.names(azures), stack.left()) == (there, inside)
        assert stack.known() == known and played.gone == []
        stack.adopt(parts, infra={"protect": False, "accessElsewhere": True})
        stack.project.run("up")
        gone = [step.type for step in stack.project.run("destroy").steps if step.op == "delete"]
        assert stack.project.resources() == {}
        assert stack.left() == set() and cloud.names(azures) == set()
    ordered(played)
    assert max(place for place, type_ in enumerate(gone) if type_.startswith("kubernetes:")) < gone.index(
        "azure-native:containerservice:ManagedCluster"
    )


def test_controllers_are_held_and_a_cluster_that_cannot_be_reached_ends_the_preview(
    stack: Stack, server: Cluster
) -> None:
    access = Path(server.kubeconfig).read_text()
    stack.adopt(["workloads"])
    stack.project.pulumi("config", "set", "--secret", "kubeconfig", access)
    # KAITO is not there yet, and the preview says so.
    assert "first-run-part-platform/kaito.sh/v1alpha1" in stack.project.run("preview", code=1).text
    stack.adopt(["platform"], protect=True)
    stack.project.run("up")
    there = stack.left()
    assert "workspaces.kaito.sh" in there
    refused = stack.project.run("destroy", code=1)
    assert "Guard" in refused.text
    assert stack.left() == there
    # Providers that nothing needs are a matter of the engine's own.
    assert {(one.op, one.type) for one in stack.project.run("up").steps if ":providers:" not in one.type} == set()
    held = [name for name, one in stack.project.resources().items() if "CustomResourceDefinition" in one["type"]]
    assert held and all(stack.project.resources()[name].get("protect") for name in held)
    stack.project.pulumi("config", "set", "--secret", "kubeconfig", access.replace("https://", "https://127.1.1.1:9/"))
    assert "unreachable" in stack.project.run("preview", code=1).text
    stack.project.pulumi("config", "set", "--secret", "kubeconfig", access)
    assert stack.project.run("up").steps == []
    stack.adopt(["platform"])
    stack.project.run("up")
    stack.project.run("destroy")
    assert stack.left() == set()


def test_parts_in_stacks_of_their_own_go_in_either_order(server: Cluster, engine: None, tmp_path: Path) -> None:
    access, azures = Path(server.kubeconfig).read_text(), tmp_path / "cloud"
    made: dict[str, Stack] = {}
    for part in ("infra", "platform", "workloads"):
        folder = tmp_path / part
        folder.mkdir()
        charts.write(folder / "charts", kinds.KAITO_VERSION)
        environment = {azure.REAL: str(server.kubeconfig), cloud.FOLDER: str(azures)}
        made[part] = Stack(Project(folder, azure=True, environment=environment), folder, server)
        _declared(made[part], part, protect=True)
        made[part].project.pulumi("config", "set", "--secret", "kubeconfig", access)
    with Controllers(server) as played:
        for stack in made.values():
            stack.project.run("up")
        there, inside = cloud.names(azures), made["platform"].left()
        # From below: what holds the rest is held, with a preview and without one.
        for part in ("infra", "platform"):
            project = made[part].project
            assert "protect" in project.pulumi("destroy", "--yes", "--suppress-progress", code=1)
            assert "Guard" in project.run("destroy", code=1).text
            assert (cloud.names(azures), made["platform"].left()) == (there, inside)
            assert [one for one in project.run("up").steps if ":providers:" not in one.type] == []
        # From above: each goes as a whole, and takes nothing of the others along.
        made["workloads"].project.pulumi("destroy", "--yes", "--suppress-progress")
        assert made["workloads"].project.resources() == {}
        assert made["platform"].left() == inside - {"models"}
        for part in ("platform", "infra"):
            _declared(made[part], part, protect=False)
            made[part].project.run("up")
            made[part].project.run("destroy")
            assert made[part].project.resources() == {}
        assert made["platform"].left() == set() and cloud.names(azures) == set()
    ordered(played)
    for stack in made.values():
        stack.client.close()


def _declared(stack: Stack, part: str, *, protect: bool) -> None:
    infra = {"infra": {"protect": protect, "accessElsewhere": True}} if part == "infra" else {}
    stack.adopt([part], protect=protect, **infra)
