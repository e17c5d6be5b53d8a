"""Where the facts about each KAITO version lie, and how they are read.

Owns the location of ``presets/<version>/`` in a checkout and in the installed package, and one parsed copy of each
file. It does not interpret them.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from kaitops.errors import BadInput

_PACKAGE = Path(__file__).resolve().parent.parent
# Folders of data that belongs to no version.
_SHARED = frozenset({".", "definitions", "prices"})


@cache
def root() -> Path:
    """The directory that holds the data: ``presets/`` of the checkout, or its copy inside the installed package."""
    packaged = _PACKAGE / "_presets"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "presets"


@cache
def versions() -> tuple[str, ...]:
    """Known KAITO versions, oldest first."""
    found = [path.name for path in root().iterdir() if (path / "models.json").is_file()]
    return tuple(sorted(found, key=lambda text: tuple(int(part) for part in text.split("."))))


@cache
def is_complete(version: str) -> bool:
    """All facts of a version are held. Of older versions there are only those that a step to or from them needs."""
    return version not in versions() or (root() / version / "rules.json").is_file()


def newest() -> str:
    """The newest version that all facts are held of."""
    return next(version for version in reversed(versions()) if is_complete(version))


def meant(version: str) -> str:
    """The known version that a text means: itself, the newest of a minor one, or the newest patch before it.

    A text that means none is given back, for :func:`load` to refuse.
    """
    if version in versions():
        return version
    parts = version.lower().lstrip("v").split(".")
    if len(parts) not in (2, 3) or not all(part.isdecimal() and len(part) < 6 for part in parts):
        return version
    same = [known for known in versions() if known.split(".")[:2] == parts[:2]]
    if len(parts) == 3:
        same = [known for known in same if int(known.split(".")[2]) <= int(parts[2])] or same[:1]
    return same[-1] if same else version


def before(version: str) -> str | None:
    """The newest known version before one that lies between known ones, or None."""
    parts = version.lower().lstrip("v").split(".")
    if not all(part.isdecimal() and len(part) < 6 for part in parts):
        return None
    order = [int(part) for part in parts]
    older = [known for known in versions() if [int(part) for part in known.split(".")] < order]
    return older[-1] if older and len(older) < len(versions()) else None


def _hint(version: str) -> str:
    """A version as people write it: with a letter before it, or without the last number."""
    plain = version.lower().lstrip("v")
    close = [known for known in versions() if known == plain or known.startswith(f"{plain}.")] if plain else []
    return f"did you mean {close[-1]}? " if close else ""


@cache
def load(version: str, name: str) -> Any:
    """Parse one data file of a KAITO version, once. Callers must not change what they get.

    Raises:
        BadInput: the version is not one whose facts we hold.
    """
    # A version is often what a file of somebody else says; it never leads out of the data.
    if version not in versions() and version not in _SHARED:
        raise BadInput(
            f"kaito: version {version[:80]!r} is not known, so nothing can be said of what it admits or creates; "
            f"{_hint(version)}known versions: {', '.join(versions())}"
        )
    try:
        return json.loads((root() / version / name).read_bytes())
    except FileNotFoundError:
        complete(version)
        raise


def complete(version: str) -> str:
    """The version, unless it is an older one, asked for what only a complete one can answer.

    Raises:
        BadInput: it is.
    """
    if version not in versions() or is_complete(version):
        return version
    whole = [known for known in versions() if is_complete(known)]
    raise BadInput(
        f"kaito: of version {version} only the facts that an upgrade or downgrade needs are held, so what it admits, "
        f"derives and creates cannot be worked out; use {', '.join(whole)}, or see 'kaitops upgrade' for the step"
    )
