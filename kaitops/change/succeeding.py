"""The ConfigMap of another content that takes the place of one that a change deletes."""

import re
from collections.abc import Sequence
from functools import cached_property

from kaitops.documents.plain import Object, at, raw, texts
from kaitops.documents.ref import Ref, namespace_of

_DIGEST = re.compile(r"-(?:[0-9a-f]{10}|[2456789bcdfghkmt]{10})$")
"""Of the content: hexadecimal, and in the alphabet of kustomize, which makes no words."""


class Successors:
    """Of the objects of a change. Each of its indexes is made once, and only where a name of that form is deleted.

    Args:
        head: all objects of it.
        followed: those of the head that the cluster takes and follows as they are.
    """

    def __init__(self, head: Sequence[Object], followed: Sequence[Object]) -> None:
        self._head, self._followed = head, followed

    def of(self, document: Object, using: Sequence[str]) -> str:
        """The ConfigMap that all users of a deleted one name in its place; empty where one does not.

        Its name ends with a digest of its content, as our own renderer and kustomize write it, so that nobody knows it
        who is not rendered together with it.

        Args:
            using: what referred to the deleted one, as ``Kind name``.
        """
        key = Ref.of(document)
        stem = _DIGEST.sub("", key.name)
        if key.kind != "ConfigMap" or stem == key.name:
            return ""
        space = namespace_of(document)
        others = [name for name in self._stems.get((space, stem), ()) if name != key.name]
        if not others or key.name.encode() in self._said.get(space, b""):
            return ""
        held = [self._users.get((space, user)) for user in using]
        for other in others:
            if all(one is not None and other in texts(one) for one in held):
                return f"ConfigMap {other}"
        return ""

    @cached_property
    def _stems(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for one in self._head:
            if one.get("kind") == "ConfigMap":
                name = str(at(one, "metadata", "name"))
                found.setdefault((namespace_of(one), _DIGEST.sub("", name)), []).append(name)
        return found

    @cached_property
    def _said(self) -> dict[str, bytes]:
        spaces: dict[str, list[Object]] = {}
        for one in self._head:
            spaces.setdefault(namespace_of(one), []).append(one)
        return {space: raw(held) for space, held in spaces.items()}

    @cached_property
    def _users(self) -> dict[tuple[str, str], Object]:
        return {(namespace_of(one), f"{one.get('kind')} {at(one, 'metadata', 'name')}"): one for one in self._followed}
