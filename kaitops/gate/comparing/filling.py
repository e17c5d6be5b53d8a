"""What the generators of an ApplicationSet of Argo CD take from files and folders of a repository.

A pattern is read as what it begins and ends with. That takes more for filled in than Argo CD does, and never less.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from kaitops.documents.plain import items, mapping

_FILLED = r"\{\{-?\s*\.?[\w.\[\]-]+\s*-?\}\}"
# What people write elsewhere, or a program of theirs says.
_OTHERS = frozenset({"elementsYaml", "plugin", "pullRequest", "scmProvider"})
_ASKED = ("files", "directories", "repoURL", "revision", "selector", "template")
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
    folders = sorted({parent for name in names for parent in parents(name) if parent})
    files = [name for name in names if any(_fits(name, one) for key, one in found if key == "files")]
    return files, [name for name in folders if any(_fits(name, one) for key, one in found if key == "directories")]


def stays_below(text: object, generators: Sequence[Any]) -> bool:
    """Whether whatever is filled in leaves a path below what it begins with.

    Only names are filled in, none by a function; and no value that the generators hold climbs, alone or beside another.
    """
    return (
        _is_of_names(str(text))
        and not _OTHERS.intersection(_keys(generators))
        and all(map(_is_safe, _texts(generators)))
    )


def emptied(text: str) -> str:
    """A path with nothing in the place of what is filled in, which may join dots that stood apart."""
    return os.path.normpath(f"/{re.sub(_FILLED, '', text)}").lstrip("/")


def _is_of_names(text: str) -> bool:
    return "{{" not in re.sub(_FILLED, "", text)


def _is_safe(text: str) -> bool:
    return ".." not in text and not text.startswith(".") and not text.endswith(".") and _is_of_names(text)


def _keys(node: object) -> Iterator[str]:
    """The names of all generators, those within others too, and what lists hold."""
    for one in map(mapping, items(node)):
        yield from (*one, *mapping(one.get("list")))
        for inner in ("matrix", "merge"):
            yield from _keys(mapping(one.get(inner)).get("generators"))


def _texts(node: Any) -> Iterator[str]:
    """What generators say themselves: not what they ask for, which is a pattern or an address."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for one in items(node):
            yield from _texts(one)
    elif isinstance(node, Mapping):
        for key, value in mapping(node).items():
            if key not in _ASKED:
                yield from _texts(value)


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


def parents(name: str) -> Iterator[str]:
    """The folders above a path, the top itself last."""
    while name:
        name = name.rpartition("/")[0]
        yield name
