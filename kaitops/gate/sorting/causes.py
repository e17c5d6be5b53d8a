"""One cause, one finding: what follows from a fault at the same place of the same object is told with it.

The finding that stays is as grave as the gravest that it speaks for, so that no verdict changes.
"""

from collections.abc import Mapping, Sequence

from kaitops.gate.checks import COVERAGE, note
from kaitops.report.findings import KNOWN, NEW, UNCHANGED, Finding, Report, rank

_FIT, _ADMISSION = "KAITOPS-FIT", "KAITOPS-ADMISSION"
_RETIRED, _SIZE, _PRESET = "KAITO002", "KAITO003", "KAITO004"
_FLAG, _IMAGE, _POD = "KAITO056", "KAITO029", "KAITOPS-POD"
FOLLOWING: Mapping[str, frozenset[str]] = {
    # A retired size is in nobody's table and has no price.
    _RETIRED: frozenset({_SIZE, _FIT, "KAITOPS-RETIREMENT", "KAITOPS-PRICE-MISSING"}),
    # A name that KAITO does not know is refused, or fails where it is looked up.
    _ADMISSION: frozenset({_SIZE, _PRESET, "KAITOPS-PRICE-MISSING", _FLAG, _IMAGE, _POD}),
    # What is no image's name has no digest either.
    _POD: frozenset({_IMAGE}),
    # A model that KAITO does not know fails where it is looked up, and the rule says what to write.
    _PRESET: frozenset({_FIT, "KAITOPS-PRICE-MISSING"}),
    _FIT: frozenset({_SIZE, "KAITOPS-PRICE-MISSING"}),
}
"""What follows from the fault that a rule names, in the order in which causes are looked for."""
# What rests on the value, and not on how it is written.
_LOOKED_UP = frozenset({_RETIRED, _SIZE, _PRESET, _FIT, _ADMISSION, "KAITOPS-PLACEHOLDER", "KAITOPS-REFERENCE"})
_STATES = {state: number for number, state in enumerate((KNOWN, UNCHANGED, "", NEW))}


def merge(report: Report) -> None:
    """Tell what several overlays bring of one place once, and what follows from a cause with the cause."""
    report.findings = _once(report.findings)
    placed: dict[tuple[str, str, int, int], list[Finding]] = {}
    for one in report.findings:
        placed.setdefault((one.subject, one.file, one.line, one.column), []).append(one)
    if len(placed) == len(report.findings):
        return
    gone: set[int] = set()
    instead: dict[int, Finding] = {}
    for found in placed.values():
        if len(found) > 1:
            for cause, rest in _caused(found):
                gone |= set(map(id, rest))
                if cause.rule != note(COVERAGE).id:
                    instead[id(cause)] = _together(cause, rest)
    report.findings = [instead.get(id(one), one) for one in report.findings if id(one) not in gone]


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """Each finding once, as new as the newest of its kind: what several overlays are built of is judged in each."""
    found: dict[Finding, Finding] = {}
    for one in findings:
        same = one._replace(state="")
        before = found.get(same, one)
        found[same] = max(before, one, key=lambda each: _STATES[each.state])
    return list(found.values())


def _caused(found: Sequence[Finding]) -> list[tuple[Finding, list[Finding]]]:
    """Each cause with what follows from it."""
    for one in found:
        # A variable without a value, or another thing that nobody knows: what is said of it says nothing.
        if one.unjudged and one.rule == note(COVERAGE).id and one.path:
            return [(one, [each for each in found if each.rule in _LOOKED_UP])]
    left = list(found)
    pairs: list[tuple[Finding, list[Finding]]] = []
    for rule, following in FOLLOWING.items():
        cause = next((one for one in left if one.rule == rule), None)
        rest = [one for one in left if one.rule in following and not one.unjudged] if cause is not None else []
        if cause is not None and rest:
            pairs.append((cause, rest))
            left = [one for one in left if one is not cause and all(one is not each for each in rest)]
    return pairs


def _together(cause: Finding, rest: Sequence[Finding]) -> Finding:
    severity = max((one.severity for one in (cause, *rest)), key=rank)
    state = max((one.state for one in (cause, *rest)), key=lambda name: _STATES[name])
    told = "; ".join(f"{one.rule}: {one.message.rstrip('. ')}" for one in rest)
    # A controller says what went wrong; what to do is known of what follows from it.
    remedy = cause.remedy or (next((one.remedy for one in rest if one.remedy), "") if cause.rule == _FIT else "")
    return cause._replace(
        severity=severity, message=f"{cause.message.rstrip('. ')}; so also {told}", remedy=remedy, state=state,
        also=tuple(dict.fromkeys(one.rule for one in rest)),
    )  # fmt: skip
