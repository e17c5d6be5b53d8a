"""The gate against a base: what merging would change and cost, and the way around what would be refused."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.gate.objects import WORKSPACE, put

A100, H100 = "Standard_NC24ads_A100_v4", "Standard_NC40ads_H100_v5"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return start(tmp_path, m__phi=WORKSPACE, m__gone=WORKSPACE.replace("name: phi\n", "name: gone\n"))


def start(folder: Path, **files: str) -> Path:
    """A repository with a tree in one commit."""
    put(folder, **files)
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=folder, check=True)
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    for command in (["add", "."], ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "base"]):
        subprocess.run(["git", *command], cwd=folder, check=True)


def gate(run: Run, *arguments: str, code: int):
    return run("gate", "m", "--no-checkov", "--base", "HEAD", "--region", "westeurope", *arguments, code=code)


def test_no_change_is_said(run: Run, repository: Path) -> None:
    done = json.loads(gate(run, "-o", "json", code=0).stdout)
    assert done["plan"] == []
    assert done["cost"][-1]["nodes_before"] == done["cost"][-1]["nodes_after"] == 2


def test_a_refused_edit_fails_and_gets_a_plan(run: Run, repository: Path) -> None:
    put(repository, m__phi=WORKSPACE.replace(A100, H100))
    done = gate(run, "--write-plan", "plans", "--markdown", "x.md", code=1)
    assert "m/phi.yaml:7:3: KAITOPS-CHANGE-REFUSED CRITICAL: Workspace team/phi" in done.stdout
    assert sorted(path.suffix for path in (repository / "plans").iterdir()) == [".md", ".yaml"]
    page = (repository / "x.md").read_text()
    assert page.index("### Cost") < page.index("### Plan") < page.index("### Findings")
    assert "| 0 → 1 |" in page and "| 1 → 0 |" in page


def test_what_is_added_and_deleted_is_in_the_plan(run: Run, repository: Path) -> None:
    (repository / "m" / "gone.yaml").unlink()
    put(repository, m__new=WORKSPACE.replace("name: phi\n", "name: new\n"))
    done = json.loads(gate(run, "-o", "json", code=0).stdout)
    assert {(row["object"], row["outcome"]) for row in done["plan"]} == {
        ("Workspace team/new", "added"),
        ("Workspace team/gone", "deleted"),
    }
    assert "KAITOPS-CHANGE-DELETE" in {one["rule"] for one in done["findings"]}


def test_what_a_cluster_that_is_gone_loses_is_shown_at_its_own_files(run: Run, tmp_path: Path) -> None:
    two = {
        f"m__{name}__{file}": text
        for name in ("dev", "prod")
        for file, text in (("phi", WORKSPACE), ("kaitops-context", f"kaito: 0.12.0\ncluster: {name}\n"))
    }
    folder = start(tmp_path, **two, m__prod__more=WORKSPACE.replace("name: phi\n", "name: more\n"))

    def shown() -> list[tuple[str, str]]:
        told = json.loads(gate(run, "-o", "json", code=0).stdout)["findings"]
        return [(one["file"], one["object"]) for one in told if one["rule"] == "KAITOPS-CHANGE-DELETE"]

    # Of a cluster that stays, at what says of it what it is.
    (folder / "m" / "prod" / "more.yaml").unlink()
    assert shown() == [("m/prod/kaitops-context.yaml", "Workspace team/more")]
    shutil.rmtree(folder / "m" / "prod")
    assert shown() == [("m/prod/more.yaml", "Workspace team/more"), ("m/prod/phi.yaml", "Workspace team/phi")]


def test_a_change_that_takes_the_last_object_away_is_judged_by_what_it_deletes(run: Run, repository: Path) -> None:
    for file in (repository / "m").iterdir():
        file.unlink()
    put(repository, m__kustomization="resources: []\n")
    done = json.loads(gate(run, "-o", "json", code=1).stdout)
    assert [(row["object"], row["outcome"]) for row in done["plan"]] == [
        ("Workspace team/gone", "deleted"),
        ("Workspace team/phi", "deleted"),
    ]
    assert done["cost"][-1]["nodes_after"] == 0
    commit(repository)
    assert "no Kubernetes object found" in gate(run, code=2).stderr


def test_a_base_that_cannot_be_read_is_an_error(run: Run, repository: Path) -> None:
    done = run("gate", "m", "--no-checkov", "--base", "nowhere", code=2)
    assert "nowhere" in done.stderr
    run("gate", "m", "--no-checkov", "--write-plan", "plans", code=2)


def test_a_budget_is_held(run: Run, repository: Path) -> None:
    put(repository, budget="total: 100\n")
    done = run("gate", "m", "--no-checkov", "--budget", "budget.yaml", "--region", "westeurope", code=1)
    assert "KAITOPS-BUDGET HIGH" in done.stdout
    put(repository, budget="total: 1000000\n")
    run("gate", "m", "--no-checkov", "--budget", "budget.yaml", "--region", "westeurope", code=0)
    put(repository, budget="totally: 1\n")
    run("gate", "m", "--no-checkov", "--budget", "budget.yaml", code=2)


OPEN = (
    "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: team\n  labels:\n    pod-security.kubernetes.io/enforce: {}\n"
)
ACCEPTED = """\
exemptions:
- id: KAITOPS-CHANGE-GUARD
  resource: Namespace team
  reason: agreed with those who own it
  owner: platform
  until: "2026-12-01"
"""


def test_a_guard_is_lowered_by_the_base_alone(run: Run, repository: Path) -> None:
    # Nothing of the tree is refused by either, so that lowering it is all that there is to be told.
    put(repository, m__space=OPEN.format("baseline"))
    commit(repository)
    less = OPEN.format("baseline").replace("/enforce: baseline", "/warn: baseline")
    put(repository, m__space=less)
    done = gate(run, code=1)
    assert "KAITOPS-CHANGE-GUARD HIGH: Namespace team" in done.stdout
    assert "held to baseline and are held to no level" in done.stdout
    put(repository, m__space=less)
    (repository / "kaitops-exemptions.yaml").write_text(ACCEPTED)
    subprocess.run(["git", "add", "."], cwd=repository, check=True)
    assert "KAITOPS-AUTHORITY HIGH" in gate(run, code=1).stdout, "what the change itself says accepts nothing"
    put(repository, m__space=OPEN.format("baseline"))
    commit(repository)
    put(repository, m__space=less)
    assert "1 exempted" in gate(run, code=0).stdout


def test_what_no_kustomization_lists_any_more_is_gone(run: Run, repository: Path) -> None:
    put(repository, m__kustomization="resources: [phi.yaml, gone.yaml]\n")
    commit(repository)
    put(repository, m__kustomization="resources: [phi.yaml]\n")
    done = json.loads(gate(run, "-o", "json", code=0).stdout)
    assert [(row["object"], row["outcome"]) for row in done["plan"]] == [("Workspace team/gone", "deleted")]
    commit(repository)
    put(repository, m__kustomization="resources: [phi.yaml, gone.yaml]\n")
    done = json.loads(gate(run, "-o", "json", code=0).stdout)
    assert [(row["object"], row["outcome"]) for row in done["plan"]] == [("Workspace team/gone", "added")]
