"""Records that are not whole, folders that are none, and what is said of two that differ."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.net import comparing, recording
from tests.net.comparing import Outcome


def put(folder: Path, **cases: Any) -> Path:
    folder.mkdir()
    for name, steps in cases.items():
        (folder / f"{name}.json").write_text(json.dumps({"case": name, "input": "x", "steps": steps}))
    (folder / "record.json").write_text(json.dumps({"cases": sorted(cases)}))
    return folder


def step(code: int = 0, out: tuple[str, ...] = (), **files: Any) -> dict[str, Any]:
    return {"run": "kaitops x", "exit": code, "stdout": [f"{line}\n" for line in out], "stderr": [], "files": files}


def said(a: Path, b: Path) -> tuple[list[str], Outcome]:
    *lines, outcome = comparing.compare(a, b)
    assert isinstance(outcome, Outcome)
    return [str(line) for line in lines], outcome


def test_what_differs_is_said_with_its_first_lines(tmp_path: Path) -> None:
    long = "x" * 5000
    a = put(
        tmp_path / "a", one=[step(0, ("same", "old", long + "1"), f=["1\n"], g=["1\n"])], two=[step()], gone=[step()]
    )
    b = put(tmp_path / "b", one=[step(2, ("same", "new", long + "2"), f=["2\n"], h=None)], two=[step()], more=[step()])
    lines, outcome = said(a, b)
    assert (outcome, bool(outcome)) == (Outcome(2, 1, 1, 1), True)
    assert lines[:4] == [
        "one:",
        "  step 1 (kaitops x): exit code 0 became 2",
        "  step 1 (kaitops x): stdout: 2 of 3 lines went, 2 of 3 came",
        "    line 2",
    ]
    assert "    - old" in lines and "    + new" in lines
    assert "  and 1 more places" in lines
    assert lines[-2:] == ["gone: only in A", "more: only in B"]
    assert max(map(len, lines)) < 400


def test_the_difference_within_a_long_line_is_shown(tmp_path: Path) -> None:
    a, b = (put(tmp_path / name, one=[step(0, ("x" * 5000 + name + "y" * 5000,))]) for name in "ab")
    lines, _ = said(a, b)
    assert any("xxa" in line for line in lines) and any("xxb" in line for line in lines)


def test_another_corpus_is_said(tmp_path: Path) -> None:
    a, b = put(tmp_path / "a", one=[step()]), put(tmp_path / "b", one=[step()])
    (b / "one.json").write_text((b / "one.json").read_text().replace('"x"', '"y"'))
    assert said(a, b)[0] == ["one:", "  the case itself is another one: its files or commands differ"]


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (lambda folder: (folder / "record.json").unlink(), "is no record, or one that was broken off"),
        (lambda folder: (folder / "record.json").write_text("{"), "cannot be read"),
        (lambda folder: (folder / "record.json").write_text('{"cases": []}'), "holds no case"),
        (lambda folder: (folder / "one.json").unlink(), "one.json: is missing"),
        (lambda folder: (folder / "two.json").write_text("{}"), "two.json: is not listed"),
        (lambda folder: (folder / "one.json").write_text(""), "one.json: is damaged"),
    ],
)
def test_a_record_that_is_not_whole_is_refused(tmp_path: Path, harm: Any, message: str) -> None:
    a, b = put(tmp_path / "a", one=[step()]), put(tmp_path / "b", one=[step()])
    harm(b)
    with pytest.raises(recording.BadInput, match=message):
        list(comparing.compare(a, b))
    with pytest.raises(recording.BadInput, match="is no record"):
        list(comparing.compare(a, tmp_path / "none"))


def test_a_record_takes_no_folder_that_holds_other_things(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(recording.BadInput, match="holds other things"):
        recording.prepare(tmp_path)
    with pytest.raises(recording.BadInput, match="is a file"):
        recording.prepare(tmp_path / "mine.txt")
    assert (tmp_path / "mine.txt").read_text() == "mine"
    old = put(tmp_path / "old", one=[step()])
    recording.prepare(old)
    assert list(old.iterdir()) == []


@pytest.mark.parametrize("folder", [".", "tests/record", "docs"])
def test_a_record_does_not_become_part_of_the_repository(folder: str) -> None:
    with pytest.raises(recording.BadInput, match="in the repository"):
        recording.prepare(ROOT / folder)
    assert not (ROOT / "tests/record").exists()
