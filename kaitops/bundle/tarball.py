"""Tar archives whose bytes follow from names and contents alone."""

import io
import tarfile
from collections.abc import Mapping


def write(files: Mapping[str, bytes]) -> bytes:
    """An archive of plain files, in the order given."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o644
            tar.addfile(entry, io.BytesIO(content))
    return raw.getvalue()


def read(raw: bytes) -> dict[str, bytes]:
    """The files of an archive by name.

    Raises:
        tarfile.TarError, EOFError, OSError, ValueError: it is damaged, or is not the very archive that its files make:
            it holds anything but plain files that are there once, or bytes that belong to none.
    """
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(raw), mode="r:") as tar:
        for entry in tar:
            # A sparse file is regular for the library, and may be of any size in a few bytes.
            plain = entry.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and 0 <= entry.size <= len(raw)
            stream = tar.extractfile(entry) if plain else None
            if stream is None or entry.name in files:
                raise tarfile.TarError(f"{entry.name[:120]!r} is not a plain file that is there once")
            files[entry.name] = stream.read()
    if write(files) != raw:
        raise tarfile.TarError("its bytes are not those that its files make")
    return files
