"""A machine without room for temporary files: no verdict, said in a line, and never green."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from kaitops.errors import ToolMissing
from kaitops.tree import scratch
from tests.gate.objects import WORKSPACE, put
from tests.gate.test_base import commit


def _edited(folder: Path) -> None:
    """A commit, and over it an edit that the cluster refuses."""
    text = WORKSPACE.replace("Standard_NC24ads_A100_v4", "Standard_NC40ads_H100_v5")
    assert text != WORKSPACE
    put(folder / "m", ws=WORKSPACE + "# " + "x" * 4000 + "\n")
    commit(folder)
    put(folder / "m", ws=text)


@pytest.fixture
def gate(tmp_path: Path):
    _edited(tmp_path)

    def call(limit: int | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        def bounded() -> None:
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        return subprocess.run(
            [sys.executable, "-m", "kaitops", "gate", "m", "--no-checkov", "--base", "HEAD"],
            capture_output=True, text=True, check=False, cwd=tmp_path, preexec_fn=bounded,
            env={**os.environ, **environment},
        )  # fmt: skip

    return call


def test_with_room_the_edit_is_red(gate) -> None:
    assert gate().returncode == 1


@pytest.mark.parametrize("limit", [0, 10, 300])
def test_a_disk_that_takes_no_more_is_no_property_of_a_file(gate, limit: int) -> None:
    done = gate(limit)
    assert done.returncode == 3, done.stdout
    assert "the folder for temporary files: " in done.stderr
    assert "so nothing was judged; make room, or set TMPDIR to a folder outside of the tree" in done.stderr
    assert done.stdout == ""


def test_a_folder_that_cannot_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(ToolMissing, match="No usable temporary directory found, so nothing"), scratch.folder("x"):
        pass
