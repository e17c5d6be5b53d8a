"""What Argo CD and Flux delete since nothing deploys it any more, though its files stay.

An object of theirs that goes, or leads elsewhere, takes along what it deployed, where it prunes. What another one of
the head deploys stays.
"""

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from kaitops.documents import applications
from kaitops.documents.plain import Object, at, items, mapping
from kaitops.documents.ref import Ref
from kaitops.fleet.engines import ENGINES
from kaitops.gate.comparing.base import Base
from kaitops.gate.comparing.filling import parents
from kaitops.gate.files.walking import named
from kaitops.gate.objects import Item
from kaitops.gate.overlays import argo
from kaitops.gate.transforming import FLUX

_FINALIZER = "resources-finalizer.argocd.argoproj.io"
_DELETING = ("Delete", "WaitForTermination")
_KEEPING = ("create-only", "create-update")
_DEEPEST = 4


class Deployer(NamedTuple):
    """An object that deploys folders.

    Attributes:
        folders: from the top of the repository; empty for the top itself.
        goes: it takes what it deployed along when it is deleted.
        prunes: it deletes what it no longer finds.
        leaves: it never does, whoever asks it to.
    """

    folders: frozenset[str]
    goes: bool
    prunes: bool
    leaves: bool


def orphaned(
    before: Sequence[Item], head: Sequence[Item], base: Base, top: str, reached: Callable[[Collection[str]], set[str]]
) -> set[str]:
    """The files of the head whose objects are deleted with what deployed them, by name.

    Args:
        top: real path of the repository.
        reached: the files, by real path, that the kustomizations of folders take.
    """
    was = {Ref.of(item.data): found for item in before if (found := deployer(item.data, top))}
    lost: set[str] = set()
    for _ in range(_DEEPEST if was else 0):
        # What deploys others may be deleted itself.
        left = [item for item in head if item.document.file not in lost]
        now = {Ref.of(item.data): found for item in left if (found := deployer(item.data, top))}
        gone = {folder for key, one in was.items() for folder in _gone(one, now.get(key))}
        if not gone:
            return set()
        kept = {folder for one in now.values() for folder in one.folders}
        taken = reached([named(folder, top) for folder in kept])
        files = {item.document.file for item in left}
        more = {
            file for file in files if _is_lost(base.place(file), gone, kept) and os.path.realpath(file) not in taken
        }
        if not more:
            break
        lost |= more
    return lost


def _gone(one: Deployer, now: Deployer | None) -> Collection[str]:
    if now is None:
        return one.folders if one.goes else ()
    return one.folders - now.folders if now.prunes else ()


def _is_lost(place: str | None, gone: set[str], kept: set[str]) -> bool:
    above = list(parents(place)) if place is not None else []
    return not gone.isdisjoint(above) and kept.isdisjoint(above)


def deployer(data: Object, top: str) -> Deployer | None:
    """What an object deploys of the repository; None for one that deploys nothing.

    Args:
        top: real path of the repository.
    """
    group, kind = str(data.get("apiVersion")).partition("/")[0], str(data.get("kind"))
    if group == FLUX and kind == "Kustomization":
        prunes, policy = at(data, "spec", "prune") is True, at(data, "spec", "deletionPolicy")
        goes = policy in _DELETING or (prunes and policy != "Orphan")
        return Deployer(frozenset(_folder(at(data, "spec", "path"))), goes, prunes, not prunes)
    if group != applications.GROUP or kind not in applications.SPECS:
        return None
    spec = applications.SPECS[kind]
    prunes = at(data, *spec, "syncPolicy", "automated", "prune") is True
    if kind == "Application":
        goes = any(str(one).startswith(_FINALIZER) for one in items(at(data, "metadata", "finalizers")))
    else:
        # Each Application of a set goes with its element, and takes along what it deployed.
        policy = mapping(at(data, "spec", "syncPolicy"))
        goes = not policy.get("preserveResourcesOnDeletion") and policy.get("applicationsSync") not in _KEEPING
        prunes = prunes or goes
    # Without a word of it somebody may prune by hand, as the tool then asks for.
    leaves = at(data, *spec, "syncPolicy", "automated", "prune") is False
    leaves = leaves or ENGINES["argocd"].keeping[1] in items(at(data, *spec, "syncPolicy", "syncOptions"))
    return Deployer(frozenset(_folders(data, top)), goes, prunes, leaves)


def _folders(data: Object, top: str) -> Iterator[str]:
    ways: list[dict[str, str]] | None = [{}]
    if data["kind"] == "ApplicationSet":
        ways = argo.parameters(mapping(data.get("spec")), top)
    for _, source in applications.sources(data):
        if source and not source.get("chart") and argo.is_here(source.get("repoURL"), top):
            for values in ways or ():
                yield from _folder(argo.filled(source.get("path"), values))


def _folder(path: object) -> Iterator[str]:
    if isinstance(path, str | None) and "{{" not in (path or ""):
        yield os.path.normpath(f"/{path or ''}").lstrip("/")
