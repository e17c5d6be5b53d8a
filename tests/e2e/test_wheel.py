"""The wheel in an empty environment renders and gates in an empty folder, and is small."""

import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.e2e.wheels import installed, run

pytestmark = pytest.mark.e2e

_LIMIT_BYTES = 25 * 1024 * 1024


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment with nothing but the wheel and what it needs."""
    wheel, made = installed(tmp_path_factory.mktemp("wheel"))
    assert wheel.stat().st_size < _LIMIT_BYTES
    return made


def test_renders_and_gates_in_an_empty_folder(environment: Path, tmp_path: Path) -> None:
    kaitops = environment / "bin" / "kaitops"
    run(kaitops, "init", cwd=tmp_path)
    for mode in ("operator", "plain"):
        run(kaitops, "render", "--mode", mode, cwd=tmp_path)
        # Whatever is HIGH would make it fail; KAITO's own pods are not without lesser findings.
        verdict = run(kaitops, "gate", "manifests", cwd=tmp_path)
        assert "0 findings" in verdict or (mode == "plain" and "1 finding, 1 below HIGH" in verdict)
    assert len(run(kaitops, "catalogue", "-o", "name", cwd=tmp_path).splitlines()) == 60
    assert "kaitops fleet" in run(kaitops, "schema", cwd=tmp_path)
    assert "complete" in run(kaitops, "completion", "bash", cwd=tmp_path)


def test_is_what_the_checkout_is(environment: Path, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_bytes((ROOT / "fleet.yaml").read_bytes())
    (tmp_path / "fleet.lock").write_bytes((ROOT / "fleet.lock").read_bytes())
    run(environment / "bin" / "kaitops", "render", "--out", ROOT / "manifests", "--check", cwd=tmp_path)


def test_holds_neither_pulumi_nor_checkov_and_stays_small(environment: Path) -> None:
    packages = environment / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    names = {path.name.split("-")[0].lower() for path in packages.iterdir()}
    assert not {"pulumi", "checkov", "rich", "httpx"} & names
    assert sum(path.stat().st_size for path in packages.rglob("*") if path.is_file()) < _LIMIT_BYTES
