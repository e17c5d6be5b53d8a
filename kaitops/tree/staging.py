"""Folders in which something is made before it takes its place, on the same file system and out of everybody's way.

A folder lies in the repository's own ``.git`` where there is one, else beside what is replaced. It bears our mark and a
lock that is held for as long as its maker lives: whoever reads the tree knows it by that, version control ignores it,
and what a killed run left is cleared by the next one. A folder of somebody else's is never touched, whatever its name.
"""

import os
import stat
import sys
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = ".kaitops-"
ASIDE = "old"
"""What a folder calls the tree that it is to take the place of, where both cannot be exchanged in one step."""
_LOCK = "lock"
_MARK = b"A folder that kaitops makes files in; one whose lock nobody holds is cleared.\n"
_IGNORE = ".gitignore"
_EMPTY_SECONDS = 60


def places(final: Path, *further: Path) -> list[Path]:
    """Where a folder may be made for something that is to lie in ``final``, best first.

    Args:
        further: folders that come before ``final`` itself.
    """
    found = [place for place in (_repository(final), *further) if place is not None and _is_near(place, final)]
    return [*found, final]


def _is_near(place: Path, final: Path) -> bool:
    with suppress(OSError):
        return place.stat().st_dev == final.stat().st_dev and os.access(place, os.W_OK | os.X_OK)
    return False


def _repository(final: Path) -> Path | None:
    """The folder that git keeps its own files in, for the work tree that a folder lies in."""
    here = final.absolute()
    for folder in (here, *here.parents):
        mark = folder / ".git"
        if mark.is_dir():
            return mark if (mark / "HEAD").is_file() else None
        if mark.is_file():
            with suppress(OSError, UnicodeDecodeError):
                word, _, path = mark.read_text("utf-8").strip().partition(": ")
                kept = folder / path
                return kept if word == "gitdir" and (kept / "HEAD").is_file() else None
    return None


def _made(place: Path) -> Path:
    # As tempfile does it, whose import takes longer than a small fleet takes to render.
    while True:
        made = place / f"{PREFIX}{os.urandom(8).hex()}"
        with suppress(FileExistsError):
            made.mkdir(0o700)
            return made


@contextmanager
def folder(place: Path) -> Generator[Path]:
    """A new folder in a place, gone afterwards; use ``tree`` or any other name in it but for ``lock``.

    Raises:
        OSError: it cannot be made.
    """
    made = _made(place)
    try:
        (made / _IGNORE).write_text("*\n", "utf-8")
        # Marked once it is locked: what bears the mark and is not locked is nobody's any more.
        with open(made / _LOCK, "wb") as lock:
            _hold(lock.fileno())
            lock.write(_MARK)
            lock.flush()
            try:
                yield made
            finally:
                _clear(made)
    finally:
        _remove(made)


def _remove(made: Path) -> None:
    try:
        (made / _LOCK).unlink()
        made.rmdir()
    except OSError:
        remove(made)


def _clear(made: Path) -> None:
    """Everything but the lock, which tells readers to keep out until the end."""
    with suppress(OSError):
        for entry in os.scandir(made):
            if entry.is_dir(follow_symlinks=False):
                remove(entry.path)
            elif entry.name != _LOCK:
                os.unlink(entry.path)  # noqa: PTH108


def left(some: Sequence[Path]) -> Iterator[Path]:
    """The folders of killed runs in some places."""
    for place in dict.fromkeys(some):
        with suppress(OSError):
            for path in sorted(place.glob(f"{PREFIX}*")):
                if is_left(path):
                    yield path


def remove(path: str | os.PathLike[str]) -> None:
    """Remove a folder with all that is in it, as what a killed run left; what cannot be removed stays."""
    # It loads three compressors: a run whose tree has taken its place has nothing that asks for them.
    from shutil import rmtree

    rmtree(path, ignore_errors=True)


def is_ours(path: str | os.PathLike[str]) -> bool:
    """Whether a folder is one of these, by its name and mark."""
    lock = os.path.join(path, _LOCK)
    try:
        if not os.path.basename(path).startswith(PREFIX) or not stat.S_ISDIR(os.lstat(path).st_mode):
            return False
        if not stat.S_ISREG(os.lstat(lock).st_mode):
            return False
        with open(lock, "rb") as stream:
            return stream.read(len(_MARK) + 1) == _MARK or _is_unborn(path)
    except OSError:
        return False


def _is_unborn(path: str | os.PathLike[str]) -> bool:
    """A folder that its maker was killed in before it bore the mark: it holds nothing."""
    return set(os.listdir(path)) <= {_LOCK, _IGNORE} and time.time() - os.lstat(path).st_mtime > _EMPTY_SECONDS


def is_live(path: str | os.PathLike[str]) -> bool:
    """Whether a run is making something in a folder right now."""
    return is_ours(path) and _is_held(os.path.join(path, _LOCK))


def is_left(path: str | os.PathLike[str]) -> bool:
    """Whether a folder is what a killed run left."""
    return is_ours(path) and not _is_held(os.path.join(path, _LOCK))


def _hold(number: int) -> None:
    """Take the lock of an open file for as long as it is open."""
    if sys.platform != "win32":
        import fcntl

        with suppress(OSError):  # a file system without locks
            fcntl.flock(number, fcntl.LOCK_EX)


def _is_held(lock: str) -> bool:
    try:
        if sys.platform == "win32":
            return time.time() - os.stat(lock).st_mtime < 3600  # noqa: PTH116
        import fcntl

        with open(lock, "rb") as stream:
            # Shared, so that two who ask at once do not take each other for the maker.
            fcntl.flock(stream.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
