"""Where Argo CD's Applications, and sets of them, say what they deploy."""

from collections.abc import Iterator, Mapping
from typing import Any

from kaitops.documents.plain import Path, at, items, mapping

GROUP = "argoproj.io"
SPECS: Mapping[str, Path] = {"Application": ("spec",), "ApplicationSet": ("spec", "template", "spec")}
"""By kind: the specification of an Application."""


def sources(document: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Each source with its path; of other kinds none."""
    spec = SPECS.get(str(document.get("kind")))
    if spec is None:
        return
    held = mapping(at(document, *spec))
    if held.get("source"):
        yield (*spec, "source"), mapping(held["source"])
    for number, one in enumerate(items(held.get("sources"))):
        yield (*spec, "sources", number), mapping(one)
