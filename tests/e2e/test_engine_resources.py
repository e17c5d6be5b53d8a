"""KAITO's kinds as Pulumi resources: the real engine and the real Kubernetes provider on a real API server.

What a test under mocks cannot say: that a second run changes nothing although the server adds fields, what an edit
becomes, in which order a replacement and a destruction go, and what the state holds in clear.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.client import Client
from tests.e2e.cluster import Cluster
from tests.e2e.engine.project import Project, engine, project

__all__ = ["engine", "project"]

NAMESPACE = "engine"
PROGRAM = """
import pulumi, pulumi_kubernetes as k8s
from kaitops.components.resources import Workspace

config = pulumi.Config()
provider = k8s.Provider("cluster", kubeconfig=config.require_secret("kubeconfig"), enable_server_side_apply=True)
opts = pulumi.ResourceOptions(provider=provider)
namespace = k8s.core.v1.Namespace("namespace", metadata={"name": "engine"}, opts=opts)
adapters = k8s.core.v1.ConfigMap(
    "settings", metadata={"name": "settings", "namespace": namespace.metadata["name"]}, data={"inference_config.yaml": "vllm: {}"}, opts=opts,
)
phi = Workspace(
    "phi",
    metadata={"namespace": "engine", "labels": {"team": config.get("team") or "a"}, **NAMED},
    resource={"instanceType": config.get("size") or "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"apps": "phi"}}},
    inference={"preset": {"name": "phi-4-mini-instruct"}, "config": "settings"},
    blue_green=BLUE_GREEN,
    opts=pulumi.ResourceOptions(provider=provider, depends_on=[adapters]),
)
"""


def _program(*, blue_green: bool) -> str:
    return PROGRAM.replace("NAMED", '{"name": "phi"}').replace("BLUE_GREEN", str(blue_green))


@pytest.fixture
def stack(project: Project, api_server: Cluster, client: Client, kaito: None) -> Iterator[Project]:
    """A stack for the server, destroyed at the end."""
    project.write(_program(blue_green=False))
    project.pulumi("config", "set", "--secret", "kubeconfig", Path(api_server.kubeconfig).read_text())
    yield project
    project.run("destroy")


def _names(client: Client) -> list[str]:
    path = f"/apis/kaito.sh/v1beta1/namespaces/{NAMESPACE}/workspaces"
    return sorted(one["metadata"]["name"] for one in client.request("GET", path)["items"])


def test_a_second_run_and_a_refresh_change_nothing(stack: Project, client: Client) -> None:
    assert stack.run("up").of("kaito.sh/v1beta1:Workspace") == [("create", "phi")]
    assert _names(client) == ["phi"]
    assert stack.run("up").steps == []
    refreshed = stack.run("refresh")
    assert set(refreshed.ops()) <= {"refresh"}
    assert stack.run("preview", "--expect-no-changes").steps == []


def test_keys_that_hold_nothing_change_nothing(stack: Project, client: Client) -> None:
    text = _program(blue_green=False)
    for found, given in {
        '"labels": {"team": config.get("team") or "a"}': '"labels": {}, "annotations": None, "finalizers": []',
        'resource={"instanceType"': 'resource={"count": None, "preferredNodes": None, "instanceType"',
    }.items():
        assert found in text
        text = text.replace(found, given)
    stack.write(f'{text}pulumi.export("ready", phi.ready)\n')
    stack.run("up")
    assert _names(client) == ["phi"]
    again = stack.run("preview")
    assert again.steps == [] and "Outputs" not in again.text
    assert stack.run("up").steps == []


def test_an_edit_updates_and_an_immutable_one_replaces(stack: Project, client: Client) -> None:
    stack.run("up")
    stack.configure(team="b")
    edited = stack.run("up")
    assert edited.of(":Workspace") == [("update", "phi")]
    stack.configure(size="Standard_NC40ads_H100_v5")
    replaced = stack.run("up")
    # A second object of the same name cannot be created beside the first.
    assert [op for op, _ in replaced.of(":Workspace")] == ["delete-replaced", "replace", "create-replacement"]
    assert _names(client) == ["phi"]


def test_blue_green_creates_the_new_object_before_the_old_one_goes(stack: Project, client: Client) -> None:
    stack.write(_program(blue_green=True))
    stack.run("up")
    (blue,) = _names(client)
    assert blue.startswith("phi-")
    assert stack.run("up").steps == []
    stack.configure(team="b")
    assert stack.run("up").of(":Workspace") == [("update", "phi")]
    assert _names(client) == [blue]
    stack.configure(size="Standard_NC40ads_H100_v5")
    replaced = stack.run("up")
    assert [op for op, _ in replaced.of(":Workspace")] == ["create-replacement", "replace", "delete-replaced"]
    (green,) = _names(client)
    assert green.startswith("phi-")
    assert green != blue


def test_destruction_goes_backwards_and_leaves_nothing(stack: Project, client: Client) -> None:
    stack.run("up")
    gone = [step.name for step in stack.run("destroy").steps if step.op == "delete"]
    order = ["phi", "settings", "namespace", "cluster"]
    assert [name for name in gone if name in order] == order
    assert stack.resources() == {}
    namespaces = client.request("GET", "/api/v1/namespaces")["items"]
    assert NAMESPACE not in {one["metadata"]["name"] for one in namespaces}


def test_the_state_holds_no_credential_in_clear(stack: Project, api_server: Cluster) -> None:
    stack.run("up")
    text = json.dumps(stack.state())
    assert "phi-4-mini-instruct" in text
    assert api_server.token not in text
    assert "certificate-authority" not in text
    assert '"ciphertext"' in text
