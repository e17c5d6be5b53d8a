"""The install lines of the README, word for word, against a bare clone with a tag in place of the published repository."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.e2e.conftest import lacking

_PUBLISHED = re.compile(r"git\+https://github\.com/OWNER/kaitops(?:\.git)?@v[0-9.]+")
VERSION = "7.8.9"


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    bare = tmp_path_factory.mktemp("published") / "kaitops.git"
    if not (ROOT / ".git").exists():
        lacking("no history here to clone; take a clone of the repository", fault=False)
    subprocess.run(["git", "clone", "--quiet", "--bare", ROOT, bare], check=True)
    subprocess.run(["git", "-C", bare, "tag", f"v{VERSION}", "HEAD"], check=True)
    return bare


def lines() -> list[str]:
    block = (ROOT / "README.md").read_text("utf-8").partition("```sh\n")[2].partition("```")[0]
    found = [line for line in block.splitlines() if _PUBLISHED.search(line)]
    assert [line.split()[0] for line in found] == ["uv", "pipx", "pip"]
    return [line.partition("  #")[0] for line in found]


@pytest.mark.parametrize("line", lines(), ids=lambda line: line.split()[0])
def test_it_installs_what_the_tag_says(line: str, clone: Path, tmp_path: Path) -> None:
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("VIRTUAL_ENV", "UV_", "PYTHON"))
    }
    environment |= {
        "HOME": str(tmp_path), "UV_TOOL_DIR": str(tmp_path / "tools"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin"),
        "PIPX_HOME": str(tmp_path / "pipx"), "PIPX_BIN_DIR": str(tmp_path / "bin"),
    }  # fmt: skip
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "own"], check=True)
    path = [tmp_path / "bin", tmp_path / "own/bin", ROOT / ".venv-uv/bin", environment["PATH"]]
    environment["PATH"] = os.pathsep.join(str(one) for one in path)
    if line.startswith("pipx") and not shutil.which("pipx", path=environment["PATH"]):
        subprocess.run([tmp_path / "own/bin/pip", "install", "--quiet", "pipx"], check=True, env=environment)
    command = _PUBLISHED.sub(f"git+file://{clone}@v{VERSION}", line)
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = subprocess.run(
        ["kaitops", "--version"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout == f"kaitops {VERSION}\n"
    subprocess.run(["kaitops", "catalogue", "--html", "page.html"], cwd=tmp_path, env=environment, check=True)


def test_the_images_own_line_makes_the_command(clone: Path, tmp_path: Path) -> None:
    """What the Containerfile runs, on what its context holds: no history, no tests."""
    context = tmp_path / "source"
    subprocess.run(["git", "clone", "--quiet", clone, context], check=True)
    kept = {line[1:] for line in (ROOT / ".containerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    for one in context.iterdir():
        if one.name not in kept:
            shutil.rmtree(one) if one.is_dir() and not one.is_symlink() else one.unlink()
    (sync,) = re.findall(
        r"^RUN (uv sync .*?) --python", (ROOT / "Containerfile").read_text("utf-8"), flags=re.MULTILINE
    )
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("VIRTUAL_ENV", "UV_", "PYTHON"))
    }
    environment |= {
        "UV_PROJECT_ENVIRONMENT": str(tmp_path / "opt"), "SETUPTOOLS_SCM_PRETEND_VERSION": "3.2.1",
        "PATH": os.pathsep.join([str(ROOT / ".venv-uv/bin"), os.environ["PATH"]]),
    }  # fmt: skip
    done = subprocess.run(
        ["bash", "-c", sync], cwd=context, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = subprocess.run([tmp_path / "opt/bin/kaitops", "--version"], capture_output=True, text=True, check=True)
    assert told.stdout == "kaitops 3.2.1\n"


def test_without_git_there_is_a_version_too(clone: Path, tmp_path: Path) -> None:
    subprocess.run(["git", "clone", "--quiet", clone, tmp_path / "source"], check=True)
    shutil.rmtree(tmp_path / "source/.git")
    subprocess.run(
        [ROOT / ".venv-uv/bin/uv", "build", "--quiet", "--wheel", "--out-dir", tmp_path / "out"],
        cwd=tmp_path / "source",
        check=True,
    )
    (wheel,) = (tmp_path / "out").glob("*.whl")
    assert wheel.name == "kaitops-0.1.0-py3-none-any.whl"
