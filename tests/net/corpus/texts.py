"""What other engines are told: CEL, Lua, and the adapter for checkov with what it says of every case."""

from collections.abc import Iterator

from tests.net import surface
from tests.net.case import Batch, Case, call
from tests.policies.cases import all_cases

_ENVIRONMENTS = ("dev", "staging", "prod")


def batches() -> Iterator[Batch]:
    """Cases in batches."""
    for case in (_cel(), _checkov()):
        yield Batch((case,), 2)


def _cel() -> Case:
    steps = [
        call(environment, by=lambda one=environment: surface.plain(surface.admission_policies(one)))
        for environment in _ENVIRONMENTS
    ]
    return Case("texts/cel", (call("expressions", by=_expressions), *steps))


def _expressions() -> str:
    return "".join(f"{rule} {kind}\n  {text}\n" for rule, kind, text in surface.cel_texts())


def _checkov() -> Case:
    return Case("texts/checkov", (call("checks", by=_checks), call("verdicts", by=_verdicts)))


def _checks() -> str:
    return surface.plain([one.told | {"severity": one.severity} for one in surface.checks()])


def _verdicts() -> str:
    """What each check says of each case that it can be asked of, where that is no pass."""
    checks = {one.told["id"][-3:]: one for one in surface.checks()}
    lines: list[str] = []
    for number, case in enumerate(all_cases()):
        check = checks.get(case.rule[-3:])
        if check is not None:
            verdict = check.scan_spec_conf(case.document)
            lines.append(f"{case.rule} {number}: {verdict}: {check.name} {getattr(check, 'evaluated_keys', [])}\n")
    return "".join(lines)
