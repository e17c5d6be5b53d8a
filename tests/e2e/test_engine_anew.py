"""A cluster that was made anew is another cluster, by the real engine on two real API servers.

What was in the old one is planned and made anew in the new one, in a stack of all parts and in one of models alone.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import kinds
from tests.e2e.assets import Assets
from tests.e2e.cluster import Cluster
from tests.e2e.conftest import installer
from tests.e2e.engine import azure, charts, cloud
from tests.e2e.engine.project import Project, engine
from tests.e2e.engine.workloads import Workloads

__all__ = ["engine"]
pytestmark = pytest.mark.timeout(1200)
API = "kaito.sh/v1beta1"
GONE = "PULUMI_K8S_DELETE_UNREACHABLE"


@pytest.fixture
def servers(assets: Assets, engine: None) -> Iterator[tuple[Cluster, Cluster]]:
    with Cluster(assets) as old, Cluster(assets) as new:
        yield old, new


def names(server: Cluster, kind: str = "Workspace") -> list[str]:
    client = server.client()
    found = sorted(one["metadata"]["name"] for one in client.list(API, kind)) if _serves(server) else []
    client.close()
    return found


def _serves(server: Cluster) -> bool:
    client = server.client()
    groups = client.request("GET", "/apis")["groups"]
    client.close()
    return any(one["name"] == kinds.KAITO_GROUP for one in groups)


@contextmanager
def going(server: Cluster, azures: Path) -> Iterator[None]:
    """The server goes with the cluster that Azure deletes."""
    [file] = [one for one in azures.iterdir() if json.loads(one.read_text())["kind"].endswith(":ManagedCluster")]
    end, made = threading.Event(), file.stat().st_mtime_ns

    def watch() -> None:
        while not end.wait(0.02):
            # Its successor comes under the same name.
            if not file.exists() or file.stat().st_mtime_ns != made:
                server.stop()
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    yield
    end.set()
    watcher.join()


def test_a_stack_of_all_parts_fills_the_cluster_that_takes_the_place_of_another(
    servers: tuple[Cluster, Cluster], tmp_path: Path
) -> None:
    old, new = servers
    for server in servers:
        client = server.client()
        installer(client)(["karpenter.sh"])
        client.close()
    charts.write(tmp_path / "charts", kinds.KAITO_VERSION)
    environment = {azure.REAL: str(old.kubeconfig), cloud.FOLDER: str(tmp_path / "cloud")}
    project = Project(tmp_path, azure=True, environment=environment)
    fleet = tmp_path / "fleet.yaml"
    phi = {"preset": "phi-4-mini-instruct", "gpu": "Standard_NC24ads_A100_v4", "namespace": "models"}
    cluster = {"region": "westeurope", "provisioner": "karpenter"}
    declared = {"kaito": kinds.KAITO_VERSION, "clusters": {"prod": cluster}, "models": {"phi": phi}}
    fleet.write_text(json.dumps(declared))

    def declare(**network: str) -> None:
        infra: dict[str, Any] = {"protect": False, "accessElsewhere": True, "network": network}
        platform = {"charts": str(tmp_path / "charts"), "protect": False}
        project.adopt(fleet=str(fleet), cluster="prod", infra=infra, platform=platform)

    declare()
    project.run("up")
    assert (names(old), names(new)) == (["phi"], [])
    before = len(project.resources())
    # Azure makes the cluster anew for it, and hands out other credentials from then on.
    declare(podCidr="10.200.0.0/16")
    project.environment[azure.REAL] = str(new.kubeconfig)
    planned = project.run("preview")
    assert [op for op, _ in planned.of(":ManagedCluster")] == ["delete-replaced", "replace", "create-replacement"]
    assert "replace" in {op for op, _ in planned.of("kaito.sh/v1beta1:Workspace")}
    # The providers of the old cluster know it as one that answers, so what was in it cannot be deleted in the same run.
    with going(old, tmp_path / "cloud"):
        assert "connection refused" in project.run("up", code=1).text
    assert names(new) == []
    project.environment[GONE] = "true"
    project.run("up", "--refresh")
    del project.environment[GONE]
    assert names(new) == ["phi"]
    # The providers forget that leave again.
    assert [one for one in project.run("up").steps if ":providers:" not in one.type] == []
    assert len(project.resources()) == before
    assert set(project.run("refresh").ops()) <= {"refresh"}
    project.run("destroy")
    assert project.resources() == {} and cloud.names(tmp_path / "cloud") == set()


def test_a_stack_of_models_follows_its_cluster_when_the_old_one_is_gone(
    servers: tuple[Cluster, Cluster], tmp_path: Path
) -> None:
    old, new = servers
    for server in servers:
        client = server.client()
        installer(client)(["kaito.sh", "karpenter.sh"])
        client.close()
    stack = Workloads(tmp_path, old, "models")
    stack.run("up")
    assert (names(old), names(new)) == (["phi"], [])
    old.stop()
    access = Path(new.kubeconfig).read_text()
    stack.project.pulumi("config", "set", "--secret", "kubeconfig", access)
    assert "replace" in {op for op, _ in stack.run("preview").of(":Workspace")}
    # Without leave to forget what went with the cluster nothing is forgotten.
    assert GONE in stack.run("up", code=1).text
    stack.project.environment[GONE] = "true"
    stack.run("up", "--refresh")
    del stack.project.environment[GONE]
    assert names(new) == ["phi"]
    assert [one for one in stack.run("up").steps if ":providers:" not in one.type] == []
    stack.run("destroy")
    assert names(new) == []
    stack.client.close()
