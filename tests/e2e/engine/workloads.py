"""The part ``workloads`` of the repository's program as a stack, on a server that has KAITO's definitions."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.e2e import kinds
from tests.e2e.cluster import Cluster
from tests.e2e.engine.project import Project, Result

A100 = "Standard_NC24ads_A100_v4"


class Workloads:
    """A stack with one cluster's models.

    Attributes:
        space: namespace of all of them.
    """

    def __init__(self, folder: Path, server: Cluster, space: str) -> None:
        self.project, self.client, self.space = Project(folder), server.client(), space
        self._fleet = folder / "fleet.yaml"
        self.declare()
        self.configure()
        self.project.pulumi("config", "set", "--secret", "kubeconfig", Path(server.kubeconfig).read_text())

    def declare(self, *, kaito: str = kinds.KAITO_VERSION, **fleet: Any) -> None:
        """Write the fleet: `models` and the like, as they stand in one; a model `phi` where nothing is said."""
        declared: dict[str, Any] = {
            "kaito": kaito,
            "defaults": {"namespace": self.space, "benchmark": False},
            "clusters": {"prod": {"region": "westeurope", "provisioner": "karpenter"}},
            "models": {"phi": {"preset": "phi-4-mini-instruct", "gpu": A100}},
        }
        self._fleet.write_text(json.dumps({**declared, **fleet}))

    def configure(self, **config: Any) -> None:
        """Write the stack's file."""
        self.project.adopt(**{"fleet": str(self._fleet), "cluster": "prod", "parts": ["workloads"], **config})

    def get(self, kind: str, name: str, api: str = "kaito.sh/v1beta1") -> Mapping[str, Any]:
        """An object of the cluster."""
        return self.client.get(api, kind, name, self.space)

    def run(self, command: str, *arguments: str, code: int = 0) -> Result:
        """A command of the engine."""
        return self.project.run(command, *arguments, code=code)
