"""A cluster and KAITO's controllers on it, from programs in YAML and TypeScript, by the real engine.

The cluster is the stand-in's, which hands out the credentials of a real API server; the charts are stand-ins that hold
KAITO's definitions.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import kinds
from tests.e2e.assets import Assets
from tests.e2e.cluster import Cluster
from tests.e2e.engine import charts, cloud, controller
from tests.e2e.engine.languages import Stack
from tests.e2e.engine.project import engine

__all__ = ["engine"]
pytestmark = pytest.mark.timeout(1200)

ADMIN = "11111111-1111-1111-1111-111111111111"
DEFINITIONS = {f"{plural}.kaito.sh" for _, plural in controller.KINDS.values()}


@pytest.fixture
def server(assets: Assets, engine: None) -> Iterator[Cluster]:
    """A server without KAITO's definitions: the chart brings them."""
    with Cluster(assets) as cluster:
        yield cluster


Written = Callable[[dict[str, Any], dict[str, Any]], None]


def yaml(made: Stack) -> Written:
    def write(cluster: dict[str, Any], operator: dict[str, Any]) -> None:
        made.resources(
            {
                "aks": {"type": "kaitops:index:Cluster", "properties": cluster},
                "kaito": {
                    "type": "kaitops:index:Operator",
                    "properties": {**operator, "values": "${aks.chartValues}"},
                },
            },
            name="${aks.clusterName}",
            releases="${kaito.releases}",
        )

    return write


def typescript(made: Stack) -> Written:
    def write(cluster: dict[str, Any], operator: dict[str, Any]) -> None:
        made.program(
            f"""
import * as kaitops from "@pulumi/kaitops";

const aks = new kaitops.Cluster("aks", {json.dumps(cluster)});
const kaito = new kaitops.Operator("kaito", {{ ...{json.dumps(operator)}, values: aks.chartValues }});
export const name = aks.clusterName;
export const releases = kaito.releases;
"""
        )

    return write


@pytest.mark.parametrize(("runtime", "writer"), [("yaml", yaml), ("nodejs", typescript)], ids=["yaml", "typescript"])
def test_a_cluster_and_its_controllers(
    server: Cluster, tmp_path: Path, runtime: str, writer: Callable[[Stack], Written]
) -> None:
    charts.write(tmp_path / "charts", kinds.KAITO_VERSION)
    fleet = tmp_path / "fleet.yaml"
    declared = {"prod": {"region": "westeurope", "provisioner": "karpenter"}}
    fleet.write_text(json.dumps({"kaito": kinds.KAITO_VERSION, "clusters": declared, "models": {}}))
    place = {"fleet": str(fleet), "cluster": "prod"}
    cluster: dict[str, Any] = {**place, "settings": {"entraAdmins": [ADMIN], "protect": False}}
    operator: dict[str, Any] = {**place, "archives": str(tmp_path / "charts"), "protect": False}
    made = Stack(tmp_path, server, runtime)
    write = writer(made)
    write(cluster, operator)
    up = made.project.run("up")
    assert up.of(":ManagedCluster") == [("create", "aks-aks-cluster")]
    assert len(cloud.names(made.cloud)) > 30
    assert made.project.run("preview").steps == []
    told = json.loads(made.project.pulumi("stack", "output", "--json"))
    assert told == {"name": "aks-prod", "releases": {"workspace": kinds.KAITO_VERSION}}
    # The cluster says what its controllers have to know of it.
    settings = made.client.get("v1", "ConfigMap", "workspace-settings", "kaito-workspace")
    assert settings["data"] == {"cluster": "azure/aks-prod"}
    for wrong, path in (
        ({**cluster, "settings": {"entraAdmins": []}}, "settings.entraAdmins"),
        ({**cluster, "settings": {"entraAdmins": [ADMIN], "sku": "Automatic"}}, "settings.sku"),
        ({**cluster, "cluster": "nobody"}, "cluster"),
    ):
        write(wrong, operator)
        refused = made.project.run("preview", code=1).text
        assert f"'{path}'" in refused or f" {path}" in refused, refused
        assert "Traceback" not in refused
    write(cluster, {**operator, "archives": "/nowhere"})
    refused = made.project.run("preview", code=1).text
    assert "archives" in refused and "Traceback" not in refused
    write(cluster, operator)
    made.project.run("destroy")
    assert cloud.names(made.cloud) == set() and made.project.resources() == {}
    found = made.client.request("GET", controller.DEFINITIONS)["items"]
    assert not DEFINITIONS & {one["metadata"]["name"] for one in found}
    made.client.close()
