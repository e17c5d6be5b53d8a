"""What is there already comes into a stack by one file, by the real engine: a cluster in Azure, models on a server."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.cluster import Cluster
from tests.e2e.engine import az, cloud
from tests.e2e.engine.azure import SUBSCRIPTION
from tests.e2e.engine.project import ROOT, Project, engine
from tests.e2e.engine.workloads import Workloads

__all__ = ["engine"]

ADMIN = "11111111-1111-1111-1111-111111111111"
FLEET = str(ROOT / "fleet.yaml")


def imported(project: Project, folder: Path, part: str, cluster: str, fleet: str) -> None:
    """Run the commands of docs/terraform.md for a part as they stand there, for another cluster."""
    bin_ = folder / "bin"
    bin_.mkdir()
    (bin_ / "az").write_text(az.program(folder / "cloud", ROOT))
    (bin_ / "az").chmod(0o755)
    environment = {**project.environment, "PYTHONPATH": str(ROOT)}
    environment["PATH"] = f"{bin_}:{environment['PATH']}"
    blocks = re.findall(r"```bash\n(.*?)```", (ROOT / "docs/terraform.md").read_text(), re.DOTALL)
    [block] = [one for one in blocks if f"importing {part}" in one]
    for line in map(str.strip, block.strip().splitlines()):
        told = line.replace("prod-weu", cluster).replace(" ID ", f" {SUBSCRIPTION} ")
        told = told.replace("python ", f"{sys.executable} ").replace(" >", f" --fleet {fleet} --stack test >")
        done = subprocess.run(
            ["sh", "-ec", told], cwd=project.folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{told}\n{done.stdout}{done.stderr}"


def test_a_cluster_that_is_there_comes_in_as_a_whole(engine: None, tmp_path: Path) -> None:
    azure = tmp_path / "cloud"
    infra = {"entraAdmins": [ADMIN], "gpuPools": {"a100": {"size": "Standard_NC24ads_A100_v4", "max": 2}}}
    stacks: list[Project] = []
    for name in ("made", "taken"):
        (tmp_path / name).mkdir()
        stack = Project(tmp_path / name, azure=True, environment={cloud.FOLDER: str(azure)})
        stack.adopt(fleet=FLEET, cluster="edge-lab", parts=["infra"], infra=infra)
        stacks.append(stack)
    made, taken = stacks
    made.run("up")
    there = cloud.names(azure)
    imported(taken, tmp_path, "infra", "edge-lab", FLEET)
    assert {one["urn"] for one in taken.resources().values()} >= {one["urn"] for one in made.resources().values()}
    # What was made by this program is as it declares.
    planned = taken.run("preview")
    assert [(step.op, step.name) for step in planned.steps] == []
    taken.run("up")
    assert cloud.names(azure) == there


@pytest.fixture
def stack(
    engine: None, api_server: Cluster, install: Callable[[list[str]], None], tmp_path: Path
) -> Iterator[Workloads]:
    install(["kaito.sh", "karpenter.sh"])
    (tmp_path / "made").mkdir()
    made = Workloads(tmp_path / "made", api_server, "engine-import")
    yield made
    made.run("destroy")
    made.client.close()


def test_models_that_run_come_in_and_are_not_made_anew(stack: Workloads, api_server: Cluster, tmp_path: Path) -> None:
    stack.run("up")
    before = stack.get("Workspace", "phi")["metadata"]["uid"]
    (tmp_path / "taken").mkdir()
    taken = Workloads(tmp_path / "taken", api_server, "engine-import")
    imported(taken.project, tmp_path, "workloads", "prod", str(tmp_path / "taken/fleet.yaml"))
    planned = taken.run("preview")
    assert not {step.op for step in planned.steps if step.type.startswith("kubernetes:")} - {"update"}
    taken.run("up")
    assert stack.get("Workspace", "phi")["metadata"]["uid"] == before
    taken.client.close()
