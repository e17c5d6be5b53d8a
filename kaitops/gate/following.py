"""Where Argo CD and Flux are told to find more objects: what lies there is judged where it is kept, or by nobody.

With a base only: what it names was looked at when it was merged, and what the fleet declares is what reviewers read. A
repository, revision or folder that neither knows, and that is not among what is judged, is not judged. Charts are not
looked at: that one is green says nothing of them.
"""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kaitops.documents.plain import at, items, mapping
from kaitops.errors import KaitopsError
from kaitops.gate.base import Base
from kaitops.gate.checks import COVERAGE
from kaitops.gate.objects import Item
from kaitops.report.findings import Report

Steps = tuple[str | int, ...]
_FLUX_SOURCES = {"GitRepository": "url", "OCIRepository": "url", "Bucket": "endpoint"}
_GROUPS = frozenset({"argoproj.io", "source.toolkit.fluxcd.io", "kustomize.toolkit.fluxcd.io"})


class _Place(NamedTuple):
    """A repository at a revision, or a folder in one; ``what`` says which of both."""

    at: Steps
    what: str
    url: str
    revision: str


def judge(
    before: Iterable[Item], head: Iterable[Item], base: Base, report: Report, *,
    paths: Sequence[str], fleets: Iterable[str], accepted: Collection[str],
) -> None:  # fmt: skip
    """Report each place that the change brings in.

    Args:
        paths: what is judged.
        fleets: the files that declare where the tree lies, named or found.
        accepted: kinds, ``group/Kind``, that may stay unjudged.
    """
    found = [(item, place) for item in head if _group(item.data) in _GROUPS for place in _places(item.data)]
    if not found:
        return
    known = {place[1:] for item in before if _group(item.data) in _GROUPS for place in _places(item.data)}
    known |= {("repository", *one) for one in _declared(fleets)}
    for item, place in found:
        if place[1:] in known or f"{_group(item.data)}/{item.data['kind']}" in accepted:
            continue
        if place.what == "folder" and _is_judged(place.url, base, paths):
            continue
        revision = f" at {place.revision}" if place.revision else ""
        text = (
            f"the change has it deploy from {place.url or '/'}{revision}, which neither the base nor gitops in the "
            "fleet names, so what lies there was not judged; judge it where it is kept and declare it in the fleet, or "
            f"name its folder as well, or accept it by --accept-kind {_group(item.data)}/{item.data['kind']}"
        )
        report.findings.append(item.finding(COVERAGE, place.at, text, unjudged=True))


def _group(data: Mapping[str, Any]) -> str:
    version = data.get("apiVersion")
    return version.rpartition("/")[0] if isinstance(version, str) else ""


def _places(data: Mapping[str, Any]) -> Iterator[_Place]:
    kind = data.get("kind")
    if kind in ("Application", "ApplicationSet"):
        spec: Steps = ("spec",) if kind == "Application" else ("spec", "template", "spec")
        for path in (
            (*spec, "source"),
            *((*spec, "sources", number) for number in range(len(items(at(data, *spec, "sources"))))),
        ):
            source = mapping(at(data, *path))
            if source and not source.get("chart"):
                yield _repository((*path, "repoURL"), source.get("repoURL"), source.get("targetRevision"))
                yield _folder((*path, "path"), source.get("path"))
        for number, generator in enumerate(items(at(data, "spec", "generators"))):
            if git := mapping(at(generator, "git")):
                where: Steps = ("spec", "generators", number, "git", "repoURL")
                yield _repository(where, git.get("repoURL"), git.get("revision"))
    elif kind in _FLUX_SOURCES:
        key = _FLUX_SOURCES[str(kind)]
        reference = mapping(at(data, "spec", "ref"))
        revision = " ".join(sorted(f"{name} {value}" for name, value in reference.items() if name != "branch"))
        yield _repository(("spec", key), at(data, "spec", key), revision or reference.get("branch"))
    elif kind == "Kustomization" and _group(data) == "kustomize.toolkit.fluxcd.io":
        yield _folder(("spec", "path"), at(data, "spec", "path"))


def _repository(path: Steps, url: Any, revision: Any) -> _Place:
    return _Place(path, "repository", _plain(str(url)), str(revision or ""))


def _folder(path: Steps, name: Any) -> _Place:
    return _Place(path, "folder", os.path.normpath(f"/{name or ''}").lstrip("/"), "")


def _plain(url: str) -> str:
    return url.rstrip("/").removesuffix(".git")


def _declared(fleets: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The repositories that fleets declare, with each way to write the revision."""
    from kaitops.documents import source
    from kaitops.fleet import reading

    for name in sorted(fleets):
        try:
            declared = mapping(reading.read(source.read(name), name).data.get("gitops"))
        except KaitopsError:
            continue  # a fleet that cannot be read confirms nothing
        for key in ("repository", "artifact"):
            if url := declared.get(key):
                revision = str(declared.get("revision") or "main")
                for written in (revision, f"commit {revision}", f"tag {revision}", f"digest {revision}", ""):
                    yield _plain(str(url)), written


def _is_judged(folder: str, base: Base, paths: Sequence[str]) -> bool:
    """The folder, from the top of a repository or of the tree itself, is among what is judged."""
    for name in paths:
        place = base.place(name) if name != "-" else None
        if place is not None and (not place or f"{folder}/".startswith(f"{place}/")):
            return True
        if place is not None and folder and Path(name, folder).is_dir():
            return True
    return False
