"""Getting the bytes of a file that somebody else may have put there.

A change under judgement can hold links, devices and pipes: only regular files are opened, and no more of them is read
than a limit. What the bytes mean is for others.
"""

import os
import stat

from kaitops.errors import BadInput

MAX_BYTES = 8 * 1024 * 1024
"""No manifest is larger: an object of Kubernetes holds some 1.5 MB, the largest published bundles 5 MB."""
# A stream of Python would ask the system four more things about each file.
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_KINDS = {
    stat.S_IFDIR: "folder",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
    stat.S_IFIFO: "pipe",
    stat.S_IFSOCK: "socket",
}


def read(name: str | os.PathLike[str], limit: int = MAX_BYTES) -> bytes:
    """The content of a regular file.

    Args:
        name: of the file; links are followed.
        limit: in bytes.

    Raises:
        BadInput: it cannot be read, is no regular file, or is larger.
    """
    text = os.fspath(name)
    try:
        # Asked before it is opened: opening a pipe waits for its other end, and some devices act on being opened.
        _regular(text, os.stat(text).st_mode)  # noqa: PTH116 - once a file of a tree: pathlib would double the time
        file = os.open(text, _FLAGS)
        try:
            known = os.fstat(file)
            _regular(text, known.st_mode)
            # As many bytes as there should be: asked for the limit, Python sets that much memory aside for each file.
            raw = os.read(file, min(known.st_size, limit) + 1)
            # Some systems give a file in parts, and some files say that they are empty and are not.
            while len(raw) != known.st_size and len(raw) <= limit and (more := os.read(file, limit + 1 - len(raw))):
                raw += more
        finally:
            os.close(file)
    except OSError as error:
        raise BadInput(f"{text}: cannot be read: {error.strerror}") from None
    except ValueError:
        raise BadInput(f"{text!r}: is no name that a file can have") from None
    if len(raw) > limit:
        size = os.stat(text).st_size  # noqa: PTH116
        raise BadInput(f"{text}: {size} bytes is too large for what it is (limit {limit}); split the file")
    return raw


def _regular(name: str, mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "special file")
        raise BadInput(
            f"{name}: cannot be read: it is a {kind}, not a file, and may never end; put a file in its place"
        )
