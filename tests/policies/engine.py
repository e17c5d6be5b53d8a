"""Driving the core with a case."""

from datetime import date

from kaitops.policies import facts
from kaitops.policies.registry import judge
from kaitops.policies.rule import Context, Path, Rule
from tests.policies.cases import Case

TODAY = date(2026, 11, 21)


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
