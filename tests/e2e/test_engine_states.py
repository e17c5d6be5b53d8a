"""A stack that a release of ours made is taken over by the program of today: the real engine plans no replacement."""

import json
from pathlib import Path

import pytest

from tests.components.stacks import SETTINGS
from tests.e2e.engine import states
from tests.e2e.engine.project import engine

__all__ = ["engine"]

RECORDS = states.releases()


def test_every_release_has_a_state_of_each_provisioner() -> None:
    assert {release for release, _ in RECORDS} >= {"0.1.0"}
    assert set(RECORDS) == {(release, provisioner) for release, _ in RECORDS for provisioner in SETTINGS}


@pytest.mark.parametrize(("release", "provisioner"), RECORDS)
def test_the_program_of_today_takes_over(engine: None, tmp_path: Path, release: str, provisioner: str) -> None:
    held = states.read(release, provisioner)
    project = states.adopted(tmp_path, held["program"])
    file = tmp_path / "state.json"
    file.write_text(json.dumps(held["state"]))
    project.pulumi("stack", "import", "--file", str(file))
    assert len(project.resources()) > 20
    planned = project.run("preview")
    assert [step for step in planned.steps if step.op not in {"create", "update"}] == []


def test_a_change_that_replaces_is_seen(engine: None, tmp_path: Path) -> None:
    held = states.read("0.1.0", "byo")
    text = json.dumps(held["state"]).replace('"osDiskSizeGB": 300', '"osDiskSizeGB": 200')
    assert text != json.dumps(held["state"])
    project = states.adopted(tmp_path, held["program"])
    (tmp_path / "state.json").write_text(text)
    project.pulumi("stack", "import", "--file", str(tmp_path / "state.json"))
    assert "replace" in {op for op, _ in project.run("preview").of(":AgentPool")}
