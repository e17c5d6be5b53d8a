"""A record of a few cases: the same in another folder, hash seed and locale; an edit of the code is found and named."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

CASES = ("verbs/init", "verbs/catalogue", "verbs/bundle")
EDITS = {
    "a sentence": ("no model contains", "no model has", "verbs/catalogue"),
    "a default": ('"--cluster", default="dev"', '"--cluster", default="edge"', "verbs/init"),
    "a digest": ('f"sha256:{hashlib.sha256(content).hexdigest()}"', 'f"sha256:{hashlib.sha256(content[1:]).hexdigest()}"', "verbs/bundle"),
}  # fmt: skip
"""What stands in the code, what is put in its place, and the case that shows it. Nothing is said of where it stands."""
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "e2e", "manifests", "docs")


def net(*words: str | Path, tree: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.net", *map(str, words)]
    return subprocess.run(command, cwd=tree, env={**os.environ, **env}, capture_output=True, text=True, check=False)


def record(out: Path, tree: Path = ROOT, **env: str) -> Path:
    done = net("record", out, *(word for case in CASES for word in ("--only", case)), tree=tree, **env)
    assert done.returncode == 0, done.stderr
    assert f"{len(CASES)} cases" in done.stdout
    return out


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("before") / "a", PYTHONHASHSEED="1", LC_ALL="C")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code once more, in a folder of another length."""
    tree = tmp_path_factory.mktemp("a-copy-of-the-tree") / "of" / "the" / "code"
    shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
    return tree


@pytest.mark.e2e
def test_another_folder_hash_seed_and_locale_change_nothing(before: Path, copy: Path, tmp_path: Path) -> None:
    after = record(tmp_path / "b", copy, PYTHONHASHSEED="4242", LC_ALL="C.UTF-8")
    done = net("compare", before, after)
    assert done.stdout == "3 cases in both: 3 equal, 0 differ; 0 only in A, 0 only in B\n"
    assert done.returncode == 0


@pytest.mark.e2e
def test_an_edit_is_found_and_its_case_named(before: Path, copy: Path, tmp_path: Path) -> None:
    for old, new, _ in EDITS.values():
        (file,) = [path for path in (copy / "kaitops").rglob("*.py") if old in path.read_text("utf-8")]
        text = file.read_text("utf-8")
        file.write_text(text.replace(old, new), "utf-8")
    done = net("compare", before, record(tmp_path / "b", copy))
    assert done.returncode == 1
    assert "3 differ" in done.stdout
    sentence, default, digest = (_of(done.stdout, case) for *_, case in EDITS.values())
    assert "- kaitops: no model contains 'nothing-like-it'" in sentence
    assert "+ kaitops: no model has 'nothing-like-it'" in sentence
    assert "-   dev:" in default and "+   edge:" in default
    assert "- fleet.oci.tar: sha256:" in digest and "+ fleet.oci.tar: sha256:" in digest


def _of(output: str, case: str) -> str:
    """What was said of one case."""
    _, _, rest = output.partition(f"{case}:\n")
    return "\n".join(rest.split("\nverbs/")[0].splitlines())
