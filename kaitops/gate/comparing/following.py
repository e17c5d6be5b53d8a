"""Where Argo CD and Flux are told to find more objects: what lies there is judged where it is kept, or by nobody.

With a base only: what it names was looked at when it was merged, and what the fleet declares is what reviewers read. A
repository, revision or folder that neither knows, and that is not among what is judged, is not judged. Charts are not
looked at: that one is green says nothing of them.
"""

import json
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from kaitops.documents import applications
from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.documents.ref import Ref
from kaitops.errors import KaitopsError
from kaitops.gate.checks import COVERAGE
from kaitops.gate.comparing.base import Base
from kaitops.gate.comparing.filling import emptied, parents, stays_below, touched
from kaitops.gate.fleets import Fleets
from kaitops.gate.objects import Item
from kaitops.gate.overlays.namespaces import is_cluster_wide
from kaitops.gate.transforming import FLUX
from kaitops.report.findings import Report

_FLUX_SOURCES = {"GitRepository": ("url",), "OCIRepository": ("url",), "Bucket": ("endpoint", "bucketName", "prefix")}
_HERE = frozenset({"", "https://kubernetes.default.svc", "in-cluster"})
_RELEASES = "helm.toolkit.fluxcd.io"
_CHARTS: tuple[Path, ...] = (("spec", "chartRef"), ("spec", "chart", "spec", "sourceRef"))
_GROUPS = frozenset({applications.GROUP, "source.toolkit.fluxcd.io", FLUX, _RELEASES})


class _Place(NamedTuple):
    """Where something is deployed from or to.

    Attributes:
        what: a repository at a revision, a folder in one, a source of Flux, or a cluster.
        by: the generators that fill in what the rest leaves open; else empty.
    """

    at: Path
    what: str
    url: str
    revision: str
    by: str = ""

    @property
    def is_here(self) -> bool:
        """The cluster that the tool itself runs in."""
        return self.what == "cluster" and self.url in _HERE

    def __str__(self) -> str:
        revision = f" at {self.revision}" if self.revision else ""
        filled = ", as its generators fill it in" if self.by else ""
        return f"{'to' if self.what == 'cluster' else 'from'} {self.url or '/'}{revision}{filled}"


def judge(
    before: Iterable[Item], head: Iterable[Item], base: Base, report: Report, *,
    paths: Sequence[str], contexts: Iterable[str], fleets: Iterable[str], accepted: Collection[str], read: Fleets,
) -> None:  # fmt: skip
    """Report each place that the change brings in.

    Args:
        paths: what is judged.
        contexts: the folder of each cluster.
        fleets: the files that declare where the tree lies, named or found.
        accepted: kinds, ``group/Kind``, that may stay unjudged.
        read: reads fleets.
    """
    before, head = list(before), list(head)
    _tell_moved(before, head, base, report)
    found = [(item, place) for item in head if _group(item.data) in _GROUPS for place in _places(item.data)]
    if not found:
        return
    known = {place[1:] for item in before if _group(item.data) in _GROUPS for place in _places(item.data)}
    roots = {root for root in map(base.place, contexts) if root}
    known |= {place[1:] for place in _declared(fleets, read)}
    fed = _Fed(base, paths)
    known |= {("source", f"{item.data['kind']} {_name(item.data)}", "", "") for item in head if _is_source(item.data)}
    for item, place in found:
        if (
            (place[1:] in known and not (place.by and fed.by(item.data)))
            or place.is_here
            or f"{_group(item.data)}/{item.data['kind']}" in accepted
        ):
            continue
        own = _root_in(base.place(item.document.file), roots)
        strange = own is not None and _root_in(f"{place.url}/_", roots) not in (own, None)
        is_here = place.what == "folder" and not strange and _is_judged(place.url, base, paths)
        if is_here and _stays(item, place, base, paths):
            continue
        unknown = "what comes of it" if place.what == "cluster" else "what lies there"
        text = (
            f"the change has it deploy {place}, which neither the base nor gitops in the fleet names, so {unknown} was "
            "not judged; judge it where it is kept and declare it in the fleet, or name its folder as well, or accept "
            f"it by --accept-kind {_group(item.data)}/{item.data['kind']}"
        )
        report.findings.append(item.finding(COVERAGE, place.at, text, unjudged=True))


def _tell_moved(before: Sequence[Item], head: Sequence[Item], base: Base, report: Report) -> None:
    """Report what has Argo CD put objects that name no namespace into another one: to the cluster they are others."""
    was = {Ref.of(item.data): item.data for item in before if item.data.get("kind") in applications.SPECS}
    loose: dict[str, Item] = {}
    for item in head if was else ():
        if not at(item.data, "metadata", "namespace") and not is_cluster_wide(item.data):
            for folder in parents(base.place(item.document.file) or ""):
                loose.setdefault(folder, item)
    for item in [item for item in head if item.data.get("kind") in applications.SPECS] if loose else ():
        path: Path = (*applications.SPECS[item.data["kind"]], "destination", "namespace")
        old, new = at(was.get(Ref.of(item.data), item.data), *path), at(item.data, *path)
        folders = [place.url for place in _places(item.data) if place.what == "folder"] if old != new else ()
        if one := next((loose[folder] for folder in folders if folder in loose), None):
            text = (
                f"the change has it put {one.subject}, which names no namespace, into {new or 'none'} where it was "
                f"{old or 'none'}, so what goes and what comes was not judged; name the namespace in the object"
            )
            report.findings.append(item.finding(COVERAGE, path, text, unjudged=True))


def _stays(item: Item, place: _Place, base: Base, paths: Sequence[str]) -> bool:
    """What generators fill in leads nowhere else than the text of the path begins with."""
    generators = items(at(item.data, "spec", "generators"))
    return "{{" not in place.url or (
        stays_below(at(item.data, *place.at), generators) and _is_judged(emptied(place.url), base, paths)
    )


class _Fed:
    """Whether the change touches what the generators of a set take from the repository."""

    def __init__(self, base: Base, paths: Sequence[str]) -> None:
        self._base, self._paths = base, paths

    @cached_property
    def _changed(self) -> Sequence[str]:
        return self._base.changed()

    def by(self, data: Object) -> bool:
        """The set is filled in otherwise than by the base."""
        files, folders = touched(items(at(data, "spec", "generators")), lambda: self._changed)
        return bool(files) or any(
            not self._base.had(name) and not _is_judged(name, self._base, self._paths) for name in folders
        )


def _group(data: Object) -> str:
    version = data.get("apiVersion")
    return version.rpartition("/")[0] if isinstance(version, str) else ""


def _name(data: Object) -> str:
    metadata = mapping(data.get("metadata"))
    return f"{metadata.get('namespace') or 'default'}/{metadata.get('name')}"


def _is_source(data: Object) -> bool:
    return data.get("kind") in _FLUX_SOURCES and _group(data) == "source.toolkit.fluxcd.io"


def _places(data: Object) -> Iterator[_Place]:
    kind = data.get("kind")
    if kind == "Application":
        yield from _argo(data)
    elif kind == "ApplicationSet":
        by = json.dumps(items(at(data, "spec", "generators")), sort_keys=True, default=str)
        for place in _argo(data):
            yield place._replace(by=by) if "{{" in f"{place.url} {place.revision}" else place
        for path, held in applications.generators(data):
            if path[-1] == "git":
                yield _repository((*path, "repoURL"), held.get("repoURL"), held.get("revision"))
    elif _is_source(data):
        keys = _FLUX_SOURCES[str(kind)]
        reference = mapping(at(data, "spec", "ref"))
        revision = " ".join(sorted(f"{name} {value}" for name, value in reference.items() if name != "branch"))
        url = "/".join(str(part) for key in keys if (part := at(data, "spec", key)))
        yield _repository(("spec", keys[0]), url, revision or reference.get("branch"))
    elif kind == "Kustomization" and _group(data) == FLUX:
        yield _folder(("spec", "path"), at(data, "spec", "path"))
        yield _source_of(data, ("spec", "sourceRef"))
        yield _cluster_of(data)
    elif kind == "HelmRelease" and _group(data) == _RELEASES:
        for path in _CHARTS:
            # A repository of charts is not looked at, as little as one that Argo CD takes a chart from.
            if mapping(at(data, *path)).get("kind") in _FLUX_SOURCES:
                yield _source_of(data, path)
        yield _cluster_of(data)


def _source_of(data: Object, path: Path) -> _Place:
    source = mapping(at(data, *path))
    home = _name(data).partition("/")[0]
    return _Place(path, "source", f"{source.get('kind')} {source.get('namespace') or home}/{source.get('name')}", "")


def _cluster_of(data: Object) -> _Place:
    return _Place(("spec", "kubeConfig"), "cluster", str(at(data, "spec", "kubeConfig") or ""), "")


def _argo(data: Object) -> Iterator[_Place]:
    for path, source in applications.sources(data):
        if source and not source.get("chart"):
            yield _repository((*path, "repoURL"), source.get("repoURL"), source.get("targetRevision"))
            yield _folder((*path, "path"), source.get("path"))
    path = (*applications.SPECS[data["kind"]], "destination")
    where = mapping(at(data, *path))
    yield _Place(path, "cluster", str(where.get("server") or where.get("name") or ""), "")


def _repository(path: Path, url: object, revision: object) -> _Place:
    return _Place(path, "repository", _plain(str(url)), str(revision or ""))


def _folder(path: Path, name: object) -> _Place:
    text = str(name or "")
    # What is filled in may hold dots of its own: the text of a template stays as it is.
    plain = text.removeprefix("./") if "{{" in text else os.path.normpath(f"/{text}")
    return _Place(path, "folder", plain.lstrip("/"), "")


def _plain(url: str) -> str:
    return url.rstrip("/").removesuffix(".git")


def _declared(fleets: Iterable[str], read: Fleets) -> Iterator[_Place]:
    """The repositories that fleets declare, with each way to write the revision, and their clusters."""
    for name in sorted(fleets):
        try:
            fleet = read.read(name).data
        except KaitopsError:
            continue  # a fleet that cannot be read confirms nothing
        declared = mapping(fleet.get("gitops"))
        revisions = [str(declared.get("revision") or "main")]
        for cluster in mapping(fleet.get("clusters")).values():
            yield _Place((), "cluster", str(mapping(cluster).get("server") or ""), "")
            revisions.append(str(mapping(cluster).get("revision") or revisions[0]))
        for key in ("repository", "artifact"):
            if url := declared.get(key):
                for revision in dict.fromkeys(revisions):
                    for written in (revision, f"commit {revision}", f"tag {revision}", f"digest {revision}"):
                        yield _repository((), url, written)
                yield _repository((), url, "")


def _root_in(place: str | None, roots: Collection[str]) -> str | None:
    """The folder of the cluster that something lies in."""
    return next((root for root in roots if place is not None and place.startswith(f"{root}/")), None)


def _is_judged(folder: str, base: Base, paths: Sequence[str]) -> bool:
    """The folder, from the top of a repository or of the tree itself, is among what is judged."""
    for name in paths:
        place = base.place(name) if name != "-" else None
        if place is not None and (not place or f"{folder}/".startswith(f"{place}/")):
            return True
        if place is not None and folder and os.path.isdir(os.path.join(name, folder)):
            return True
    return False
