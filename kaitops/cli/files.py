"""Finding and reading what the verbs work on: the fleet, its lock, its recorded models."""

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kaitops.documents import source
from kaitops.errors import BadInput
from kaitops.fleet import reading
from kaitops.fleet.lock import Lock
from kaitops.kaito import recordings
from kaitops.kaito.release import Release

if TYPE_CHECKING:
    from kaitops.operator.image_lock import ImageLock


def read_fleet(name: str) -> reading.Source:
    """The fleet in a file, ``-`` for standard input."""
    if name == "-":
        return reading.read(sys.stdin.buffer.read(source.MAX_BYTES + 1), "-")
    if not Path(name).exists():
        raise BadInput(f"{name}: no such file; name the fleet with --fleet, or write a first one with 'kaitops init'")
    return reading.read(source.read(name), name)


def base(fleet: str) -> Path:
    """The folder that the lock and the recorded models of a fleet lie in."""
    return Path() if fleet == "-" else Path(fleet).parent


class Beside(NamedTuple):
    """What lies beside a fleet, and the release that it is rendered by."""

    release: Release
    sizes: Lock
    images: "ImageLock"


def beside(fleet: str, version: str) -> Beside:
    """What a fleet of a KAITO version is rendered with."""
    # Not every verb that reads a fleet looks at images.
    from kaitops.operator.image_lock import FILE, ImageLock

    folder = base(fleet)
    return Beside(release_for(version, folder), Lock.read(folder / Lock.FILE), ImageLock.read(folder / FILE))


def prices(name: str | None) -> AbstractContextManager[None]:
    """The prices of a file that the invoker named come before ours while this lasts."""
    if name is None:
        return nullcontext()
    from kaitops.cost.price_file import parse
    from kaitops.prices import including

    return including(*parse(source.read(name), name))


def release_for(version: str, folder: Path) -> Release:
    """The KAITO release, its catalogue extended by the models recorded in a folder."""
    return Release.load(version, recordings.read(folder / recordings.STORE))
