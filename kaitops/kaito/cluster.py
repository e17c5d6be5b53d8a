"""The objects that exist beside the one under judgement, found by kind, namespace and name.

A read-only view over plain documents; it neither validates nor defaults them.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from kaitops.documents.plain import items, mapping

_CLUSTER_SCOPED = frozenset(
    {"Node", "Namespace", "StorageClass", "CSIDriver", "PersistentVolume", "ModelMirror", "NodePool", "NodeClaim"}
)


class Cluster:
    """The documents of a cluster."""

    def __init__(self, documents: Iterable[Mapping[str, Any]]) -> None:
        self._documents = list(documents)

    @cached_property
    def _index(self) -> dict[tuple[str, str, str], Mapping[str, Any]]:
        index: dict[tuple[str, str, str], Mapping[str, Any]] = {}
        for document in self._documents:
            metadata = mapping(document.get("metadata"))
            kind = document.get("kind", "")
            index[kind, _scope(kind, metadata.get("namespace")), metadata.get("name", "")] = document
        return index

    def __len__(self) -> int:
        return len(self._documents)

    def get(self, kind: str, namespace: str | None, name: str) -> Mapping[str, Any] | None:
        """One object, or None. The namespace of cluster-scoped kinds is ignored."""
        return self._index.get((kind, _scope(kind, namespace), name))

    def of_kind(self, kind: str) -> list[Mapping[str, Any]]:
        """All objects of a kind, by namespace and name, as a list call of the API server orders them."""
        if not self._documents:
            return []
        found = [(key[1:], document) for key, document in self._index.items() if key[0] == kind]
        return [document for _, document in sorted(found, key=lambda item: item[0])]

    def nodes(self, match_labels: Mapping[str, str]) -> list[Mapping[str, Any]]:
        """Nodes that carry all the labels, by name. No labels match every node."""
        return [node for node in self.of_kind("Node") if _carries(node, match_labels)]


def is_ready(node: Mapping[str, Any]) -> bool:
    """The node reports Ready and is not being deleted."""
    if mapping(node.get("metadata")).get("deletionTimestamp"):
        return False
    conditions = map(mapping, items(mapping(node.get("status")).get("conditions")))
    return any(entry.get("type") == "Ready" and entry.get("status") == "True" for entry in conditions)


def _scope(kind: str, namespace: str | None) -> str:
    return "" if kind in _CLUSTER_SCOPED else namespace or "default"


def _carries(node: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    own = mapping(mapping(node.get("metadata")).get("labels"))
    return all(own.get(key) == value for key, value in labels.items())
