"""Each rule finds exactly what it should: a failing case at an exact path, a passing case, a near miss."""

import json
from collections import Counter

import pytest

from kaitops.policies import facts
from kaitops.policies.registry import judge, load
from kaitops.policies.rule import ENVIRONMENTS
from tests.policies.cases import CLEAN, Case, all_cases
from tests.policies.engine import TODAY, verdict
from tests.version import KAITO

RULES = {rule.id: rule for rule in load()}
CASES = all_cases()


@pytest.mark.parametrize("case", CASES, ids=[f"{case.rule}-{number}" for number, case in enumerate(CASES)])
def test_a_rule_finds_exactly_this(case: Case) -> None:
    assert verdict(RULES[case.rule], case) == list(case.at)


def test_every_rule_has_a_failing_case_a_passing_one_and_a_near_miss() -> None:
    failing = Counter(case.rule for case in CASES if case.at)
    passing = Counter(case.rule for case in CASES if not case.at)
    assert {rule for rule in RULES if not failing[rule]} == set()
    assert {rule for rule in RULES if passing[rule] < 2} == set()


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_bases_are_clean_under_every_rule(environment: str) -> None:
    context = facts.context(KAITO, TODAY, environment=environment)
    for document in CLEAN:
        found = judge(list(RULES.values()), document, context)
        assert [(violation.rule.id, violation.path) for violation in found] == []


def test_metadata_is_filled_in() -> None:
    assert sorted(RULES) == list(RULES) and set(RULES) >= {f"KAITO{number:03d}" for number in range(1, 48)}
    for rule in RULES.values():
        for text in (rule.title, rule.why, rule.source, rule.remedy):
            assert text.strip() == text != ""
        assert rule.kinds
    assert len({rule.title for rule in RULES.values()}) == len(RULES)


def test_documents_stay_as_they_were() -> None:
    before = json.dumps([case.document for case in CASES], sort_keys=True)
    for case in CASES:
        verdict(RULES[case.rule], case)
    assert json.dumps([case.document for case in CASES], sort_keys=True) == before
