"""Where Argo CD's Applications, and sets of them, say what they deploy."""

from collections.abc import Iterator, Mapping
from typing import Any

from kaitops.documents.plain import Path, at, items, mapping

GROUP = "argoproj.io"
SPECS: Mapping[str, Path] = {"Application": ("spec",), "ApplicationSet": ("spec", "template", "spec")}
"""By kind: the specification of an Application."""


def sources(document: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Each source with its path; of other kinds none."""
    path = SPECS.get(str(document.get("kind")))
    return iter(()) if path is None else sources_of(mapping(at(document, *path)), path)


def sources_of(spec: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Those of one specification, which may be filled in by generators.

    Args:
        path: of the specification in its object.
    """
    if spec.get("source"):
        yield (*path, "source"), mapping(spec["source"])
    for number, one in enumerate(items(spec.get("sources"))):
        yield (*path, "sources", number), mapping(one)
