"""Machines that objects ask for, and what is kept of the count."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from kaitops.documents.plain import Object, Path, at
from kaitops.documents.ref import subject_of
from kaitops.kaito.kubernetes.cluster import Noted
from kaitops.prices import Price


class Machines(NamedTuple):
    """Machines of one size for one object.

    Attributes:
        size: canonical spelling where KAITO knows the size; empty where nothing says.
        gpus: of all nodes together; None where the size is not in KAITO's table.
        price: of one machine; None where it is not known or the machines are brought by the user.
        brought: nodes of the user's own: counted, and paid for elsewhere.
        path: where the object names the size.
        problem: why the number of nodes is not known; it counts as 0 then.
    """

    document: Object
    size: str
    nodes: int
    gpus: int | None
    price: Price | None
    brought: bool = False
    spot: bool = False
    path: Path = ("metadata", "name")
    problem: str = ""

    @property
    def per_hour(self) -> float | None:
        """USD per hour for all nodes; None where no price is known."""
        if not self.nodes:
            return 0.0
        if self.price is None:
            return None
        each = self.price.spot if self.spot else self.price.on_demand
        return None if each is None else each * self.nodes

    @property
    def subject(self) -> str:
        """``Kind namespace/name``."""
        return subject_of(self.document)


class Asked(NamedTuple):
    """What an object asks for, before anything is looked up."""

    size: str
    nodes: int
    path: Path
    brought: bool = False
    problem: str = ""


class Counted:
    """The machines of a cluster, and on what the answer for each Workspace rests."""

    def __init__(self, before: "Counted | None" = None) -> None:
        self.machines: list[Machines] = []
        self._answers: dict[str, tuple[Object, Noted, list[Asked]]] = {}
        self._before = before

    def answer(self, document: Object, seen: Noted, work_out: Callable[[], Iterator[Asked]]) -> list[Asked]:
        """What a Workspace asks for, as before where it and all that KAITO looks at for it is as before."""
        key = f"{at(document, 'metadata', 'namespace')}/{at(document, 'metadata', 'name')}"
        was = self._before and self._before._answers.get(key)
        if was and was[0] == document and was[1].is_like(seen):
            return was[2]
        asked = list(work_out())
        self._answers[key] = document, seen, asked
        return asked
