"""A share of the trees that ``python -m tests.fuzz`` breaks; all of them in the slow tests."""

import os
from pathlib import Path

import pytest

from kaitops.gate.judging import admission
from tests.conftest import Run
from tests.fuzz.running import run as fuzz
from tests.gate.objects import WORKSPACE, put
from tests.sampling import share, some


@pytest.mark.thorough
@pytest.mark.parametrize("seed", some([1, 2], [2]))
def test_no_tree_breaks_the_gate(tmp_path: Path, seed: int) -> None:
    assert fuzz(tmp_path, share(1_000), seed) == {}


@pytest.mark.e2e
@pytest.mark.timeout(3600)
def test_no_tree_of_many_breaks_the_gate(tmp_path: Path) -> None:
    assert fuzz(tmp_path, 5_000 if os.environ.get("KAITOPS_E2E_SHORT") else 30_000, 1) == {}


def test_an_object_that_breaks_its_judge_is_named_and_the_others_are_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from kaitops.cli import main

    put(
        tmp_path,
        a=WORKSPACE,
        b=WORKSPACE.replace("name: phi\n", "name: other\n").replace("phi-4-mini-instruct", "none"),
    )
    real = admission.Judge._admit

    def admit(self, item, referred, report):
        if item.data["metadata"]["name"] == "phi":
            raise KeyError("hunter2-hunter2")
        real(self, item, referred, report)

    monkeypatch.setattr(admission.Judge, "_admit", admit)
    monkeypatch.chdir(tmp_path)
    assert main(["gate", ".", "--no-checkov", "--cost"]) == 2
    said = capsys.readouterr().out
    assert "a.yaml:2:1: KAITOPS-COVERAGE CRITICAL: Workspace team/phi: admission broke off with KeyError" in said
    assert "b.yaml" in said
    assert "hunter2" not in said


@pytest.mark.parametrize(
    "text",
    [
        WORKSPACE.replace("  namespace: team\n", "  namespace: team\n  annotations: 5\n"),
        WORKSPACE.split("inference:")[0] + "inference: x\n",
        WORKSPACE.replace("resource:\n", "resource: 5\nx:\n"),
    ],
)
def test_objects_that_are_refused_have_no_cost(run: Run, tmp_path: Path, text: str) -> None:
    put(tmp_path, a=text)
    done = run("gate", ".", "--no-checkov", "--cost")
    assert done.returncode in (1, 2)
    assert "internal error" not in done.stderr
    assert "a.yaml" in done.stdout


@pytest.mark.parametrize(
    "text",
    ["5", "[]", "[" * 100_000, '{"region": 5}', '{"region": "x", "usage": [{"name": {"value": "a"}, "limit": 1e999}]}'],
)
def test_a_recording_of_quota_that_is_none(run: Run, tmp_path: Path, text: str) -> None:
    put(tmp_path, a=WORKSPACE)
    (tmp_path / "q.json").write_text(text)
    assert "q.json" in run("gate", "a.yaml", "--no-checkov", "--quota", "q.json", code=2).stderr


@pytest.mark.parametrize(
    "text", ["clusters: 5\n", "total: .inf\n", "total: []\n", "clusters: {a: x}\n", "total: 1e300\n"]
)
def test_a_budget_that_is_none(run: Run, tmp_path: Path, text: str) -> None:
    put(tmp_path, a=WORKSPACE, budget=text)
    assert "budget.yaml" in run("gate", "a.yaml", "--no-checkov", "--budget", "budget.yaml", code=2).stderr


@pytest.mark.parametrize(
    "text",
    [
        "5",
        "[" * 100_000,
        '{"repo": 5, "tree": [], "config": {}}',
        '{"repo": "team/own", "tree": [5], "config": {}}',
        '{"repo": "team/own", "tree": [{"path": "a.safetensors", "size": "x"}], "config": {"hidden_size": []}}',
    ],
)
def test_a_recorded_model_that_is_none(run: Run, tmp_path: Path, text: str) -> None:
    put(tmp_path, a=WORKSPACE.replace("phi-4-mini-instruct", "team/own"))
    (tmp_path / "presets" / "huggingface").mkdir(parents=True)
    (tmp_path / "presets" / "huggingface" / "team--own.json").write_text(text)
    done = run("gate", "a.yaml", "--no-checkov", "--cost")
    assert done.returncode in (1, 2)
    assert "internal error" not in done.stderr
