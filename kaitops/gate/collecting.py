"""Finding the objects of a tree of YAML files, and which cluster each belongs to.

Reads rendered trees, hand-written folders, kustomize-style folders and files of several documents alike.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from kaitops.documents import reader
from kaitops.documents.plain import at, items, mapping
from kaitops.errors import BadInput
from kaitops.gate.findings import FORM, Finding, Report
from kaitops.tree.layout import CONTEXT_FILE

_SUFFIXES = {".yaml", ".yml"}
_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_SKIPPED_FOLDERS = {".git", ".venv", "node_modules", "__pycache__"}


@dataclass(frozen=True, slots=True)
class Item:
    """One object of the tree.

    Attributes:
        data: the object, its namespace settled.
        prefix: path to it within its document; not empty for an entry of a List.
    """

    data: dict[str, Any]
    document: reader.Document
    prefix: tuple[str | int, ...] = ()

    @property
    def subject(self) -> str:
        """``Kind namespace/name``."""
        metadata = self.data["metadata"]
        namespace = metadata.get("namespace")
        name = metadata.get("name") or f"{metadata.get('generateName', '')}*"
        return f"{self.data['kind']} {namespace}/{name}" if namespace else f"{self.data['kind']} {name}"

    def finding(self, check: str, path: Sequence[str | int], message: str) -> Finding:
        """A finding at a path of the object."""
        line, column = self.document.locate([*self.prefix, *path])
        return Finding(check, self.document.file, line, column, self.subject, message)


@dataclass(slots=True)
class Group:
    """The objects of one cluster, and what its context file says of it."""

    context: Mapping[str, Any] = field(default_factory=dict[str, Any])
    items: list[Item] = field(default_factory=list[Item])


def collect(paths: Sequence[str], report: Report) -> list[Group]:
    """Read everything below the paths; ``-`` is standard input.

    Raises:
        BadInput: a path does not exist, or holds no YAML file. What is wrong within a file becomes a finding.
    """
    groups: dict[str, Group] = {}
    kustomizations = _Kustomizations()
    for file in _files(paths):
        try:
            documents = reader.read_bytes(sys.stdin.buffer.read(), "-") if file == "-" else reader.read_file(file)
        except BadInput as error:
            report.findings.append(_unreadable(file, str(error)))
            continue
        if not documents:
            report.notes.append(f"{file}: holds no document")
        root = _context_root(file)
        group = groups.setdefault(root, Group())
        name = PurePath(file).name
        for document in documents:
            if name == CONTEXT_FILE:
                group.context = document.data
            elif name in _KUSTOMIZATIONS:
                _check_resources(document, report)
            else:
                _take(document, group, kustomizations.namespace(file), report)
    return [group for group in groups.values() if group.items]


def _files(paths: Sequence[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in paths:
        path = Path(name)
        if name == "-":
            found = ["-"]
        elif path.is_dir():
            found = [str(each) for each in sorted(_below(path))]
            if not found:
                raise BadInput(
                    f"{name}: holds no YAML file, so nothing would be checked; name the folder of the manifests"
                )
        elif path.exists():
            found = [name]
        else:
            raise BadInput(f"{name}: no such file or folder")
        for file in found:
            if file not in seen:
                seen.add(file)
                yield file


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            if path.name not in _SKIPPED_FOLDERS:
                yield from _below(path)
        elif path.suffix in _SUFFIXES or path.name == "Kustomization":
            yield path


def _unreadable(file: str, message: str) -> Finding:
    """A finding from an error text that starts with the file and, where known, line and column."""
    rest = message.removeprefix(f"{file}:")
    parts = rest.split(":", 2)
    line = int(parts[0]) if parts[0].isdigit() else 1
    column = int(parts[1]) if len(parts) > 2 and parts[1].isdigit() else 1
    text = rest
    for part in parts[:2]:
        text = text.removeprefix(f"{part}:") if part.isdigit() else text
    return Finding(FORM, file, line, column, "", text.strip())


def _context_root(file: str) -> str:
    """The nearest folder above a file that a context file lies in, or nothing."""
    if file != "-":
        for folder in Path(file).resolve().parents:
            if (folder / CONTEXT_FILE).is_file():
                return str(folder)
    return ""


class _Kustomizations:
    """The namespace that kustomize gives to the objects of a folder."""

    def __init__(self) -> None:
        self._known: dict[Path, str | None] = {}

    def namespace(self, file: str) -> str | None:
        """The nearest kustomization at or above a file decides."""
        return None if file == "-" else self._of(Path(file).resolve().parent)

    def _of(self, folder: Path) -> str | None:
        if folder not in self._known:
            self._known[folder] = None
            found = next((folder / name for name in _KUSTOMIZATIONS if (folder / name).is_file()), None)
            namespace = None
            if found:
                try:
                    documents = reader.read_file(found)
                except BadInput:
                    documents = []  # reported where the file itself is read
                namespace = at(documents[0].data, "namespace") if documents else None
            parent = self._of(folder.parent) if found and folder.parent != folder else None
            self._known[folder] = parent or namespace
        return self._known[folder]


def _check_resources(document: reader.Document, report: Report) -> None:
    for number, entry in enumerate(items(at(document.data, "resources"))):
        remote = not isinstance(entry, str) or "://" in entry or "github.com" in entry
        if not remote and not (Path(document.file).parent / entry).exists():
            line, column = document.locate(["resources", number])
            message = f"lists {entry}, which is not there, so kustomize fails; add the file or drop the line"
            report.findings.append(Finding(FORM, document.file, line, column, "Kustomization", message))


def _take(document: reader.Document, group: Group, namespace: str | None, report: Report) -> None:
    data = document.data
    if at(data, "kind") == "List" and isinstance(at(data, "items"), list):
        for number, entry in enumerate(items(at(data, "items"))):
            _take_one(entry, document, ("items", number), group, namespace, report)
        return
    _take_one(data, document, (), group, namespace, report)


def _take_one(
    entry: Any,
    document: reader.Document,
    prefix: tuple[str | int, ...],
    group: Group,
    namespace: str | None,
    report: Report,
) -> None:
    line, column = document.locate(prefix) if prefix else (1, 1)
    data = mapping(entry)
    if "kind" not in data or "apiVersion" not in data:
        report.notes.append(f"{document.file}: document {document.index + 1} is not a Kubernetes object; not judged")
        return
    if not isinstance(data["kind"], str) or not isinstance(data["apiVersion"], str):
        message = "apiVersion and kind must be text"
        report.findings.append(Finding(FORM, document.file, line, column, "", message))
        return
    metadata = mapping(data.get("metadata"))
    if not isinstance(metadata.get("name", metadata.get("generateName")), str):
        line, column = document.locate([*prefix, "metadata"])
        message = "metadata.name is missing, so the API server refuses the object; name it"
        report.findings.append(Finding(FORM, document.file, line, column, data["kind"], message))
        return
    if namespace and "namespace" not in metadata:
        data = {**data, "metadata": {**metadata, "namespace": namespace}}
    group.items.append(Item(dict(data), document, prefix))
