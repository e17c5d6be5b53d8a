"""Reading YAML and JSON strictly: one meaning for every file, and a place for every error.

Refuses what would be lost or read differently elsewhere: duplicate keys, non-string keys, unknown tags, alias bombs,
recursive aliases, files that are not UTF-8. Files of several documents are read as such. Of manifests, which others
read too, it also refuses what those differ on.
"""

import os
import sys
from collections.abc import Mapping
from typing import Any

from kaitops.documents import composing, json_text, places, source, text
from kaitops.documents.plain import Steps
from kaitops.errors import BadInput


class Document:
    """One document of a file.

    Attributes:
        data: plain dictionaries, lists and scalars.
        file: the file's name as given; ``-`` for standard input.
        index: number of the document in its file, from 0.
    """

    __slots__ = ("_text", "data", "file", "index")

    def __init__(self, data: Any, file: str, index: int, text: str) -> None:
        self.data = data
        self.file = file
        self.index = index
        self._text = text

    def renamed(self, file: str) -> "Document":
        """The same document of a file of another name."""
        return Document(self.data, file, self.index, self._text)

    def may_hold(self, values: int) -> bool:
        """Whether its file is long enough for so many values: each takes a sign, an alias stands for some 20 a line."""
        return len(self._text) * 20 >= values

    def place(self, path: Steps) -> tuple[str, int, int]:
        """File, line and column of the value at a path."""
        return (self.file, *self.locate(path))

    def origin(self, path: Steps) -> str:
        """Where a value comes from that stands elsewhere than the object; it never does in a file."""
        del path
        return ""

    def called(self, name: str) -> Mapping[str, str]:
        """What is made of a name that stands beside it; nothing is where files are applied as they are."""
        del name
        return {}

    def locate(self, path: Steps) -> tuple[int, int]:
        """Line and column, from 1, of the value at a path; of the nearest parent where the path does not exist."""
        return places.of(self._text, self.index, path)


def read_given(name: str) -> list[Document]:
    """All documents of a file that somebody names on the command line, ``-`` for standard input."""
    return read_bytes(sys.stdin.buffer.read(), "-") if name == "-" else read_file(name)


def read_file(path: str | os.PathLike[str], *, strict: bool = False) -> list[Document]:
    """All documents of a file.

    Args:
        strict: it is a manifest, which kubectl, kustomize or a controller reads as well.

    Raises:
        BadInput: with the file, line and column, what is wrong and what to do.
    """
    return read_bytes(source.read(path), os.fspath(path), strict=strict)


def read_bytes(raw: bytes, name: str, *, strict: bool = False) -> list[Document]:
    """All documents of a file's content; arguments and errors as :func:`read_file`."""
    if len(raw) > source.MAX_BYTES:
        raise BadInput(f"{name}: {len(raw)} bytes is too large for a manifest (limit {source.MAX_BYTES}); split it")
    written = text.decode(raw, name)
    if strict:
        text.require_common_lines(written, name)
        objects = json_text.read(written, name)
        if objects is not None:
            return [Document(data, name, index, written) for index, data in enumerate(objects)]
        text.require_common_documents(written, name)
    return [Document(data, name, index, written) for index, data in composing.documents(written, name, strict=strict)]
