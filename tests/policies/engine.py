"""Driving the core with a case."""

from dataclasses import replace
from datetime import date

from kaitops.policies import facts
from kaitops.policies.registry import judge, load
from kaitops.policies.rule import Context, Path, Rule
from tests.policies.cases import Case

TODAY = date(2026, 11, 21)
RULES = {rule.id: rule for rule in load()}


def context_of(case: Case) -> Context:
    """The context that a case is judged in."""
    return facts.context(
        case.version,
        TODAY,
        settings=case.settings,
        config=case.config,
        environment=case.environment,
        objects=case.others,
        complete=case.complete,
        region=case.region,
    )


def verdict(rule: Rule, case: Case) -> list[Path]:
    """The paths that one rule finds."""
    return [found.path for found in judge([rule], case.document, context_of(case))]


def found_alone(case: Case) -> bool:
    """Whether its rule finds something in the object where it sees no other, as a twin on a server sees none."""
    return bool(verdict(RULES[case.rule], replace(case, others=())) if case.others else case.at)
