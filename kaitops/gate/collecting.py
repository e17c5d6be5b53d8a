"""Finding the objects of a tree of YAML files, and which cluster each belongs to.

Reads rendered trees, hand-written folders, kustomize-style folders and files of several documents alike. What the
resources of an ARM template are as objects is in ``templates``.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kaitops.documents import reader
from kaitops.documents.plain import at, items, mapping
from kaitops.errors import BadInput
from kaitops.gate import checks, templates, wellformed
from kaitops.gate.checks import FORM
from kaitops.gate.walking import KUSTOMIZATIONS, files
from kaitops.report.findings import Finding, Report, RuleNote, Seen
from kaitops.tree.layout import CONTEXT_FILE

Steps = tuple[str | int, ...]
_MARKS = ("apiVersion", "kind", "metadata", "items")


@dataclass(frozen=True, slots=True)
class Item:
    """One object of the tree.

    Attributes:
        data: the object, its namespace settled.
        subject: ``Kind namespace/name``.
        prefix: path to it within its document; not empty for an entry of a List.
    """

    data: dict[str, Any]
    document: reader.Document
    subject: str
    prefix: Steps = ()

    def finding(self, check: str, path: Sequence[str | int], message: str, *, unjudged: bool = False) -> Finding:
        """A finding of one of the gate's own checks at a path of the object."""
        place = self.document.locate([*self.prefix, *path])
        return checks.finding(
            check, self.document.file, place, self.subject, message, path=tuple(path), unjudged=unjudged
        )

    def violation(self, check: str, rule: RuleNote, path: Sequence[str | int], message: str) -> Finding:
        """A finding of a rule at a path of the object."""
        line, column = self.document.locate([*self.prefix, *path])
        return Finding(
            check, rule.id, rule.severity, self.document.file, line, column, self.subject, message, rule.remedy,
            tuple(path),
        )  # fmt: skip


@dataclass(slots=True)
class Group:
    """The objects of one cluster, and what its context file says of it."""

    context: Mapping[str, Any] = field(default_factory=dict[str, Any])
    items: list[Item] = field(default_factory=list[Item])


@dataclass(slots=True)
class Tree:
    """Everything that was read.

    Attributes:
        sources: the names of the files that could be read, for checks of their text.
        stdin: what came on standard input, if it was asked for.
        parsed: documents by the content of their file, where they are kept for what is read later.
    """

    groups: list[Group] = field(default_factory=list[Group])
    sources: list[str] = field(default_factory=list[str])
    stdin: bytes | None = None
    parsed: dict[bytes, list[reader.Document]] = field(default_factory=dict[bytes, "list[reader.Document]"])


def collect(paths: Sequence[str], report: Report, parsed: dict[bytes, list[reader.Document]] | None = None) -> Tree:
    """Read everything below the paths; ``-`` is standard input.

    Args:
        parsed: documents of files by content, which is added to: the same content is not parsed twice.

    Raises:
        BadInput: a path does not exist, or holds no YAML file. What is wrong within a file becomes a finding.
    """
    tree = Tree(parsed={} if parsed is None else parsed)
    groups: dict[str, Group] = {}
    kustomizations = _Kustomizations()
    roots: dict[str, str] = {}
    for file in files(paths, report):
        try:
            if file == "-":
                tree.stdin = raw = sys.stdin.buffer.read()
                documents = reader.read_bytes(raw, "-")
            else:
                documents = reader.read_file(file) if parsed is None else _read_once(file, parsed)
        except BadInput as error:
            report.findings.append(_unreadable(file, str(error)))
            continue
        tree.sources.append(file)
        if not documents:
            report.notes.append(f"{file}: holds no document")
        folder = os.path.dirname(file)  # noqa: PTH120 - once a file
        if folder not in roots:
            roots[folder] = _context_root(file)
        group = groups.setdefault(roots[folder], Group())
        name = os.path.basename(file)
        for document in documents:
            if name == CONTEXT_FILE:
                group.context = mapping(document.data)
            elif name in KUSTOMIZATIONS:
                _check_resources(document, report)
            else:
                _take(document, group, kustomizations.namespace(file), report)
    tree.groups = [group for group in groups.values() if group.items]
    return tree


def _read_once(file: str, parsed: dict[bytes, list[reader.Document]]) -> list[reader.Document]:
    raw = reader.content(file)
    if (known := parsed.get(raw)) is None:
        return parsed.setdefault(raw, reader.read_bytes(raw, file))
    return [replace(document, file=file) for document in known]


def _unreadable(file: str, message: str) -> Finding:
    """A finding from an error text that starts with the file and, where known, line and column."""
    rest = message.removeprefix(f"{file}:")
    parts = rest.split(":", 2)
    line = int(parts[0]) if parts[0].isdigit() else 1
    column = int(parts[1]) if len(parts) > 2 and parts[1].isdigit() else 1
    text = rest
    for part in parts[:2]:
        text = text.removeprefix(f"{part}:") if part.isdigit() else text
    return checks.finding(FORM, file, (line, column), "", text.strip(), unjudged=True)


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
        self._folders: dict[str, Path] = {}

    def namespace(self, file: str) -> str | None:
        """The nearest kustomization at or above a file decides."""
        if file == "-":
            return None
        name = os.path.dirname(file)  # noqa: PTH120 - once a file
        if name not in self._folders:
            self._folders[name] = Path(name).resolve()
        return self._of(self._folders[name])

    def _of(self, folder: Path) -> str | None:
        if folder not in self._known:
            self._known[folder] = None
            found = next((folder / name for name in KUSTOMIZATIONS if (folder / name).is_file()), None)
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
    folder = os.path.dirname(document.file)  # noqa: PTH120 - once an object of a tree, as below
    for number, entry in enumerate(items(at(document.data, "resources"))):
        remote = not isinstance(entry, str) or "://" in entry or "github.com" in entry
        if not remote and not os.path.exists(os.path.join(folder, entry)):  # noqa: PTH110
            message = f"lists {entry}, which is not there, so kustomize fails; add the file or drop the line"
            path: Steps = ("resources", number)
            place = document.locate(path)
            report.findings.append(checks.finding(FORM, document.file, place, "Kustomization", message, path=path))


def _take(document: reader.Document, group: Group, namespace: str | None, report: Report) -> None:
    data = document.data
    if templates.is_template(data):
        for path, entry in templates.resources(data):
            _take_one(entry, document, path, group, None, report)
        return
    if at(data, "kind") == "List" and isinstance(at(data, "items"), list):
        for number, entry in enumerate(items(at(data, "items"))):
            _take_one(entry, document, ("items", number), group, namespace, report)
        return
    _take_one(data, document, (), group, namespace, report)


def _take_one(
    entry: Any, document: reader.Document, prefix: Steps, group: Group, namespace: str | None, report: Report
) -> None:
    def refuse(check: str, path: Steps, subject: str, message: str) -> None:
        place = document.locate((*prefix, *path))
        one = checks.finding(check, document.file, place, subject, message, path=path, unjudged=True)
        report.findings.append(one)

    data = mapping(entry)
    if isinstance(entry, dict) and not prefix and not any(key in data for key in _MARKS):
        report.notes.append(f"{document.file}: document {document.index + 1} is not a Kubernetes object; not judged")
    elif not isinstance(data.get("kind"), str) or not isinstance(data.get("apiVersion"), str):
        message = "apiVersion and kind must both be there and be text, so the object was not judged; write both"
        refuse(FORM, ("kind",) if "kind" in data else (), "", message)
    else:
        kind: str = data["kind"]
        metadata = mapping(data.get("metadata"))
        name = metadata.get("name")
        if not isinstance(name, str) or not name:
            message = "metadata.name is missing, so the API server refuses the object; name it"
            if name is not None:
                message = "metadata.name is not text, so the object was not judged; quote it"
            elif "generateName" in metadata:
                message = (
                    "metadata.generateName without a name is refused by kubectl apply, Argo CD and Flux, and the "
                    "object was not judged; name it"
                )
            refuse(FORM, ("metadata", "name") if name is not None else ("metadata",), kind, message)
            return
        if not isinstance(metadata.get("namespace"), str | None):
            refuse(FORM, ("metadata", "namespace"), kind, "metadata.namespace is not text; quote it")
            return
        if wrong := wellformed.problems(data):
            for path, message in wrong:
                refuse(FORM, path, f"{kind} {name}", f"{'.'.join(map(str, path))} {message}")
            return
        if namespace and "namespace" not in metadata:
            data = {**data, "metadata": {**metadata, "namespace": namespace}}
            metadata = data["metadata"]
        place = metadata.get("namespace")
        subject = f"{kind} {place}/{name}" if place else f"{kind} {name}"
        group.items.append(Item(dict(data), document, subject, prefix))
        report.seen.append(Seen(document.file, subject))
