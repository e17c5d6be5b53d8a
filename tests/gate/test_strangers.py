"""Files of other programs beside manifests are told as not judged once; nothing that could be applied hides in one."""

from pathlib import Path
from time import perf_counter

import pytest

from tests.conftest import Run
from tests.gate.test_overlays import HEAD, WORKSPACE, put

FILES = {
    ".github/workflows/ci.yml": "name: ci\non: [push]\njobs: {a: {runs-on: x, steps: [{run: \"a \\\\ b\"}]}}\n",
    ".github/dependabot.yml": "version: 2\nupdates: []\non: {}\n",
    ".gitlab-ci.yml": "a: {script: !reference [b, c]}\n",
    "deploy/docker-compose.prod.yml": "services: {a: {image: x, tty: yes}}\n",
    "mkdocs.yml": "site_name: x\nmarkdown_extensions:\n- a: !!python/name:b.c\n",
    ".pre-commit-config.yaml": "repos: []\nrepos: []\n",
    "azure-pipelines.yml": "trigger: none\nsteps:\n- script: |\n    apiVersion: v1\n    kind: Pod\n- task: on\n  when: yes\n",
}  # fmt: skip


def gate(run: Run, tmp_path: Path, files: dict[str, str], code: int):
    put(tmp_path, {"w.yaml": WORKSPACE.replace("{name: chat}", "{name: chat, namespace: team}"), **files})
    return run("gate", ".", "--no-checkov", "--today", "2026-06-01", code=code)


def test_they_are_told_once(run: Run, tmp_path: Path) -> None:
    done = gate(run, tmp_path, FILES, 0)
    assert done.stderr.count("files of other programs") == 1
    assert "and 2 more" in done.stderr and "1 object" in done.stdout and "KAITOPS-FORM" not in done.stdout


@pytest.mark.parametrize("name", FILES)
def test_each_is_known(run: Run, tmp_path: Path, name: str) -> None:
    assert f"{name}: files of other programs" in gate(run, tmp_path, {name: FILES[name]}, 0).stderr


@pytest.mark.parametrize(
    "text",
    [
        "on: yes\napiVersion: v1\nkind: Pod\n",
        "on: yes\n---\napiVersion: v1\n",
        "on: yes\n--- {apiVersion: v1}\n",
        'on: yes\n"api\\u0056ersion": v1\n',
        "on: yes\n<<: {a: b}\n",
        "on: yes\nitems: []\n",
        "on: yes\n? [a]\n: b\n",
        "[on, yes]\n",
        "on: yes\na: [\n",
        "on: yes\na: &x apiVersion\n*x : v1\n",
        "on: yes\n'kind': Pod\n",
    ],
)
def test_what_could_be_applied_is_refused(run: Run, tmp_path: Path, text: str) -> None:
    assert "ci.yml:" in gate(run, tmp_path, {".github/workflows/ci.yml": text}, 2).stdout


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "more", ["a: " + "[" * 1_000_000, "a: &a [x]\n" + "- *a\n" * 10, "".join(f"a{n}: b\n" for n in range(200_000))]
)
def test_what_is_too_much_is_refused_in_time(run: Run, tmp_path: Path, more: str) -> None:
    start = perf_counter()
    gate(run, tmp_path, {".gitlab-ci.yml": f"on: yes\n{more}"}, 2)
    assert perf_counter() - start < 10


def test_other_encodings_are_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".gitlab-ci.yml").write_bytes("on: yes\napiVersion: v1\nkind: Pod\n".encode("utf-16"))
    gate(run, tmp_path, {}, 2)


@pytest.mark.parametrize("name", ["ci.yml", "workflows/ci.yml", ".gitlab-ci.yml.yaml", "github/workflows/ci.yml"])
def test_a_name_of_no_other_program_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    gate(run, tmp_path, {name: FILES[".github/workflows/ci.yml"]}, 2)


def test_what_a_kustomization_names_is_refused(run: Run, tmp_path: Path) -> None:
    files = {"kustomization.yaml": f"{HEAD}resources: [w.yaml, mkdocs.yml]\n", "mkdocs.yml": FILES["mkdocs.yml"]}
    assert "mkdocs.yml:3:" in gate(run, tmp_path, files, 2).stdout


def test_a_token_in_one_is_found(run: Run, tmp_path: Path) -> None:
    token = "hf_" + "Abcdefghij" * 3 + "klmn"
    done = gate(run, tmp_path, {".gitlab-ci.yml": f"on: yes\na: {token}\n"}, 1)
    assert "KAITO008" in done.stdout and token not in done.stdout
