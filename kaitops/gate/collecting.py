"""Finding the objects of a tree of YAML files, and which cluster each belongs to.

Reads rendered trees, hand-written folders, kustomize-style folders and files of several documents alike. Which part of
a document is an object is in ``flattening``, what kustomize takes in ``kustomizing``.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from kaitops.documents import reader, source
from kaitops.documents.plain import mapping
from kaitops.errors import BadInput
from kaitops.gate import checks, contexts, flattening, kustomizing, transforming, wellformed
from kaitops.gate.checks import COVERAGE, FORM
from kaitops.gate.commented import MOST_BYTES, Commented, secrets_beside
from kaitops.gate.walking import KUSTOMIZATIONS, Walk, may_hold_object
from kaitops.report.findings import Finding, Report, RuleNote, Seen
from kaitops.tree.layout import CONTEXT_FILE

Steps = tuple[str | int, ...]
_MARKS = ("apiVersion", "kind", "metadata", "items")


class Item(NamedTuple):
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
    """The objects of one cluster, and what its context file says of it.

    Attributes:
        root: the folder that the context file lies in; empty where there is none.
        document: the context file, where it could be read.
        others: further names that the cluster has or had, by each of which it is judged as well.
        doubted: nobody confirms what its context file says, so it was dropped.
    """

    context: Mapping[str, Any] = field(default_factory=dict[str, Any])
    items: list[Item] = field(default_factory=list[Item])
    root: str = ""
    document: reader.Document | None = None
    others: tuple[str, ...] = ()
    doubted: bool = False


@dataclass(slots=True)
class Tree:
    """Everything that was read.

    Attributes:
        sources: the names of the files that could be read, for checks of their text.
        stdin: what came on standard input, if it was asked for.
        parsed: documents by the content of their file, where they are kept for what is read later.
        documents: all that were read, whether an object of them was taken or not.
        unread: the content of files that could not be read, by name.
        commented: what looks like a secret beside all objects.
    """

    groups: list[Group] = field(default_factory=list[Group])
    sources: list[str] = field(default_factory=list[str])
    stdin: bytes | None = None
    parsed: dict[bytes, list[reader.Document]] = field(default_factory=dict[bytes, "list[reader.Document]"])
    documents: list[reader.Document] = field(default_factory=list[reader.Document])
    unread: dict[str, bytes] = field(default_factory=dict[str, bytes])
    commented: list[Commented] = field(default_factory=list[Commented])


def collect(
    paths: Sequence[str],
    report: Report,
    parsed: dict[bytes, list[reader.Document]] | None = None,
    *,
    comments: bool = True,
) -> Tree:
    """Read everything below the paths; ``-`` is standard input.

    Args:
        parsed: documents of files by content, which is added to: the same content is not parsed twice.
        comments: look for secrets in them.

    Raises:
        BadInput: a path does not exist, or holds no YAML file. What is wrong within a file becomes a finding.
    """
    return _Collection(paths, report, parsed, comments=comments).tree()


class _Collection:
    """One reading of a tree."""

    def __init__(
        self,
        paths: Sequence[str],
        report: Report,
        parsed: dict[bytes, list[reader.Document]] | None,
        *,
        comments: bool,
    ) -> None:
        self._report = report
        self._comments = comments
        self._walk = Walk(paths, report)
        self._parsed = parsed
        self._tree = Tree(parsed={} if parsed is None else parsed)
        self._groups: dict[str, Group] = {}
        self._namespaces = kustomizing.Namespaces()
        self._roots: dict[str, str] = {}

    def tree(self) -> Tree:
        for file in self._walk:
            documents = self._read(file)
            if documents is not None:
                self._file(file, documents)
        self._tree.groups = [group for group in self._groups.values() if group.items]
        return self._tree

    def _read(self, file: str) -> list[reader.Document] | None:
        raw = b""
        try:
            if file == "-":
                # One more than is taken, so that what is too much is refused and not cut.
                self._tree.stdin = raw = sys.stdin.buffer.read(source.MAX_BYTES + 1)
            else:
                raw = source.read(file)
            documents = self._documents(raw, file)
        except BadInput as error:
            # Files of other programs are JSON of their own kinds; only what may hold an object has to be readable.
            if raw and file.endswith(".json") and not may_hold_object(raw):
                return None
            self._report.findings.append(_unreadable(file, str(error)))
            self._tree.unread[file] = raw[:MOST_BYTES]
            if self._comments:
                self._tree.commented += secrets_beside(file, raw, None)
            return None
        self._tree.sources.append(file)
        self._tree.documents += documents
        try:
            if self._comments:
                self._tree.commented += secrets_beside(file, raw, documents)
        except BadInput as error:
            self._report.findings.append(_unreadable(file, str(error)))
        if not documents:
            self._report.notes.append(f"{file}: holds no document")
        return documents

    def _documents(self, raw: bytes, file: str) -> list[reader.Document]:
        if self._parsed is None:
            return reader.read_bytes(raw, file, strict=True)
        if (known := self._parsed.get(raw)) is None:
            return self._parsed.setdefault(raw, reader.read_bytes(raw, file, strict=True))
        return [replace(document, file=file) for document in known]

    def _file(self, file: str, documents: list[reader.Document]) -> None:
        folder, name = os.path.split(file)
        if folder not in self._roots:
            self._roots[folder] = _context_root(file)
        group = self._groups.setdefault(self._roots[folder], Group(root=self._roots[folder]))
        if name == CONTEXT_FILE:
            try:
                group.context = contexts.read(documents)
                group.document = documents[0]
            except BadInput as error:
                self._report.findings.append(_unreadable(file, str(error)))
            return
        if name in KUSTOMIZATIONS:
            documents = self._kustomization(documents)
        for document in documents:
            take(document, group, self._namespaces.of(file), self._report)

    def _kustomization(self, documents: list[reader.Document]) -> list[reader.Document]:
        """Follow a kustomization; returns what stands in its file and is something else."""
        others = [one for one in documents if not kustomizing.is_kustomization(one.data)]
        own = [one for one in documents if kustomizing.is_kustomization(one.data)]
        for document in [*others, *own[1:]]:
            message = "stands in the file of a kustomization, which kubectl and kustomize read differently; move it"
            self._tell(document, COVERAGE, (), message, unjudged=True)
        for document in own:
            for one in kustomizing.problems(document, self._walk):
                self._tell(document, COVERAGE if one.unjudged else FORM, one.path, one.message, unjudged=one.unjudged)
        return others

    def _tell(self, document: reader.Document, check: str, path: Steps, message: str, *, unjudged: bool) -> None:
        place = document.locate(path)
        self._report.findings.append(
            checks.finding(check, document.file, place, "Kustomization", message, path=path, unjudged=unjudged)
        )


def take(document: reader.Document, group: Group, namespace: str | None, report: Report) -> None:
    """Add the objects of a document to a group, and what is wrong with how they are held to the report.

    Args:
        namespace: that a kustomization gives to them.
    """
    for one in flattening.entries(document.data):
        if isinstance(one, flattening.Problem):
            place = document.locate(one.path)
            found = checks.finding(FORM, document.file, place, "", one.message, path=one.path, unjudged=True)
            report.findings.append(found)
        else:
            _take_one(one.data, document, one.path, group, None if one.is_template else namespace, report)


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


def _take_one(
    entry: Any, document: reader.Document, prefix: Steps, group: Group, namespace: str | None, report: Report
) -> None:
    def refuse(check: str, path: Steps, subject: str, message: str) -> None:
        place = document.locate((*prefix, *path))
        one = checks.finding(check, document.file, place, subject, message, path=path, unjudged=True)
        report.findings.append(one)

    data = mapping(entry)
    if not prefix and document.file.endswith(".json") and not any(key in data for key in _MARKS):
        return  # data of another program
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
        if document.may_hold(flattening.MAX_VALUES) and flattening.is_too_large(data):
            most = flattening.MAX_VALUES
            refuse(
                COVERAGE, ("metadata", "name"), kind, f"holds more than {most} values, so it was not judged; split it"
            )
            return
        if wrong := wellformed.problems(data):
            for path, message in wrong:
                refuse(FORM, path, f"{kind} {name}", f"{'.'.join(map(str, path))} {message}")
            return
        data = kustomizing.placed(dict(data), namespace)
        place = data["metadata"].get("namespace")
        subject = f"{kind} {place}/{name}" if place else f"{kind} {name}"
        item = Item(data, document, subject, prefix)
        group.items.append(item)
        report.findings += [
            item.finding(COVERAGE, path, text, unjudged=True) for path, text in transforming.problems(data)
        ]
        report.seen.append(Seen(document.file, subject))
