"""What a kustomization lists: which files and folders it takes, and what of that cannot be followed.

One that does more than list changes or makes objects, and is built: see ``overlays``.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path as File
from typing import Any, NamedTuple, Protocol

from kaitops.documents.plain import Path, Steps, items, mapping
from kaitops.gate.files.sniffing import KUSTOMIZATIONS, kustomization_of
from kaitops.gate.files.walking import Walk

FOLLOWED = {"apiVersion", "kind", "namespace", "resources"}
FOLDERS = ("resources", "bases", "components")
_HOSTED = r"(?:[\w-]+\.)+[a-z]{2,}/[^/.]+/"
_FETCHED = r"(?i)(?:[a-z][a-z0-9-]*@|github\.com[/:]|gh:)"
MAX_ENTRIES = 10_000
WRITTEN = "kustomization.yaml"
"""The name of one that is written for the tool."""
EMPTY = (
    "says nothing, so kustomize fails, and of what takes the folder the cluster gets nothing; list what it takes, "
    "write resources: [], or remove it where it is used"
)
CIRCLE = (
    "takes itself, by way of what it lists, so kustomize fails, and the cluster gets nothing of it; list folders in "
    "one direction only"
)
_GROUP = "kustomize.config.k8s.io/"


class Written(Protocol):
    """What a kustomization is written in: a document of a file, or a part of one."""

    @property
    def data(self) -> Any:
        """Its keys and values."""
        ...

    @property
    def file(self) -> str:
        """The file."""
        ...

    def locate(self, path: Steps) -> tuple[int, int]:
        """Line and column of a value."""
        ...


class Problem(NamedTuple):
    """Something of a kustomization that is not followed, or that kustomize fails on.

    Attributes:
        unjudged: what the cluster gets because of it was not judged.
    """

    path: Path
    message: str
    unjudged: bool = True


def is_kustomization(data: object) -> bool:
    """Whether kustomize takes a document of this name for its own, and kubectl for no object."""
    held = mapping(data)
    version = held.get("apiVersion")
    own = version is None or (isinstance(version, str) and version.startswith(_GROUP))
    return own and held.get("kind") in (None, "Kustomization", "Component")


def is_empty(data: object) -> bool:
    """Whether kustomize refuses it for saying nothing, and with it whatever takes its folder."""
    return all(value is None for key, value in mapping(data).items() if key not in ("apiVersion", "kind"))


def changing(document: Written) -> Iterator[Problem]:
    """What it does beside listing files, where nothing builds it."""
    for key in mapping(document.data):
        if key not in FOLLOWED:
            message = (
                f"{shown(key)} changes or makes objects after they are judged, and no kustomization that is deployed "
                "takes it, so what comes of it was not judged; list its folder where it is used, or remove it"
            )
            yield Problem((key,), message)


def problems(document: Written, walk: Walk) -> Iterator[Problem]:
    """What is not followed; the files that it lists are added to those to read."""
    held = mapping(document.data)
    folder, name = os.path.split(document.file)
    first = kustomization_of(folder) if name in KUSTOMIZATIONS else None
    if first is not None and first.name != name:
        message = f"stands beside {first.name}, and kustomize fails on a folder that has both; remove one of both"
        yield Problem((), message, unjudged=False)
    if is_empty(document.data):
        yield Problem((), EMPTY, unjudged=False)
    resources = held.get("resources")
    if not isinstance(resources, list | None):
        yield Problem(("resources",), "resources is no list, so kustomize fails; write one", unjudged=False)
    if len(items(resources)) > MAX_ENTRIES:
        yield Problem(
            ("resources",), f"resources lists more than {MAX_ENTRIES} entries, so they were not read; split it"
        )
        return
    for key in FOLDERS:
        for number, entry in enumerate(items(held.get(key))[:MAX_ENTRIES]):
            problem = _follow(document, (key, number), entry, walk)
            if problem is not None:
                yield problem


def _follow(document: Written, path: Path, entry: object, walk: Walk) -> Problem | None:
    if not isinstance(entry, str) or not entry:
        return Problem(
            path, "an entry is no name of a file or folder, so what kustomize takes is not known; write a path"
        )
    folder = os.path.split(document.file)[0]
    listed = joined(folder, entry)
    if walk.add_plain(folder, entry, listed):
        return None
    name = shown(entry)
    if is_address(entry) or not os.path.lexists(listed):
        if is_address(entry) or _may_be_remote(entry):
            return Problem(
                path, f"lists {name}, which is fetched when the folder is built, so it was not judged; vendor it"
            )
        message = f"lists {name}, which is not there, so kustomize fails; add the file or drop the line"
        return Problem(path, message, unjudged=False)
    real = File(os.path.realpath(listed))
    if not walk.covers(str(real)):
        return Problem(path, f"lists {name}, which lies outside of what is judged; name its folder as well")
    if real.is_dir() and kustomization_of(real) is None:
        message = f"lists {name}, which holds no kustomization, so kustomize fails; add one, or list its files"
        return Problem(path, message, unjudged=False)
    walk.add(listed)
    return None


def joined(folder: str, entry: str) -> str:
    """The path of an entry of a kustomization; thousands of them are names of files beside it."""
    return os.path.normpath(f"{folder}/{entry}" if folder and not entry.startswith("/") else entry)


def is_address(entry: str) -> bool:
    """What kustomize takes for a repository even where a folder of that name is there: it asks git first."""
    if "://" in entry or "::" in entry:
        return True
    # Most entries are names of files: they cost no pattern.
    return ("@" in entry or ":" in entry or ".com/" in entry.lower()) and bool(re.match(_FETCHED, entry))


def _may_be_remote(entry: str) -> bool:
    """What kustomize tries as a repository where there is no such file: ``host/owner/name`` and what says it is git."""
    return ".git" in entry or "?" in entry or bool(re.match(_HOSTED, entry))


def shown(entry: str) -> str:
    """An entry as a message has it."""
    return entry if len(entry) <= 120 else f"{entry[:120]}..."


def strangers(document: Written, root_of: Callable[[str], str]) -> Iterator[Problem]:
    """What a kustomization of one cluster lists, and what is judged as of another, or of none.

    Args:
        root_of: the folder of the context file that counts for a folder; empty where there is none.
    """
    folder = os.path.split(document.file)[0]
    own = root_of(folder)
    for number, entry in enumerate(items(mapping(document.data).get("resources"))[:MAX_ENTRIES]):
        if not own or not isinstance(entry, str) or "\0" in entry or is_beside(entry):
            continue
        path = os.path.join(folder, entry)
        if os.path.lexists(path) and root_of(path if os.path.isdir(path) else os.path.split(path)[0]) != own:
            message = f"lists {shown(entry)}, which is judged as of another cluster, or of none; list what is its own"
            yield Problem(("resources", number), message)


def is_beside(entry: str) -> bool:
    """Most entries: a file of the same folder, of which nobody needs to ask the disk anything."""
    return entry.endswith(".yaml") and os.sep not in entry
