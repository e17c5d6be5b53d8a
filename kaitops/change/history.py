"""Manifests as they are at a git reference, laid out in a folder, without touching the work tree.

What is committed was written by others: no name leads out of the folder, links are followed within the commit alone,
and sizes and numbers are bounded. What the files mean is for whoever reads the folder.
"""

import os
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from kaitops.change.repository import Commit, Entry
from kaitops.documents.source import MAX_BYTES
from kaitops.errors import BadInput
from kaitops.tree import scratch
from kaitops.tree.layout import CONTEXT_FILE

# The last are parts of charts, which are rendered as the head's are.
_SUFFIXES = (".yaml", ".yml", ".json", ".tpl", ".helmignore")
_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
# What has no name of a manifest is one only where a kustomization lists it, and then it is small.
_MAX_OTHER = 1024 * 1024
_MAX_FILES = 100_000
_MAX_TOTAL = 1024 * 1024 * 1024
_MAX_HOPS = 40
# Once a file of a tree: to take the path apart would take longer.
_IMPOSSIBLE = ("//", "/./", "/../", "/.git/")
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class Past:
    """Files of a commit in a folder.

    Args:
        commit: that they are of.
        folder: stands for the top of the repository, with the same layout.

    Attributes:
        paths: what was asked for and is there, in the folder.
        unknown: why, by name from the top, for what the commit has there and nobody can read from it.
    """

    def __init__(self, commit: Commit, folder: Path) -> None:
        self.commit = commit
        self.folder = folder
        self.paths: list[str] = []
        self.unknown: dict[str, str] = {}

    @property
    def top(self) -> Path:
        """The top of the repository."""
        return self.commit.top


def tree_at(ref: str, paths: Sequence[str], into: Path, folder: str | Path = ".", beside: Sequence[str] = ()) -> Past:
    """See :func:`kaitops.change.tree_at`."""
    where = Path(folder).resolve()
    commit = Commit(ref, where)
    asked = [within(name, where, commit.top, ref) for name in paths if name != "-"]
    asked += [place for name in beside if (place := _within(name, where, commit.top)) is not None]
    names = [*asked, *_above(asked)]
    # An empty name is the whole repository.
    entries = commit.listed([] if "" in asked else names)
    if any(entry.is_link for entry in entries) or _is_linked(commit, [n for n in asked if not _holds(entries, n)]):
        # A link may lead anywhere in the commit, and so may one on the way to what was asked for.
        every = entries if "" in asked else commit.listed()
        links = {entry.name: os.fsdecode(raw) for entry, raw in commit.contents([e for e in every if e.is_link])}
        entries = _closure(every, links, names)
    else:
        links = {}
    past = Past(commit, into)
    _write(past, entries, links)
    read: set[str] = set()
    for entry in filter(_is_read, entries):
        # What lies above it is there once its first parent is.
        for name in _parents(entry.name):
            if name in read:
                break
            read.add(name)
    for name in dict.fromkeys(asked):
        if (name in read or any(part in links for part in _parents(name))) and (into / name).exists():
            past.paths.append(str(into / name))
    return past


def within(name: str, where: Path, top: Path, ref: str) -> str:
    """A path from the top of the repository, links in it left as they are; empty for the top itself.

    Raises:
        BadInput: it lies elsewhere.
    """
    place = _within(name, where, top)
    if place is None:
        raise BadInput(
            f"{name}: lies outside of the repository {top}, so {ref} holds no version of it; name a path in it"
        )
    return place


def _within(name: str, where: Path, top: Path) -> str | None:
    for path in (Path(os.path.normpath(where / name)), (where / name).resolve()):
        if path.is_relative_to(top):
            relative = path.relative_to(top).as_posix()
            return "" if relative == "." else relative
    return None


def _above(asked: Sequence[str]) -> list[str]:
    """What is said above of the files that were asked for: of which cluster they are, and in which namespace."""
    parents = {parent for name in asked if name for parent in PurePosixPath(name).parents}
    return sorted((parent / file).as_posix() for parent in parents for file in (CONTEXT_FILE, *_KUSTOMIZATIONS))


def _is_linked(commit: Commit, missing: Sequence[str]) -> bool:
    """What the commit does not have under its name may be there by a link on the way."""
    above = sorted({parent for name in missing for parent in _parents(name)} - {"", *missing})
    return bool(above) and any(entry.is_link for entry in commit.listed(above, deep=False))


def _holds(entries: Sequence[Entry], name: str) -> bool:
    return not name or any(entry.name == name or entry.name.startswith(f"{name}/") for entry in entries)


def _parents(name: str) -> Iterator[str]:
    yield name
    while name:
        name = name.rpartition("/")[0]
        yield name


def _is_read(entry: Entry) -> bool:
    return entry.is_link or entry.name.endswith(_SUFFIXES) or entry.name.rpartition("/")[2] in _KUSTOMIZATIONS


def _closure(every: Sequence[Entry], links: Mapping[str, str], names: Sequence[str]) -> list[Entry]:
    """What lies below some names, and below all that links there lead to."""
    by_name = {entry.name: entry for entry in every}
    ordered = sorted(by_name)
    found: dict[str, Entry] = {}
    waiting, seen = list(names), set[str]()
    while waiting:
        name, passed = _resolved(waiting.pop(), links)
        found.update((link, by_name[link]) for link in passed)
        if name is None or name in seen:
            continue
        seen.add(name)
        if name in by_name:
            found[name] = by_name[name]
        prefix = f"{name}/" if name else ""
        for number in range(bisect_left(ordered, prefix), len(ordered)):
            inner = ordered[number]
            if not inner.startswith(prefix):
                break
            if inner not in found:
                found[inner] = by_name[inner]
                if inner in links:
                    waiting.append(inner)
    return [found[name] for name in sorted(found)]


def _resolved(name: str, links: Mapping[str, str]) -> tuple[str | None, list[str]]:
    """Where a name leads within the commit, None where it leaves it, and the links on the way."""
    passed: list[str] = []
    while True:
        link = next((part for part in reversed(list(_parents(name))) if part in links), None)
        if link is None:
            return name, passed
        passed.append(link)
        target = os.path.normpath(f"{os.path.split(link)[0]}/{links[link]}".lstrip("/") + name[len(link) :])
        if len(passed) > _MAX_HOPS or links[link].startswith("/") or target.split("/")[0] == "..":
            return None, passed
        name = "" if target == "." else target


def _write(past: Past, entries: Sequence[Entry], links: Mapping[str, str]) -> None:
    """Write the files, then the links, so that nothing is ever written through one."""
    # For whoever asks where the repository ends.
    (past.folder / ".git").mkdir(parents=True, exist_ok=True)
    wanted: list[Entry] = []
    for entry in entries:
        if reason := _reason(entry):
            past.unknown[entry.name] = reason
        elif not entry.is_link and entry.size <= (MAX_BYTES if _is_read(entry) else _MAX_OTHER):
            wanted.append(entry)
    if len(wanted) > _MAX_FILES or sum(entry.size for entry in wanted) > _MAX_TOTAL:
        raise BadInput(
            f"--base: what it holds at these paths is more than {_MAX_FILES} files or {_MAX_TOTAL} bytes; name the "
            "folders of the manifests"
        )
    made = ""
    for entry, raw in past.commit.contents(wanted):
        target = f"{past.folder}/{entry.name}"
        try:
            # Once a file of a tree: pathlib would double the time.
            if (parent := os.path.dirname(target)) != made:  # noqa: PTH120
                os.makedirs(parent, exist_ok=True)
                made = parent
            _lay_out(target, raw)
        except OSError as error:
            if not scratch.is_of_a_name(error):
                raise scratch.no_room(error) from None
            past.unknown[entry.name] = f"cannot be laid out as a file: {error.strerror}"
    for name, target in links.items():
        if _reason(Entry(name, b"", b"", 0)) is None and any(entry.name == name for entry in entries):
            _link(past, name, target, links)


def _lay_out(target: str, raw: bytes) -> None:
    """Write a file that is not there yet; a stream of Python would take twice the time."""
    file = os.open(target, _NEW, 0o666)
    try:
        while raw:
            raw = raw[os.write(file, raw) :]
    finally:
        os.close(file)


def _link(past: Past, name: str, target: str, links: Mapping[str, str]) -> None:
    if _resolved(name, links)[0] is None:
        past.unknown[name] = "is a link that leads out of the repository"
        return
    path = past.folder / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target)
    except OSError as error:
        if not scratch.is_of_a_name(error):
            raise scratch.no_room(error) from None
        past.unknown[name] = f"cannot be laid out as a link: {error.strerror}"


def _reason(entry: Entry) -> str | None:
    """Why an entry has no place in the folder."""
    name = f"/{entry.name}/".lower()
    if "\0" in name or any(part in name for part in _IMPOSSIBLE):
        return "has a name that no checkout can hold"
    if entry.is_module:
        return "is a submodule, whose content is in another repository"
    if _is_read(entry) and entry.size > MAX_BYTES:
        return f"is larger than {MAX_BYTES} bytes"
    return None
