"""The reference that the site is built with: a page a rule, a page a part of fleet.yaml, an example for every key."""

import importlib.util
import re
import sys
from functools import cache
from types import ModuleType
from typing import Any

import pytest
import yaml

from kaitops.fleet import shape
from kaitops.policies.registry import load
from tests.conftest import ROOT
from tests.policies.cases import all_cases
from tests.policies.engine import verdict

pytestmark = pytest.mark.e2e
SITE = ROOT / "docs/.site"


@cache
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("site_reference", SITE / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@cache
def pages() -> dict[str, str]:
    return dict(reference().pages())


def _blocks(text: str) -> list[Any]:
    return [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)]


def test_every_rule_has_a_page_whose_first_manifest_is_bad_and_whose_last_is_good() -> None:
    assert {path for path in pages() if path.startswith("rules/")} == {f"rules/{rule.id}.md" for rule in load()}
    cases = list(all_cases())
    for rule in load():
        text = pages()[f"rules/{rule.id}.md"]
        bad, good = text.partition("\n## Bad\n")[2].split("\n## Good\n")
        for part, is_found in ((bad, True), (good, False)):
            shown = _blocks(part)[0]
            same = [case for case in cases if case.rule == rule.id and case.document == shown]
            assert any(bool(verdict(rule, case)) is is_found for case in same), (rule.id, is_found)
        assert rule.remedy in text


@pytest.mark.parametrize("name", list(reference().parts()))
def test_every_key_has_an_example_of_its_own_form(name: str) -> None:
    text = pages()[f"keys/{name}.md"]
    part = reference().parts()[name]
    sections = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    assert list(sections) == list(part["properties"])
    for key, section in sections.items():
        (example,) = _blocks(section)
        assert str(part["properties"][key].get("description", "")) in section
        while isinstance(example, dict) and key not in example:
            (example,) = example.values()
        assert example[key] is not None, key


def test_the_fleet_of_examples_is_one() -> None:
    assert shape.load().accepts(yaml.safe_load((SITE / "examples.yaml").read_text()))


def test_the_part_that_most_people_write_comes_first() -> None:
    assert next(iter(reference().parts())) == "Model"
    assert (ROOT / "docs/fleet.md").read_text().index("## Model\n") < (ROOT / "docs/fleet.md").read_text().index(
        "## Adapter\n"
    )
