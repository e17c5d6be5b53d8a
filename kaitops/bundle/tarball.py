"""Tar archives whose bytes follow from names and contents alone.

They are read block by block, and not by the standard library: that one also reads what :func:`write` never makes, and a
few bytes of such further headers lead it to files of any size, a recursion without end, or a search that takes hours.
"""

import io
import re
import tarfile
from collections.abc import Mapping

_BLOCK = 512
_SIZE = re.compile(rb"[0-7]{11}\0")
_PLAIN = b"0"


def write(files: Mapping[str, bytes]) -> bytes:
    """An archive of plain files, in the order given.

    Raises:
        ValueError: a name is longer than the form takes.
    """
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT, encoding="utf-8") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o644
            tar.addfile(entry, io.BytesIO(content))
    return raw.getvalue()


def read(raw: bytes) -> dict[str, bytes]:
    """The files of an archive by name.

    Raises:
        ValueError: it is damaged, or is not the very archive that its files make: it holds anything but plain files
            that are there once, or bytes that belong to none.
    """
    files: dict[str, bytes] = {}
    place = 0
    while (head := raw[place : place + _BLOCK]).strip(b"\0"):
        name = _name(head)
        if head[156:157] != _PLAIN or not _SIZE.fullmatch(head, 124, 136) or name in files:
            raise ValueError(f"{name[:120]!r} is not a plain file that is there once")
        start = place + _BLOCK
        end = start + int(head[124:135], 8)
        files[name] = raw[start:end]
        place = end + -(end - start) % _BLOCK
    if write(files) != raw:
        raise ValueError("its bytes are not those that its files make")
    return files


def _name(head: bytes) -> str:
    parts = (head[345:500].rstrip(b"\0"), head[:100].rstrip(b"\0"))
    return b"/".join(part for part in parts if part).decode("utf-8", "surrogateescape")
