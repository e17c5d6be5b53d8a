"""Where the parts of KAITO's own kinds stand: one table, whoever asks.

A number stands in a path for each entry of a list. Source: the definitions of ``presets/<version>/schema.json``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from kaitops.documents.plain import Path, at, items

GROUP = "kaito.sh/"
_EACH = "*"
MACHINES: Mapping[str, Path] = {
    "Workspace": ("resource", "instanceType"),
    "InferenceSet": ("spec", "template", "resource", "instanceType"),
    "RAGEngine": ("spec", "compute", "instanceType"),
    "MultiRoleInference": ("spec", "roles", _EACH, "instanceType"),
}
"""Where a kind names its machine sizes; ``*`` is each entry of a list."""
SELECTORS: Mapping[str, Path] = {
    "Workspace": ("resource", "labelSelector"),
    "InferenceSet": ("spec", "labelSelector"),
    "MultiRoleInference": ("spec", "labelSelector"),
    "RAGEngine": ("spec", "compute", "labelSelector"),
}
"""Where a kind selects its nodes."""
TEMPLATES: Mapping[str, Path] = {
    "Workspace": ("inference", "template"),
    "InferenceSet": ("spec", "template", "inference", "template"),
}
"""Where a kind holds a user's own pod template."""


def machines(document: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Each machine size that an object of KAITO's names, with its path; nothing of other objects."""
    kind, version = document.get("kind"), document.get("apiVersion")
    if not isinstance(version, str) or not version.startswith(GROUP) or not isinstance(kind, str):
        return
    for path in _paths(document, MACHINES.get(kind, ())):
        size = at(document, *path)
        if isinstance(size, str) and size:
            yield path, size


def _paths(document: Mapping[str, Any], path: Path) -> Iterator[Path]:
    if _EACH in path:
        place = path.index(_EACH)
        for number in range(len(items(at(document, *path[:place])))):
            yield (*path[:place], number, *path[place + 1 :])
    elif path:
        yield path
