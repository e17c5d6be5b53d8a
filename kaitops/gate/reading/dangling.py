"""Folders that Argo CD and Flux are told to deploy and that the repository does not have: nothing comes of them.

Said only where the tree names this very repository, and no other state of it: what lies elsewhere, or under a tag, is
not known here.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path as File
from typing import Any

from kaitops.documents import applications
from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.errors import nearest
from kaitops.gate.effects import absent
from kaitops.gate.files.sniffing import CHART
from kaitops.gate.files.walking import home_of, rooted
from kaitops.gate.objects import Item
from kaitops.gate.overlays import argo
from kaitops.gate.transforming import FLUX

# Looked for by comparison: what stands in a tree there may be a list, which no set can be asked for.
HEADS = (None, "", "HEAD", "main", "master")


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
        elif group == applications.GROUP and kind == "ApplicationSet":
            yield from ((item, path, text) for path, text in _unfilled(item.data))
            found = list(_of_set(item, tops))
        else:
            continue
        top = home_of(os.path.realpath(item.document.file), tops) if found else None
        if group == applications.GROUP and top is not None:
            yield from ((item, path, text) for path, text in _chartless(item.data, top))
        for path, url, folder in found if top is not None else ():
            real = rooted(folder, top or "")
            # A folder like it beside it says that this repository is meant, where no clone says another one.
            # So does one of another folder of the same set that is there.
            here = argo.is_surely_here(url, top or "") or (
                argo.is_here(url, top or "") and (_slip(real) or _has_any(found, url, top or ""))
            )
            if here and not os.path.isdir(real):
                by = "Flux" if group == FLUX else "Argo CD"
                text = f"names folder {folder[:120]}, which this repository does not have, so {by} deploys nothing; "
                yield item, path, f"{text}{_meant(real)}"


def _has_any(found: Iterable[tuple[Path, Any, str]], url: Any, top: str) -> bool:
    return any(other == url and os.path.isdir(rooted(folder, top)) for _, other, folder in found)


def _of_flux(data: Object, repositories: Mapping[Any, Object]) -> list[tuple[Path, Any, str]]:
    source, folder = mapping(at(data, "spec", "sourceRef")), at(data, "spec", "path")
    place, name = source.get("namespace") or data["metadata"].get("namespace"), source.get("name")
    if source.get("kind") != "GitRepository" or not isinstance(place, str | None) or not isinstance(name, str):
        return []
    found = repositories.get((place, name))
    if found is None or not isinstance(folder, str) or "\0" in folder:
        return []
    reference = mapping(at(found, "spec", "ref"))
    if set(reference) - {"branch"} or reference.get("branch") not in HEADS:
        return []
    return [(("spec", "path"), at(found, "spec", "url"), folder)]


def _of_argo(data: Object) -> Iterator[tuple[Path, Any, str]]:
    for where, source in applications.sources(data):
        folder = source.get("path")
        if isinstance(folder, str) and "\0" not in folder and source.get("targetRevision") in HEADS:
            yield (*where, "path"), source.get("repoURL"), folder


def _chartless(data: Object, top: str) -> Iterator[tuple[Path, str]]:
    """Sources that have helm render a folder of this repository that holds no chart."""
    for where, source in applications.sources(data):
        folder = source.get("path")
        if not source.get("helm") or source.get("targetRevision") not in HEADS or not isinstance(folder, str):
            continue
        real = rooted(folder, top)
        here = os.path.isdir(real) and argo.is_here(source.get("repoURL"), top) and "{" not in folder
        if here and not os.path.isfile(os.path.join(real, CHART)):
            text = f"has helm render folder {folder[:120]}, which holds no {CHART}, so Argo CD deploys nothing; "
            yield (*where, "helm"), f"{text}drop helm, or name the folder of a chart"


def _of_set(item: Item, tops: Sequence[str]) -> Iterator[tuple[Path, Any, str]]:
    """The same of each Application that a set makes of what its generators list."""
    spec, top = mapping(item.data.get("spec")), home_of(os.path.realpath(item.document.file), tops)
    if top is None or spec.get("templatePatch") or any(applications.own_templates(item.data)):
        return
    told: set[str] = set()
    for values in argo.parameters(spec, top) or ():
        for path, url, folder in _of_argo(argo.filled(item.data, values)):
            if "{" not in folder and folder not in told:
                told.add(folder)
                yield path, url, folder


def _unfilled(data: Object) -> Iterator[tuple[Path, str]]:
    """Values that the template of a set asks for, and that none of its lists has."""
    generators, template = items(at(data, "spec", "generators")), mapping(at(data, "spec", "template"))
    lists = [items(at(one, "list", "elements")) for one in generators if set(mapping(one)) == {"list"}]
    if len(lists) != len(generators) or any(at(one, "list", "elementsYaml") for one in generators):
        return
    known = {str(key) for elements in lists for one in elements for key in mapping(one)}
    if not known or any(applications.own_templates(data)):
        return
    for path, value in (
        (("metadata", "name"), at(template, "metadata", "name")),
        *(((*where[2:], "path"), source.get("path")) for where, source in applications.sources(data)),
    ):
        asked = argo.asked(value) if isinstance(value, str) else []
        for name in asked:
            if name.partition(".")[0] not in known:
                meant = absent.slip(name, known)
                text = f"asks for {name}, which no element of the list has ({', '.join(sorted(known))}), so Argo CD "
                remedy = f"meant is {meant}?" if meant else "name one of them, or add it to each element"
                yield ("spec", "template", *path), f"{text}makes no Application; {remedy}"


def _missing(real: str) -> tuple[str, str]:
    """The folder that is there, and the first name in the path below it that is not."""
    above, name = os.path.split(real)
    while name and not os.path.isdir(above):
        above, name = os.path.split(above)
    return above, name


def _slip(real: str) -> str:
    above, name = _missing(real)
    beside = [one.name for one in File(above).iterdir()]
    return next((one for one in beside if one != name and one.lower() == name.lower()), "") or absent.slip(name, beside)


def _meant(real: str) -> str:
    above, name = _missing(real)
    known = sorted(one.name for one in File(above).iterdir() if one.is_dir())
    near = nearest(name, known, 1, 0.6)
    return f"meant is {near[0]}?" if near else "correct the path"
