"""A small tree costs a little, whatever is in it: time of the processor, memory, and no end by a signal."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import KAITOPS
from tests.gate.hostile import CASES
from tests.gate.objects import WORKSPACE
from tests.speed import SLOW

_SECONDS = 2.0
_MIB = 300
# A machine that does other things as well takes longer by the clock, not by the processor; and it may be slow itself.


def test_there_are_a_hundred() -> None:
    assert len(CASES) >= 100


# One of each kind, so that a default run sees what hangs; the slow run asks all of them what they cost.
_SOME = (
    "deep-blocks", "aliases", "json-nested", "role-replicas", "cpu-exponent", "fifo", "link-dev-zero.yaml", "link-loop-yaml",
)  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", _SOME)
def test_a_hostile_tree(tmp_path: Path, name: str) -> None:
    (tmp_path / "good.yaml").write_text(WORKSPACE.replace("name: phi\n", "name: good\n"))
    CASES[name](tmp_path)
    done = subprocess.run(
        [str(KAITOPS), "gate", ".", "--no-checkov", "--cost", "--region", "westeurope"],
        cwd=tmp_path, capture_output=True, stdin=subprocess.DEVNULL, timeout=50, check=False,
    )  # fmt: skip
    assert done.returncode in {0, 1, 2}, done.stderr.decode(errors="replace")[-2000:]
    assert b"Traceback" not in done.stderr


@pytest.mark.e2e
@pytest.mark.parametrize("name", CASES)
def test_what_a_hostile_tree_costs(tmp_path: Path, name: str) -> None:
    (tmp_path / "good.yaml").write_text(WORKSPACE.replace("name: phi\n", "name: good\n"))
    CASES[name](tmp_path)
    measure = (
        "import os, resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", measure, str(KAITOPS), "gate", ".", "--no-checkov", "--cost", "--region", "westeurope"],
        cwd=tmp_path, capture_output=True, text=True, check=True, timeout=100,
    )  # fmt: skip
    code, seconds, mebibytes = map(float, done.stdout.split())
    assert code in {0, 1, 2}
    assert seconds <= _SECONDS * SLOW
    assert mebibytes <= _MIB


def test_a_pipe_is_read_no_further_than_the_limit(tmp_path: Path) -> None:
    with Path("/dev/zero").open("rb") as endless:
        done = subprocess.run(
            [str(KAITOPS), "gate", "-", "--no-checkov"], stdin=endless, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert done.returncode == 2
    assert "too large" in done.stdout
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 2_000_000
