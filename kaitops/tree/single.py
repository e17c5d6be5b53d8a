"""Writing one file whole: a reader sees the old content or the new, never a part.

What is no regular file is written through and stays what it is: a device, a pipe, a descriptor of this process; a link
stays and leads to the new content. Trees are ``kaitops.tree.writing``'s.
"""

import errno
import os
import re
import stat
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from kaitops.errors import BadInput, ToolMissing
from kaitops.tree import staging

_DESCRIPTOR = r"/(?:dev/fd|proc/(?:self|thread-self|(?P<process>[0-9]+))/fd)/(?P<number>[0-9]+)"
_NAMED = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_MOST_LINKS = 40


def write_whole(path: Path, text: str) -> None:
    """Write a file, in place of what is there.

    Raises:
        ToolMissing: it cannot be written; a regular file is as it was.
    """
    write_bytes(path, text.encode("utf-8", "backslashreplace"))


def write_bytes(path: Path, raw: bytes) -> None:
    """As :func:`write_whole`, of bytes.

    Raises:
        ToolMissing: it cannot be written; a regular file is as it was.
    """
    try:
        if not through(path, raw):
            target = Path(os.path.realpath(path))
            with _beside(target, raw) as temporary:
                temporary.chmod(_mode(target))
                temporary.replace(target)
    except OSError as error:
        raise ToolMissing(
            f"{path}: cannot be written: {error.strerror}; a file that was there is as it was, and what was to be "
            "written is not there: make room, or name another file"
        ) from None


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet; one that came to be meanwhile stays."""
    try:
        with _beside(path, text.encode("utf-8", "backslashreplace")) as temporary:
            # A link fails where the name has come into use; a rename would overwrite.
            path.hardlink_to(temporary)
    except FileExistsError:
        raise BadInput(f"{path}: came to be while it was written and was not overwritten; try again") from None
    except OSError as error:
        raise ToolMissing(f"{path}: cannot be written: {error.strerror}") from None


def through(path: Path, raw: bytes) -> bool:
    """Write into what is no regular file; False where a file is to be put in the place.

    Raises:
        OSError: it does not take it.
    """
    number = _descriptor(path)
    if number is not None:
        # The stream of ours goes first, so that what was printed before stands before.
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        with os.fdopen(os.dup(number), "wb") as stream:
            stream.write(raw)
        return True
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISREG(mode):
        return False
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    with open(os.open(path, os.O_WRONLY | getattr(os, "O_NOCTTY", 0)), "wb") as stream:
        stream.write(raw)
    return True


def _descriptor(path: Path) -> int | None:
    """The descriptor of this process that a name leads to; opening it anew could cut or replace what it is."""
    for _ in range(_MOST_LINKS):
        path = Path(os.path.realpath(path.parent)) / path.name
        name = re.sub(rf"^/proc/{os.getpid()}(?=/)", "/proc/self", str(path))
        if name in _NAMED:
            return _NAMED[name]
        found = re.fullmatch(_DESCRIPTOR, name)
        if found:
            return int(found["number"]) if found["process"] is None else None
        if not path.is_symlink():
            return None
        path = path.parent / path.readlink()
    return None


def _mode(target: Path) -> int:
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        return 0o644


@contextmanager
def _beside(path: Path, raw: bytes) -> Generator[Path]:
    """A file with the content that can take the place of another, gone afterwards."""
    with near(path.parent) as folder:
        temporary = folder / "file"
        temporary.write_bytes(raw)
        temporary.chmod(0o644)
        yield temporary


@contextmanager
def near(final: Path) -> Generator[Path]:
    """A folder of our own from which a file can be moved into another one."""
    final.mkdir(parents=True, exist_ok=True)
    for one in staging.left([final]):
        # A tree that a killed render put aside is for the render that puts it back.
        if not (one / staging.ASIDE).is_dir():
            staging.remove(one)
    with staging.folder(final) as made:
        yield made
