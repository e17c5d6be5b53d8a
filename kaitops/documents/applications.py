"""Where Argo CD's Applications, and sets of them, say what they deploy."""

from collections.abc import Iterator, Mapping
from typing import Any

from kaitops.documents.plain import Object, Path, at, items, mapping

GROUP = "argoproj.io"
SPECS: Mapping[str, Path] = {"Application": ("spec",), "ApplicationSet": ("spec", "template", "spec")}
"""By kind: the specification of an Application."""


def sources(document: Object) -> Iterator[tuple[Path, Object]]:
    """Each source with its path; of other kinds none."""
    path = SPECS.get(str(document.get("kind")))
    return iter(()) if path is None else sources_of(mapping(at(document, *path)), path)


def sources_of(spec: Object, path: Path) -> Iterator[tuple[Path, Object]]:
    """Those of one specification, which may be filled in by generators.

    Args:
        path: of the specification in its object.
    """
    if spec.get("source"):
        yield (*path, "source"), mapping(spec["source"])
    for number, one in enumerate(items(spec.get("sources"))):
        yield (*path, "sources", number), mapping(one)


def generators(document: Object) -> Iterator[tuple[Path, Object]]:
    """What each generator of a set says, those within others too, with its path, whose last step is its kind."""
    if document.get("kind") == "ApplicationSet":
        yield from _generators(at(document, "spec", "generators"), ("spec", "generators"))


def _generators(listed: object, path: Path) -> Iterator[tuple[Path, Object]]:
    for number, generator in enumerate(items(listed)):
        for kind, one in mapping(generator).items():
            held = mapping(one)
            yield (*path, number, kind), held
            yield from _generators(held.get("generators"), (*path, number, kind, "generators"))


def own_templates(document: Object) -> Iterator[Path]:
    """Where generators of a set have a template that lays over the set's own.

    Argo CD itself writes the empty one at those that have none.
    """
    for path, held in generators(document):
        if _says(at(held, "template", "spec")):
            yield (*path, "template")


def _says(node: Any) -> bool:
    if isinstance(node, dict):
        return any(map(_says, mapping(node).values()))
    return any(map(_says, items(node))) if isinstance(node, list) else bool(node)
