"""A fleet on disk: its declaration, and what lies beside it, the lock of sizes, recorded digests, recorded models."""

import sys
from pathlib import Path
from typing import NamedTuple

from kaitops.documents import source
from kaitops.errors import BadInput
from kaitops.fleet import reading
from kaitops.fleet.image_lock import FILE, ImageLock
from kaitops.fleet.lock import Lock
from kaitops.kaito import facts, recordings
from kaitops.kaito.release import Release


class Fleet(NamedTuple):
    """A fleet, and what it is rendered with.

    Attributes:
        release: of KAITO, its catalogue extended by the models recorded beside the fleet.
        sizes: what ``auto`` chose before.
        images: recorded digests.
    """

    source: reading.Source
    release: Release
    sizes: Lock
    images: ImageLock = ImageLock.empty()


def read_source(name: str) -> reading.Source:
    """The declaration in a file, ``-`` for standard input."""
    if name == "-":
        return reading.read(sys.stdin.buffer.read(source.MAX_BYTES + 1), "-")
    if not Path(name).exists():
        raise BadInput(f"{name}: no such file; name the fleet with --fleet, or write a first one with 'kaitops init'")
    return reading.read(source.read(name), name)


def read(name: str) -> Fleet:
    """The fleet in a file, ``-`` for standard input, with what lies beside it."""
    return whole(read_source(name))


def whole(declared: reading.Source, sizes: Lock | None = None) -> Fleet:
    """A declaration with what lies beside its file.

    Args:
        sizes: in place of those that lie there.

    Raises:
        BadInput: of its version of KAITO not all is known, or what lies beside it cannot be read.
    """
    version, folder = facts.complete(declared.data["kaito"]), base(declared.file)
    return Fleet(
        declared,
        release_for(version, folder),
        Lock.read(folder / Lock.FILE) if sizes is None else sizes,
        ImageLock.read(folder / FILE),
    )


def base(name: str) -> Path:
    """The folder that the lock and the recorded models of a fleet's file lie in."""
    return Path() if name == "-" else Path(name).parent


def release_for(version: str, folder: Path) -> Release:
    """The KAITO release, its catalogue extended by the models recorded in a folder."""
    return Release.load(version, recordings.read(folder / recordings.STORE))
