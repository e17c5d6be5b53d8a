"""Which charts a kustomization takes, and where they lie. What becomes of them is in ``inflating``."""

import os
from collections.abc import Iterable
from typing import TypeGuard

from kaitops.documents.plain import Object, at, items, mapping
from kaitops.gate.overlays.graph import Kustomization

KEY = "helmCharts"
_HOME = "charts"


def takes_charts(taken: Iterable[Kustomization]) -> bool:
    """Whether helm is needed to build them."""
    return any(one.held.get(KEY) for one in taken)


def folders(known: Iterable[Kustomization]) -> set[str]:
    """Real paths of the charts that kustomizations take."""
    return {
        os.path.realpath(folder)
        for one in known
        if one.held.get(KEY)
        for entry in items(one.held.get(KEY))
        if (folder := chart_folder(one, mapping(entry)))
    }


def chart_folder(one: Kustomization, entry: Object) -> str | None:
    """Where kustomize looks for a chart before it fetches it."""
    name, home = entry.get("name"), at(one.held, "helmGlobals", "chartHome") or _HOME
    if not is_step(name) or not isinstance(home, str) or "\0" in home:
        return None
    more = f"{name}-{entry['version']}" if entry.get("repo") and entry.get("version") else ""
    return os.path.normpath(os.path.join(one.folder, home, more, name))


def is_step(name: object) -> TypeGuard[str]:
    """A name that leads one step down and nowhere else."""
    return (
        isinstance(name, str) and name not in ("", ".", "..") and not set(name) & {"/", os.sep, "\0"} and name[0] != "-"
    )
