"""Nothing is lost without being asked, by the real engine: pools, protected stacks, previews of harmless changes.

Azure is a stand-in that remembers what is there and refuses a second resource of one id.
"""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.engine import cloud
from tests.e2e.engine.project import ROOT, Project, Result, engine

__all__ = ["engine"]

PROGRAM = """
import pulumi
from kaitops.components.program import declare

for name, value in declare().items():
    pulumi.export(name, value)
"""
ADMIN = "11111111-1111-1111-1111-111111111111"
POOL = {"size": "Standard_NC24ads_A100_v4", "min": 1, "max": 2}


class Stack:
    """The part infra of a cluster with a pool."""

    def __init__(self, folder: Path) -> None:
        self.cloud = folder / "cloud"
        self.project = Project(folder, azure=True, environment={cloud.FOLDER: str(self.cloud)})
        self.project.write(PROGRAM, "kaitops")
        self.declare()

    def declare(self, pool: dict[str, Any] | None = None, **settings: Any) -> None:
        infra = {"entraAdmins": [ADMIN], "gpuPools": {"a100": {**POOL, **(pool or {})}}, **settings}
        self.project.configure(
            cluster="edge-lab", fleet=str(ROOT / "fleet.yaml"), parts='["infra"]', infra=json.dumps(infra)
        )

    def pools(self) -> set[str]:
        return {one.rpartition("/")[2] for one in cloud.names(self.cloud) if "/agentPools/" in one}


@pytest.fixture
def stack(engine: None, tmp_path: Path) -> Stack:
    return Stack(tmp_path)


def moved(result: Result) -> dict[str, str]:
    """Operations by name, without components, the stack, and the steps that a replacement has beside it."""
    return {one.name: one.op for one in result.steps if one.type.startswith("azure-native:")}


def test_a_new_generation_leaves_the_old_pool_alone_until_it_is_let_go(stack: Stack) -> None:
    stack.project.run("up")
    new = {"mig": "MIG3g", "osDiskGb": 512, "maxPods": 110, "zones": ["2"], "labels": {"team": "a"}, "generation": 2}
    stack.declare({**new, "keepPrevious": True})
    assert moved(stack.project.run("preview")) == {"edge-lab-gpu-a1002": "create"}
    stack.project.run("up")
    assert stack.pools() == {"a1001", "a1002"}
    assert stack.project.run("up").steps == []
    stack.declare(new)
    assert moved(stack.project.run("up")) == {"edge-lab-gpu-a1001": "delete"}
    assert stack.pools() == {"a1002"}


@pytest.mark.parametrize("change", [{"mig": "MIG3g"}, {"maxPods": 110}, {"size": "Standard_NC48ads_A100_v4"}], ids=str)
def test_a_serving_pool_is_not_taken_away_and_goes_first_where_that_is_said(
    stack: Stack, change: dict[str, Any]
) -> None:
    stack.project.run("up")
    stack.declare(change)
    assert "marked for protection" in stack.project.run("preview", code=1).text
    assert stack.pools() == {"a1001"}
    stack.declare({**change, "protect": False})
    ops = [op for op, _ in stack.project.run("up").of(":AgentPool")]
    assert ops == ["delete-replaced", "replace", "create-replacement"]
    assert stack.pools() == {"a1001"}


def test_the_bounds_of_an_autoscaled_pool_move(stack: Stack) -> None:
    stack.project.run("up")
    stack.declare({"min": 3, "max": 5})
    assert moved(stack.project.run("up")) == {"edge-lab-gpu-a1001": "update"}
    assert stack.project.resources()["edge-lab-gpu-a1001"]["inputs"]["count"] == 3
    assert stack.project.run("up").steps == []


def test_a_protected_stack_is_destroyed_by_nobody(stack: Stack) -> None:
    stack.project.run("up")
    there = cloud.names(stack.cloud)
    assert len(there) > 30
    # The helper skips the preview, as programs do.
    refused = stack.project.run("destroy", code=1)
    assert "Guard" in refused.text and "protect" in refused.text
    assert cloud.names(stack.cloud) == there
    assert stack.project.run("up").steps == []
    stack.declare(protect=False)
    stack.project.run("up")
    stack.project.run("destroy")
    assert cloud.names(stack.cloud) == set()
    assert stack.project.resources() == {}


@pytest.mark.parametrize(
    "change",
    [{"tags": {"team": "b"}}, {"kubernetesVersion": "1.36"}, {"entraAdmins": [ADMIN, ADMIN.replace("1", "2")]}],
    ids=["tags", "version", "admins"],
)
def test_a_change_in_place_is_previewed_as_one(stack: Stack, change: dict[str, Any]) -> None:
    stack.project.run("up")
    stack.declare(**change)
    planned = moved(stack.project.run("preview"))
    assert planned and set(planned.values()) <= {"update", "create"}
    assert planned == moved(stack.project.run("up"))


def test_a_pool_is_stopped_and_started_by_the_commands_of_the_page(engine: None, tmp_path: Path) -> None:
    azure = tmp_path / "cloud"
    project = Project(tmp_path, azure=True, environment={cloud.FOLDER: str(azure)})
    infra = {"entraAdmins": [ADMIN], "gpuPools": {"a100": POOL}}
    project.adopt(fleet=str(ROOT / "fleet.yaml"), cluster="edge-lab", parts=["infra"], infra=infra)
    project.run("up")
    page = (ROOT / "docs/infrastructure.md").read_text()
    lines = re.findall(r"^pulumi config set --path infra\.gpuPools\.a100\.stopped .*$", page, re.MULTILINE)
    for line, state in zip(lines, ("Stopped", "Running"), strict=True):
        told = subprocess.run(
            ["sh", "-ec", line],
            cwd=project.folder,
            env=project.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 0, told.stdout + told.stderr
        held = [json.loads(one.read_text()) for one in azure.iterdir()]
        [pool] = [one["inputs"] for one in held if one["kind"].endswith(":AgentPool")]
        assert pool["powerState"] == {"code": state} and pool["agentPoolName"] == "a1001"
    assert project.run("up").steps == []
