"""A cluster in which a whole rendered tree can live: machines, kubelets, storage and KAITO played, charts served.

Owns what is there beside the GitOps tool: a control plane of its own without KAITO's definitions, as they come with
the charts. KAITO's controllers act only while their Deployment serves, so what is deleted after them stays for ever.
"""

import contextlib
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Self

import yaml

from tests.e2e import fleet, kinds
from tests.e2e.assets import Assets
from tests.e2e.client import Client, Object, label
from tests.e2e.cluster import Cluster
from tests.e2e.conftest import installer
from tests.e2e.gitops import charts
from tests.e2e.gitops.charts import ChartRepository, Controllers
from tests.e2e.gitops.recorder import Recorder
from tests.e2e.gitops.repository import Repository
from tests.e2e.gitops.transcript import Transcript
from tests.e2e.players.kaito import KINDS, Kaito
from tests.e2e.players.kwok import Kwok
from tests.e2e.players.machines import Machine
from tests.e2e.players.player import Player
from tests.e2e.players.provisioner import KARPENTER, Provisioner
from tests.e2e.players.storage import Storage

MODES = ("operator",) if os.environ.get("KAITOPS_E2E_SHORT") else ("operator", "plain")
PROVISIONED, BROUGHT = "prod-weu", "edge-lab"
"""The clusters of the sample fleet: machines are made, or are brought."""
SPACES = ("models", *(charts.known()[chart]["namespace"] for chart in charts.CHARTS))
WATCHED = (
    ("v1", "Namespace"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("v1", "ConfigMap"),
    (KARPENTER, "NodePool"),
    *((added.api_version, kind) for kind, added in KINDS.items()),
)


class Installed(Kaito):
    """KAITO's controllers, as long as they are installed and serve."""

    def step(self) -> None:
        """Does nothing without a ready pod of the controller."""
        ready = {
            obj["metadata"]["name"]
            for obj in self.items("apps/v1", "Deployment")
            if obj.get("status", {}).get("readyReplicas")
        }
        if charts.known()["workspace"]["release"] in ready:
            super().step()


class Needs(Player):
    """What the users of a namespace bring: Secrets and claims, as soon as it is there."""

    def __init__(self, client: Client) -> None:
        """Prepares; brings nothing yet."""
        super().__init__(client)
        self.objects: fleet.Objects = []

    def step(self) -> None:
        """Makes what is missing where the namespace stays."""
        spaces = {
            obj["metadata"]["name"]
            for obj in self.items("v1", "Namespace")
            if "deletionTimestamp" not in obj["metadata"]
        }
        for obj in self.objects:
            if obj["metadata"]["namespace"] in spaces:
                self.create(obj)


Edit = Callable[[dict[str, Any]], object]


class Stand:
    """The cluster with its players, between `__enter__` and `__exit__`.

    Attributes:
        cluster: the control plane.
        client: of it.
        kwok: the kubelets.
        machines: Karpenter.
        kaito: KAITO's controllers.
        charts: the chart repository.
        recorder: what came and went.
        repository: the git repository that holds the tree.
        transcript: runs the commands of the page beside the tree.
        name: of the cluster in the fleet.
    """

    def __init__(self, assets: Assets, scratch: Path, engine: str, name: str) -> None:
        """Prepares.

        Args:
            assets: of the control plane.
            scratch: an empty directory.
            engine: `argocd` or `flux`, of both clusters.
            name: of the cluster; the page's commands name it.
        """
        self.name = name
        self._engine = engine
        self._scratch = scratch
        self._rendered = 0
        self._end = contextlib.ExitStack()
        self.cluster = Cluster(assets)

    def __enter__(self) -> Self:
        """Starts everything but the GitOps tool."""
        with contextlib.ExitStack() as end:
            end.enter_context(self.cluster)
            self.client = self.cluster.client()
            end.callback(self.client.close)
            installer(self.client)(["karpenter.sh", "karpenter.azure.com"])
            self.charts = end.enter_context(ChartRepository(self._scratch))
            self.repository = Repository(self._scratch / "repository")
            self.transcript = Transcript(self.cluster, self.repository.folder)
            self.kwok = end.enter_context(Kwok(self.cluster))
            self.machines = end.enter_context(Provisioner(self.client))
            self.machines.add("system-0", Machine("system", 0, 0, "", 16, 64), {})
            end.enter_context(Storage(self.client, fleet.DISKS))
            end.enter_context(Controllers(self.client))
            self.needs = end.enter_context(Needs(self.client))
            self.recorder = end.enter_context(Recorder(self.client, WATCHED))
            self.kaito = end.enter_context(Installed(self.client, {}))
            self._end = end.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Stops everything."""
        self._end.close()

    def render(
        self, mode: str, without: Collection[str] = (), edit: Edit | None = None, sample: str = PROVISIONED
    ) -> Path:
        """Renders the sample fleet with both clusters on the engine of this stand.

        Args:
            mode: `operator` or `plain`.
            without: models to leave out.
            edit: a further change of the declaration; `clusters` and models have the names of the rendered fleet.
            sample: the cluster of the sample fleet that this one is to be; the two change names if need be.

        Returns:
            The folder of the cluster; the folder two above it is `manifests`.
        """

        def declare(data: dict[str, Any]) -> None:
            names = [*data["clusters"]]
            others = dict(zip(names, names if sample == self.name else reversed(names), strict=True))
            data["clusters"] = {others[name]: cluster for name, cluster in data["clusters"].items()}
            for part in ("models", "tuning", "rag", "mirrors"):
                for workload in data[part].values():
                    workload["clusters"] = [others[name] for name in workload["clusters"]]
            for cluster in data["clusters"].values():
                cluster["gitops"] = self._engine
                cluster["operator"] = {"repository": self.charts.url}
            # Flux reads from what the test serves, whatever the address; it refuses one of a file.
            url = self.repository.url if self._engine == "argocd" else "https://git.example.com/contoso/fleet.git"
            data["gitops"] = {"repository": url, "interval": "10s"}
            if edit:
                edit(data)

        self._rendered += 1
        folder = self._scratch / f"render-{self._rendered}"
        folder.mkdir()
        return fleet.render(folder, mode, without, declare)[self.name]

    def commit(self, tree: Path) -> str:
        """Puts a rendered tree into the repository, in place of the one there.

        Args:
            tree: folder of the cluster, as `render` gives it.

        Returns:
            The revision.
        """
        self.needs.objects = fleet.needed(tree)
        self.kaito.settings = fleet.settings(tree)
        manifests = tree.parents[1]
        return self.repository.commit(lambda folder: shutil.copytree(manifests, folder / "manifests"), anew=True)

    def objects(self, tree: Path, *stages: str) -> fleet.Objects:
        """The fleet's objects of some stages, or of all."""
        return [
            obj
            for stage in stages or ("namespaces", "configs", "weights", "workloads")
            if (tree / stage / "kustomization.yaml").is_file()
            for obj in fleet.listed(tree / stage)
        ]

    @contextlib.contextmanager
    def brought(self) -> Iterator[None]:
        """A node of the pool that the sample fleet declares as brought."""
        self.machines.add(
            "brought", Machine("brought", 8, 81920, "NVIDIA-A100-SXM4-80GB", 96, 900), {"gpu-pool": "a100"}
        )
        try:
            yield
        finally:
            self.client.delete({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "brought"}})

    def documents(self, folder: Path) -> fleet.Objects:
        """All objects of a folder of files."""
        return [yaml.safe_load(path.read_text()) for path in sorted(folder.glob("*.yaml"))]

    def there(self, obj: Mapping[str, Any]) -> Object:
        """An object as it is on the server."""
        return self.client.request("GET", self.client.path(obj))

    def left(self) -> list[str]:
        """What of KAITO, its charts and the tree is on the server."""
        found: list[str] = []
        for api_version, kind in (*WATCHED, ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration")):
            for obj in self.recorder.items(api_version, kind):
                space, name = obj["metadata"].get("namespace", ""), obj["metadata"]["name"]
                ours = (
                    kind in KINDS or kind == "NodePool" or space in SPACES or (kind == "Namespace" and name in SPACES)
                )
                if ours or name.endswith(f".{kinds.KAITO_GROUP}") or name.startswith("validation."):
                    found.append(label(obj))
        return found
