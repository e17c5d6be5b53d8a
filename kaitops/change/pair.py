"""An object before and after, and what is around it on both sides."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from kaitops.change.fields import differences
from kaitops.documents.plain import MutableObject, Object, Path, mapping
from kaitops.documents.ref import Local
from kaitops.kaito.anatomy import GROUP
from kaitops.kaito.kubernetes.cluster import Cluster
from kaitops.kaito.kubernetes.structural import schema_for
from kaitops.kaito.release import Release
from kaitops.references import references

_HEAD = ("apiVersion", "kind", "metadata", "status")


class Around:
    """All objects of one side, worked out once for all that differs.

    Args:
        objects: of the tree.
        beside: what is in the cluster besides.
    """

    def __init__(self, objects: Sequence[Object], beside: Sequence[Object] = ()) -> None:
        self._objects = objects
        self.cluster = Cluster([*beside, *objects])

    @cached_property
    def users(self) -> Mapping[Local, Sequence[str]]:
        """The objects of the tree that refer to each, in order."""
        found: dict[Local, list[str]] = {}
        for other in self._objects:
            name = f"{other['kind']} {mapping(other.get('metadata')).get('name')}"
            for target in dict.fromkeys(one.target for one in references(other)):
                found.setdefault(target, []).append(name)
        return found


class Pair(NamedTuple):
    """An object before and after, and the cluster around it.

    Attributes:
        before, after: what surrounds it in base and head.
        whole: the cluster holds nothing else.
    """

    base: Object
    head: Object
    release: Release
    settings: Object
    before: Around
    after: Around
    whole: bool

    @property
    def is_declared(self) -> bool:
        """The object is of a kind of KAITO's."""
        return str(self.head.get("apiVersion")).startswith(GROUP)

    def bodies(self) -> tuple[MutableObject, MutableObject]:
        """Both states without head, metadata and status, the server's defaults filled in."""
        return self._body(self.base), self._body(self.head)

    def _body(self, document: Object) -> MutableObject:
        body = {key: part for key, part in document.items() if key not in _HEAD}
        schema = schema_for(self.release.version, str(document.get("apiVersion")), str(document.get("kind")))
        return schema.apply(body)[0] if schema else body

    def edits(self) -> list[tuple[Path, Any, Any]]:
        """Where the bodies differ."""
        return list(differences(*self.bodies()))
