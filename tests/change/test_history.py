"""The base as git holds it."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from kaitops.change import tree_at
from kaitops.errors import BadInput, ToolMissing
from kaitops.gate.objects import Item
from kaitops.gate.reading.collecting import collect
from kaitops.report.findings import Report

CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  a: "{value}"\n'


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main", *arguments],
        cwd=folder, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def objects_at(ref: str, paths: list[str], folder: Path) -> list[Item]:
    """The objects of the base as the gate reads them."""
    with tempfile.TemporaryDirectory() as name:
        found = tree_at(ref, paths, Path(name).resolve() / "base", folder).paths
        return [item for group in collect(found, Report()).groups for item in group.items] if found else []


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
    assert [(one.data["kind"], one.data["metadata"]["name"]) for one in found] == [
        ("ConfigMap", "one"),
        ("ConfigMap", "two"),
        ("Secret", "s"),
    ]
    assert found[0].data["data"] == {"a": "1"}


def test_a_part_of_a_cluster_still_has_its_context(repository: Path, tmp_path: Path) -> None:
    past = tree_at("main", ["clusters/west side/ä.yaml"], tmp_path / "base", repository)
    assert past.paths == [str(tmp_path / "base" / "clusters" / "west side" / "ä.yaml")]
    beside = tmp_path / "base" / "clusters" / "west side"
    assert {path.name for path in beside.iterdir()} == {"ä.yaml", "kaitops-context.yaml", "kustomization.yaml"}


def test_the_tree_is_laid_out_as_in_the_repository(repository: Path, tmp_path: Path) -> None:
    into = tmp_path / "base"
    past = tree_at("HEAD", ["west side", str(repository / "clusters")], into, repository / "clusters")
    assert past.paths == [str(into / "clusters" / "west side"), str(into / "clusters")]
    assert (into / "clusters" / "west side" / "ä.yaml").read_text().count("kind: ConfigMap") == 2
    assert not (into / "notes.txt").exists()
    assert tree_at("HEAD", ["later"], tmp_path / "none", repository).paths == []


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


def test_one_process_reads_all_files(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(40):
        (repository / f"{number}.yaml").write_text(CONFIG.format(name=f"c{number}", value="1"))
    git(repository, "add", "-A")
    git(repository, "commit", "-m", "many")
    folder = tmp_path / "bin"
    folder.mkdir()
    shim = folder / "git"
    shim.write_text(f'#!/bin/sh\necho "$*" >> "{tmp_path}/calls"\nexec "{shutil.which("git")}" "$@"\n')
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    assert len(objects_at("HEAD", ["."], repository)) > 40
    assert len((tmp_path / "calls").read_text().splitlines()) <= 5


def test_no_attribute_hides_or_alters_a_file(repository: Path) -> None:
    attributes = "*.yaml export-ignore export-subst ident eol=crlf working-tree-encoding=UTF-16 filter=none\n"
    (repository / ".gitattributes").write_text(attributes)
    git(repository, "config", "filter.none.smudge", "sed d")
    text = CONFIG.format(name="one", value="$Id$ $Format:%H$").encode()
    for name in ("one.yaml", "clusters/.gitattributes"):
        (repository / name).parent.mkdir(exist_ok=True)
        (repository / name).write_bytes(text if name.endswith("yaml") else attributes.encode())
    # Past the filters, as a server takes it.
    blob = subprocess.run(
        ["git", "hash-object", "-w", "--no-filters", "one.yaml"], cwd=repository, check=True, capture_output=True,
        text=True,
    ).stdout.strip()  # fmt: skip
    git(repository, "update-index", "--add", "--cacheinfo", f"100644,{blob},one.yaml")
    git(repository, "add", ".gitattributes", "clusters/.gitattributes")
    git(repository, "commit", "-m", "attributes")
    names = {one.data["metadata"]["name"]: one for one in objects_at("HEAD", ["."], repository)}
    assert set(names) == {"one", "two", "s"}
    found = objects_at("HEAD", ["one.yaml"], repository)
    assert [one.data["data"] for one in found] == [{"a": "$Id$ $Format:%H$"}]


def test_odd_files(repository: Path, tmp_path: Path) -> None:
    odd = (
        "line\nbreak.yaml",
        "tab\t.yaml",
        ' "quoted" .yaml',
        "-dash.yaml",
        "*.yaml",
        "back\\slash.yaml",
        os.fsdecode(b"\xff.yaml"),
    )
    for number, name in enumerate(odd):
        (repository / name).write_text(CONFIG.format(name=f"odd-{number}", value="1"))
    (repository / "empty.yaml").write_text("")
    (repository / "no-end.yaml").write_text(CONFIG.format(name="no-end", value="1").rstrip("\n"))
    (repository / "large.yaml").write_text(CONFIG.format(name="large", value="x" * 3_000_000))
    (repository / "link.yaml").symlink_to("list.yml")
    inner = tmp_path / "inner"
    inner.mkdir()
    git(inner, "init")
    (inner / "inner.yaml").write_text(CONFIG.format(name="inner", value="1"))
    git(inner, "add", "-A")
    git(inner, "commit", "-m", "inner")
    git(repository, "-c", "protocol.file.allow=always", "submodule", "add", str(inner), "module.yaml")
    git(repository, "add", "-A")
    git(repository, "commit", "-m", "odd")
    found = {one.data["metadata"]["name"]: one for one in objects_at("HEAD", ["."], repository)}
    names = {found[f"odd-{number}"].document.file.rpartition("/")[2] for number in range(len(odd))}
    assert names == set(odd)
    assert {"no-end", "large", "one", "s"} <= set(found) and "inner" not in found
    assert len(found["large"].data["data"]["a"]) == 3_000_000
    into = tmp_path / "base"
    past = tree_at("HEAD", ["."], into, repository)
    assert all((into / name).is_file() for name in odd)
    assert (into / "link.yaml").readlink() == Path("list.yml") and not (into / "module.yaml").exists()
    assert list(past.unknown) == ["module.yaml"] and "submodule" in past.unknown["module.yaml"]


def test_a_damaged_clone_is_said(repository: Path) -> None:
    blob = subprocess.run(
        ["git", "rev-parse", "HEAD:list.yml"], cwd=repository, check=True, capture_output=True, text=True
    ).stdout.strip()
    path = repository / ".git" / "objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(b"damaged")
    with pytest.raises(ToolMissing, match=r"HEAD:list.yml: git lists the file and cannot read it"):
        objects_at("HEAD", ["."], repository)
    path.unlink()
    with pytest.raises(ToolMissing, match=r"HEAD:list.yml: git lists the file and cannot read it \(.*missing"):
        objects_at("HEAD", ["."], repository)


def test_a_shallow_clone_says_how_to_fetch(repository: Path, tmp_path: Path) -> None:
    git(repository, "commit", "-a", "-m", "second")
    git(tmp_path, "clone", "--depth=1", f"file://{repository}", "shallow")
    with pytest.raises(BadInput, match=r"shallow.*git fetch"):
        objects_at("HEAD~1", ["."], tmp_path / "shallow")


def test_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ToolMissing, match="git is not installed"):
        objects_at("HEAD", ["."], repository)
