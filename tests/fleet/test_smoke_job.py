"""`smoke: true`: the checks as a Job, which runs as it is mounted."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import FLEET, Run
from tests.live.server import served

MODEL = "    context: 16384\n"


def documents(folder: Path, kind: str) -> list[dict[str, Any]]:
    return [yaml.safe_load(path.read_text()) for path in sorted((folder / "manifests").rglob(f"{kind}-*smoke*.yaml"))]


def rendered(run: Run, folder: Path, gitops: str = "argocd", more: str = "", cluster: str = "", code: int = 0) -> str:
    text = FLEET.replace("gitops: none", f"gitops: {gitops}{cluster}").replace(MODEL, f"{MODEL}    smoke: true\n{more}")
    (folder / "fleet.yaml").write_text("gitops:\n  repository: https://git.example.com/a/b.git\n" + text)
    return run("render", code=code).stderr


@pytest.mark.parametrize(("gitops", "name"), [("argocd", "phi-4-mini-smoke"), ("flux", None), ("none", None)])
def test_the_job_and_what_it_mounts(run: Run, tmp_path: Path, gitops: str, name: str | None) -> None:
    rendered(run, tmp_path, gitops)
    (job,), (held,) = documents(tmp_path, "job"), documents(tmp_path, "configmap")
    assert job["metadata"]["name"] == (name or held["metadata"]["name"])
    annotations = job["metadata"].get("annotations", {})
    assert ("argocd.argoproj.io/hook" in annotations) == (gitops == "argocd")
    pod = job["spec"]["template"]["spec"]
    assert pod["volumes"][0]["configMap"]["name"] == held["metadata"]["name"]
    given = json.loads(held["data"]["given.json"])
    assert given["url"] == "http://phi-4-mini.models.svc"
    assert given["expected"]["model"] == "phi-4-mini-instruct"
    assert given["expected"]["context"] == 16384
    assert given["wait"] == (300 if gitops == "argocd" else 7200)
    assert given["wait"] < job["spec"]["activeDeadlineSeconds"]


def test_the_gate_wants_the_image_by_digest_and_nothing_else(run: Run, tmp_path: Path) -> None:
    rendered(run, tmp_path)
    done = run("gate", "manifests", "--no-checkov", "-o", "json")
    assert {one["rule"] for one in json.loads(done.stdout)["findings"]} == {"KAITO029"}
    rendered(run, tmp_path, more=f"    smokeImage: registry.example.com/python:3.12@sha256:{'a' * 64}\n")
    run("gate", "manifests", "--no-checkov", code=0)


def test_what_is_mounted_runs_by_itself(run: Run, tmp_path: Path) -> None:
    """The files of the ConfigMap, in a folder without the project, as the Job runs them."""
    rendered(run, tmp_path)
    (held,) = documents(tmp_path, "configmap")
    place = tmp_path / "smoke" / "kaitops_smoke"
    place.mkdir(parents=True)
    for name, text in held["data"].items():
        (place / name).write_text(text)
    given = json.loads((place / "given.json").read_text())
    command = [sys.executable, "-S", "-m", "kaitops_smoke", str(place / "given.json")]
    for wanted, code in (("m", 0), ("other", 1)):
        with served() as (url, _):
            given |= {"url": url, "wait": 0, "expected": {**given["expected"], "model": wanted}}
            (place / "given.json").write_text(json.dumps(given))
            done = subprocess.run(
                command,
                cwd=tmp_path,
                env={"PYTHONPATH": str(place.parent)},
                capture_output=True,
                text=True,
                check=False,
            )
        assert done.returncode == code, done.stderr
        assert json.loads(done.stdout)["verdict"] == ("READY" if wanted == "m" else "NOT READY")


def test_an_isolated_model_lets_the_job_in(run: Run, tmp_path: Path) -> None:
    rendered(run, tmp_path, "flux", cluster="\n    isolation: {}")
    policy = yaml.safe_load(next((tmp_path / "manifests").rglob("networkpolicy-phi-4-mini.yaml")).read_text())
    wanted = {"podSelector": {"matchLabels": {"kaitops.io/smoke": "phi-4-mini"}}}
    assert any(wanted in rule.get("from", []) for rule in policy["spec"]["ingress"])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("    replicas: 2\n", "replicas and roles have no common one"),
        ("    smokeImage: python:3.12\n    smoke: false\n", "none is declared"),
    ],
)
def test_what_cannot_be_checked_is_refused(run: Run, tmp_path: Path, more: str, said: str) -> None:
    text = FLEET.replace(MODEL, f"{MODEL}{more}" + ("" if "smoke:" in more else "    smoke: true\n"))
    (tmp_path / "fleet.yaml").write_text(text)
    assert said in run("render", code=2).stderr


def test_without_it_nothing_is_rendered(run: Run, tmp_path: Path, fleet: Path) -> None:
    run("render", code=0)
    assert documents(tmp_path, "job") == []
