"""One model of a stack alone, by ``--target`` as the page says it, by the real engine on a real API server."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.cluster import Cluster
from tests.e2e.engine.project import ROOT, engine
from tests.e2e.engine.workloads import A100, Workloads

__all__ = ["engine"]

SPACE = "engine-target"
PHI = {"preset": "phi-4-mini-instruct", "gpu": A100, "context": 16384}


@pytest.fixture
def stack(
    engine: None, api_server: Cluster, install: Callable[[list[str]], None], tmp_path: Path
) -> Iterator[Workloads]:
    install(["kaito.sh", "karpenter.sh"])
    made = Workloads(tmp_path, api_server, SPACE)
    made.declare(models={"phi": PHI, "other": PHI})
    made.run("up")
    yield made
    made.run("destroy")
    made.client.close()


def test_a_model_goes_with_all_that_belongs_to_it_and_no_other(stack: Workloads) -> None:
    shorter = {**PHI, "context": 8192}
    stack.declare(models={"phi": shorter, "other": shorter})
    before = {name: stack.get("Workspace", name) for name in ("phi", "other")}
    alone = f"**::prod-workloads/{SPACE}/phi"
    refused = stack.run("preview", "--target", alone, code=1)
    # The Workspace names a ConfigMap that would not be there.
    assert "phi-inference" in refused.text and "--target" in refused.text
    [line] = re.findall(r"^pulumi up .*--target .*models/phi.*$", (ROOT / "docs/pulumi.md").read_text(), re.MULTILINE)
    told = line.replace("prod-weu", "prod").replace("/models/", f"/{SPACE}/")
    done = subprocess.run(
        ["sh", "-ec", told], cwd=stack.project.folder, env=stack.project.environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    after = {name: stack.get("Workspace", name) for name in ("phi", "other")}
    assert after["phi"]["inference"]["config"] != before["phi"]["inference"]["config"]
    assert after["other"] == before["other"]
    rest = {step.name for step in stack.run("preview").steps if step.type.startswith("kubernetes:")}
    left = f"prod-workloads/{SPACE}/{before['phi']['inference']['config']}"
    assert {name for name in rest if "/other" not in name} == {left}
