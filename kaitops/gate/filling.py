"""What the generators of an ApplicationSet of Argo CD take from files and folders of a repository.

A pattern is read as what it begins and ends with. That takes more for filled in than Argo CD does, and never less.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from kaitops.documents.plain import items, mapping

_OPEN = re.compile(r"[*?{\[\\]")


def touched(generators: Sequence[Any], changed: Callable[[], Sequence[str]]) -> tuple[list[str], list[str]]:
    """Files that a generator reads, and folders that it may list, of those that a change touches.

    Args:
        changed: names the files that the change touches, from the top of the repository; asked only where a
            generator takes something from one.
    """
    found = list(_patterns(generators))
    if not found:
        return [], []
    names = changed()
    folders = sorted({parent for name in names for parent in _parents(name)})
    files = [name for name in names if any(_fits(name, one) for key, one in found if key == "files")]
    return files, [name for name in folders if any(_fits(name, one) for key, one in found if key == "directories")]


def _patterns(node: Any) -> Iterator[tuple[str, str]]:
    """Those of the generators of git, which may stand in others."""
    if isinstance(node, list):
        for one in items(node):
            yield from _patterns(one)
    elif isinstance(node, Mapping):
        held = mapping(node)
        for key in ("files", "directories"):
            for one in map(mapping, items(mapping(held.get("git")).get(key))):
                if not one.get("exclude"):
                    yield key, str(one.get("path")).removeprefix("./").strip("/")
        for key, value in held.items():
            if key != "git":
                yield from _patterns(value)


def _fits(name: str, pattern: str) -> bool:
    parts = _OPEN.split(pattern)
    if len(parts) == 1:
        return name == pattern
    return name.startswith(parts[0]) and name.endswith(re.split(r"[*?}\]]", pattern)[-1])


def _parents(name: str) -> Iterator[str]:
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name
