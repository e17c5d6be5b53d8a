"""A tree beside its fleet is what the fleet renders: held where a change touches either, or where it is asked for."""

from pathlib import Path

import pytest

from tests.conftest import FLEET, Run
from tests.gate.test_base import commit


@pytest.fixture
def rendered(run: Run, fleet: Path, tmp_path: Path) -> Path:
    run("render", code=0)
    commit(tmp_path)
    return tmp_path


def gate(run: Run, *more: str, code: int):
    return run("gate", "manifests", "--no-checkov", *more, code=code)


def workspace(folder: Path) -> Path:
    (path,) = (folder / "manifests").rglob("workspace-*.yaml")
    return path


def test_a_tree_that_is_as_rendered_passes(run: Run, rendered: Path) -> None:
    gate(run, "--check-render", code=0)
    gate(run, "--base", "HEAD", code=0)


def test_an_edit_by_hand_is_found_at_its_line(run: Run, rendered: Path) -> None:
    path = workspace(rendered)
    path.write_text(
        path.read_text().replace("  name: phi-4-mini\n", "  name: phi-4-mini\n  annotations: {team: a}\n", 1)
    )
    line = path.read_text().splitlines().index("  annotations: {team: a}") + 1
    where = f"{path.relative_to(rendered)}:{line}:1: KAITOPS-DRIFT HIGH"
    gate(run, code=0)
    for asked in (("--check-render",), ("--base", "HEAD")):
        assert where in gate(run, *asked, code=1).stdout
    assert "KAITOPS-DRIFT" not in gate(run, "--base", "HEAD", "--no-check-render", code=0).stdout


def test_a_fleet_is_not_taken_away_to_edit_its_tree(run: Run, rendered: Path) -> None:
    (rendered / "fleet.yaml").rename(rendered / "other.yaml")
    assert "KAITOPS-DRIFT" not in gate(run, "--base", "HEAD", code=0).stdout
    path = workspace(rendered)
    path.write_text(path.read_text().replace("  name: phi-4-mini\n", "  name: phi-4-mini\n  annotations: {a: b}\n", 1))
    done = gate(run, "--base", "HEAD", code=1).stdout
    assert "KAITOPS-DRIFT HIGH" in done and "the base has fleet.yaml" in done
    assert "the base has" not in gate(run, "--base", "HEAD", "--fleet", "other.yaml", code=1).stdout


def test_a_fleet_that_was_not_rendered_again_is_found(run: Run, rendered: Path) -> None:
    (rendered / "fleet.yaml").write_text(FLEET.replace("context: 16384", "context: 8192"))
    done = gate(run, "--base", "HEAD", code=1)
    assert "KAITOPS-DRIFT HIGH" in done.stdout and "run 'kaitops render'" in done.stdout
    run("render", code=0)
    gate(run, "--check-render", code=0)


def test_what_is_missing_and_what_is_left_over_is_named(run: Run, rendered: Path) -> None:
    path = workspace(rendered)
    other = path.with_name("workspace-other.yaml")
    other.write_text(path.read_text().replace("phi-4-mini\n", "other\n"))
    path.unlink()
    done = gate(run, "--check-render", code=1).stdout
    assert f"renders {path.relative_to(rendered)}, which is not there" in done
    assert f"{other.relative_to(rendered)}:1:1: KAITOPS-DRIFT" in done


def test_a_tree_that_was_rendered_in_another_way_is_no_drift(run: Run, rendered: Path) -> None:
    run("render", "--mode", "plain", code=0)
    assert "KAITOPS-DRIFT" not in run("gate", "manifests", "--no-checkov", "--check-render").stdout


def test_a_part_of_the_tree_is_held_to_its_part(run: Run, rendered: Path) -> None:
    path = workspace(rendered)
    path.unlink()
    assert (
        "KAITOPS-DRIFT"
        in run("gate", "manifests/clusters/prod-weu/workloads", "manifests", "--no-checkov", "--check-render").stdout
    )
    assert (
        "KAITOPS-DRIFT"
        not in run("gate", "manifests/clusters/prod-weu/configs", "--no-checkov", "--check-render").stdout
    )


def test_a_fleet_that_cannot_be_rendered_says_so(run: Run, rendered: Path) -> None:
    (rendered / "fleet.yaml").write_text(FLEET.replace("phi-4-mini-instruct", "nothing-known"))
    assert "cannot be rendered" in gate(run, "--check-render", "--trust-context", code=1).stdout
