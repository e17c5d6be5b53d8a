"""What the rules find in every situation, held in its `expected.json`; ``--update-docs`` writes the findings anew."""

import json
import re

import pytest

from kaitops.policies.registry import Violation
from tests import upstream
from tests.situations import SITUATIONS, Situation, expected, write
from tests.situations.judging import findings

_SOURCE = upstream.FOLDER / "kaito-0.12.0" / "upstream-examples.jsonl"
_EACH = pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)


def _rows(found: list[Violation]) -> list[list[str]]:
    return [[one.rule.id, ".".join(map(str, one.path))] for one in found]


@_EACH
def test_findings(situation: Situation, request: pytest.FixtureRequest) -> None:
    found = findings(situation.document, situation.maps, situation.cloud)
    if request.config.getoption("--update-docs"):
        _write(situation, found)
    said = expected()
    assert _rows(found) == said["situations"][situation.name]["findings"]
    assert {one.rule.id: one.rule.remedy for one in found}.items() <= said["remedies"].items()


def test_no_remedy_is_of_a_rule_that_finds_nothing() -> None:
    said = expected()
    assert set(said["remedies"]) == {rule for one in said["situations"].values() for rule, _ in one["findings"]}


def _write(situation: Situation, found: list[Violation]) -> None:
    said = expected()
    said["situations"].setdefault(situation.name, {})["findings"] = _rows(found)
    said["remedies"] |= {one.rule.id: one.rule.remedy for one in found}
    kept = {rule for one in said["situations"].values() for rule, _ in one["findings"]}
    said["remedies"] = {rule: text for rule, text in said["remedies"].items() if rule in kept}
    write(said)


def _place(row: list[str]) -> tuple[str, str]:
    """Rule and path, without the place in a command line, which is its author's."""
    return row[0], re.sub(r"\.args\.\d+$", ".args", row[1])


@pytest.mark.upstream
def test_upstreams_examples_have_the_same_findings() -> None:
    examples = {one["src"]: one for one in map(json.loads, _SOURCE.read_text().splitlines())}
    for one in SITUATIONS:
        example = examples[one.like]
        found = _rows(findings(example["obj"], example["cms"], one.cloud))
        said = expected()["situations"][one.name]["findings"]
        assert [_place(row) for row in found] == [_place(row) for row in said], one.name
