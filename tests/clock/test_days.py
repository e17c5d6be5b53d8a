"""The tests that look at days, and the first command of the README, on days far from the one they were written on."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import KAITOPS, ROOT

DAYS = ("2025-01-15", "2028-06-01")
DATED = (
    "tests/cli/test_render.py::test_the_committed_tree_is_the_rendered_sample_fleet",
    "tests/tree/test_writing.py",
    "tests/gate/test_exemptions.py",
)
GATE = ("gate", "-q", "--no-checkov", "manifests")


def at(day: str, *command: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run a Python program whose clock says another day."""
    environment = {key: value for key, value in os.environ.items() if key != "KAITOPS_TODAY"}
    environment |= {"PYTHONPATH": str(Path(__file__).parent), "KAITOPS_TEST_CLOCK": day, **more}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.timeout(600)
@pytest.mark.e2e
@pytest.mark.parametrize("day", DAYS)
def test_the_dated_tests_pass(day: str) -> None:
    done = at(day, "-m", "pytest", "-n0", "-q", "-p", "no:cacheprovider", "-W", "default", *DATED)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr


@pytest.mark.e2e
def test_the_clock_is_another_one_and_the_product_goes_by_it() -> None:
    """An exemption of the sample that is over makes its gate fail, which is what exemptions are dated for."""
    assert at("2028-06-01", "-c", "import datetime; print(datetime.date.today())").stdout == "2028-06-01\n"
    over = at("2028-06-01", str(KAITOPS), *GATE)
    assert (over.returncode, "2027-05-31" in over.stdout) == (1, True), over
    assert at("2028-06-01", str(KAITOPS), *GATE, KAITOPS_TODAY="2026-06-01").returncode == 0
    assert at("2028-06-01", str(KAITOPS), *GATE, "--today", "2026-06-01").returncode == 0


def test_a_day_that_is_none_is_refused() -> None:
    done = at("2028-06-01", str(KAITOPS), *GATE, KAITOPS_TODAY="soon")
    assert (done.returncode, "KAITOPS_TODAY: 'soon' is not a day; write it as YYYY-MM-DD" in done.stderr) == (2, True)


@pytest.mark.e2e
@pytest.mark.parametrize("day", DAYS)
def test_the_first_command_stays_green(day: str, tmp_path: Path) -> None:
    shown = subprocess.run(
        ["make", "-n", "render", f"VENV={tmp_path}"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    (step,) = (line for line in shown if " gate " in line)
    words = shlex.split(step)
    variables = dict(word.split("=", 1) for word in words[: words.index("gate") - 1])
    done = at(day, str(KAITOPS), *words[words.index("gate") :], **variables)
    assert done.returncode == 0, done.stdout + done.stderr
