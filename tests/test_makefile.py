"""What a target sets up before it does its work."""

import subprocess
from pathlib import Path

from tests.conftest import ROOT


def steps(target: str, tmp_path: Path) -> str:
    """What make would do from nothing."""
    done = subprocess.run(
        ["make", "-n", target, f"VENV={tmp_path}/venv", f"UV={tmp_path}/uv"], cwd=ROOT, check=True, capture_output=True,
        text=True,
    )  # fmt: skip
    return done.stdout


def test_render_needs_the_command_alone(tmp_path: Path) -> None:
    said = steps("render", tmp_path)
    assert said.index("sync --quiet --frozen --no-default-groups --inexact") < said.index("kaitops render")
    assert "--extra" not in said, "what it judges checkov by is named, never made"


def test_setup_and_test_have_everything(tmp_path: Path) -> None:
    for target in ("setup", "test", "check"):
        said = steps(target, tmp_path)
        assert said.index("--no-default-groups --inexact") < said.index("--extra pulumi"), target


def test_the_core_of_the_lock_is_light() -> None:
    import tomllib

    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert {name.partition(">")[0] for name in declared} == {"pydantic", "pyyaml", "shtab"}


def test_what_pulumi_syncs_by_itself_holds_its_own_packages() -> None:
    """``pulumi install`` is ``uv sync``: extras that nobody names are taken out of the environment."""
    import tomllib

    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "pulumi" in declared["tool"]["uv"]["default-groups"]
    assert declared["dependency-groups"]["pulumi"] == ["kaitops[pulumi]"]
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    (own,) = [one for one in lock["package"] if one["name"] == "kaitops"]
    assert ["pulumi"] in [one.get("extra") for one in own["dev-dependencies"]["pulumi"]]
