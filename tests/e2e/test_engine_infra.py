"""The infrastructure by the real engine: planned, created, unchanged, edited and destroyed.

Azure is played by a stand-in of its provider, which refuses what ARM refuses and says what replaces.
"""

import json
from pathlib import Path

import pytest

from tests.e2e.engine.azure import TOKEN
from tests.e2e.engine.project import ROOT, Project, engine

__all__ = ["engine"]

PROGRAM = """
import pulumi
from kaitops.components.program import declare

for name, value in declare().items():
    pulumi.export(name, value)
"""
REFUSED = """
from pulumi_azure_native import containerregistry

containerregistry.Registry(
    "registry", resource_group_name="rg", registry_name="not-allowed", sku={"name": "Gold"}, location="westeurope"
)
"""


@pytest.fixture
def azure(engine: None, tmp_path: Path) -> Project:
    """A project with the stand-in."""
    return Project(tmp_path, azure=True)


def _settings(**pool: object) -> str:
    pools = {"a100": {"size": "Standard_NC24ads_A100_v4", "min": 1, "max": 2, **pool}}
    return json.dumps({"gpuPools": pools, "protect": False, "accessElsewhere": True})


def _infra(azure: Project, cluster: str, settings: str) -> None:
    azure.write(PROGRAM, "kaitops")
    azure.configure(cluster=cluster, fleet=str(ROOT / "fleet.yaml"), parts='["infra"]', infra=settings)


def test_the_stack_is_made_stays_and_goes(azure: Project) -> None:
    _infra(azure, "prod-weu", json.dumps({"protect": False, "accessElsewhere": True}))
    planned = azure.run("preview")
    assert set(planned.ops()) == {"create"}
    made = azure.run("up")
    assert made.ops()["create"] == planned.ops()["create"]
    assert [op for op, _ in made.of(":ManagedCluster")] == ["create"]
    assert azure.run("up").steps == []
    assert set(azure.run("refresh").ops()) <= {"refresh"}
    assert azure.run("preview", "--expect-no-changes").steps == []
    state = json.dumps(azure.state())
    assert "aks-prod-weu" in state
    assert TOKEN not in state
    assert json.loads(azure.pulumi("stack", "output", "--json"))["kubeconfig"] == "[secret]"
    assert set(azure.run("destroy").ops()) == {"delete"}
    assert azure.resources() == {}


def test_an_edit_of_a_pool_does_not_replace_the_cluster_and_a_new_generation_stands_beside_the_old(
    azure: Project,
) -> None:
    _infra(azure, "edge-lab", _settings())
    azure.run("up")
    azure.configure(infra=_settings(labels={"team": "a"}))
    edited = azure.run("preview")
    assert [op for op, _ in edited.of(":AgentPool")] == ["update"]
    assert edited.of(":ManagedCluster") == []
    azure.configure(infra=_settings(size="Standard_NC48ads_A100_v4"))
    resized = azure.run("preview")
    assert "delete" not in {op for op, _ in resized.of(":ManagedCluster")}
    assert not {op for op, _ in resized.of(":ManagedCluster")} & {"replace", "delete-replaced", "create-replacement"}
    # Azure knows no other size for a pool, and two pools of one name cannot be: the note on generations says the rest.
    assert [op for op, _ in resized.of(":AgentPool")] == ["delete-replaced", "replace", "create-replacement"]
    next_generation = _settings(
        size="Standard_NC48ads_A100_v4", generation=2, keepPrevious=True, previousSize="Standard_NC24ads_A100_v4"
    )
    azure.configure(infra=next_generation)
    beside = azure.run("preview")
    assert [(op, name.rpartition("-")[2]) for op, name in beside.of(":AgentPool") if op != "update"] == [
        ("create", "a1002")
    ]


def test_the_stand_in_refuses_what_azure_refuses(azure: Project) -> None:
    azure.write(REFUSED)
    refused = azure.run("preview", code=1)
    assert "does not match [a-zA-Z0-9]{5,50}" in refused.text
    assert "'Gold' is none of Classic, Basic, Standard, Premium" in refused.text
