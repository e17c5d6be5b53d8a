"""What git checks out otherwise than it is committed was not judged as it is deployed."""

import subprocess
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.gate.objects import WORKSPACE, put

TOLD = [
    ("* ident", "m/ws.yaml"),
    ("*.yaml filter=lfs diff=lfs merge=lfs -text", "m/ws.yaml"),
    ("*.YAML working-tree-encoding=SHIFT_JIS", "m/ws.yaml"),
    ("/m/** working-tree-encoding=UTF-16", "m/ws.yaml"),
    ("m/*/x.yaml text filter=a", "m/sub/x.yaml"),
    ("ws.* -filter filter=a", "m/ws.yaml"),
    ('"w\\163.yaml" ident', "m/ws.yaml"),
    ("[attr]own filter=a\n*.yaml own", "m/ws.yaml"),
    ("\tws.yaml\tident", "m/ws.yaml"),
    ("m/sub/\u00e4\u00a0b.yaml ident", "m/sub/\u00e4\u00a0b.yaml"),
    ("values.txt ident", "m/sub/values.txt"),
]
QUIET = [
    "* text=auto eol=lf",
    "*.yaml -filter -ident !working-tree-encoding",
    "*.yaml working-tree-encoding=UTF-8",
    "*.safetensors filter=lfs diff=lfs merge=lfs -text",
    "other/** filter=lfs",
    "# *.yaml ident",
    "[attr]own filter=a",
    "",
]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    put(tmp_path, m__ws=WORKSPACE, m__sub__x=WORKSPACE.replace("name: phi\n", "name: psi\n"))
    put(tmp_path, m__sub__kustomization="resources: [x.yaml]\nconfigMapGenerator: [{name: a, files: [values.txt]}]\n")
    (tmp_path / "m/sub/values.txt").write_text("a")
    (tmp_path / "m/sub/\u00e4\u00a0b.yaml").write_text(WORKSPACE.replace("name: phi\n", "name: chi\n"))
    return tmp_path


@pytest.mark.parametrize(("text", "file"), TOLD)
def test_what_git_rewrites_is_unjudged(run: Run, tree: Path, text: str, file: str) -> None:
    (tree / ".gitattributes").write_text(f"# own\n{text}\n")
    said = run("gate", "m", "--no-checkov", code=2).stdout
    line = 2 + text.count("\n")
    assert f".gitattributes:{line}:1: KAITOPS-COVERAGE CRITICAL" in said
    assert f"has git check {file} out otherwise" in said or file == "m/ws.yaml"


@pytest.mark.parametrize("text", QUIET)
def test_what_git_leaves_as_it_is(run: Run, tree: Path, text: str) -> None:
    (tree / ".gitattributes").write_text(f"{text}\n")
    run("gate", "m", "--no-checkov", code=0)


def test_a_mark_of_the_order_of_bytes_is_no_part_of_a_name(run: Run, tree: Path) -> None:
    (tree / ".gitattributes").write_text("\ufeffws.yaml ident\n")
    assert ".gitattributes:1:1:" in run("gate", "m", "--no-checkov", code=2).stdout


def test_attributes_beside_the_files_count_as_well(run: Run, tree: Path) -> None:
    (tree / "m/sub/.gitattributes").write_text("/x.yaml ident\n/ws.yaml ident\n")
    said = run("gate", "m", "--no-checkov", code=2).stdout
    assert "m/sub/.gitattributes:1:1:" in said and "m/sub/.gitattributes:2:1:" not in said


def test_what_is_no_checkout_has_no_attributes(run: Run, tmp_path: Path) -> None:
    put(tmp_path, ws=WORKSPACE)
    (tmp_path / ".gitattributes").write_text("* ident\n")
    run("gate", ".", "--no-checkov", code=0)


def test_a_file_of_a_chart_that_only_helm_reads(run: Run, tree: Path) -> None:
    (tree / "c/files").mkdir(parents=True)
    (tree / "c/Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 1.0.0\n")
    (tree / "c/files/a.bin").write_text("a")
    (tree / ".gitattributes").write_text("*.bin filter=lfs\n")
    assert "has git check c/files/a.bin out" in run("gate", "m", "c", "--no-checkov", code=2).stdout


def test_lines_that_are_too_many_to_be_held_against_files(run: Run, tree: Path) -> None:
    (tree / ".gitattributes").write_text("".join(f"other-{number}* ident\n" for number in range(201)))
    assert "more than 200 lines" in run("gate", "m", "--no-checkov", code=2).stdout


def test_attributes_that_are_too_many_to_be_read(run: Run, tree: Path) -> None:
    (tree / ".gitattributes").write_text("# x\n" * 300_000)
    assert "an attribute among more than" in run("gate", "m", "--no-checkov", code=2).stdout
