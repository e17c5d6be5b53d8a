"""Which folders something deploys by itself, whoever else lists them too.

A kustomization that another one takes is judged as part of that one. Where the folder is deployed as well, what the
cluster gets is what the folder holds, and no patch of a neighbour takes anything out of that.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kaitops.documents import applications
from kaitops.documents.plain import at, items, mapping
from kaitops.gate.files.walking import rooted
from kaitops.gate.overlays import argo
from kaitops.gate.overlays.builders import is_building
from kaitops.gate.transforming import FLUX


def folders(documents: Iterable[Any], tops: Sequence[str]) -> Iterator[str]:
    """Real paths of the folders that objects of Argo CD and Flux name.

    Args:
        tops: real paths of the repositories that the documents lie in.
    """
    for document in documents:
        for path in _paths(mapping(document)):
            if isinstance(path, str) and "\0" not in path:
                yield from (rooted(path, top) for top in tops)


def name_of(document: Any) -> str:
    """What an object that deploys is called."""
    held = mapping(document)
    return "/".join(
        str(part) for part in (held.get("kind"), *map(mapping(held.get("metadata")).get, ("namespace", "name")))
    )


def by_object(documents: Iterable[Any], tops: Sequence[str]) -> dict[str, frozenset[str]]:
    """The folders that objects of Argo CD and Flux name, each with what those are called."""
    found: dict[str, frozenset[str]] = {}
    for document in documents:
        for folder in folders([document], tops):
            found[folder] = found.get(folder, frozenset()) | {name_of(document)}
    return found


def _paths(document: Any) -> Iterator[Any]:
    group = str(document.get("apiVersion")).partition("/")[0]
    kind = str(document.get("kind"))
    if group == FLUX and kind == "Kustomization":
        if not is_building(document):  # what it makes of the folder is judged
            yield at(document, "spec", "path")
    elif group == applications.GROUP and kind in applications.SPECS:
        for _, source in applications.sources(document):
            if not argo.changes(source):  # what it makes of the folder is judged
                yield source.get("path")
        for generator in items(at(document, "spec", "generators")):
            for one in items(at(generator, "git", "directories")):
                yield mapping(one).get("path")
