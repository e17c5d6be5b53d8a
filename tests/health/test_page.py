"""``docs/health.md`` shows the rules and ambiguities that there are, and the trees take them from a file that has them."""

import json

import pytest

from kaitops.gitops import checks
from kaitops.health import ambiguities, argocd, flux
from kaitops.health.kinds import definitions
from tests.conftest import ROOT
from tests.health.engines import VERSION

PAGE = ROOT / "docs" / "health.md"


def rules() -> str:
    text = "| kind | rule | verdict | says |\n|---|---|---|---|\n"
    for kind, one in definitions(VERSION).items():
        for rule in one.rules:
            text += f"| {kind} | `{rule.id}` | {rule.phase} | {rule.text} |\n"
    return text


def open_questions() -> str:
    text = "| kind | rule | it may be that | where to look |\n|---|---|---|---|\n"
    for one in ambiguities(VERSION):
        cases = "<br>".join(f"**{it.phase}**: {it.what}" for it in one.situations)
        text += f"| {one.kind} | `{one.rule}` | {cases} | {one.look} |\n"
    return text


@pytest.mark.parametrize(("name", "make"), [("rules", rules), ("ambiguities", open_questions)])
def test_tables_are_up_to_date(name: str, make, request: pytest.FixtureRequest) -> None:
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(begin)
    _, mark, after = rest.partition(end)
    assert mark
    made = f"{before}{begin}{make()}{end}{after}"
    if request.config.getoption("--update-docs"):
        PAGE.write_text(made, "utf-8")
        text = made
    assert text == made, "run: .venv/bin/pytest -n0 tests/health/test_page.py --update-docs"


def test_the_file_that_trees_read_is_up_to_date(request: pytest.FixtureRequest) -> None:
    path = ROOT / "presets" / VERSION / checks.FILE
    rules = {"argocd": dict(sorted(argocd.customizations(VERSION).items())), "flux": flux.expressions(VERSION)}
    made = json.dumps({"source": "made of kaitops.health", **rules}, indent=1, ensure_ascii=False) + "\n"
    if request.config.getoption("--update-docs"):
        path.write_text(made, "utf-8")
    assert path.read_text("utf-8") == made, "run: .venv/bin/pytest -n0 tests/health/test_page.py --update-docs"
