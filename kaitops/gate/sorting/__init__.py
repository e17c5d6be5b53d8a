"""What becomes of findings once all are there: chosen by id, known to a base or a baseline, one for each cause.

None of it is loaded for a tree that nothing was found in.
"""

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from kaitops.gate.comparing.base import Base, BaseTree
from kaitops.gate.sorting import causes
from kaitops.gate.tree import Tree
from kaitops.gate.trust.authority import Authority
from kaitops.report import printable
from kaitops.report.findings import KNOWN, Finding, Report


class Given(NamedTuple):
    """What whoever runs the gate asks for.

    Attributes:
        select: beginnings of ids of rules whose findings are kept.
        ignore: beginnings of those that are left out.
        baseline: file of known findings.
        write: file that they are to be written to.
    """

    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    baseline: str | None = None
    write: str | None = None


class Past(NamedTuple):
    """The base, and what judges it."""

    base: Base
    tree: BaseTree
    judged: Callable[[], Sequence[Finding]]


def sort(
    report: Report, tree: Tree, given: Given, authority: Authority, known: Collection[str], past: Past | None = None
) -> str:
    """Do all of it, in order; returns the text of the baseline that is to be written.

    Args:
        known: ids of rules that exist.

    Raises:
        BadInput: an id or a file that whoever runs the gate named cannot be used.
    """
    if given.select or given.ignore:
        from kaitops.gate.sorting import choosing

        choosing.check(given.select, given.ignore, known)
        choosing.choose(report, given.select, given.ignore)
    altered = frozenset[int]()
    if past is not None:
        from kaitops.gate.sorting import brought

        altered = brought.mark(report, tree, past.base, past.tree, past.judged)
    text = _known(report, tree, given, authority, altered)
    causes.merge(report)
    return text


def _known(report: Report, tree: Tree, given: Given, authority: Authority, altered: Collection[int]) -> str:
    if not given.baseline and not given.write:
        return ""
    from kaitops.gate.sorting import baseline

    text = ""
    if given.write:
        text, marks = baseline.text(given.write, report, tree.groups)
        baseline.apply(baseline.Baseline(given.write, marks), report, tree.groups)
        count = sum(1 for one in report.findings if one.state == KNOWN)
        report.notes.append(f"baseline {given.write}: {printable.counted(count, 'finding')} known from now on")
    elif given.baseline and (found := authority.excusing(given.baseline, baseline.parse)) is not None:
        baseline.apply(found, report, tree.groups, altered)
    return text
