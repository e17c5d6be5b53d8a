"""Runs kwok, which plays kubelets, and tells it what to play with which pod.

Owns the program and the annotation of pods; what the plays look like is `tests.e2e.players.stages`. Only nodes that
`tests.e2e.players.machines` made are played.
"""

import tempfile
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from tests.e2e import programs
from tests.e2e.cluster import Cluster
from tests.e2e.leashed import Leashed
from tests.e2e.players import machines, stages
from tests.e2e.players.player import Player

ONCE = {"evicted": 1, "failed": 1}
"""Plays after which a pod is replaced: its successor would meet the same fate for ever."""


@dataclass
class _Play:
    pattern: str
    name: str
    times: int | None
    given: set[str] = field(default_factory=set[str])


class Kwok(Player):
    """Kubelets without machines."""

    def __init__(self, cluster: Cluster) -> None:
        """Prepares; every pod will be ready unless a test says so."""
        super().__init__(cluster.client())
        self._cluster = cluster
        self._directory = tempfile.TemporaryDirectory(prefix="kaitops-e2e-")
        self._program: Leashed | None = None
        self._plays: list[_Play] = []

    def start(self) -> "Kwok":
        """Starts the program and the loop."""
        directory = Path(self._directory.name)
        (directory / "stages.yaml").write_text(stages.configuration())
        command = [
            str(programs.KWOK.find() / "kwok"),
            f"--kubeconfig={self._cluster.kubeconfig}",
            f"--config={directory / 'stages.yaml'}",
            f"--manage-nodes-with-label-selector={machines.PLAYED}",
            "--node-lease-duration-seconds=40",
        ]
        self._program = Leashed("kwok", command, directory, sweep=True)
        super().start()
        return self

    def stop(self) -> None:
        """Ends both."""
        try:
            super().stop()
        finally:
            if self._program:
                self._program.stop()
            self._directory.cleanup()

    def play(self, pattern: str, name: str) -> None:
        """From now on, for pods there are and pods to come.

        Args:
            pattern: `namespace/pod`, with `*`; the latest that fits wins.
            name: of `stages.PLAYS`; `evicted` and `failed` meet one pod only.
        """
        if name not in stages.PLAYS:
            raise KeyError(f"no play is called {name}; there are {', '.join(stages.PLAYS)}")
        self._plays.append(_Play(pattern, name, ONCE.get(name)))

    def forget(self) -> None:
        """All pods are ready again."""
        self._plays.clear()

    def log(self) -> str:
        """The end of what the program has written."""
        return self._program.log() if self._program else ""

    def step(self) -> None:
        """Gives each pod its play."""
        if self._program:
            self._program.check()
        for pod in self.items("v1", "Pod"):
            meta = pod["metadata"]
            wanted = self._wanted(f"{meta['namespace']}/{meta['name']}", meta["uid"])
            if "deletionTimestamp" not in meta and meta.get("annotations", {}).get(stages.PLAY) != wanted:
                self.merge(pod, {"metadata": {"annotations": {stages.PLAY: wanted}}})

    def _wanted(self, name: str, uid: str) -> str:
        for play in reversed(self._plays):
            if fnmatchcase(name, play.pattern) and (
                play.times is None or uid in play.given or len(play.given) < play.times
            ):
                play.given.add(uid)
                return play.name
        return stages.READY
