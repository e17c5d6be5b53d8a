"""A version of KAITO that changes nothing but its number is a folder of facts: no line of code, and the suite passes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.version import KAITO

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1500)]

NEXT = "0.13.0"
SUITES = ["tests/kaito", "tests/api", "tests/health", "tests/upgrade", "tests/policies", "tests/cost", "tests/operator"]
NOT_ABOUT_IT = [
    # What they hold is which versions there are, what readers of this one see, images by their tag, and what the vLLM of
    # each version answered; a clone without an environment has no Python that a policy pack could go on with.
    "tests/kaito/test_facts.py", "tests/upgrade/test_facts.py", "tests/operator/test_images.py", "tests/operator/test_charts.py",
    "tests/policies/test_page.py", "tests/health/test_page.py", "tests/kaito/test_vllm_flags_golden.py",
    "tests/policies/test_pulumi_pack.py",
]  # fmt: skip


@pytest.fixture(scope="module")
def ahead(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone in which the facts of the version that we know are those of the next one too."""
    top = tmp_path_factory.mktemp("ahead") / "clone"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        place = top / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, place, follow_symlinks=False)
    for source in (ROOT / "presets" / KAITO).iterdir():
        place = top / "presets" / NEXT / source.name
        place.parent.mkdir(exist_ok=True)
        shutil.copy2(source, place)
    return top


def test_it_is_the_newest_one_and_passes_the_suite(ahead: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ahead), "KAITOPS_TEST_KAITO": NEXT, "KAITOPS_SHARED": "/nonexistent"}
    code = "from kaitops.kaito import facts; print(facts.newest(), facts.__file__)"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ahead, env=environment, check=True, capture_output=True, text=True
    ).stdout.split()
    assert told == [NEXT, str(ahead / "kaitops/kaito/facts.py")]
    left_out = [option for name in NOT_ABOUT_IT for option in ("--ignore", name)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *left_out, *SUITES],
        cwd=ahead, env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert int(done.stdout.rsplit(" passed", 1)[0].split()[-1]) > 9000
