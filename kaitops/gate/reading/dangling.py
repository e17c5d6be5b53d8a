"""Folders that Argo CD and Flux are told to deploy and that the repository does not have: nothing comes of them.

Said only where the tree names this very repository, and no other state of it: what lies elsewhere, or under a tag, is
not known here.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path as File
from typing import Any

from kaitops.documents import applications
from kaitops.documents.plain import Object, Path, at, mapping
from kaitops.errors import nearest
from kaitops.gate.files.walking import home_of, rooted
from kaitops.gate.objects import Item
from kaitops.gate.overlays import argo
from kaitops.gate.transforming import FLUX

# Looked for by comparison: what stands in a tree there may be a list, which no set can be asked for.
_HEADS = (None, "", "HEAD", "main", "master")


def problems(tree: Iterable[Item], tops: Sequence[str]) -> Iterator[tuple[Item, Path, str]]:
    """Each such object.

    Args:
        tops: real paths of the repositories that are under judgement.
    """
    every = list(tree)
    repositories = {
        (one.data["metadata"].get("namespace"), one.data["metadata"]["name"]): one.data
        for one in every
        if one.data["kind"] == "GitRepository"
    }
    for item in every:
        group, kind = str(item.data["apiVersion"]).partition("/")[0], item.data["kind"]
        if group == FLUX and kind == "Kustomization":
            found = _of_flux(item.data, repositories)
        elif group == applications.GROUP and kind == "Application":
            found = list(_of_argo(item.data))
        else:
            continue
        top = home_of(os.path.realpath(item.document.file), tops) if found else None
        for path, url, folder in found if top is not None else ():
            real = rooted(folder, top or "")
            if argo.is_surely_here(url, top or "") and not os.path.isdir(real):
                by = "Flux" if group == FLUX else "Argo CD"
                text = f"names folder {folder[:120]}, which this repository does not have, so {by} deploys nothing; "
                yield item, path, f"{text}{_meant(real)}"


def _of_flux(data: Object, repositories: Mapping[Any, Object]) -> list[tuple[Path, Any, str]]:
    source, folder = mapping(at(data, "spec", "sourceRef")), at(data, "spec", "path")
    place, name = source.get("namespace") or data["metadata"].get("namespace"), source.get("name")
    if source.get("kind") != "GitRepository" or not isinstance(place, str | None) or not isinstance(name, str):
        return []
    found = repositories.get((place, name))
    if found is None or not isinstance(folder, str) or "\0" in folder:
        return []
    reference = mapping(at(found, "spec", "ref"))
    if set(reference) - {"branch"} or reference.get("branch") not in _HEADS:
        return []
    return [(("spec", "path"), at(found, "spec", "url"), folder)]


def _of_argo(data: Object) -> Iterator[tuple[Path, Any, str]]:
    for where, source in applications.sources(data):
        folder = source.get("path")
        if isinstance(folder, str) and "\0" not in folder and source.get("targetRevision") in _HEADS:
            yield (*where, "path"), source.get("repoURL"), folder


def _meant(real: str) -> str:
    above, name = os.path.split(real)
    known = sorted(one.name for one in File(above).iterdir() if one.is_dir()) if os.path.isdir(above) else []
    near = nearest(name, known, 1, 0.6)
    return f"meant is {near[0]}?" if near else "correct the path"
