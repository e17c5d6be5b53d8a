"""An object of Argo CD or Flux, seen as the kustomization that the tool makes of it."""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from kaitops.documents.plain import Object, Path, Steps


class Deploying(Protocol):
    """An object that deploys folders: of a file, or made by a build."""

    @property
    def data(self) -> Any:
        """The object."""
        ...

    @property
    def file(self) -> str:
        """Its file."""
        ...

    def locate(self, path: Steps) -> tuple[int, int]:
        """Line and column of a value."""
        ...

    def place(self, path: Steps) -> tuple[str, int, int]:
        """File, line and column of what brought a value."""
        ...


class View(NamedTuple):
    """The kustomization, and where its fields stand.

    Attributes:
        data: the kustomization.
        own: the path in the object of a path in the kustomization.
    """

    document: Deploying
    data: Object
    own: Callable[[Path], Path]

    @property
    def file(self) -> str:
        """The file of the object."""
        return self.document.file

    def locate(self, path: Steps) -> tuple[int, int]:
        """Line and column of a field in the file of the object."""
        return self.document.locate(self.own(tuple(path)))
