"""The kubectl of the control plane's own version, for what only it does: client-side apply with its three-way merge.

Owns how it is called; what it says is the test's.
"""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.e2e.cluster import Cluster

SECONDS = 120.0


class KubectlFailed(Exception):
    """kubectl ended with an error; the text is what it said."""


class Kubectl:
    """kubectl against one control plane."""

    def __init__(self, cluster: Cluster, scratch: Path) -> None:
        """Prepares.

        Args:
            cluster: to talk to; its assets hold the program.
            scratch: where it may keep what it has learnt of the server.
        """
        self._program = cluster.assets.path("kubectl")
        self._environment = os.environ | {"KUBECONFIG": str(cluster.kubeconfig), "HOME": str(scratch)}

    def run(self, *arguments: str, stdin: str = "") -> str:
        """Calls it.

        Raises:
            KubectlFailed: it ended with an error.
        """
        done = subprocess.run(
            [self._program, *arguments],
            input=stdin,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if done.returncode:
            raise KubectlFailed(f"kubectl {' '.join(arguments)}: {done.stderr.strip()[-4000:]}")
        return done.stdout

    def apply(self, objects: Sequence[Mapping[str, Any]], *flags: str) -> list[str]:
        """Applies objects in their order, as one input.

        Returns:
            A line for each object, like `configmap/one unchanged`.
        """
        documents = "---\n".join(json.dumps(obj) + "\n" for obj in objects)
        return self.run("apply", *flags, "-f", "-", stdin=documents).splitlines()
