"""The facts of KAITO's versions as every command finds them."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kaitops.kaito import facts
from tests.commands import OWN, Commands
from tests.sampling import THOROUGH
from tests.version import KAITO

ROOT = Path(__file__).parents[2]
PARTIAL = ("models.json", "release.json", "rule-changes.json", "schema.json", "skus.json")
"""What is held of 0.6 to 0.11, and of a version that is newer than the newest that we know in full."""
WORKSPACE = """\
apiVersion: kaito.sh/v1beta1
kind: Workspace
metadata: {name: phi, namespace: models}
resource: {instanceType: Standard_NC24ads_A100_v4, labelSelector: {matchLabels: {apps: phi}}}
inference: {preset: {name: phi-4-mini-instruct}}
"""
# Importing everything takes longer than the few commands of the default run.
ENVIRONMENT = {**os.environ, **({} if THOROUGH else {OWN: "1"})}
COMMANDS = [
    ("gate", "phi.yaml", "--no-checkov", "--today", "2026-06-01"),
    ("gate", "phi.yaml", "--no-checkov", "--cost", "--today", "2026-06-01"),
    ("fit", "phi-4", "--region", "westeurope"),
    ("init", "--model", "phi-4-mini-instruct", "--region", "westeurope"),
    ("catalogue", "phi"),
    ("upgrade", "phi.yaml", "--from", KAITO, "--to", KAITO),
    ("health", "--for", "argocd"),
    ("schema", "kaito.sh/v1beta1/Workspace"),
    ("schema",),
    ("policy", "KAITO001"),
]


@pytest.fixture(scope="module")
def ahead(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program with a version beside the known ones, of which only a part of the facts is held."""
    top = tmp_path_factory.mktemp("ahead")
    for name in ("kaitops", "policies", "presets"):
        # What is compiled stays so, as times are copied.
        shutil.copytree(ROOT / name, top / name)
    newest = facts.newest()
    for version in ("0.13.0", "0.100.0"):
        (top / "presets" / version).mkdir()
        for name in PARTIAL:
            shutil.copy(ROOT / "presets" / newest / name, top / "presets" / version / name)
    return top


@pytest.fixture(scope="module")
def run_ahead(ahead: Path) -> Iterator[Commands]:
    found = Commands(ahead)
    yield found
    found.close()


@pytest.mark.sampled(6)
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_newer_version_with_partial_facts_changes_no_default(
    commands: Commands, run_ahead: Commands, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    answers: list[tuple[int, str, str]] = []
    for number, program in enumerate((commands, run_ahead)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "phi.yaml").write_text(WORKSPACE)
        done = program.run(arguments, folder, ENVIRONMENT)
        answers.append((done.returncode, done.stdout, done.stderr))
    assert answers[0] == answers[1]
    assert answers[0][0] in {0, 1}, answers[0]


def test_such_a_version_is_there_to_be_upgraded_to(run_ahead: Commands, tmp_path: Path) -> None:
    (tmp_path / "phi.yaml").write_text(WORKSPACE)
    done = run_ahead.run(("upgrade", "phi.yaml", "--from", "0.12", "--to", "0.13.0"), tmp_path, ENVIRONMENT)
    assert (done.returncode, "KAITO 0.12.0 to 0.13.0" in done.stdout + done.stderr) == (0, True), done


def test_models_are_recorded_with_the_newest_whole_version(
    run_ahead: Commands, tmp_path: Path, hub: tuple[str, list[str]]
) -> None:
    environment = {**ENVIRONMENT, "HF_ENDPOINT": hub[0]}
    done = run_ahead.run(("preset", "record", "Contoso/House-7B"), tmp_path, environment)
    assert (done.returncode, "13.97Gi of weights" in done.stdout) == (0, True), done
    refused = run_ahead.run(("preset", "record", "a/odd"), tmp_path, environment)
    assert (refused.returncode, "KAITO 0.12.0 refuses it" in refused.stderr) == (1, True), refused


def test_the_product_names_no_version() -> None:
    listed = subprocess.run(
        ["git", "grep", "-nE", r"\b0\.(9|1[0-9])\.[0-9]+\b", "--", "kaitops/*.py", "components/*.py", "policies/*.py", "__main__.py"],
        cwd=ROOT, check=False, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    known = facts.versions()
    assert [line for line in listed if any(version in line for version in known)] == []
