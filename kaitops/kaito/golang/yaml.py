"""YAML values as ``gopkg.in/yaml.v2`` decodes them into Go types, with that library's error messages.

KAITO reads the ConfigMaps of users with it, and shows what it says. Owns the typing of values; the tree is
``go_yaml_tree``.
"""

from collections.abc import Iterator
from typing import Any

from kaitops.kaito.golang.yaml_tree import BINARY, TAG_PREFIX, Node, YamlError, is_merge, pairs, parse, scalar

__all__ = ["ANY_MAP", "STRING_MAP", "Decoder", "Node", "YamlError", "parse"]

ANY_MAP = "map[string]interface {}"
STRING_MAP = "map[string]string"


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
        if tag not in (TAG_PREFIX + "seq", TAG_PREFIX + "map"):
            text = node.value
            # Lengths are of bytes, as in Go.
            raw = text.encode()
            value = f" `{raw[:7].decode(errors='replace')}...`" if len(raw) > 10 else f" `{text}`"
        short = "!!" + tag.removeprefix(TAG_PREFIX) if tag.startswith(TAG_PREFIX) else tag
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
        listed = node.kind == "sequence"
        sources = [self.followed(child) for child in reversed(node.children)] if listed else [target]
        if any(source.kind != "mapping" for source in sources):
            raise YamlError("yaml: map merge requires map or sequence of maps as the value")
        return sources

    def string(self, node: Node) -> tuple[bool, str]:
        """A Go string: whether it fits, and the text."""
        node = self.followed(node)
        if node.kind != "scalar":
            self.misfit(node, TAG_PREFIX + ("seq" if node.kind == "sequence" else "map"), "string")
            return False, ""
        tag, value = scalar(node)
        if value is None:
            return True, ""
        return True, value if tag == BINARY else node.value

    def entries(self, node: Node, wanted: str) -> Iterator[tuple[str, Node]] | None:
        """Keys and values of a mapping with string keys; None where the node is null or does not fit."""
        node = self.followed(node)
        if node.kind == "scalar":
            tag, value = scalar(node)
            if value is not None:
                self.misfit(node, tag, wanted)
            return None
        if node.kind == "sequence":
            self.misfit(node, TAG_PREFIX + "seq", wanted)
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


def _go_syntax(value: Any) -> str:
    kind: type[object] = value.__class__
    if kind is dict:
        inner = ", ".join(f"{_go_syntax(key)}:{_go_syntax(item)}" for key, item in value.items())
        return f"map[interface {{}}]interface {{}}{{{inner}}}"
    if kind is list:
        return f"[]interface {{}}{{{', '.join(_go_syntax(item) for item in value)}}}"
    if value is None:
        return "interface {}(nil)"
    if kind is bool:
        return "true" if value else "false"
    return f'"{value}"' if kind is str else str(value)
