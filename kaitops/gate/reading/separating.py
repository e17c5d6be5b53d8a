"""Folders that are deployed each by itself, told apart where nothing says of which cluster they are.

Without a context file what no tool builds counts as one cluster, so that what one folder declares is there for another.
Where two folders with a kustomization of their own, which no other one takes, declare the same object, they are no one
cluster: each is judged by itself, as an overlay is.
"""

import os
from collections.abc import Iterable, Iterator, Mapping

from kaitops.documents.ref import Ref
from kaitops.gate.objects import Group, Item


def apart(group: Group, folders: Mapping[str, str]) -> Iterator[Group]:
    """A group for each folder that declares an object which another one declares too; its items leave their group.

    Args:
        folders: the folder that is deployed by itself, by the real path of a file that it takes.
    """
    where = {id(item): folders.get(os.path.realpath(item.document.file), "") for item in group.items}
    split = set(_sharing((item.key, where[id(item)]) for item in group.items))
    if not split:
        return
    for folder in sorted(split):
        found: list[Item] = [item for item in group.items if where[id(item)] == folder]
        yield Group(items=found, overlay=folder)
    group.items[:] = [item for item in group.items if where[id(item)] not in split]


def _sharing(declared: Iterable[tuple[Ref, str]]) -> Iterator[str]:
    by_key: dict[Ref, set[str]] = {}
    for key, folder in declared:
        if folder:
            by_key.setdefault(key, set()).add(folder)
    for folders in by_key.values():
        if len(folders) > 1:
            yield from folders
