"""What kustomize makes of a folder, as far as the gate follows it: which files it takes, and their namespace.

A kustomization that does more changes objects after they were judged, so it is not judged, and says so.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kaitops.documents import reader
from kaitops.documents.plain import at, items, mapping
from kaitops.errors import BadInput
from kaitops.gate.walking import KUSTOMIZATIONS, Walk

Steps = tuple[str | int, ...]
_FOLLOWED = {"apiVersion", "kind", "namespace", "resources"}
_HOSTED = r"(?:[\w-]+\.)+[a-z]{2,}/[^/.]+/"
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
    return "://" in entry or "::" in entry or entry.startswith("git@")


def _may_be_remote(entry: str) -> bool:
    """What kustomize tries as a repository where there is no such file: ``host/owner/name`` and what says it is git."""
    return ".git" in entry or "?" in entry or bool(re.match(_HOSTED, entry))


def _shown(entry: str) -> str:
    return entry if len(entry) <= 120 else f"{entry[:120]}..."


class Namespaces:
    """The namespace that kustomize gives to the objects of a folder."""

    def __init__(self) -> None:
        self._known: dict[Path, str | None] = {}
        self._named: dict[str, str | None] = {}

    def of(self, file: str) -> str | None:
        """That of the outermost kustomization in a row of folders that each have one."""
        if file == "-":
            return None
        name = os.path.split(file)[0]
        if name not in self._named:
            self._named[name] = self._of(Path(name).resolve())
        return self._named[name]

    def _of(self, folder: Path) -> str | None:
        if folder not in self._known:
            self._known[folder] = None
            found = next((folder / name for name in KUSTOMIZATIONS if (folder / name).is_file()), None)
            namespace = None
            if found:
                try:
                    documents = reader.read_file(found, strict=True)
                except BadInput:
                    documents = []  # reported where the file itself is read
                given = at(documents[0].data, "namespace") if documents else None
                namespace = given if isinstance(given, str) else None
            parent = self._of(folder.parent) if found and folder.parent != folder else None
            self._known[folder] = parent or namespace
        return self._known[folder]


def placed(data: dict[str, Any], namespace: str | None) -> dict[str, Any]:
    """An object as kustomize places it: its own namespace gives way, what stands in none stays there."""
    metadata = mapping(data.get("metadata"))
    if not namespace or data.get("kind") in _CLUSTER_WIDE or metadata.get("namespace") == namespace:
        return data
    return {**data, "metadata": {**metadata, "namespace": namespace}}
