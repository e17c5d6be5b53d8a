"""The objects that exist beside the one under judgement, found by kind, namespace and name.

A read-only view over plain documents; it neither validates nor defaults them.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from kaitops.documents.plain import Object, items, mapping

_CLUSTER_SCOPED = frozenset(
    {"Node", "Namespace", "StorageClass", "CSIDriver", "PersistentVolume", "ModelMirror", "NodePool", "NodeClaim"}
)
_Key = tuple[str, str]
_NONE: dict[_Key, Object] = {}


class Cluster:
    """The documents of a cluster."""

    def __init__(self, documents: Iterable[Object]) -> None:
        self._documents = list(documents)

    @cached_property
    def _kinds(self) -> dict[str, dict[_Key, Object]]:
        kinds: dict[str, dict[_Key, Object]] = {}
        for document in self._documents:
            kind, key = _identity(document)
            kinds.setdefault(kind, {})[key] = document
        return kinds

    def __len__(self) -> int:
        return sum(map(len, self._kinds.values()))

    def get(self, kind: str, namespace: str | None, name: str) -> Object | None:
        """One object, or None. The namespace of cluster-scoped kinds is ignored."""
        return self._kinds.get(kind, _NONE).get((_scope(kind, namespace), name))

    def of_kind(self, kind: str) -> list[Object]:
        """All objects of a kind, by namespace and name, as a list call of the API server orders them."""
        return [document for _, document in sorted(self._kinds.get(kind, _NONE).items(), key=lambda item: item[0])]

    def nodes(self, match_labels: Mapping[str, str]) -> list[Object]:
        """Nodes that carry all the labels, by name. No labels match every node."""
        return [node for node in self.of_kind("Node") if _carries(node, match_labels)]


class Noted(Cluster):
    """A cluster that knows what was asked of it."""

    def __init__(self, documents: Iterable[Object]) -> None:
        super().__init__(documents)
        self._asked: dict[tuple[str, str | None, str | None], Any] = {}

    def get(self, kind: str, namespace: str | None, name: str) -> Object | None:
        """One object, or None."""
        found = self._asked[kind, namespace, name] = Cluster.get(self, kind, namespace, name)
        return found

    def of_kind(self, kind: str) -> list[Object]:
        """All objects of a kind, by namespace and name."""
        found = self._asked[kind, None, None] = Cluster.of_kind(self, kind)
        return found

    def is_like(self, other: Cluster) -> bool:
        """Another cluster gives the same answers to all that was asked of this one."""
        return bool(self) == bool(other) and all(
            (other.of_kind(kind) if name is None else other.get(kind, namespace, name)) == found
            for (kind, namespace, name), found in self._asked.items()
        )


class Seen(Noted):
    """A cluster as one of its objects finds it: without itself.

    Args:
        cluster: read once for all its objects.
        subject: the object.
        under: objects that are there as well where the cluster has none of their name.
    """

    def __init__(self, cluster: Cluster, subject: Object, under: Iterable[Object] = ()) -> None:
        super().__init__(under)
        self._cluster = cluster
        self._subject = subject

    def __len__(self) -> int:
        return self._size

    @cached_property
    def _size(self) -> int:
        metadata = mapping(self._subject.get("metadata"))
        own = self._cluster.get(self._subject.get("kind", ""), metadata.get("namespace"), metadata.get("name", ""))
        return len(self._cluster) + super().__len__() - (own is self._subject)

    def get(self, kind: str, namespace: str | None, name: str) -> Object | None:
        """One object, or None."""
        found = self._cluster.get(kind, namespace, name)
        if found is None or found is self._subject:
            found = Cluster.get(self, kind, namespace, name)
        self._asked[kind, namespace, name] = found
        return found

    def of_kind(self, kind: str) -> list[Object]:
        """All objects of a kind, by namespace and name."""
        found = [one for one in self._cluster.of_kind(kind) if one is not self._subject]
        if added := Cluster.of_kind(self, kind):
            there = {_identity(one)[1]: one for one in (*added, *found)}
            found = [one for _, one in sorted(there.items(), key=lambda item: item[0])]
        self._asked[kind, None, None] = found
        return found


def is_ready(node: Object) -> bool:
    """The node reports Ready and is not being deleted."""
    if mapping(node.get("metadata")).get("deletionTimestamp"):
        return False
    conditions = map(mapping, items(mapping(node.get("status")).get("conditions")))
    return any(entry.get("type") == "Ready" and entry.get("status") == "True" for entry in conditions)


def _identity(document: Object) -> tuple[str, _Key]:
    kind, metadata = document.get("kind", ""), mapping(document.get("metadata"))
    return kind, (_scope(kind, metadata.get("namespace")), metadata.get("name", ""))


def is_cluster_scoped(kind: str) -> bool:
    """Objects of the kind stand in no namespace."""
    return kind in _CLUSTER_SCOPED


def _scope(kind: str, namespace: str | None) -> str:
    return "" if kind in _CLUSTER_SCOPED else namespace or "default"


def _carries(node: Object, labels: Mapping[str, str]) -> bool:
    own = mapping(mapping(node.get("metadata")).get("labels"))
    return all(own.get(key) == value for key, value in labels.items())
