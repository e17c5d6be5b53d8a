"""The gate on 500 bad changes and 200 harmless ones: none of the first escapes, none of the second is held up.

The default run asks 100 and 50 of them, in which every kind is.
"""

import contextlib
import io
import json
import subprocess
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from kaitops.cli import main
from kaitops.report.findings import rank
from tests.gate.seeded_defects import DEFECTS, HARMLESS, TODAY, Change, Tree, defect, good, harmless
from tests.sampling import share, some

DEFECT_COUNT, HARMLESS_COUNT, CHUNK = 500, 200, 25
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class Repository:
    """Manifests in a git repository whose one commit holds the good ones."""

    def __init__(self, folder: Path) -> None:
        """Commits the good manifests."""
        self.base = good()
        self._folder = folder
        self._texts = {name: self._text(document) for name, document in self.base.items()}
        self._written: set[Path] = set()
        self._write(Change(deepcopy(self.base)))
        for command in (
            ["init", "-q", "-b", "main"],
            ["add", "m"],
            ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "base"],
        ):
            subprocess.run(["git", *command], cwd=folder, check=True)

    def judge(self, change: Change) -> tuple[int, dict[str, Any]]:
        """Exit code and report of the gate on a change."""
        self._write(change)
        # There is no fleet behind these: whoever runs the gate says what the cluster is.
        arguments = [
            "gate",
            "m",
            "--no-checkov",
            "--trust-context",
            "-o",
            "json",
            "--today",
            TODAY,
            "--fail-on",
            change.fail_on,
        ]
        for number, (option, text) in enumerate(change.beside.items()):
            path = self._folder / f"beside-{number}"
            path.write_text(text)
            arguments += [option, path.name]
        arguments += change.options + (["--base", "HEAD"] if change.against_base else [])
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(arguments)
        assert out.getvalue(), err.getvalue()
        return code, json.loads(out.getvalue())

    def _write(self, change: Change) -> None:
        files = {self._path(name): self._document(name, document) for name, document in change.tree.items()}
        files |= {self._folder / "m" / name: text for name, text in change.texts.items()}
        for path in self._written - set(files):
            path.unlink()
        for path, text in files.items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        self._written = set(files)

    def _path(self, name: str) -> Path:
        stem = "kaitops-context" if name == "context" else name.replace(" ", "-").lower()
        return self._folder / "m" / f"{stem}.yaml"

    def _document(self, name: str, document: dict[str, Any]) -> str:
        same = document == self.base.get(name) and list(document) == list(self.base[name])
        return self._texts[name] if same else self._text(document)

    @staticmethod
    def _text(document: dict[str, Any]) -> str:
        return yaml.dump(document, Dumper=_DUMPER, sort_keys=False)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    """A fresh repository that the command runs in."""
    monkeypatch.chdir(tmp_path)
    return Repository(tmp_path)


def test_the_good_manifests_are_clean(repository: Repository) -> None:
    change = Change(deepcopy(repository.base), fail_on="LOW", against_base=True)
    code, report = repository.judge(change)
    assert (code, report["findings"]) == (0, [])


@pytest.mark.thorough
def test_a_number_is_always_the_same_change(repository: Repository) -> None:
    for make, count in ((defect, DEFECT_COUNT), (harmless, HARMLESS_COUNT)):
        for number in range(share(count)):
            # Order counts: that of keys is one of the changes.
            first, second = (repr(make(number, repository.base)) for _ in range(2))
            assert first == second
            change = make(number, repository.base)
            assert first != repr(Change(repository.base, change.kind, change.expected, change.fail_on)), change.kind


def test_there_are_many_kinds() -> None:
    assert len(DEFECTS) >= 35
    assert len(HARMLESS) >= 12


@pytest.mark.parametrize("start", some(range(0, DEFECT_COUNT, CHUNK), (0,)))
def test_no_defect_escapes(repository: Repository, start: int) -> None:
    escaped: list[str] = []
    for number in range(start, start + CHUNK):
        change = defect(number, repository.base)
        code, report = repository.judge(change)
        # Only what fails the gate counts: a remark below the threshold holds nobody up.
        said = {one["rule"] for one in report["findings"] if rank(one["severity"]) >= rank(change.fail_on)}
        if code not in {1, 2} or not said & change.expected:
            escaped.append(
                f"{number} {change.kind}: exit {code}, {sorted(said)} {_difference(repository, change.tree)}"
            )
    assert escaped == []


@pytest.mark.parametrize("start", some(range(0, HARMLESS_COUNT, CHUNK), (0,)))
def test_no_harmless_change_is_held_up(repository: Repository, start: int) -> None:
    held: list[str] = []
    for number in range(start, start + CHUNK):
        change = harmless(number, repository.base)
        code, report = repository.judge(change)
        if code or report["findings"]:
            held.append(f"{number} {change.kind}: exit {code}, {report['findings']}")
    assert held == []


def _difference(repository: Repository, tree: Tree) -> dict[str, Any]:
    return {name: document for name, document in tree.items() if document != repository.base.get(name)}
