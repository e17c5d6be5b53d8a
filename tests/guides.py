"""The pages that lead somebody by the hand: every file that they save is saved, every command run, in the page's order.

A block whose first line is a comment with a path is that file. A ``console`` block shows what its commands print. A ``sh``
block is what is done to a cluster or a cloud, which stand-ins answer.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.commands import ROOT

DOCS = ROOT / "docs"
PAGES = sorted([DOCS / "tutorial.md", DOCS / "models.md", DOCS / "air-gap.md", *(DOCS / "how-to").glob("*.md")])
STANDINS = ("kubectl", "az", "helm", "oras", "flux", "argocd")
_BLOCK = re.compile(r"^```(\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_FILE = re.compile(r"# (\S+\.(?:yaml|py))\n")


class Step(NamedTuple):
    """One of: a file to save, or a command, with what it prints where the page shows that."""

    file: str
    text: str
    printed: str | None


def steps(page: Path) -> Iterator[Step]:
    """What the page has its reader do."""
    for kind, body in _BLOCK.findall(page.read_text("utf-8")):
        if kind == "console":
            for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                command, _, printed = part.partition("\n")
                yield Step("", command, printed)
        elif kind == "sh":
            yield Step("", body, None)
        elif named := _FILE.match(body):
            yield Step(named[1], body[named.end() :] if named[1].endswith(".yaml") else body, None)


def standins(folder: Path) -> Path:
    """Programs that take any command and write it down."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in STANDINS:
        program = folder / name
        program.write_text(f'#!/bin/sh\necho "{name} $*" >> "{folder}/asked"\n')
        program.chmod(0o755)
    return folder
