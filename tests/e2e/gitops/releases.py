"""Plays Flux's helm-controller: what a HelmRelease installs, what it says of itself, what goes with it.

Owns the finalizer and the Ready condition. Renders no chart: what a release consists of is what a test gives it, and
without that it installs nothing and is ready at once. Like the real one it leaves definitions to whoever deletes them
only where a chart keeps them apart from its templates, which these do not.
"""

from collections.abc import Mapping, Sequence

from tests.e2e.client import Client, Object
from tests.e2e.gitops.source import ready
from tests.e2e.players.player import Player

HELM = "helm.toolkit.fluxcd.io/v2"
FINALIZER = "finalizers.fluxcd.io"


class Releases(Player):
    """Says of every HelmRelease that it is installed, unless a test holds it back.

    Attributes:
        held: names of HelmReleases that do not become ready.
        charts: by chart, what it consists of.
    """

    def __init__(self, client: Client) -> None:
        """Prepares; holds nothing back."""
        super().__init__(client)
        self.held: set[str] = set()
        self.charts: Mapping[str, Sequence[Object]] = {}
        self._installed: dict[str, int] = {}

    def step(self) -> None:
        """Installs, reports, uninstalls."""
        for obj in self.items(HELM, "HelmRelease"):
            content = self.charts.get(obj["spec"]["chart"]["spec"]["chart"], ())
            if "deletionTimestamp" in obj["metadata"]:
                self._uninstall(obj, content)
            elif content and FINALIZER not in obj["metadata"].get("finalizers", []):
                self.merge(obj, {"metadata": {"finalizers": [FINALIZER]}})
            elif self._waited_for(obj):
                self._install(obj, content)
                self._report(obj, content)

    def _waited_for(self, obj: Object) -> bool:
        """Whether all that it depends on is ready."""
        names = {other["name"] for other in obj["spec"].get("dependsOn", [])}
        installed = {
            other["metadata"]["name"]
            for other in self.items(HELM, "HelmRelease")
            if any(c["status"] == "True" for c in other.get("status", {}).get("conditions", []))
        }
        return names <= installed

    def _install(self, obj: Object, content: Sequence[Object]) -> None:
        uid, generation = obj["metadata"]["uid"], obj["metadata"]["generation"]
        if self._installed.get(uid) == generation:
            return
        for each in content:
            self.client.apply(each, manager="helm-controller")
        self._installed[uid] = generation

    def _uninstall(self, obj: Object, content: Sequence[Object]) -> None:
        if FINALIZER not in obj["metadata"].get("finalizers", []):
            return
        for each in reversed(content):
            self.client.delete(each)
        self.merge(obj, {"metadata": {"finalizers": None}})

    def _report(self, obj: Object, content: Sequence[Object]) -> None:
        serves = obj["metadata"]["name"] not in self.held and all(map(self._serves, content))
        reason = "InstallSucceeded" if serves else "Progressing"
        self.tell(obj, ready(obj["metadata"]["generation"], "played", reason, value=serves))

    def _serves(self, obj: Object) -> bool:
        if obj["kind"] != "Deployment":
            return True
        there = self.client.request("GET", self.client.path(obj))
        return there.get("status", {}).get("readyReplicas", 0) == obj["spec"]["replicas"]
