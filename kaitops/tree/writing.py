"""Replacing a tree of files as a whole.

The new tree is written out of the way of whoever reads the old one, on the same file system, and swapped in, so
whoever reads, or whatever kills us, sees the old tree or the new one, never a mix. Files that do not bear our header
belong to someone else and are carried over; files that do not change keep their inode and time. Where nothing changes
nothing is written.
"""

import errno
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from kaitops.errors import BadInput, ToolMissing
from kaitops.tree import staging
from kaitops.tree.interrupts import uninterrupted
from kaitops.tree.layout import HEADER

_MARK = HEADER.encode()
_ROOT = "root"


class Changes(NamedTuple):
    """What a render does to a tree: relative paths, sorted."""

    added: list[str]
    changed: list[str]
    removed: list[str]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


class _Existing(NamedTuple):
    """What lies in the tree now."""

    ours: dict[str, bytes]
    foreign: list[str]


def changes(root: Path, files: Mapping[str, bytes]) -> Changes:
    """What writing these files would change.

    Raises:
        BadInput: a file of someone else stands where one of ours must go.
    """
    return _compare(root, _existing(root), files)


def write(root: Path, files: Mapping[str, bytes]) -> Changes:
    """Make the tree hold exactly these files of ours.

    Args:
        root: the folder that is replaced; its parent must be writable.
        files: content by path below the root, with forward slashes.

    Raises:
        BadInput: a path leaves the tree, or a file of someone else is in the way.
        ToolMissing: the file system refuses; the old tree is as it was.
    """
    for path in files:
        _check(path)
    _recover(root)
    existing = _existing(root)
    difference = _compare(root, existing, files)
    if not difference and root.is_dir():
        return difference
    try:
        _replace(root, files, existing)
    except OSError as error:
        raise ToolMissing(
            f"{error.filename or root}: cannot write: {error.strerror}; the tree in {root} is as it was; "
            "make room or change the permissions, and render again"
        ) from error
    return difference


def _check(path: str) -> None:
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or not pure.parts or "\\" in path or "\0" in path:
        raise BadInput(f"{path!r} leaves the output folder, so it is not written; rename what it is named after")


def _existing(root: Path) -> _Existing:
    ours: dict[str, bytes] = {}
    foreign: list[str] = []
    if root.is_symlink() or (root.exists() and not root.is_dir()):
        raise BadInput(f"{root}: is not a folder, so the tree cannot be put in its place; remove it or choose another")
    try:
        for path, full, is_link in _walk(os.fspath(root), ""):
            content = b""
            if not is_link:
                # Once a file of a tree: unbuffered and without pathlib it takes half the time.
                with open(full, "rb", buffering=0) as stream:
                    content = stream.read()
            if content.startswith(_MARK):
                ours[path] = content
            else:
                foreign.append(path)
    except OSError as error:
        raise BadInput(f"{error.filename}: cannot be read: {error.strerror}; nothing was changed") from None
    return _Existing(ours, foreign)


def _walk(root: str, below: str) -> Iterator[tuple[str, str, bool]]:
    """Path below the root, path as such, and whether it is a link, of everything that is not a folder."""
    try:
        entries = sorted(os.scandir(os.path.join(root, below)), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    for entry in entries:
        path = f"{below}/{entry.name}" if below else entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(root, path)
        else:
            yield path, entry.path, entry.is_symlink()


def _compare(root: Path, existing: _Existing, files: Mapping[str, bytes]) -> Changes:
    blocked = [path for path in existing.foreign if path in files or any(name.startswith(f"{path}/") for name in files)]
    if blocked:
        raise BadInput(
            f"{root / blocked[0]}: was not written by kaitops, and a rendered file must go there; nothing was changed: "
            "move the file away, or delete it if it is an old rendering without our header"
        )
    ours = existing.ours
    return Changes(
        sorted(path for path in files if path not in ours),
        sorted(path for path, content in files.items() if path in ours and ours[path] != content),
        sorted(path for path in ours if path not in files),
    )


def _replace(root: Path, files: Mapping[str, bytes], existing: _Existing) -> None:
    root.parent.mkdir(parents=True, exist_ok=True)
    for place in _places(root):
        try:
            with staging.folder(place) as made:
                _make(root, files, existing, made)
        except OSError as error:
            # Two mounts can share a file system that nothing can be moved between.
            if error.errno != errno.EXDEV or place == root.parent:
                raise
        else:
            return


def _places(root: Path) -> list[Path]:
    # Above the folder that the tree lies in, which is what a gate is given.
    above = root.absolute().parent.parent
    return staging.places(root.parent, above)


def _make(root: Path, files: Mapping[str, bytes], existing: _Existing, folder: Path) -> None:
    """Write the new tree in a folder and swap it in."""
    fresh = folder / "tree"
    fresh.mkdir(mode=0o755)
    (folder / _ROOT).write_bytes(os.fsencode(root.absolute()))
    made = {""}
    for path, content in files.items():
        _make_parents(fresh, path, made)
        target = os.path.join(fresh, path)
        if existing.ours.get(path) == content:
            _carry(os.path.join(root, path), target)
        else:
            with open(target, "wb") as stream:
                stream.write(content)
    for path in existing.foreign:
        _make_parents(fresh, path, made)
        _carry(os.path.join(root, path), os.path.join(fresh, path))
    with uninterrupted(f"the tree in {root} is the new one"):
        _swap(root, fresh, folder)


def _make_parents(fresh: Path, path: str, made: set[str]) -> None:
    parent = path.rpartition("/")[0]
    if parent not in made:
        os.makedirs(os.path.join(fresh, parent), exist_ok=True)
        made.add(parent)


def _carry(source: str, target: str) -> None:
    """Bring a file over as it is: the same inode where the file system can, a copy with its times elsewhere."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.EXDEV, errno.EOPNOTSUPP}:
            raise
        from shutil import copy2

        copy2(source, target, follow_symlinks=False)


def _swap(root: Path, fresh: Path, folder: Path) -> None:
    if not root.exists():
        fresh.rename(root)
        return
    fresh.chmod(stat.S_IMODE(root.stat().st_mode))
    if _exchange(fresh, root):
        return
    # Without an atomic exchange there is a moment with no tree; _recover puts the old one back after a kill.
    old = folder / staging.ASIDE
    root.rename(old)
    try:
        fresh.rename(root)
    except OSError:
        old.rename(root)
        raise


def _recover(root: Path) -> None:
    """Put back a tree that a killed swap left aside, and clear staging folders of killed runs."""
    if not root.parent.is_dir():
        return
    for path in staging.left(_places(root)):
        aside = path / staging.ASIDE
        if aside.is_dir() and not root.exists() and _belongs(path, root):
            with suppress(OSError):
                aside.rename(root)
        # The old tree of another root is kept for the render that puts it back.
        if not aside.is_dir() or _belongs(path, root):
            staging.remove(path)


def _belongs(folder: Path, root: Path) -> bool:
    with suppress(OSError):
        return (folder / _ROOT).read_bytes() == os.fsencode(root.absolute())
    return False


def _exchange(first: Path, second: Path) -> bool:
    """Swap two paths in one step; False where the system cannot."""
    at_fdcwd, flag = (-100, 2) if sys.platform == "linux" else (-2, 2)
    name = {"linux": "renameat2", "darwin": "renameatx_np"}.get(sys.platform)
    if name is None:
        return False
    # A first render has nothing to exchange.
    import ctypes

    function = getattr(ctypes.CDLL(None, use_errno=True), name, None)
    if function is None:
        return False
    done = function(at_fdcwd, os.fsencode(first), at_fdcwd, os.fsencode(second), ctypes.c_uint(flag))
    if done == 0:
        return True
    code = ctypes.get_errno()
    if code in {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}:
        return False
    raise OSError(code, os.strerror(code), str(second))
