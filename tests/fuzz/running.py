"""Running the gate over broken trees, in this process for speed."""

import io
import os
import random
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from kaitops import change
from kaitops.cli import main
from tests.commands import FORMS
from tests.fuzz import trees

_BROKE = re.compile(r"internal error: .*?; there is no verdict|Traceback|command was not finished")
# An object that broke what judges it has to be unjudged and named, whatever the form of the report.
_UNJUDGED = "broke off with"
_CODES = {0, 1, 2}


def run(folder: Path, count: int, seed: int, keep: Path | None = None) -> dict[str, list[int]]:
    """The failures by place: an internal error, or an object that broke what judges it and did not leave with 2.

    Args:
        folder: to work in.
        keep: where trees that failed are copied to.
    """
    failures: dict[str, list[int]] = {}
    known = trees.objects()
    before = Path.cwd()
    os.chdir(folder)
    try:
        with _base_of_a_folder():
            for number in range(count):
                told = _one(random.Random(f"{seed}/{number}"), known)
                if told:
                    failures.setdefault(told, []).append(number)
                    if keep is not None and len(failures[told]) == 1:
                        shutil.copytree(folder, keep / f"{seed}-{number}", dirs_exist_ok=True)
    finally:
        os.chdir(before)
    return failures


class _Commit:
    """A commit that holds all of the folder."""

    def tracks(self, place: str) -> bool:
        return True

    def changed(self) -> list[str]:
        return [str(path) for path in Path("head").rglob("*") if path.is_file()]

    def listed(self, names: Sequence[str] = (), *, deep: bool = True) -> list[str]:
        return [name for name in names if (Path("base") / name).exists()]


class _Past:
    """The files below ``base`` as if they were those of a commit."""

    def __init__(self) -> None:
        self.commit = _Commit()
        self.top = Path.cwd()
        self.folder = self.top / "base"
        self.paths = [str(self.folder / "head")] if (self.folder / "head").is_dir() else []
        self.unknown: dict[str, str] = {}


@contextmanager
def _base_of_a_folder() -> Iterator[None]:
    """The base is a folder: a commit for each tree would take all the time."""
    real, change.tree_at = change.tree_at, lambda ref, paths, into, beside: _Past()
    try:
        yield
    finally:
        change.tree_at = real


def _one(rng: random.Random, known: list[dict[str, Any]]) -> str:
    words = _lay(rng, known)
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main(words)
        except BaseException as error:
            return f"{type(error).__name__} left main"
    text = out.getvalue() + err.getvalue()
    match = _BROKE.search(text)
    if match:
        return match.group(0)[:200]
    if _UNJUDGED in text and code != 2:
        return f"exit {code} with an object that was not judged"
    return "" if code in _CODES else f"exit {code}: {err.getvalue()[:160]}"


def _lay(rng: random.Random, known: list[dict[str, Any]]) -> list[str]:
    for name in ("head", "base", "presets"):
        shutil.rmtree(name, ignore_errors=True)
    chosen = rng.sample(known, rng.randint(1, 8))
    hit = rng.randrange(len(chosen))
    for number, one in enumerate(chosen):
        made = trees.broken(rng, one) if number == hit or rng.random() < 0.2 else one
        trees.put(Path("head") / f"{number}.yaml", trees.text(rng, made))
    if rng.random() < 0.08:
        trees.lay_folder(rng, Path("head/app"))
    aside = rng.choice(("context", "budget", "quota", "recording", "exemptions", "", "", "", ""))

    def beside(name: str, value: Any) -> bytes:
        return trees.text(rng, trees.broken(rng, value) if aside == name else value)

    if rng.random() < 0.7:
        trees.put(Path("head/kaitops-context.yaml"), beside("context", trees.CONTEXT))
    words = [
        "gate",
        "head",
        "--no-checkov",
        "-o",
        rng.choice(FORMS),
        "--today",
        "2026-12-01",
        "--region",
        "westeurope",
    ]
    if rng.random() < 0.7:
        words.append("--cost")
    if rng.random() < 0.3:
        words.append("--complete")
    if aside == "budget" or rng.random() < 0.2:
        trees.put(Path("budget.yaml"), beside("budget", trees.BUDGET))
        words += ["--budget", "budget.yaml"]
    if aside == "quota" or rng.random() < 0.2:
        trees.put(Path("quota.json"), beside("quota", trees.QUOTA))
        words += ["--quota", "quota.json"]
    if aside == "recording" or rng.random() < 0.2:
        trees.put(Path("presets/huggingface/team--own.json"), beside("recording", trees.RECORDING))
    if aside == "exemptions" or rng.random() < 0.1:
        trees.put(Path("exemptions.yaml"), beside("exemptions", trees.EXEMPTIONS))
        words += ["--exemptions", "exemptions.yaml"]
    if rng.random() < 0.6:
        for number, one in enumerate(chosen):
            made = trees.broken(rng, one) if rng.random() < 0.4 else one
            trees.put(Path("base/head") / f"{number}.yaml", trees.text(rng, made))
        if Path("head/kaitops-context.yaml").is_file() and rng.random() < 0.8:
            shutil.copy("head/kaitops-context.yaml", "base/head/kaitops-context.yaml")
        words += ["--base", "HEAD"]
    if rng.random() < 0.7:
        words.append("--trust-context")
    return words
