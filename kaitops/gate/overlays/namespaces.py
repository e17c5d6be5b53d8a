"""In which namespace kustomize puts what a kustomization lists."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kaitops.documents import reader
from kaitops.documents.plain import MutableObject, Object, items, mapping
from kaitops.errors import BadInput
from kaitops.gate.files.sniffing import kustomization_of
from kaitops.gate.overlays.kustomizing import MAX_ENTRIES, Problem, Written, is_address, is_beside, shown

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


class _Own(NamedTuple):
    """What a folder's kustomization says: its namespace, and the real paths of what it lists."""

    namespace: str | None
    listed: frozenset[str]


class Namespaces:
    """The namespace that kustomize gives to the objects of a folder."""

    def __init__(self) -> None:
        self._held: MutableObject = {}
        self._own: dict[str, _Own | None] = {}
        self._known: dict[str, str | None] = {}
        self._named: dict[str, str | None] = {}

    def hold(self, file: str, data: object) -> None:
        """Take what a kustomization of the tree says from whoever has read its file."""
        folder, name = os.path.split(file)
        self._held[os.path.join(os.path.realpath(folder), name)] = data

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

    def problems(self, document: Written) -> Iterator[Problem]:
        """What a kustomization lists and places elsewhere than where it was judged, as others list it too."""
        folder = os.path.realpath(os.path.split(document.file)[0])
        outer = self._of(folder)
        for number, entry in enumerate(items(mapping(document.data).get("resources"))[:MAX_ENTRIES]):
            if not isinstance(entry, str) or "\0" in entry or (outer is None and is_beside(entry)):
                continue
            path = os.path.realpath(os.path.join(folder, entry))
            if is_address(entry) or not os.path.lexists(path):
                continue  # fetched, or not there, which is said of the entry itself
            if os.path.split(path)[0] == folder and not os.path.isdir(path):
                continue
            own = self._read(path)
            made, judged = outer or (own and own.namespace), self._of(path) if own else self.of(path)
            if made != judged:
                message = (
                    f"lists {shown(entry)}, whose objects it puts into {_place(made)}, and they were judged in "
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
            found = kustomization_of(folder)
            self._own[folder] = _own(self._data(found), folder) if found else None
        return self._own[folder]

    def _data(self, file: Path) -> Any:
        if str(file) in self._held:
            return self._held[str(file)]
        try:
            documents = reader.read_file(file, strict=True)
        except BadInput:
            documents = []  # reported where the file itself is read
        return documents[0].data if documents else None


def _own(data: object, folder: str) -> _Own:
    held = mapping(data)
    entries = [one for one in items(held.get("resources"))[:MAX_ENTRIES] if isinstance(one, str) and "\0" not in one]
    given = held.get("namespace")
    return _Own(given if isinstance(given, str) else None, frozenset(_real(folder, one) for one in entries))


def _real(folder: str, name: str) -> str:
    """Where an entry of a real folder leads; to ask every step of its path is dear, and most are files beside it."""
    path = os.path.join(folder, name)
    return path if is_beside(name) and not os.path.islink(path) else os.path.realpath(path)


def _place(namespace: str | None) -> str:
    return f"namespace {namespace[:80]}" if namespace else "their own namespaces"


def is_cluster_wide(data: Object) -> bool:
    """Whether an object stands in no namespace."""
    return data.get("kind") in _CLUSTER_WIDE


def placed(data: MutableObject, namespace: str | None) -> MutableObject:
    """An object as kustomize places it: its own namespace gives way, what stands in none stays there."""
    metadata = mapping(data.get("metadata"))
    if not namespace or is_cluster_wide(data) or metadata.get("namespace") == namespace:
        return data
    return {**data, "metadata": {**metadata, "namespace": namespace}}
