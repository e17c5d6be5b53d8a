"""What the stand-in's Azure holds: a folder with one file a resource, so that tests see what is there and what is not.

Owns existence only. Where no folder is named nothing is remembered, and whatever is asked for is there.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.arm.standing import There

FOLDER = "KAITOPS_STAND_IN_CLOUD"
"""Variable with the folder."""


def _file(identity: str) -> Path | None:
    folder = os.environ.get(FOLDER)
    return Path(folder) / hashlib.sha256(identity.lower().encode()).hexdigest() if folder else None


def put(identity: str, kind: str, inputs: Mapping[str, Any], *, new: bool) -> str:
    """Keep a resource; the reason where Azure would refuse: a new one that is there already."""
    file = _file(identity)
    if file is None:
        return ""
    if new and file.exists():
        return f"cannot create already existing resource {identity!r}"
    file.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all, since others read all of them meanwhile.
    staged = file.parent.with_name(f"{file.parent.name}-{file.name}")
    staged.write_text(json.dumps({"id": identity, "kind": kind, "inputs": inputs}))
    staged.replace(file)
    return ""


def drop(identity: str) -> None:
    """Delete a resource."""
    file = _file(identity)
    if file is not None:
        file.unlink(missing_ok=True)


def held(identity: str) -> dict[str, Any] | None:
    """Inputs of a resource; None where it is not there, empty where nothing is remembered."""
    file = _file(identity)
    if file is None:
        return {}
    return json.loads(file.read_text())["inputs"] if file.exists() else None


def everything() -> list[There]:
    """All that is there."""
    folder = os.environ.get(FOLDER)
    return _in(Path(folder)) if folder else []


def names(folder: Path) -> set[str]:
    """Ids of everything that is there."""
    return {each.id for each in _in(folder)}


def _in(folder: Path) -> list[There]:
    found: list[There] = []
    for each in folder.iterdir() if folder.is_dir() else ():
        with contextlib.suppress(FileNotFoundError):
            found.append(There(**json.loads(each.read_text())))
    return found
