"""Skipped tests, held to a list: a run that promises to test everything fails for a skip that nobody agreed to.

Owns the option `--known-skips`, and the marker `upstream`. A skip is known where `known_skips.json` names its test and
its reason: a program that a machine may lack, or upstream's files, which are not part of this repository.
"""

import json
from collections.abc import Generator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests import upstream

LIST = Path(__file__).with_name("known_skips.json")
OPTION = "--known-skips"


class Known(NamedTuple):
    """An agreed skip.

    Attributes:
        test: the id of the test, or a pattern with ``*``.
        reason: what the skip says, or a part of it.
        why: what is lacking, and where it is not.
    """

    test: str
    reason: str
    why: str


def known(path: Path = LIST) -> list[Known]:
    """The agreed skips."""
    return [Known(**entry) for entry in json.loads(path.read_text("utf-8"))]


class Skips:
    """Collects the skips of a run and judges them at its end."""

    def __init__(self, agreed: list[Known]) -> None:
        self._agreed = agreed
        self._found: dict[tuple[str, str], Known | None] = {}

    def _take(self, test: str, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.outcome != "skipped" or hasattr(report, "wasxfail"):
            return
        told = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = told.removeprefix("Skipped: ")
        fits = [one for one in self._agreed if fnmatch(test, one.test) and one.reason in reason]
        self._found[test, reason] = fits[0] if fits else None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Takes a test that skips, before it began or in the middle."""
        self._take(report.nodeid, report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Takes a module that skips as a whole."""
        self._take(report.nodeid, report)

    def _unknown(self) -> list[tuple[str, str]]:
        return sorted(skip for skip, agreed in self._found.items() if agreed is None)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fails a run that is green but for a skip that nobody agreed to."""
        if self._unknown() and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Prints the list."""
        agreed = sorted({one for one in self._found.values() if one})
        terminalreporter.section(f"skips: {len(self._found)}, {len(self._unknown())} of them unknown")
        for one in agreed:
            count = sum(each == one for each in self._found.values())
            terminalreporter.line(f"known    {count} x {one.test}: {one.reason} ({one.why})")
        for test, reason in self._unknown():
            terminalreporter.line(f"UNKNOWN  {test}: {reason}")
        if self._unknown():
            terminalreporter.line("Make the tests run here, or agree to their skip in the list, with its reason.")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option."""
    parser.addoption(
        OPTION,
        metavar="FILE",
        type=Path,
        help=f"print all skips, and fail for one that FILE ({LIST.name}) does not name",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Starts to watch, in the process that sees all reports."""
    agreed = config.getoption(OPTION)
    if agreed and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Skips(known(agreed)), "known-skips")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Skips the comparisons with upstream's files where these are not."""
    if not upstream.FOLDER.is_dir():
        for item in items:
            if item.get_closest_marker("upstream"):
                item.add_marker(pytest.mark.skip(reason=upstream.MISSING))
    return (yield)
