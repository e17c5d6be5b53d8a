"""Adds the site of this version beside those of earlier ones, on a branch of the repository; pushes nothing.

``make docs-version`` runs it. A minor version has one folder, which its patches replace; ``latest`` is the highest.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from kaitops import __version__

BRANCH = "gh-pages"
LATEST = "latest"
_PROGRAMS = Path(sys.executable).parent


def _order(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def _mike(verb: str, *arguments: str) -> str:
    # The branch is what was fetched: what is elsewhere is for the push to refuse.
    words = [_PROGRAMS / "mike", verb, "--branch", BRANCH, "--ignore-remote-status", *arguments]
    # It starts mkdocs by its name.
    path = os.pathsep.join((str(_PROGRAMS), os.environ.get("PATH", "")))
    return subprocess.run(  # noqa: S603 - the words are ours
        words, env={**os.environ, "PATH": path}, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def add(version: str) -> None:
    """Build and commit the site of a version, as ``major.minor``."""
    short = version.rsplit(".", 1)[0]
    asked = ["git", "rev-parse", "--verify", "--quiet", BRANCH]
    is_first = bool(subprocess.run(asked, check=False, stdout=subprocess.DEVNULL).returncode)  # noqa: S603
    others = [] if is_first else [one["version"] for one in json.loads(_mike("list", "--json"))]
    newest = all(_order(one) <= _order(short) for one in others)
    aliases = ("--update-aliases", "--alias-type", "redirect", short, LATEST) if newest else (short,)
    _mike("deploy", "--title", version, *aliases)
    if newest:
        _mike("set-default", LATEST)
    shown = ", ".join(sorted({*others, short}, key=_order))
    print(f"{BRANCH}: {shown}; {LATEST} is {short if newest else max(others, key=_order)}; push it to publish")


if __name__ == "__main__":
    if not Path("mkdocs.yml").is_file():
        raise SystemExit("run it at the top of the repository: make docs-version")
    add(__version__)
