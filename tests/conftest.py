"""What tests of all rooms share: running the command as users do, and a small fleet to start from."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.hub import hub as hub

pytest_plugins = ["tests.skips", "pytester"]
ROOT = Path(__file__).resolve().parent.parent
# No test depends on the day that it runs on: exemptions end, prices age, machine sizes are retired.
TODAY = os.environ["KAITOPS_TODAY"] = "2026-06-01"
KAITOPS = Path(sys.executable).with_name("kaitops")

FLEET = """\
kaito: 0.12.0
defaults:
  namespace: models
clusters:
  prod-weu:
    region: westeurope
    provisioner: karpenter
    gitops: none
models:
  phi-4-mini:
    preset: phi-4-mini-instruct
    gpu: Standard_NC24ads_A100_v4
    context: 16384
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run ``kaitops`` with arguments in a temporary folder; keyword ``stdin`` feeds it."""

    def call(*arguments: str, stdin: str | None = None, env: dict[str, str] | None = None, code: int | None = None):
        done = subprocess.run(
            [str(KAITOPS), *arguments],
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            env={**os.environ, **(env or {})},
            check=False,
        )
        if code is not None:
            assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    return call


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """A small fleet in the temporary folder."""
    path = tmp_path / "fleet.yaml"
    path.write_text(FLEET)
    return path


def bound(*command: str) -> list[str]:
    """The command as run by one who may not read and write everything, who root is as well without these capabilities.

    A machine that cannot take them away skips the test.
    """
    if os.geteuid() != 0:
        return [*command]
    if shutil.which("setpriv") is None:
        pytest.skip("running as root without setpriv: nothing is forbidden")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Content and inode of every file, to see that nothing was touched."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_ino)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch that writes generated pages anew."""
    parser.addoption("--update-docs", action="store_true", help="write the generated pages of docs/ anew")
