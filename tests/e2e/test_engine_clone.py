"""The first minute in a fresh clone, by the real engine: ``pulumi install`` makes what ``pulumi preview`` needs."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.engine.project import ROOT, Project, engine

__all__ = ["engine"]

ADMIN = "11111111-1111-1111-1111-111111111111"
# How the machine reaches the index.
_WAY = ("UV_", "SSL_", "PIP_", "HTTP_", "HTTPS_", "NO_PROXY", "REQUESTS_", "http_", "https_", "no_proxy")


@pytest.mark.skipif(
    not os.environ.get("KAITOPS_ACTION_INSTALL"), reason="KAITOPS_ACTION_INSTALL=1 installs from the index"
)
def test_a_fresh_clone_is_installed_and_previewed_without_anything_else(engine: None, tmp_path: Path) -> None:
    # The folders of the repository itself are on no path: what is found is what was installed.
    way = {key: value for key, value in os.environ.items() if key.startswith(_WAY)}
    project = Project(tmp_path, azure=True, environment={**way, "PYTHONPATH": ""})
    project.folder.rmdir()
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, project.folder], check=True)
    # Plugins come from the engine's own servers; everything of the repository's comes by its lock file.
    project.pulumi("install", "--no-plugins")
    assert (project.folder / ".venv/bin/python").exists()
    project.pulumi("stack", "init", "dev")
    project.pulumi("config", "set", "cluster", "prod-weu")
    project.pulumi("config", "set", "--path", "infra.entraAdmins[0]", ADMIN)
    project.pulumi("config", "set", "--path", "parts[0]", "infra")
    planned = project.run("preview")
    assert set(planned.ops()) == {"create"} and len(planned.steps) > 30
