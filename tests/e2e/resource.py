"""Addresses of objects on an API server."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Resource:
    """Where the objects of a kind live.

    Attributes:
        prefix: `/api/v1` or `/apis/<group>/<version>`.
        plural: the last part of the address, like `workspaces`.
        namespaced: whether a namespace comes before it.
    """

    prefix: str
    plural: str
    namespaced: bool

    def path(self, namespace: str | None = None, name: str | None = None) -> str:
        """The address of one object, or of all of a namespace, or of all."""
        parts = [self.prefix]
        if self.namespaced and namespace:
            parts.append(f"namespaces/{quote(namespace)}")
        parts.append(self.plural)
        if name:
            parts.append(quote(name))
        return "/".join(parts)
