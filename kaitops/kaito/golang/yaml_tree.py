"""The tree of a YAML text as ``gopkg.in/yaml.v2`` builds it, with that library's syntax errors.

libyaml's events, through PyYAML, give the same tree and the same errors, as both are ports of one code. (In flow style
this libyaml is stricter on colons without a space behind them than the Go port.)
"""

import base64
import binascii
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.reader import ReaderError
from yaml.scanner import ScannerError

from kaitops.kaito.golang.yaml_scalars import resolve

TAG_PREFIX = "tag:yaml.org,2002:"
BINARY = TAG_PREFIX + "binary"
_STR, _MERGE = TAG_PREFIX + "str", TAG_PREFIX + "merge"
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class YamlError(ValueError):
    """The text is no YAML, or not of the wanted form; the message is the library's."""


class Node:
    """A node of the tree. ``kind`` is ``scalar``, ``mapping``, ``sequence`` or ``alias``."""

    __slots__ = ("alias", "children", "implicit", "kind", "line", "tag", "value")

    def __init__(self, kind: str, line: int, tag: str = "", value: str = "", implicit: bool = False) -> None:
        self.kind, self.line, self.tag, self.value, self.implicit = kind, line, tag, value, implicit
        self.children: list[Node] = []
        self.alias: Node | None = None


def parse(text: str) -> Node | None:
    """The tree of the first document; None where there is none.

    Raises:
        YamlError: a syntax error or an unknown anchor.
    """
    try:
        events = yaml.parse(text, Loader=_LOADER)
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                node = _node(next(events), events, {})
                next(events)
                return node
    except ReaderError as error:
        raise YamlError(f"yaml: {error.reason}") from None
    except yaml.MarkedYAMLError as error:
        raise YamlError(f"yaml: {_where(error)}{error.problem or 'unknown problem parsing YAML content'}") from None
    return None


def _where(error: yaml.MarkedYAMLError) -> str:
    line = 0
    if error.problem_mark is not None and error.problem_mark.line:
        line = error.problem_mark.line + (1 if isinstance(error, ScannerError) else 0)
    elif error.context_mark is not None:
        line = error.context_mark.line
    return f"line {line}: " if line else ""


def _node(event: Any, events: Iterator[Any], anchors: dict[str, Node]) -> Node:
    line = event.start_mark.line
    if isinstance(event, yaml.AliasEvent):
        anchor = str(event.anchor)
        node = Node("alias", line, value=anchor)
        if anchor not in anchors:
            raise YamlError(f"yaml: unknown anchor '{anchor}' referenced")
        node.alias = anchors[anchor]
        return node
    tag = event.tag or ""
    if isinstance(event, yaml.ScalarEvent):
        node = Node("scalar", line, tag, event.value, bool(event.implicit[0]))
        if event.anchor:
            anchors[event.anchor] = node
        return node
    kind, end = (
        ("mapping", yaml.MappingEndEvent)
        if isinstance(event, yaml.MappingStartEvent)
        else (
            "sequence",
            yaml.SequenceEndEvent,
        )
    )
    # The library takes no notice of tags on collections.
    node = Node(kind, line)
    if event.anchor:
        anchors[event.anchor] = node
    for child in events:
        if isinstance(child, end):
            break
        node.children.append(_node(child, events, anchors))
    return node


def pairs(node: Node) -> Iterator[tuple[Node, Node]]:
    """Keys and values of a mapping node."""
    return zip(node.children[::2], node.children[1::2], strict=True)


def is_merge(node: Node) -> bool:
    """Is this key the merge key ``<<``?"""
    return node.kind == "scalar" and node.value == "<<" and (node.implicit or node.tag == _MERGE)


def scalar(node: Node) -> tuple[str, Any]:
    """Tag and value of a scalar."""
    if not node.tag and not node.implicit:
        return _STR, node.value
    try:
        tag, value = resolve(node.tag, node.value)
    except ValueError as error:
        raise YamlError(f"yaml: {error}") from None
    if tag == BINARY:
        try:
            value = base64.b64decode(node.value.replace("\n", ""), validate=True).decode(errors="replace")
        except binascii.Error:
            raise YamlError("yaml: !!binary value contains invalid base64 data") from None
    return tag, value
