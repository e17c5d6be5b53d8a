"""docs/changes.md has a row for each change that the engine is asked about, in order; what it says is the engine's.

``pytest --update-docs`` lays out the page; the engine's own test fills it in.
"""

import pytest

from tests.conftest import ROOT
from tests.e2e.engine.changes import MODELS, SECTIONS

PAGE = ROOT / "docs/changes.md"
HEAD = ["| change | a preview says | `up` does |", "|---|---|---|"]


def rows(section: str) -> list[str]:
    """The rows of a section, without the head."""
    _, mark, rest = PAGE.read_text("utf-8").partition(f"\n## {section}\n")
    assert mark, section
    lines = [one for one in rest.partition("\n## ")[0].split("\n") if one.startswith("|")]
    assert lines[:2] == HEAD
    return lines[2:]


def wanted() -> dict[str, list[str]]:
    return {
        **{key: [one.what for one in changes] for key, changes in SECTIONS.items()},
        "Models": [m.what for m in MODELS],
    }


def test_every_change_has_its_row(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-docs"):
        text = PAGE.read_text("utf-8").partition("\n## ")[0]
        known = {} if "\n## " not in PAGE.read_text("utf-8") else {key: rows(key) for key in wanted()}
        for section, whats in wanted().items():
            lines = [
                next((one for one in known.get(section, []) if one.startswith(f"| {what} |")), f"| {what} | | |")
                for what in whats
            ]
            text += "\n".join(["", f"## {section}", "", *HEAD, *lines, ""])
        PAGE.write_text(text, "utf-8")
    for section, whats in wanted().items():
        assert [one.split(" | ")[0].removeprefix("| ") for one in rows(section)] == whats
        assert not [one for one in rows(section) if one.endswith("| | |")]
    assert sum(map(len, wanted().values())) >= 40
