"""A rendered tree in the hands of a GitOps tool, from the documented start to the documented deletion.

Owns what is the same for every tool: rendering and the page's commands. How a tree is
published and how a tool is made to look is the subclass's.
"""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from tests.e2e.gitops.stand import PROVISIONED, Stand


class Tree(ABC):
    """A tree that a tool has taken over.

    Class attributes:
        START: name of the page's block that hands it over; that which deletes it has `-delete` behind.

    Attributes:
        mode: of the workloads.
        folder: of the cluster, as rendered.
        revision: what was published last, as the tool calls it.
    """

    START: ClassVar[str]
    revision: str

    def __init__(self, stand: Stand, mode: str, sample: str = PROVISIONED) -> None:
        """Renders, publishes, and runs the documented commands."""
        self.stand = stand
        self.mode = mode
        self.folder = stand.render(mode, sample=sample)
        stand.recorder.clear()
        self.publish(self.folder)
        stand.transcript.run(self.START)

    @abstractmethod
    def publish(self, folder: Path) -> None:
        """Puts a tree where the tool finds it."""

    @abstractmethod
    def look(self) -> None:
        """Makes the tool compare every stage, and waits until it has."""

    @abstractmethod
    def await_healthy(self) -> None:
        """Waits until all stages are at the latest revision and healthy."""

    def delete(self) -> None:
        """Runs the documented deletion."""
        self.stand.transcript.run(f"{self.START}-delete")
