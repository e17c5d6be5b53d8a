"""YAML text as ``gopkg.in/yaml.v2`` decodes it, with that library's error messages.

KAITO reads the ConfigMaps of users with it, and shows what it says. libyaml's events, through PyYAML, give the same
tree and the same syntax errors, as both are ports of one code; typing of values is written out here.
"""

import base64
import binascii
from collections.abc import Iterator
from typing import Any

import yaml

from kaitops.kaito.admission.go_yaml_scalars import resolve

_TAG_PREFIX = "tag:yaml.org,2002:"
_BINARY, _NULL, _STR = _TAG_PREFIX + "binary", _TAG_PREFIX + "null", _TAG_PREFIX + "str"
_MERGE = _TAG_PREFIX + "merge"
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

ANY_MAP = "map[string]interface {}"
STRING_MAP = "map[string]string"


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
    except yaml.reader.ReaderError as error:
        raise YamlError(f"yaml: {error.reason}") from None
    except yaml.MarkedYAMLError as error:
        raise YamlError(f"yaml: {_where(error)}{error.problem or 'unknown problem parsing YAML content'}") from None
    return None


def _where(error: yaml.MarkedYAMLError) -> str:
    line = 0
    if error.problem_mark is not None and error.problem_mark.line:
        line = error.problem_mark.line + (1 if isinstance(error, yaml.scanner.ScannerError) else 0)
    elif error.context_mark is not None:
        line = error.context_mark.line
    return f"line {line}: " if line else ""


def _node(event: Any, events: Iterator[Any], anchors: dict[str, Node]) -> Node:
    line = event.start_mark.line
    if isinstance(event, yaml.AliasEvent):
        node = Node("alias", line, value=event.anchor)
        if event.anchor not in anchors:
            raise YamlError(f"yaml: unknown anchor '{event.anchor}' referenced")
        node.alias = anchors[event.anchor]
        return node
    tag = event.tag or ""
    if isinstance(event, yaml.ScalarEvent):
        node = Node("scalar", line, tag, event.value, bool(event.implicit[0]))
        if event.anchor:
            anchors[event.anchor] = node
        return node
    kind, end = ("mapping", yaml.MappingEndEvent) if isinstance(event, yaml.MappingStartEvent) else (
        "sequence",
        yaml.SequenceEndEvent,
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


class Decoder:
    """Turns nodes into values of wanted types and collects what does not fit."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._open_aliases: set[int] = set()

    def check(self) -> None:
        """Raise what was collected.

        Raises:
            YamlError: something did not fit.
        """
        if self.problems:
            raise YamlError("yaml: unmarshal errors:\n  " + "\n  ".join(self.problems))

    def misfit(self, node: Node, tag: str, wanted: str) -> None:
        """Note that a node is not of the wanted Go type."""
        tag = node.tag or tag
        value = ""
        if tag not in (_TAG_PREFIX + "seq", _TAG_PREFIX + "map"):
            text = node.value
            # Lengths are of bytes, as in Go.
            raw = text.encode()
            value = f" `{raw[:7].decode(errors='replace')}...`" if len(raw) > 10 else f" `{text}`"
        short = "!!" + tag.removeprefix(_TAG_PREFIX) if tag.startswith(_TAG_PREFIX) else tag
        self.problems.append(f"line {node.line + 1}: cannot unmarshal {short}{value} into {wanted}")

    def followed(self, node: Node) -> Node:
        """The node behind an alias."""
        seen: set[int] = set()
        while node.kind == "alias":
            if id(node) in seen or node.alias is None:
                raise YamlError(f"yaml: anchor '{node.value}' value contains itself")
            seen.add(id(node))
            node = node.alias
        return node

    def anything(self, node: Node) -> Any:
        """A value of any type: dict, list or scalar."""
        node = self._entered(node)
        try:
            if node.kind == "scalar":
                return scalar(node)[1]
            if node.kind == "sequence":
                return [self.anything(child) for child in node.children]
            return self._mapping(node)
        finally:
            self._open_aliases.discard(id(node))

    def _entered(self, node: Node) -> Node:
        target = self.followed(node)
        if target.kind != "scalar":
            if id(target) in self._open_aliases:
                raise YamlError(f"yaml: anchor '{node.value}' value contains itself")
            self._open_aliases.add(id(target))
        return target

    def _mapping(self, node: Node) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key_node, value_node in pairs(node):
            if is_merge(key_node):
                for source in self.merged(value_node):
                    found.update(self._mapping(source))
                continue
            key = self.anything(key_node)
            if isinstance(key, dict | list):
                raise YamlError(f"yaml: invalid map key: {_go_syntax(key)}")
            found[key] = self.anything(value_node)
        return found

    def merged(self, node: Node) -> list[Node]:
        """The mappings behind a merge key, those that count most last."""
        target = self.followed(node)
        if node.kind == "sequence":
            sources = [self.followed(child) for child in reversed(node.children)]
        else:
            sources = [target]
        if any(source.kind != "mapping" for source in sources):
            raise YamlError("yaml: map merge requires map or sequence of maps as the value")
        return sources

    def string(self, node: Node) -> tuple[bool, str]:
        """A Go string: whether it fits, and the text."""
        node = self.followed(node)
        if node.kind != "scalar":
            self.misfit(node, _TAG_PREFIX + ("seq" if node.kind == "sequence" else "map"), "string")
            return False, ""
        tag, value = scalar(node)
        if value is None:
            return True, ""
        return True, value if tag == _BINARY else node.value

    def entries(self, node: Node, wanted: str) -> Iterator[tuple[str, Node]] | None:
        """Keys and values of a mapping with string keys; None where the node is null or does not fit."""
        node = self.followed(node)
        if node.kind == "scalar":
            tag, value = scalar(node)
            if value is not None:
                self.misfit(node, tag, wanted)
            return None
        if node.kind == "sequence":
            self.misfit(node, _TAG_PREFIX + "seq", wanted)
            return None
        return self._entries(node)

    def _entries(self, node: Node) -> Iterator[tuple[str, Node]]:
        for key_node, value_node in pairs(node):
            if is_merge(key_node):
                for source in self.merged(value_node):
                    yield from self._entries(source)
                continue
            fits, key = self.string(key_node)
            if fits:
                yield key, value_node


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
    if tag == _BINARY:
        try:
            value = base64.b64decode(node.value.replace("\n", ""), validate=True).decode(errors="replace")
        except binascii.Error:
            raise YamlError("yaml: !!binary value contains invalid base64 data") from None
    return tag, value


def _go_syntax(value: Any) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{_go_syntax(key)}:{_go_syntax(item)}" for key, item in value.items())
        return f"map[interface {{}}]interface {{}}{{{inner}}}"
    if isinstance(value, list):
        return f"[]interface {{}}{{{', '.join(_go_syntax(item) for item in value)}}}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "interface {}(nil)"
    return f'"{value}"' if isinstance(value, str) else str(value)
