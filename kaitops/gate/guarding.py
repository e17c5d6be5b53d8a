"""No exception leaves a gate: an object that breaks what judges it is unjudged, named, and the others are judged.

Owns what becomes of an exception that is nobody's answer. Errors that a user can act on pass.
"""

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from typing import TypeVar

from kaitops.errors import KaitopsError
from kaitops.gate.checks import COVERAGE, finding
from kaitops.gate.objects import Item
from kaitops.report.findings import Finding, Report

Result = TypeVar("Result")
_REMEDY = "correct the object; if it is right, report what kind of object breaks kaitops"


class guard:  # noqa: N801 - a context manager, as those of contextlib
    """Turn what goes wrong with one object into a finding that it was not judged.

    Args:
        what: was done with it, as in ``admission``.
    """

    # Entered some times an object: a generator of contextlib would take thrice the time.
    __slots__ = ("_item", "_report", "_what")

    def __init__(self, item: Item, report: Report, what: str) -> None:
        self._item, self._report, self._what = item, report, what

    def __enter__(self) -> None:
        """Nothing is to be done before."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        """Keep what is nobody's answer."""
        if not isinstance(error, Exception) or isinstance(error, KaitopsError):
            return False
        message = _message(self._what, error)
        self._report.findings.append(self._item.finding(COVERAGE, ["kind"], message, unjudged=True))
        return True


@contextmanager
def guard_all(anchor: str, report: Report, what: str) -> Generator[None]:
    """The same for what is done with all objects at once, at a file."""
    try:
        yield
    except KaitopsError:
        raise
    except Exception as error:
        report.findings.append(_whole(anchor, what, error))


def _whole(anchor: str, what: str, error: Exception) -> Finding:
    return finding(COVERAGE, anchor, (1, 1), "", _message(what, error), unjudged=True)


def _message(what: str, error: Exception) -> str:
    if isinstance(error, OSError):
        # A folder for temporary files that is full says so, and is no defect of an object.
        return f"{what} was not done: {error.filename or 'the system'}: {error.strerror}; make room and judge again"
    # The error's own text may hold any value of the object.
    return f"{what} broke off with {type(error).__name__}, so the object was not judged by it; {_REMEDY}"


def settle(
    act: Callable[[frozenset[int]], Result], items: Iterable[Item], probe: Callable[[Item], object], report: Report,
    what: str, anchor: str,
) -> Result | None:  # fmt: skip
    """Do something with many objects at once; if that raises, without those that are to blame, each of them named.

    Args:
        act: gets the identities of the data that it is to leave out.
        probe: does the same with one object.
        anchor: the file for a failure that no object is to blame for; None is returned then.
    """
    try:
        return act(frozenset())
    except KaitopsError:
        raise
    except Exception as error:
        first = error
    if isinstance(first, OSError):
        report.findings.append(_whole(anchor, what, first))
        return None
    blamed: set[int] = set()
    for item in items:
        before = len(report.findings)
        with guard(item, report, what):
            probe(item)
        if len(report.findings) > before:
            blamed.add(id(item.data))
    try:
        return act(frozenset(blamed))  # a probe may have found what is to be left out without blame
    except KaitopsError:
        raise
    except Exception as error:
        first = error
    report.findings.append(_whole(anchor, what, first))
    return None
