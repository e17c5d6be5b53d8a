"""The base as git holds it."""

import subprocess
from pathlib import Path

import pytest

from kaitops.change import objects_at, tree_at
from kaitops.errors import BadInput, ToolMissing

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  a: {value}\n"


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main", *arguments],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    top = tmp_path / "repo"
    cluster = top / "clusters" / "west side"
    cluster.mkdir(parents=True)
    git(top, "init")
    (cluster / "kaitops-context.yaml").write_text("kaito: 0.12.0\ncluster: west\nregion: westeurope\n")
    (cluster / "kustomization.yaml").write_text("resources: [ä.yaml]\n")
    (cluster / "ä.yaml").write_text(
        CONFIG.format(name="one", value="1") + "---\n" + CONFIG.format(name="two", value="1")
    )
    (top / "list.yml").write_text(
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: s}}\n"
    )
    (top / "notes.txt").write_text("no manifest")
    git(top, "add", "-A")
    git(top, "commit", "-m", "base")
    (cluster / "ä.yaml").write_text(CONFIG.format(name="one", value="changed"))
    return top


def test_objects_come_from_the_commit_and_not_from_the_work_tree(repository: Path) -> None:
    found = objects_at("HEAD", ["."], repository)
    assert [(one.data["kind"], one.data["metadata"]["name"], one.cluster) for one in found] == [
        ("ConfigMap", "one", "west"),
        ("ConfigMap", "two", "west"),
        ("Secret", "s", ""),
    ]
    assert found[0].data["data"] == {"a": 1}
    assert found[0].context["region"] == "westeurope"


def test_a_part_of_a_cluster_still_knows_its_context(repository: Path) -> None:
    found = objects_at("main", ["clusters/west side/ä.yaml"], repository)
    assert {one.cluster for one in found} == {"west"}
    assert len(found) == 2


def test_the_tree_is_laid_out_as_in_the_repository(repository: Path, tmp_path: Path) -> None:
    into = tmp_path / "base"
    paths = tree_at("HEAD", ["west side", str(repository / "clusters")], into, repository / "clusters")
    assert paths == [str(into / "clusters" / "west side"), str(into / "clusters")]
    assert (into / "clusters" / "west side" / "ä.yaml").read_text().count("kind: ConfigMap") == 2
    assert not (into / "notes.txt").exists()
    assert tree_at("HEAD", ["later"], tmp_path / "none", repository) == []


def test_clear_errors(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not in a git repository"):
        objects_at("HEAD", ["."], tmp_path)
    with pytest.raises(BadInput, match="'nowhere' is no branch, tag or commit"):
        objects_at("nowhere", ["."], repository)
    with pytest.raises(BadInput, match="is no branch"):
        objects_at("--output=x", ["."], repository)
    with pytest.raises(BadInput, match="lies outside of the repository"):
        objects_at("HEAD", [str(tmp_path)], repository)
    assert not (repository / "x").exists()


def test_a_shallow_clone_says_how_to_fetch(repository: Path, tmp_path: Path) -> None:
    git(repository, "commit", "-a", "-m", "second")
    git(tmp_path, "clone", "--depth=1", f"file://{repository}", "shallow")
    with pytest.raises(BadInput, match=r"shallow.*git fetch"):
        objects_at("HEAD~1", ["."], tmp_path / "shallow")


def test_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ToolMissing, match="git is not installed"):
        objects_at("HEAD", ["."], repository)
