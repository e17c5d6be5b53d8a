"""Files below the folder of an Application that Argo CD reads without the folders in it: nobody deploys them.

Said only where all that deploys from this repository is known, and none of it takes them.
"""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from kaitops.documents import applications
from kaitops.documents.plain import Path, at, mapping
from kaitops.gate.checks import REFERENCE
from kaitops.gate.files.sniffing import KUSTOMIZATIONS
from kaitops.gate.files.walking import home_of, lies_in, rooted
from kaitops.gate.objects import Item
from kaitops.gate.overlays import argo
from kaitops.gate.overlays.graph import Graph, Kustomization, listed
from kaitops.gate.reading.dangling import HEADS
from kaitops.gate.transforming import FLUX
from kaitops.report.findings import MEDIUM, Finding

_READ = (".yaml", ".yml", ".json", ".jsonnet")


class _Place(NamedTuple):
    """A folder that something deploys.

    Attributes:
        at: the field that says so.
        deep: with the folders below it.
    """

    item: Item
    at: Path
    folder: str
    deep: bool


def problems(
    tree: Iterable[Item],
    tops: Collection[str],
    kustomizations: Mapping[str, Kustomization],
) -> Iterator[Finding]:
    """One finding for each such Application.

    Args:
        tops: real paths of the repositories that are under judgement.
        kustomizations: those that are read, by their folder.
    """
    every = list(tree)
    places: list[_Place] = []
    for item in every:
        found = _places(item, tops)
        if found is None:
            return
        places += found
    shallow = {one.folder: one for one in places if not one.deep}
    if not shallow:
        return
    files = {os.path.realpath(item.document.file) for item in every}
    graph = Graph(kustomizations)
    files -= graph.reached({one.folder for one in places if one.deep})
    # What is built has its objects in other folders, and is itself what nobody deploys.
    files |= {os.path.realpath(one.document.file) for one, _ in graph.roots()}
    left_out = files.difference(listed(kustomizations.values()))
    for folder, one in shallow.items():
        with os.scandir(folder) as entries:
            beside = any(entry.name.endswith(_READ) and entry.is_file() for entry in entries)
        # What lies beside files that are deployed may be built for another repository.
        known = left_out if beside else files
        left = sorted(file for file in known if _is_below(file, folder) and not _is_deployed(file, places))
        if left:
            yield _finding(one, left[0], beside=beside)


def _is_below(file: str, folder: str) -> bool:
    own = os.path.split(file)[0]
    return own != folder and lies_in(own, folder)


def _is_deployed(file: str, places: Iterable[_Place]) -> bool:
    own = os.path.split(file)[0]
    return any(lies_in(own, one.folder) if one.deep else own == one.folder for one in places)


def _finding(one: _Place, file: str, *, beside: bool) -> Finding:
    shown = os.path.relpath(file, one.folder)
    lost = f"nothing here deploys {shown}" if beside else f"it deploys nothing, {shown} neither"
    # Kustomizations are built one a folder, and are no objects that Argo CD could read with others.
    built = os.path.basename(file) in KUSTOMIZATIONS
    remedy = "add directory: {recurse: true} to the source, or name the folder that holds the files"
    remedy = f"name {os.path.split(shown)[0]} below it" if built else remedy
    text = f"names a folder of which Argo CD reads the files and not the folders in it, so {lost}; {remedy}"
    found = one.item.finding(REFERENCE, one.at, text)
    return found._replace(severity=MEDIUM) if beside else found


def _places(item: Item, tops: Collection[str]) -> list[_Place] | None:
    """What an object deploys from the repository; None where that is not known."""
    data = item.data
    group = str(data["apiVersion"]).partition("/")[0]
    top = home_of(os.path.realpath(item.document.file), tops) if group in (FLUX, applications.GROUP) else None
    if top is None:
        return []
    if group == FLUX:
        return [_Place(item, (), rooted(str(at(data, "spec", "path") or ""), top), deep=True)]
    found: list[_Place] = []
    ways: list[dict[str, str]] | None = [{}]
    for path, declared in applications.sources(data):
        if data["kind"] == "ApplicationSet":
            ways = argo.parameters(mapping(data.get("spec")), top)
            if ways is None or at(data, "spec", "templatePatch") or any(applications.own_templates(data)):
                return None
        for values in ways or ():
            source = mapping(argo.filled(declared, values))
            if source.get("path") is None or not argo.is_here(source.get("repoURL"), top):
                continue
            if not isinstance(source["path"], str) or "{{" in source["path"]:
                return None
            folder = rooted(source["path"], top)
            if os.path.isdir(folder) and lies_in(folder, top):
                deep = bool(at(source, "directory", "recurse")) or argo.is_made(source, folder)
                deep = deep or source.get("targetRevision") not in HEADS
                found.append(_Place(item, (*path, "path"), folder, deep))
    return found
