"""Leaving out findings by the ids that whoever runs the gate names, and saying so in every report.

What the cluster would refuse and what nobody judged stays, whatever is named: a gate that was told to look away from
that would be green for nothing.
"""

import re
from collections.abc import Collection, Sequence

from kaitops.errors import BadInput, nearest
from kaitops.gate.checks import BINDING
from kaitops.report import printable
from kaitops.report.findings import Report

# Ids of checkov's checks are not known before it has run, and those of changes and costs are made as they are found.
_FOREIGN = re.compile(r"CKV2?_[A-Z0-9_]+|KAITOPS-CHANGE(-[A-Z]+)?")
COSTS = ("KAITOPS-BUDGET", "KAITOPS-QUOTA", "KAITOPS-RETIREMENT", "KAITOPS-PRICE-AGE", "KAITOPS-PRICE-MISSING")


def check(select: Sequence[str], ignore: Sequence[str], known: Collection[str]) -> None:
    """Refuse ids that no rule has, and the ones that cannot be left out.

    Raises:
        BadInput: an id of ``select`` or ``ignore`` begins no id of a rule, or one of ``ignore`` must be heard.
    """
    ids = [*known, *COSTS]
    for option, given in (("--select", select), ("--ignore", ignore)):
        for one in given:
            if not one or not (_FOREIGN.fullmatch(one) or any(each.startswith(one) for each in ids)):
                near = nearest(one.upper(), ids, 3)
                hint = f"nearest: {', '.join(near)}" if near else "`kaitops policy` lists the rules"
                raise BadInput(f"{option}: no rule's id begins with {one!r}, so nothing would be chosen by it; {hint}")
    for one in ignore:
        if held := sorted(each for each in BINDING if each.startswith(one)):
            raise BadInput(
                f"--ignore: {one} would leave out {', '.join(held)}, by which the cluster refuses an object or nobody "
                "judged it; name the rules that you mean"
            )


def choose(report: Report, select: Sequence[str], ignore: Sequence[str]) -> None:
    """Keep what is chosen, and say what was left out."""
    wanted, unwanted = tuple(select), tuple(ignore)
    kept = [
        one
        for one in report.findings
        if one.unjudged or one.rule in BINDING or (
            (not wanted or one.rule.startswith(wanted)) and not (unwanted and one.rule.startswith(unwanted))
        )
    ]  # fmt: skip
    gone = len(report.findings) - len(kept)
    report.findings = kept
    said = [f"{name} {', '.join(ids)}" for name, ids in (("--select", select), ("--ignore", ignore)) if ids]
    report.skipped.append(
        f"{' and '.join(said)}: {printable.counted(gone, 'finding')} of other rules left out, not counted"
    )
