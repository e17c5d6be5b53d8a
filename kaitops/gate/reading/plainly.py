"""What Argo CD and Flux read file by file, where it was judged as something else: built by kustomize, rendered by helm.

An Application whose source is a directory takes the files as they stand, whatever kustomization lies beside them; so
does one that names a folder within a chart, or below a kustomization. Nothing that a patch repairs is repaired there.
"""

import os
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from kaitops.documents import applications
from kaitops.documents.plain import Object, Path, at, mapping
from kaitops.gate.checks import COVERAGE
from kaitops.gate.files.sniffing import KUSTOMIZATIONS, kustomization_of
from kaitops.gate.files.walking import home_of, lies_in, rooted
from kaitops.gate.objects import Group, Item
from kaitops.gate.overlays import argo
from kaitops.gate.overlays.builders import is_building
from kaitops.gate.transforming import FLUX
from kaitops.report.findings import Report

_SUFFIXES = (".yaml", ".yml", ".json")


class _Read(NamedTuple):
    """A folder that something reads file by file.

    Attributes:
        at: the field that says so.
        below: the folders below it as well, each as the tool takes it.
        whole: those are read file by file too, whatever kustomization they hold.
    """

    at: Path
    folder: str
    below: bool
    whole: bool


def tell(groups: Iterable[Group], other: Collection[str], tops: Sequence[str], report: Report) -> None:
    """Report what reads a file as it stands that was judged as what something makes of it.

    Args:
        other: real paths of the files that were judged as that alone.
        tops: real paths of the repositories that are under judgement.
    """
    first: dict[str, str] = {}
    for file in sorted(other, reverse=True):
        if file.endswith(_SUFFIXES) and os.path.basename(file) not in KUSTOMIZATIONS:
            first[os.path.split(file)[0]] = file
    folders = sorted(first)
    for item in [item for group in groups for item in group.items] if folders else ():
        for one in _reads(item, tops):
            folder = next((folder for folder in _below(one, folders) if _takes(one, folder)), None)
            if folder is not None:
                file = first[folder]
                shown = os.path.relpath(file, home_of(file, tops) or "/")
                text = (
                    f"has {shown} read as it stands, and judged was what a kustomization or a chart makes of it, so "
                    "what the cluster gets was not judged; name the folder that is built or rendered, without directory"
                )
                report.findings.append(item.finding(COVERAGE, one.at, text, unjudged=True))


def _below(one: _Read, folders: Sequence[str]) -> Iterator[str]:
    """Those of some folders in order that are one or lie below it."""
    start = bisect_left(folders, one.folder)
    if start < len(folders) and folders[start] == one.folder:
        yield one.folder
    if one.below:
        prefix = one.folder.rstrip(os.sep) + os.sep
        for number in range(bisect_left(folders, prefix), len(folders)):
            if not folders[number].startswith(prefix):
                return
            yield folders[number]


def _takes(one: _Read, folder: str) -> bool:
    return one.whole or not any(_is_built(place) for place in _between(folder, one.folder))


def _between(folder: str, top: str) -> Iterator[str]:
    while folder != top:
        yield folder
        folder = os.path.split(folder)[0]


def _is_built(folder: str) -> bool:
    return kustomization_of(folder) is not None


def _reads(item: Item, tops: Sequence[str]) -> Iterator[_Read]:
    data = item.data
    group = str(data.get("apiVersion")).partition("/")[0]
    top = home_of(os.path.realpath(item.document.file), tops) if group in (FLUX, applications.GROUP) else None
    if top is None:
        return
    if group == FLUX and data["kind"] == "Kustomization" and not is_building(data):  # what it builds was judged
        folder = _folder(at(data, "spec", "path"), top)
        if folder is not None and not _is_built(folder):
            yield _Read(("spec", "path"), folder, below=True, whole=False)
    for path, declared in applications.sources(data) if group == applications.GROUP else ():
        for source in _filled(data, declared, top):
            yield from _of_source(path, source, top)


def _filled(data: Object, source: Object, top: str) -> Iterator[Object]:
    """A source, as often as generators fill it in; where they are not followed, with what its path begins with."""
    path = source.get("path")
    if not isinstance(path, str) or "{{" not in path:
        yield source
        return
    ways = argo.parameters(mapping(data.get("spec")), top)
    if ways is None:
        yield {**source, "path": path.partition("{{")[0].rpartition("/")[0]}
        return
    for values in ways:
        yield mapping(argo.filled(source, values))


def _of_source(path: Path, source: Object, top: str) -> Iterator[_Read]:
    folder = _folder(source.get("path"), top)
    if folder is None or not argo.is_here(source.get("repoURL"), top):
        return
    # Without recurse Argo CD drops the field, and looks what the folder is.
    recursed = bool(at(source, "directory", "recurse"))
    if recursed or not argo.is_made(source, folder):
        yield _Read((*path, "directory") if recursed else (*path, "path"), folder, below=recursed, whole=recursed)


def _folder(name: object, top: str) -> str | None:
    if name is not None and (not isinstance(name, str) or "\0" in name):
        return None
    folder = rooted(name or "", top)
    return folder if lies_in(folder, top) and os.path.isdir(folder) else None
