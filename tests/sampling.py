"""How much of a large test the default run asks: enough to see what is broken, for `make e2e` asks all of it.

A test of many cases gives most of them to the slow tests by their mark: those that `some` leaves out, or, where one case is
as good as the other, all but each n-th of a test marked ``sampled(n)``, and of every test in the folders below that starts
a program or a whole gate a case. A test that makes its own cases takes a share of them, and bears the mark ``thorough``: the
slow tests run it once more, and whole.
"""

import os
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

import pytest

THOROUGH = bool(os.environ.get("KAITOPS_THOROUGH"))


FOLDERS = {"bundle": 3, "cli": 3, "components": 3, "fleet": 3, "gate": 3, "live": 3}
"""Folders whose tests of many cases are sampled where no mark of their own says how; a test without cases always runs."""


def share(count: int, of: int = 5) -> int:
    """The number of cases to make: all of them in a thorough run."""
    return count if THOROUGH else -(-count // of)


def some(cases: Iterable[Any], kept: Collection[Any]) -> list[Any]:
    """Cases to parametrise with, of which those that are not kept are slow tests; each that is kept has to exist."""
    found = list(cases)
    assert all(one in found for one in kept), f"{kept}: not all of them are cases"
    return [
        one if one in kept else pytest.param(*(one if isinstance(one, tuple) else (one,)), marks=pytest.mark.e2e)
        for one in found
    ]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Gives the cases that a sampled test leaves out to the slow tests, before tests are chosen by their marks."""
    seen: Counter[str] = Counter()
    for item in items:
        each = _each(item)
        if each is not None:
            test = item.nodeid.partition("[")[0]
            if seen[test] % each:
                item.add_marker(pytest.mark.e2e)
            seen[test] += 1


def _each(item: pytest.Item) -> int | None:
    """Which n-th case of a test the default run asks; None where it asks all."""
    marker = item.get_closest_marker("sampled")
    if marker is not None:
        return marker.args[0]
    folder, _, rest = item.nodeid.removeprefix("tests/").partition("/")
    return FOLDERS.get(folder) if rest else None
