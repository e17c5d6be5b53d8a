"""Who in a repository calls a model by its Service: routes, ConfigMaps, variables and values that hold its address.

Looks at YAML and JSON as text that was read, so a name in a comment is nobody's address.
"""

import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kaitops.documents import reader
from kaitops.documents.plain import Path as Where
from kaitops.documents.plain import Steps, at, dotted, items, mapping
from kaitops.errors import BadInput

_SUFFIXES = frozenset({".yaml", ".yml", ".json"})
_NOT_OURS = frozenset({"node_modules", "__pycache__", "vendor"})


class Caller(NamedTuple):
    """A value that names the Service."""

    file: str
    line: int
    subject: str
    path: Where
    value: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.subject}: {dotted(self.path)}: {self.value}"


def find(folder: Path, name: str, namespace: str, left_out: Collection[Path]) -> Iterator[Caller]:
    """All callers in the files of a folder.

    Args:
        left_out: files that follow by themselves, as what a fleet renders does.
    """
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith(".") and one not in _NOT_OURS)
        for file in sorted(files):
            path = Path(parent, file)
            if path.suffix in _SUFFIXES and path.resolve() not in left_out:
                yield from _in_file(path, name, namespace)


def _in_file(path: Path, name: str, namespace: str) -> Iterator[Caller]:
    try:
        documents = reader.read_file(path)
    except BadInput:
        return  # a template or no YAML: nothing that could be applied as it is
    for document in documents:
        data = mapping(document.data)
        about = mapping(data.get("metadata"))
        own = str(about.get("namespace") or "")
        subject = f"{data.get('kind') or 'value'} {'/'.join(filter(None, (own, str(about.get('name') or ''))))}".strip()
        address = _address(name, namespace, near=own in ("", namespace))
        for where, value in _calls(document.data, (), name, namespace, own or namespace, address):
            yield Caller(str(path), document.locate(where)[0], subject, where, value)


def _address(name: str, namespace: str, *, near: bool) -> re.Pattern[str]:
    """The Service in an address: by its full name, and by its short one within a URL of the same namespace."""
    full = rf"(?<![\w.-]){re.escape(name)}\.{re.escape(namespace)}(?:\.svc(?:\.[\w.-]+)?)?(?![\w-])"
    short = rf"|(?<=//){re.escape(name)}(?=[:/?#]|$)" if near else ""
    return re.compile(full + short)


def _calls(
    data: Any, path: Where, name: str, namespace: str, own: str, address: re.Pattern[str]
) -> Iterator[tuple[Where, str]]:
    waiting: list[tuple[Where, Any]] = [(path, data)]
    while waiting:
        where, node = waiting.pop()
        if isinstance(node, str):
            found = address.search(node)
            if found:
                yield where, _line(node, found.start())
        elif isinstance(node, dict):
            entries = mapping(node)
            if "backendRefs" in where and _leads_to(entries, name, namespace, own):
                yield (*where, "name"), name
            waiting += [((*where, key), value) for key, value in reversed(list(entries.items()))]
        elif isinstance(node, list):
            waiting += [((*where, number), value) for number, value in reversed(list(enumerate(items(node))))]


def _leads_to(reference: Any, name: str, namespace: str, own: str) -> bool:
    kind = reference.get("kind", "Service")
    return kind == "Service" and reference.get("name") == name and reference.get("namespace", own) == namespace


def _line(text: str, offset: int) -> str:
    start = text.rfind("\n", 0, offset) + 1
    return text[start:].partition("\n")[0].strip()


def engines(fleet: object, name: str) -> list[str]:
    """The RAGEngines of a fleet that ask a model."""
    declared = mapping(mapping(fleet).get("rag"))
    return [engine for engine, entry in declared.items() if at(entry, "llm", "model") == name]


def in_fleet(fleet: object, name: str) -> list[tuple[Steps, str]]:
    """Keys of the fleet that lead callers to a model: engines that ask it, and its own route."""
    found: list[tuple[Steps, str]] = [(("rag", engine, "llm", "model"), name) for engine in engines(fleet, name)]
    if at(fleet, "models", name, "route"):
        found.append((("models", name, "route"), "its way through a Gateway"))
    return found
