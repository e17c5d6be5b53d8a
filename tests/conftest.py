"""What tests of all rooms share: running the command as users do, and a small fleet to start from."""

import gc
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from _pytest.runner import runtestprotocol

from kaitops.cli import main
from tests.cli.hub import hub as hub
from tests.commands import KAITOPS as KAITOPS
from tests.commands import ROOT as ROOT
from tests.commands import Commands

pytest_plugins = ["tests.sampling", "tests.skips", "pytester"]
# No test depends on the day that it runs on: exemptions end, prices age, machine sizes are retired.
TODAY = os.environ["KAITOPS_TODAY"] = "2026-06-01"

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


@pytest.fixture(scope="session")
def commands() -> Iterator[Commands]:
    """Runs ``kaitops`` without a new start of Python for each command."""
    found = Commands()
    yield found
    found.close()


@pytest.fixture
def run(tmp_path: Path, commands: Commands) -> Run:
    """Run ``kaitops`` with arguments in a temporary folder; keyword ``stdin`` feeds it."""

    def call(*arguments: str, stdin: str | None = None, env: dict[str, str] | None = None, code: int | None = None):
        done = commands.run(arguments, tmp_path, {**os.environ, **(env or {})}, stdin)
        if code is not None:
            assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    return call


class Done(NamedTuple):
    """What a command left."""

    returncode: int
    stdout: str
    stderr: str


RunHere = Callable[..., Done]


@pytest.fixture
def run_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> RunHere:
    """The command in this process: a matrix of a thousand new ones would take minutes."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str, code: int | None = None) -> Done:
        done = Done(main(list(words)), *capsys.readouterr())
        assert code in (None, done.returncode), done
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


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let the collector of cycles pass over what stands until the end.

    Recordings, SDKs and 11,000 tests are millions of objects, and none of them is garbage; looking through them again and
    again took a fifth of the time of a run.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
        gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Tell the process that prints only what it prints: a report a test costs more than most tests, five cost too much.

    A setup or teardown is told where it failed or skipped, or took as long as ``--durations`` would show.
    """
    if not hasattr(item.config, "workerinput"):
        return None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed or report.duration >= 0.005:
            if report.passed:
                # The names of all that is above the test and its marks, which nobody asks of what passed.
                report.keywords = {}
            item.ihook.pytest_runtest_logreport(report=report)
    return True


def pytest_configure() -> None:
    """Take from what is started in this run what is meant for this run alone."""
    # It has been read by now.
    os.environ.pop("PYTEST_ADDOPTS", None)
    # A shell starts what runs in its background deaf to Ctrl-C, and deafness is handed on.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch that writes generated pages anew."""
    parser.addoption("--update-docs", action="store_true", help="write the generated pages of docs/ anew")
