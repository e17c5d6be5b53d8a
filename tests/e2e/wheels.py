"""The wheel as an index would hold it, in environments of its own."""

import subprocess
import venv
from pathlib import Path

import pytest

from tests.conftest import ROOT

UV = ROOT / ".venv-uv" / "bin" / "uv"


def run(*command: str | Path, cwd: Path) -> str:
    """What a command that ends well prints."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def installed(folder: Path, extra: str = "") -> tuple[Path, Path]:
    """The wheel, and an empty environment with nothing but it and what it needs.

    Args:
        folder: for both.
        extra: of the wheel, in brackets.
    """
    if not UV.exists():
        pytest.skip("uv is not there: run 'make setup' first")
    run(UV, "build", "--wheel", "--out-dir", folder / "dist", ROOT, cwd=folder)
    wheel = next((folder / "dist").glob("*.whl"))
    venv.create(folder / "env", with_pip=False)
    run(UV, "pip", "install", "--python", folder / "env", f"{wheel}{extra}", cwd=folder)
    return wheel, folder / "env"
