"""Reading YAML strictly: one meaning for every file, and a place for every error.

Refuses what would be lost or read differently elsewhere: duplicate keys, non-string keys, unknown tags, alias bombs,
recursive aliases, files that are not UTF-8. Files of several documents are read as such.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from kaitops.documents import scalars
from kaitops.errors import BadInput

_MAX_BYTES = 32 * 1024 * 1024
_MAX_VALUES = 2_000_000
# An expansion by aliases to more than this many times the written values is an attack, not a shorthand.
_MAX_ALIAS_FACTOR = 20
_MAX_DEPTH = 200
_PLAIN = "tag:kaitops,plain"
_STR = "tag:yaml.org,2002:str"
_NAMED = {
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
    "tag:yaml.org,2002:bool": bool,
    "tag:yaml.org,2002:null": type(None),
}

Path_ = Sequence[str | int]


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file.

    Attributes:
        data: plain dictionaries, lists and scalars.
        file: the file's name as given; ``-`` for standard input.
        index: number of the document in its file, from 0.
    """

    data: Any
    file: str
    index: int
    _text: str

    def locate(self, path: Path_) -> tuple[int, int]:
        """Line and column, from 1, of the value at a path; of the nearest parent where the path does not exist."""
        return _locate(self._text, self.index, path)


class _Loader(yaml.CSafeLoader):  # pyright: ignore[reportUntypedBaseClass]
    """Composes nodes only. Plain scalars are interpreted by us, so the library's resolver is skipped."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        if kind is yaml.ScalarNode:
            return _PLAIN if implicit[0] else _STR
        return "tag:yaml.org,2002:map" if kind is yaml.MappingNode else "tag:yaml.org,2002:seq"


def read_file(path: str | os.PathLike[str]) -> list[Document]:
    """All documents of a file.

    Raises:
        BadInput: with the file, line and column, what is wrong and what to do.
    """
    return read_bytes(content(path), os.fspath(path))


def content(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a file; errors as :func:`read_file`."""
    name = os.fspath(path)
    try:
        # Once a file of a tree: pathlib would double the time.
        with open(name, "rb") as stream:
            raw = stream.read(_MAX_BYTES + 1)
        if len(raw) > _MAX_BYTES:
            size = os.stat(name).st_size  # noqa: PTH116
            raise BadInput(f"{name}: {size} bytes is too large for a manifest (limit {_MAX_BYTES}); split the file")
    except OSError as error:
        raise BadInput(f"{name}: cannot be read: {error.strerror}") from None
    return raw


def read_bytes(raw: bytes, name: str) -> list[Document]:
    """All documents of a file's content; errors as :func:`read_file`."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadInput(
            f"{name}:{line}: byte {error.start} (0x{raw[error.start]:02x}) is not UTF-8, so the text cannot be read "
            "reliably; save the file as UTF-8"
        ) from None
    return list(_documents(text, name))


def _documents(text: str, name: str) -> Iterator[Document]:
    for index, node in enumerate(_compose(text, name)):
        if node is not None:
            yield Document(_Builder(name, text).build(node), name, index, text)


def _compose(text: str, name: str) -> Iterator[Any]:
    try:
        loader = _Loader(text)
    except yaml.YAMLError as error:
        raise _syntax(name, error, text) from None
    try:
        while loader.check_node():
            yield loader.get_node()
    except yaml.YAMLError as error:
        raise _syntax(name, error, text) from None
    except RecursionError:
        raise BadInput(f"{name}: nested deeper than {_MAX_DEPTH} levels; no manifest is") from None
    finally:
        loader.dispose()


class _Builder:
    """Turns composed nodes into plain data, watching for what must be refused."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._values = 0
        self._limit = _MAX_VALUES
        if "*" in text:
            self._limit = max(10_000, _MAX_ALIAS_FACTOR * (text.count("\n") + text.count(",") + 1))
        self._open: set[int] = set()

    def build(self, node: Any, depth: int = 0) -> Any:
        self._values += 1
        if self._values > self._limit:
            raise self._error(
                node, f"aliases expand to more than {self._limit} values; write the repeated parts out or remove them"
            )
        tag = node.tag
        if tag is _PLAIN:
            return scalars.value(node.value)
        if tag is _STR:
            return node.value
        if isinstance(node, yaml.ScalarNode):
            return self._tagged(node)
        if depth > _MAX_DEPTH:
            raise self._error(node, f"nested deeper than {_MAX_DEPTH} levels; no manifest is")
        if id(node) in self._open:
            raise self._error(node, "an alias refers to a value that contains it; write the value out")
        self._open.add(id(node))
        try:
            if tag == "tag:yaml.org,2002:map" and isinstance(node, yaml.MappingNode):
                return self._mapping(node, depth)
            if tag == "tag:yaml.org,2002:seq" and isinstance(node, yaml.SequenceNode):
                return [self.build(item, depth + 1) for item in node.value]
        finally:
            self._open.discard(id(node))
        raise self._error(node, f"tag {tag!r} has no meaning in a Kubernetes manifest; remove it")

    def _mapping(self, node: Any, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        merged: list[dict[str, Any]] = []
        for key_node, value_node in node.value:
            key = key_node.value
            if key_node.tag is _PLAIN:
                if key == "<<":
                    merged += self._merge(value_node, depth)
                    continue
                if not isinstance(scalars.value(key), str):
                    raise self._error(key_node, f"key {key} is read as {_kind(key)}, not as text; quote it")
            elif key_node.tag != _STR:
                raise self._error(key_node, "a key must be text")
            if key in result:
                first = next(k.start_mark.line + 1 for k, _ in node.value if k.value == key)
                raise self._error(
                    key_node, f"key {key!r} is already on line {first} and one of them would be lost; remove one"
                )
            result[key] = self.build(value_node, depth + 1)
        for extra in merged:
            for key, value in extra.items():
                result.setdefault(key, value)
        return result

    def _merge(self, node: Any, depth: int) -> list[dict[str, Any]]:
        built = self.build(node, depth + 1)
        parts: list[Any] = built if isinstance(built, list) else [built]  # pyright: ignore[reportUnknownVariableType]
        if not all(isinstance(part, dict) for part in parts):
            raise self._error(node, "'<<' takes a mapping or a list of mappings")
        return parts

    def _tagged(self, node: Any) -> Any:
        wanted = _NAMED.get(node.tag)
        value = scalars.value(node.value)
        if wanted is float and isinstance(value, int):
            value = float(value)
        if wanted is None or type(value) is not wanted:
            raise self._error(node, f"tag {node.tag!r} does not fit the value {node.value!r}; remove the tag")
        return value

    def _error(self, node: Any, message: str) -> BadInput:
        mark = node.start_mark
        return BadInput(f"{self._name}:{mark.line + 1}:{mark.column + 1}: {message}")


def _kind(key: str) -> str:
    value = scalars.value(key)
    return "null" if value is None else "a boolean" if isinstance(value, bool) else "a number"


def _syntax(name: str, error: yaml.YAMLError, text: str) -> BadInput:
    mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    if mark is None:
        position = getattr(error, "position", None)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else 1
        return BadInput(f"{name}:{line}: not YAML: {getattr(error, 'reason', problem)}")
    lines = text.splitlines()
    number: int = mark.line
    written = lines[number] if number < len(lines) else ""
    if "\t" in written[: len(written) - len(written.lstrip())] or "\\t" in problem:
        problem = "a tab is used for indentation, which YAML forbids; use spaces"
    return BadInput(f"{name}:{mark.line + 1}:{mark.column + 1}: not YAML: {problem}")


# Findings of a file come together, so the tree of the last file is kept and all are located in one reading.
@lru_cache(maxsize=1)
def _roots(text: str) -> list[Any]:
    return list(_compose(text, ""))


def _locate(text: str, index: int, path: Path_) -> tuple[int, int]:
    node = _roots(text)[index]
    mark = node.start_mark
    for step in path:
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == step), None)
            if pair is None:
                break
            mark, node = pair[0].start_mark, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            mark = node.start_mark
        else:
            break
    return mark.line + 1, mark.column + 1
