"""The page on resources is true: its programs run, and its table is that of the facts."""

import re
from pathlib import Path

import pytest

from kaitops.kaito import facts
from tests.components.conftest import Record
from tests.conftest import ROOT
from tests.version import KAITO

PAGE = (ROOT / "docs" / "resources.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=[str(number) for number in range(len(BLOCKS))])
def test_every_program_runs(block: str, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    run = record(lambda: exec(compile(block, "docs/resources.md", "exec"), {}))
    assert ("too-many" in block) is (not run.resources)
    if "blue_green" in block:
        assert re.fullmatch(r"phi-4-mini-[0-9a-f]{6}", run.exports["serves"])


def test_there_is_a_program_for_every_kind() -> None:
    assert len(BLOCKS) >= 8
    assert all(any(f"{kind}(" in block for block in BLOCKS) for kind in facts.load(KAITO, "lifecycle.json")["kinds"])


def test_the_table_of_what_cannot_change_is_that_of_the_facts() -> None:
    table = PAGE[PAGE.index("| kind | replaced") :].split("\n\n", 1)[0].splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    found = {
        kind.strip("`"): (re.findall("`(.*?)`", paths), re.findall("`(.*?)`", parts)) for kind, paths, parts in cells
    }
    rows = facts.load(KAITO, "lifecycle.json")["kinds"]
    assert found == {kind: (row["immutable"], row["presence"]) for kind, row in rows.items()}


def test_the_wheel_holds_what_the_page_imports() -> None:
    modules = set(re.findall(r"from kaitops.(components[\w.]*) import", PAGE))
    assert modules
    assert all(
        (ROOT / Path(*name.split("."))).with_suffix(".py").is_file() or (ROOT / Path(*name.split("."))).is_dir()
        for name in modules
    )
