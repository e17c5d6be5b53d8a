"""Which findings the change did not bring: the base, judged as the head is, has the very same ones.

They count as before: a base says what was merged, not that it is right. They are only told in one line.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from kaitops.documents import source
from kaitops.documents.ref import Ref
from kaitops.gate.comparing.base import Base, BaseTree
from kaitops.gate.objects import Item
from kaitops.gate.sorting.fingerprints import Prints, is_lasting
from kaitops.gate.tree import Tree
from kaitops.report.findings import NEW, UNCHANGED, Finding, Report

# What checkov finds by looking at more than one object.
_ACROSS = re.compile(r"CKV2_")


def mark(
    report: Report, tree: Tree, base: Base, before: BaseTree, judged: Callable[[], Sequence[Finding]]
) -> frozenset[int]:
    """Say of each finding whether the base has it; returns the places of those of which it has a milder or another one.

    Args:
        judged: judges the base; called only where a finding may be there as well.
    """
    if not any(map(is_lasting, report.findings)):
        report.findings = [one._replace(state=NEW) for one in report.findings]
        return frozenset()
    found = list(_marked(report.findings, tree, base, before, judged()))
    report.findings = [one for one, _ in found]
    return frozenset(number for number, (_, altered) in enumerate(found) if altered)


def _marked(
    findings: Sequence[Finding], tree: Tree, base: Base, before: BaseTree, judged: Sequence[Finding]
) -> Iterator[tuple[Finding, bool]]:
    there = Prints(before.groups, base.place_in)
    told = {there.of(one): (base.unrooted(one.message), one.severity) for one in judged if is_lasting(one)}
    olds = {(base.file_of(item), item.key): item for group in before.groups for item in group.items}
    here = Prints(tree.groups, lambda file: base.place(file) or file)
    for one in findings:
        state, old = NEW, None
        if is_lasting(one):
            # All are numbered in the order they were found in, whatever comes of them.
            old = told.get(here.of(one))
            known = old == (one.message, one.severity)
            item = here.item(one)
            if known or (one.check == "checkov" and _is_as_it_was(one, item, olds, base)) or _is_text(one, item, base):
                state = UNCHANGED
        yield one._replace(state=state), old is not None and state == NEW


def _is_as_it_was(one: Finding, item: Item | None, olds: dict[tuple[str, Ref], Item], base: Base) -> bool:
    """Checkov is not run on the base: what it says of one object it says of the same one there."""
    if item is None or _ACROSS.match(one.rule):
        return False
    old = olds.get((base.place(item.document.file) or "", item.key))
    return old is not None and old.data == item.data


def _is_text(one: Finding, item: Item | None, base: Base) -> bool:
    """It is about the text of a file beside all objects, and the base has the same file."""
    return item is None and one.file != "-" and base.read(one.file) == source.read(one.file)
