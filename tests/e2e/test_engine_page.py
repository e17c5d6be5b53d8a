"""What docs/pulumi.md says of the engine, by the engine: templates, and the program that uses the Automation API."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.components.test_examples import BLOCKS, MODELS, THREE
from tests.e2e.cluster import Cluster
from tests.e2e.engine.project import ROOT, Project, engine, project
from tests.e2e.engine.workloads import A100

__all__ = ["engine", "project"]


@pytest.mark.parametrize("template", [THREE, MODELS], ids=lambda folder: folder.name)
def test_a_template_makes_a_project(project: Project, template: Path) -> None:
    words = ["new", str(template), "--generate-only", "--yes", "--force", "--name", "mine", "--description", "Mine"]
    project.pulumi(*words)
    made = yaml.safe_load((project.folder / "Pulumi.yaml").read_text())
    assert "template" not in made and made["runtime"]["name"] == "python"
    assert made["name"] == "mine"
    assert {one.name for one in template.iterdir()} <= {one.name for one in project.folder.iterdir()}


def test_the_program_of_the_page_goes_up_and_down(
    project: Project, api_server: Cluster, install: Callable[[list[str]], None], tmp_path: Path
) -> None:
    install(["kaito.sh"])
    fleet = {
        "kaito": "0.12.0",
        "defaults": {"namespace": "automated"},
        "clusters": {"prod": {"region": "westeurope", "provisioner": "karpenter"}},
        "models": {"phi": {"preset": "phi-4-mini-instruct", "gpu": A100}},
    }
    (tmp_path / "fleet.yaml").write_text(json.dumps(fleet))
    environment = {**project.environment, "KUBECONFIG": str(api_server.kubeconfig), "PYTHONPATH": str(ROOT)}
    environment["PATH"] += os.pathsep + os.environ["PATH"]
    done = subprocess.run(
        [sys.executable, "-c", BLOCKS["From a program"]],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "'create'" in done.stdout
