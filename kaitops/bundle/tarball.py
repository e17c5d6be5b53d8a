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
        tarfile.TarError, EOFError, OSError: it is damaged, or holds anything but plain files that are there once.
    """
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(raw), mode="r:") as tar:
        for entry in tar:
            stream = tar.extractfile(entry) if entry.isreg() else None
            if stream is None or entry.name in files:
                raise tarfile.TarError(f"{entry.name} is not a plain file that is there once")
            files[entry.name] = stream.read()
    return files
