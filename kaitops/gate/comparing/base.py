"""The base of a change: what a git reference holds at the places that are judged, read as the head is.

Owns which object of the base is which of the head. A file of the base that nobody can read does not block the change
that mends it: what it held is not known, and that is a finding.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from kaitops.documents import source
from kaitops.documents.reader import Document
from kaitops.documents.ref import Ref
from kaitops.errors import BadInput
from kaitops.gate.objects import Group, Item
from kaitops.gate.reading.collecting import collect
from kaitops.gate.transforming import DEPLOYING
from kaitops.gate.tree import Tree
from kaitops.report.findings import Finding, Report


class Base:
    """A reference, laid out in a folder.

    Args:
        ref: branch, tag or commit.
        paths: what is judged.
        deciding: files and folders beside it that have a say in the verdict.
        folder: an empty one.

    Raises:
        BadInput: no repository, no such reference, or a path that lies elsewhere.
        ToolMissing: git failed.
    """

    def __init__(self, ref: str, paths: Sequence[str], deciding: Sequence[str], folder: Path) -> None:
        from kaitops.change import tree_at  # a run without a base needs nothing of it

        self.ref = ref
        self._here = str(Path.cwd())
        self._paths = paths
        held = [name for name in deciding if name != "-"]
        self._past = tree_at(ref, paths, folder.resolve(), beside=held)
        self._top = str(self._past.top)

    @property
    def top(self) -> str:
        """Real path of the repository."""
        return self._top

    def place(self, name: str | os.PathLike[str]) -> str | None:
        """A path from the top of the repository; None where it lies elsewhere."""
        # Once a file of a tree: links are followed only where the name as it stands leads elsewhere.
        found = self._within(os.path.normpath(os.path.join(self._here, name)))
        return self._within(os.path.realpath(name)) if found is None else found

    def _within(self, path: str) -> str | None:
        if path == self._top:
            return ""
        return path[len(self._top) + 1 :] if path.startswith(f"{self._top}/") else None

    def is_ours(self, name: str) -> bool:
        """It is no part of the change: outside of the repository, or made in the work tree by whoever runs the gate.

        What the base has stays the base's, whatever was laid over it.
        """
        place, path = self.place(name), self.at(name)
        if place is None or path is None:
            return True
        return not os.path.lexists(path) and not self._past.commit.tracks(place)

    def at(self, name: str | os.PathLike[str]) -> Path | None:
        """Where the base's version of something of the work tree lies, whether or not there is one."""
        place = self.place(name)
        return None if place is None else self._past.folder / place

    def read(self, name: str) -> bytes | None:
        """The base's version of a file; None where it has none that can be read."""
        path = self.at(name)
        if path is None or not path.is_file() or not self._is_inside(path):
            return None
        return source.read(path)

    def folder_of(self, name: str) -> dict[str, bytes]:
        """The base's version of a folder: content by name within."""
        path = self.at(name)
        return self.contents(path) if path is not None and self._is_inside(path) else {}

    @staticmethod
    def contents(folder: Path) -> dict[str, bytes]:
        """The files of a folder by name within, compiled ones left out."""
        found: dict[str, bytes] = {}
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and "__pycache__" not in path.parts:
                found[str(path.relative_to(folder))] = path.read_bytes()
        return found

    def changed(self) -> list[str]:
        """What the change touches anywhere in the repository, from its top."""
        return self._past.commit.changed()

    def had(self, place: str) -> bool:
        """The commit has something at or below a path from the top of the repository."""
        return bool(self._past.commit.listed([place], deep=False))

    def _is_inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self._past.folder)

    def tree(self, parsed: dict[bytes, list[Document]]) -> "BaseTree":
        """Read the base as the head was read.

        Args:
            parsed: documents of the head by the content of their file.
        """
        report = Report()
        asked = {self.place(name) for name in self._paths if name != "-"}
        wanted = [path for path in self._past.paths if self.place_in(path) in asked]
        try:
            tree = collect(wanted, report, parsed, comments=False) if wanted else Tree()
        except BadInput:
            tree = Tree()  # links that lead nowhere, and no file besides
        unknown = {name: reason for name, reason in self._past.unknown.items() if self._is_asked(name, asked)}
        for one in report.findings:
            # What was judged differently is still read; what was not read has no subject, or is not among the objects.
            if (one.unjudged and one.check == "form") or (one.unjudged and not one.subject):
                unknown.setdefault(self.place_in(one.file), one.message)
        unread = {name: why for name, why in unknown.items() if not self._is_same(name)}
        return BaseTree(tree, unread, self, report.findings)

    def file_of(self, item: Item) -> str:
        """The file of an object of the base, from the top of the repository."""
        return self.place_in(item.document.file)

    def root_of(self, group: Group) -> str | None:
        """The folder of a context file of the base, from the top of the repository."""
        root = group.overlay or group.root
        return self.place_in(root) if root else None

    def alone(self, tree: Tree) -> dict[str, frozenset[str]]:
        """The folders that the base deploys by themselves, by real path in the head, and what deploys each."""
        by: Mapping[str, frozenset[str]] = {}
        if not DEPLOYING.isdisjoint(tree.kinds):
            from kaitops.gate.overlays.deployed import by_object

            by = by_object([one.data for one in tree.documents], [*tree.bounds, str(self._past.folder)])
        return {self.in_head(place): by.get(place, frozenset()) for place in tree.alone()}

    def in_head(self, path: str) -> str:
        """The real path in the work tree of something of the base."""
        return os.path.realpath(os.path.join(self._top, self.place_in(path)))

    def unrooted(self, text: str) -> str:
        """A text about the base, with its files named from the top of the repository."""
        return text.replace(f"{self._past.folder}/", "")

    def place_in(self, path: str) -> str:
        """A file of the base, from the top of the repository."""
        folder, path = str(self._past.folder), os.path.normpath(path)
        if path == folder:
            return ""
        return path.removeprefix(f"{folder}/") if path.startswith(f"{folder}/") else os.path.relpath(path, folder)

    def _is_same(self, name: str) -> bool:
        """The head has the very same thing there, and says of it what there is to say."""
        old, new = self._past.folder / name, self._past.top / name
        try:
            if old.is_symlink() or new.is_symlink():
                return old.readlink() == new.readlink()
            return old.is_file() and new.is_file() and old.read_bytes() == new.read_bytes()
        except OSError:
            return False

    def _is_asked(self, name: str, asked: set[str | None]) -> bool:
        return any(one is not None and (not one or name == one or name.startswith(f"{one}/")) for one in asked)


class BaseTree:
    """The objects of the base.

    Attributes:
        bounds: real folders that it lies in.
        unlisted: files that nobody deployed.
        unknown: why, by file, for what the head has otherwise and nobody can read from the base.
        alone: real paths in the head of the folders that the base deploys by themselves, each with the names of the
            objects of Argo CD and Flux that do.
        told: what was found when it was read.
    """

    def __init__(self, tree: Tree, unknown: Mapping[str, str], base: Base, told: Sequence[Finding]) -> None:
        self.groups = tree.groups
        self.bounds = tree.bounds
        self.unlisted = tree.unlisted
        self.told = told
        self.alone = base.alone(tree)
        self.unknown = unknown
        self._base = base

    def place_of(self, item: Item) -> str:
        """The file of an object, from the top of the repository."""
        return self._base.file_of(item)

    def was_at(self, item: Item) -> str:
        """The file of an object, as one of the work tree is named, whether or not that has it still."""
        return os.path.relpath(self._base.in_head(item.document.file))

    def contexts(self) -> Iterator[tuple[str, Group]]:
        """Each cluster with the folder of its context file."""
        for group in self.groups:
            root = self._base.root_of(group)
            if root is not None:
                yield root, group

    def matched(self, head: Sequence[Group]) -> tuple[list[Group], list[Group]]:
        """What each cluster of the head was, and the clusters that are gone.

        An object is the one that the cluster of the same folder still has, or the same file holds in the head; else it
        belongs to the cluster of the same folder, to that of the same name, or to one that came instead of its own.
        """
        known = _Known(head, self._base)
        partners = [known.partner(self._base.root_of(group), group.name) for group in self.groups]
        known.close(partners)
        before = [Group(group.context) for group in head]
        for group, partner in zip(self.groups, partners, strict=True):
            if partner is not None and group.context:
                before[partner].context = {**group.context, "cluster": head[partner].name}
        gone: list[Group] = []
        for group in self.groups:
            root = self._base.root_of(group)
            rest = Group(group.context)
            for item in group.items:
                number = known.find(item, self._base.file_of(item), root, group.name)
                (rest if number is None else before[number]).items.append(item)
            if rest.items:
                gone.append(rest)
        return before, gone


class _Known:
    """Where the objects of the head are."""

    def __init__(self, head: Sequence[Group], base: Base) -> None:
        self._by_file: dict[tuple[str | None, Ref], int] = {}
        self._by_key: dict[Ref, int] = {}
        self._held: set[tuple[int, Ref]] = set()
        self._by_root: dict[str | None, int] = {}
        self._by_name: dict[str, int] = {}
        places: dict[str, str | None] = {}
        for number, group in enumerate(head):
            root = group.overlay or group.root
            self._by_root.setdefault(base.place(root) if root else None, number)
            if group.name:
                self._by_name.setdefault(group.name, number)
            for item in group.items:
                file = item.document.file
                if file not in places:
                    places[file] = base.place(file)
                key = item.key
                self._by_file[places[file], key] = number
                self._held.add((number, key))
                self._by_key[key] = number

    def partner(self, root: str | None, name: str) -> int | None:
        """The cluster of the head that one of the base is by its folder, or by its name."""
        if root in self._by_root and (root is not None or not name):
            return self._by_root[root]
        return self._by_name.get(name)

    def close(self, partners: Sequence[int | None]) -> None:
        """Clusters that have a partner came instead of no other: the same names in them are other objects."""
        taken = set(partners)
        self._by_key = {key: number for key, number in self._by_key.items() if number not in taken}

    def find(self, item: Item, file: str, root: str | None, name: str) -> int | None:
        """The cluster of the head that an object of the base was in."""
        key = item.key
        # Several overlays are built of one file: what the cluster of the same folder still has is its own.
        own = self._by_root.get(root) if root is not None else None
        if own is not None and (own, key) in self._held:
            return own
        number = self._by_file.get((file, key))
        if number is None:
            number = self.partner(root, name)
        return self._by_key.get(key) if number is None else number
