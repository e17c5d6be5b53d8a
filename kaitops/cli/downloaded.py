"""A Hugging Face repository as it lies in a folder: what the hub would say of it, where the hub is not reached.

A folder of the hub's own cache is a commit's name with links to the files; a clone without its large files has a
pointer in the place of each, which says the size.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from kaitops.documents import source
from kaitops.documents.plain import MutableObject
from kaitops.errors import BadInput

CONFIGURATIONS = ("config.json", "params.json")
"""Where a model says what it is, the first that is there."""
_POINTER = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?size (\d{1,15})\n?")
_LONGEST_POINTER = 1024
_COMMIT = re.compile(r"[0-9a-f]{40}")
_MOST_FILES = 10_000


def tree(folder: Path) -> list[MutableObject]:
    """The files below the folder, as the hub lists them; what is hidden is not of the repository.

    Raises:
        BadInput: there are too many for a model.
    """
    found: list[MutableObject] = []
    for path in _files(folder):
        if len(found) == _MOST_FILES:
            raise BadInput(f"{folder}: holds more than {_MOST_FILES} files, so it is no model; name the folder of one")
        found.append({"path": path.relative_to(folder).as_posix(), "size": _size(path), "type": "file"})
    return sorted(found, key=lambda one: one["path"])


def configuration(folder: Path) -> bytes:
    """What the model says of itself.

    Raises:
        BadInput: the folder has no such file.
    """
    for name in CONFIGURATIONS:
        if (folder / name).is_file():
            return source.read(folder / name)
    raise BadInput(
        f"{folder}: holds neither {' nor '.join(CONFIGURATIONS)}, so it is no model that KAITO serves; name the folder "
        "that 'hf download ORG/MODEL --local-dir DIR' or 'git clone' made"
    )


def revision(folder: Path) -> str:
    """The commit that a folder of the hub's cache is named after; empty where it is named otherwise."""
    name = folder.resolve().name
    return name if _COMMIT.fullmatch(name) else ""


def _files(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (path for name in names if not name.startswith(".") and (path := Path(here, name)).is_file())


def _size(path: Path) -> int:
    size = path.stat().st_size
    pointer = _POINTER.fullmatch(path.read_bytes()) if size <= _LONGEST_POINTER else None
    return int(pointer[1]) if pointer else size
