"""What kustomize makes of a folder, as far as the gate follows it: which files it takes, and their namespace.

A kustomization that does more changes objects after they were judged, so it is not judged, and says so.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kaitops.documents import reader
from kaitops.documents.plain import items, mapping
from kaitops.errors import BadInput
from kaitops.gate.walking import KUSTOMIZATIONS, Walk

Steps = tuple[str | int, ...]
_FOLLOWED = {"apiVersion", "kind", "namespace", "resources"}
_HOSTED = r"(?:[\w-]+\.)+[a-z]{2,}/[^/.]+/"
_FETCHED = r"(?i)(?:[a-z][a-z0-9-]*@|github\.com[/:]|gh:)"
_MAX_ENTRIES = 10_000
_GROUP = "kustomize.config.k8s.io/"
# Objects that stand in no namespace, whatever a kustomization says; kustomize knows those of Kubernetes itself.
_CLUSTER_WIDE = frozenset(
    [
        "APIService",
        "CSIDriver",
        "CSINode",
        "ClusterRole",
        "ClusterRoleBinding",
        "CustomResourceDefinition",
        "DeviceClass",
        "FlowSchema",
        "IngressClass",
        "MutatingAdmissionPolicy",
        "MutatingAdmissionPolicyBinding",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PriorityClass",
        "PriorityLevelConfiguration",
        "RuntimeClass",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
        "VolumeAttachment",
        "VolumeAttributesClass",
        "AKSNodeClass",
        "NodeClaim",
        "NodeOverlay",
        "NodePool",
        "ModelMirror",
    ]
)


class Problem(NamedTuple):
    """Something of a kustomization that is not followed, or that kustomize fails on.

    Attributes:
        unjudged: what the cluster gets because of it was not judged.
    """

    path: Steps
    message: str
    unjudged: bool = True


def is_kustomization(data: Any) -> bool:
    """Whether kustomize takes a document of this name for its own, and kubectl for no object."""
    held = mapping(data)
    version = held.get("apiVersion")
    own = version is None or (isinstance(version, str) and version.startswith(_GROUP))
    return own and held.get("kind") in (None, "Kustomization")


def problems(document: reader.Document, walk: Walk) -> Iterator[Problem]:
    """What is not followed; the files that it lists are added to those to read."""
    held = mapping(document.data)
    for key in held:
        if key not in _FOLLOWED:
            message = (
                f"{_shown(key)} changes or makes objects after they are judged, so what the cluster gets was not "
                "judged; render the folder by 'kustomize build' and judge its output"
            )
            yield Problem((key,), message)
    resources = held.get("resources")
    if not isinstance(resources, list | None):
        yield Problem(("resources",), "resources is no list, so kustomize fails; write one", unjudged=False)
    if len(items(resources)) > _MAX_ENTRIES:
        yield Problem(
            ("resources",), f"resources lists more than {_MAX_ENTRIES} entries, so they were not read; split it"
        )
        return
    for number, entry in enumerate(items(resources)):
        problem = _follow(document, ("resources", number), entry, walk)
        if problem is not None:
            yield problem


def _follow(document: reader.Document, path: Steps, entry: Any, walk: Walk) -> Problem | None:
    if not isinstance(entry, str) or not entry:
        return Problem(
            path, "an entry is no name of a file or folder, so what kustomize takes is not known; write a path"
        )
    folder = os.path.split(document.file)[0]
    listed = os.path.normpath(os.path.join(folder, entry))
    if walk.add_plain(folder, entry, listed):
        return None
    name = _shown(entry)
    if _is_address(entry) or not os.path.lexists(listed):
        if _is_address(entry) or _may_be_remote(entry):
            return Problem(
                path, f"lists {name}, which is fetched when the folder is built, so it was not judged; vendor it"
            )
        message = f"lists {name}, which is not there, so kustomize fails; add the file or drop the line"
        return Problem(path, message, unjudged=False)
    real = Path(os.path.realpath(listed))
    if not walk.covers(str(real)):
        return Problem(path, f"lists {name}, which lies outside of what is judged; name its folder as well")
    if real.is_dir() and not any((real / one).is_file() for one in KUSTOMIZATIONS):
        message = f"lists {name}, which holds no kustomization, so kustomize fails; add one, or list its files"
        return Problem(path, message, unjudged=False)
    walk.add(listed)
    return None


def _is_address(entry: str) -> bool:
    """What kustomize takes for a repository even where a folder of that name is there: it asks git first."""
    return "://" in entry or "::" in entry or bool(re.match(_FETCHED, entry))


def _may_be_remote(entry: str) -> bool:
    """What kustomize tries as a repository where there is no such file: ``host/owner/name`` and what says it is git."""
    return ".git" in entry or "?" in entry or bool(re.match(_HOSTED, entry))


def _shown(entry: str) -> str:
    return entry if len(entry) <= 120 else f"{entry[:120]}..."


class _Own(NamedTuple):
    """What a folder's kustomization says: its namespace, and the real paths of what it lists."""

    namespace: str | None
    listed: frozenset[str]


class Namespaces:
    """The namespace that kustomize gives to the objects of a folder."""

    def __init__(self) -> None:
        self._own: dict[str, _Own | None] = {}
        self._known: dict[str, str | None] = {}
        self._named: dict[str, str | None] = {}

    def of(self, file: str) -> str | None:
        """That of the outermost kustomization in a row of which each lists the next; none for what none lists."""
        if file == "-":
            return None
        name = os.path.split(file)[0]
        if name not in self._named:
            self._named[name] = self._of(os.path.realpath(name))
        namespace = self._named[name]
        if namespace is None or os.path.realpath(file) in self._listed(os.path.realpath(name)):
            return namespace
        return None

    def problems(self, document: reader.Document) -> Iterator[Problem]:
        """What a kustomization lists and places elsewhere than where it was judged, as others list it too."""
        folder = os.path.realpath(os.path.split(document.file)[0])
        outer = self._of(folder)
        for number, entry in enumerate(items(mapping(document.data).get("resources"))[:_MAX_ENTRIES]):
            if not isinstance(entry, str) or "\0" in entry or (outer is None and _is_beside(entry)):
                continue
            path = os.path.realpath(os.path.join(folder, entry))
            if os.path.split(path)[0] == folder and not Path(path).is_dir():
                continue
            own = self._read(path)
            made, judged = outer or (own and own.namespace), self._of(path) if own else self.of(path)
            if made != judged:
                message = (
                    f"lists {_shown(entry)}, whose objects it puts into {_place(made)}, and they were judged in "
                    f"{_place(judged)}; list it in one kustomization, that of the folder above it"
                )
                yield Problem(("resources", number), message)

    def _of(self, folder: str) -> str | None:
        if folder not in self._known:
            self._known[folder] = None
            own = self._read(folder)
            parent = os.path.split(folder)[0]
            outer = self._of(parent) if own and parent != folder and folder in self._listed(parent) else None
            self._known[folder] = outer or (own and own.namespace)
        return self._known[folder]

    def _listed(self, folder: str) -> frozenset[str]:
        own = self._read(folder)
        return own.listed if own else frozenset()

    def _read(self, folder: str) -> _Own | None:
        """None where the folder has no kustomization."""
        if folder not in self._own:
            found = next((path for name in KUSTOMIZATIONS if (path := Path(folder, name)).is_file()), None)
            self._own[folder] = _own(found, folder) if found else None
        return self._own[folder]


def _is_beside(entry: str) -> bool:
    """Most entries: a file of the same folder, of which nobody needs to ask the disk anything."""
    return entry.endswith(".yaml") and os.sep not in entry


def _own(file: Path, folder: str) -> _Own:
    try:
        documents = reader.read_file(file, strict=True)
    except BadInput:
        documents = []  # reported where the file itself is read
    held = mapping(documents[0].data if documents else None)
    entries = [one for one in items(held.get("resources"))[:_MAX_ENTRIES] if isinstance(one, str) and "\0" not in one]
    given = held.get("namespace")
    listed = frozenset(os.path.realpath(os.path.join(folder, one)) for one in entries)
    return _Own(given if isinstance(given, str) else None, listed)


def _place(namespace: str | None) -> str:
    return f"namespace {namespace[:80]}" if namespace else "their own namespaces"


def placed(data: dict[str, Any], namespace: str | None) -> dict[str, Any]:
    """An object as kustomize places it: its own namespace gives way, what stands in none stays there."""
    metadata = mapping(data.get("metadata"))
    if not namespace or data.get("kind") in _CLUSTER_WIDE or metadata.get("namespace") == namespace:
        return data
    return {**data, "metadata": {**metadata, "namespace": namespace}}
