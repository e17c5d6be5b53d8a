"""Where in a text each value of a YAML document begins and ends, and which anchors and aliases tie values together.

For changing a file in place. What a value means is for ``composing``, the place that an error names for ``places``.
"""

from collections.abc import Iterator
from typing import Any

import yaml

from kaitops.documents import events

_COLLECTIONS = {yaml.MappingStartEvent: "mapping", yaml.SequenceStartEvent: "sequence"}
_BLOCK_SCALARS = ("|", ">")


class Node:
    """A value as it is written.

    Attributes:
        kind: ``mapping``, ``sequence``, ``scalar`` or ``alias``.
        start: offset of its first sign, which is that of its anchor where it has one.
        end: offset behind its last sign, without the blank lines that follow.
        flow: a collection in brackets or braces.
        style: the quote or the sign that opens a block of text; empty where the text is plain.
        anchor: of an alias, the one that it names.
        entries: key and value each; the key is None in a sequence.
        line: from 1.
    """

    __slots__ = ("anchor", "end", "entries", "flow", "kind", "line", "start", "style", "text")

    def __init__(self, kind: str, event: Any) -> None:
        self.kind = kind
        self.start: int = event.start_mark.index
        self.end: int = event.end_mark.index
        self.line: int = event.start_mark.line + 1
        self.flow = bool(getattr(event, "flow_style", False))
        self.style: str = (getattr(event, "style", None) or "") if kind == "scalar" else ""
        self.text: str = event.value if kind == "scalar" else ""
        self.anchor: str | None = event.anchor
        self.entries: list[tuple[Node | None, Node]] = []

    @property
    def block(self) -> bool:
        """It is written on lines of its own."""
        return self.style in _BLOCK_SCALARS or (self.kind in ("mapping", "sequence") and not self.flow)

    def find(self, step: str | int) -> "tuple[Node | None, Node] | None":
        """The entry of a key or number; None where it is not written here."""
        if isinstance(step, int):
            return self.entries[step] if self.kind == "sequence" and 0 <= step < len(self.entries) else None
        return next((entry for entry in self.entries if entry[0] is not None and entry[0].text == step), None)

    def within(self) -> "Iterator[Node]":
        """This value and all that stand in it."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [value for _, value in node.entries]


def read(text: str, name: str) -> Node:
    """The only document of a text, which is known to be one.

    Raises:
        ValueError: there is none.
    """
    stack: list[Node] = []
    keys: list[Node | None] = []
    root: Node | None = None
    for event in events.read(text, name):
        kind: Any = type(event)  # pyright: ignore[reportUnknownVariableType]
        if kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
            done = stack.pop()
            keys.pop()
            # The library ends a block where the next thing begins, past blank lines and comments.
            done.end = event.end_mark.index if done.flow else max(value.end for _, value in done.entries)
            continue
        if kind in _COLLECTIONS:
            node = Node(_COLLECTIONS[kind], event)
        elif kind is yaml.ScalarEvent:
            node = Node("scalar", event)
            _trim(node, text)
        elif kind is yaml.AliasEvent:
            node = Node("alias", event)
        else:
            continue
        if not stack:
            root = root or node
        elif stack[-1].kind == "mapping" and keys[-1] is None:
            keys[-1] = node
            continue
        else:
            stack[-1].entries.append((keys[-1], node))
            keys[-1] = None
        if kind in _COLLECTIONS:
            stack.append(node)
            keys.append(None)
    if root is None:
        raise ValueError(name)
    return root


def _trim(node: Node, text: str) -> None:
    if node.style not in _BLOCK_SCALARS:
        return
    written = text[node.start : node.end]
    header = written.partition("\n")[0]
    if "+" not in header.partition("#")[0]:
        node.end = node.start + len(written.rstrip())
