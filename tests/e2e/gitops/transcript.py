"""The commands of docs/gitops.md, run as they stand there.

Owns how a block is found by its name and run: line by line by a shell, in the directory with the rendered tree, with
the kubectl of the control plane. Changes no command.
"""

import os
import re
import subprocess
from pathlib import Path

from tests.e2e.cluster import Cluster

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "gitops.md"
SECONDS = 180.0


def commands(name: str) -> list[str]:
    """The lines of the block that the page calls `name`.

    Raises:
        LookupError: there is no such block, or more than one.
    """
    found = re.findall(rf"^```sh {re.escape(name)}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    if len(found) != 1:
        raise LookupError(f"{PAGE.name} has {len(found)} blocks called {name}")
    return [line for line in found[0].splitlines() if line and not line.startswith("#")]


class Transcript:
    """A shell for the page's commands, against one control plane."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        """Prepares.

        Args:
            cluster: to talk to.
            folder: that holds `manifests`.
        """
        self.folder = folder
        self._directory = Path(cluster.assets.path("kubectl")).parent
        self._kubeconfig = cluster.kubeconfig

    def run(self, name: str) -> str:
        """Runs a block.

        Returns:
            What its commands wrote.

        Raises:
            AssertionError: one of them failed, or all took longer than any of them should here.
        """
        written = ""
        environment = os.environ | {
            "PATH": f"{self._directory}:{os.environ.get('PATH', '')}",
            "KUBECONFIG": str(self._kubeconfig),
            "HOME": str(self.folder),
        }
        for line in commands(name):
            try:
                done = subprocess.run(
                    ["/bin/sh", "-c", line],
                    cwd=self.folder,
                    env=environment,
                    capture_output=True,
                    text=True,
                    timeout=SECONDS,
                    check=False,
                )
            except subprocess.TimeoutExpired as slow:
                raise AssertionError(f"{line}: not done after {SECONDS:.0f} s; before it:\n{written}") from slow
            written += f"$ {line}\n{done.stdout}{done.stderr}"
            assert done.returncode == 0, written
        return written
