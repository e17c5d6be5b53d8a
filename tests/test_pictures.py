"""Pictures of the terminal on the pages: made of real runs, up to date, described, and from nowhere else."""

import os
import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests import pictures
from tests.conftest import KAITOPS, ROOT
from tests.live import docs_world

PAGES = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
_COMMIT = "git add --all && git -c user.name=contoso -c user.email=fleet@example.com commit --quiet --message fleet"
_FLEET = f"kaitops init --region westeurope && kaitops render && git init --quiet && {_COMMIT}"
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")


@contextmanager
def _fleet(folder: Path) -> Generator[Mapping[str, str]]:
    pictures.taken([_FLEET], folder, _environment(""))
    yield {}


@contextmanager
def _failing(folder: Path) -> Generator[Mapping[str, str]]:
    # Beside the folder: a program of what is looked at is never started.
    with docs_world.world(folder.parent / "world") as given:
        yield given


def _environment(path: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS")}
    first = os.pathsep.join(one for one in (path, str(KAITOPS.parent)) if one)
    return {**kept, "TERM": "xterm-256color", "PATH": f"{first}{os.pathsep}{os.environ['PATH']}"}


SHOWN = {
    "add": (_fleet, ["kaitops add llama-3.1-8b-instruct --secret hf-token", "kaitops cost"]),
    "red": (
        _fleet,
        [
            "kaitops set models.phi-4-mini-instruct.gpu Standard_NC24ads_A100_v4",
            "kaitops gate manifests --base HEAD --no-checkov",
        ],
    ),
    "why": (_failing, ["kaitops status", "kaitops why phi-4-mini"]),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_is_what_the_commands_show(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    world, commands = SHOWN[name]
    reader = tmp_path / "reader"
    reader.mkdir()
    with world(reader) as given:
        made = pictures.drawn(name, pictures.taken(commands, reader, _environment(given.get("PATH", ""))))
    path = pictures.FOLDER / f"{name}.svg"
    if request.config.getoption("--update-docs"):
        path.write_text(made, "utf-8")
    assert path.read_text("utf-8") == made, "run: .venv/bin/pytest -n0 tests/test_pictures.py --update-docs"
    ElementTree.fromstring(made)
    assert not re.search(r"href|src=|@import|@font-face|url\((?!#)", made), "nothing is fetched"
    assert str(tmp_path) not in made


def test_pictures_of_the_pages_are_there_and_described() -> None:
    used: set[Path] = set()
    for page in PAGES:
        for described, target in _PICTURE.findall(page.read_text("utf-8")):
            path = (page.parent / target).resolve()
            assert path.is_file(), f"{page}: {target}"
            assert len(described) > 40, f"{page}: who does not see {target} is told nothing of it"
            used.add(path)
    assert used == set(pictures.FOLDER.glob("*.svg")) == {pictures.FOLDER / f"{name}.svg" for name in SHOWN}
