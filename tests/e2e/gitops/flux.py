"""Runs Flux's kustomize-controller, with stand-ins for the two controllers that are not run.

Owns how it is started outside a cluster. Sources are served by `tests.e2e.gitops.source`, HelmReleases are played by
`tests.e2e.gitops.releases`.
"""

import os
import tempfile
import time
from pathlib import Path
from typing import Self

from tests.e2e import kinds, programs
from tests.e2e.client import ApiError, Client, Object
from tests.e2e.cluster import Cluster, free_port
from tests.e2e.gitops.releases import Releases
from tests.e2e.gitops.source import Source
from tests.e2e.leashed import Leashed, Started
from tests.e2e.waiting import wait

NAMESPACE = "flux-system"
API = "kustomize.toolkit.fluxcd.io/v1"
GROUPS = ("kustomize.toolkit.fluxcd.io", "source.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io")


class Flux(Started):
    """kustomize-controller on a control plane, between `start` and `stop` or inside `with`.

    Attributes:
        client: of the control plane.
        source: where a test puts its trees.
        releases: the player of HelmReleases.
    """

    def __init__(self, cluster: Cluster) -> None:
        """Prepares.

        Args:
            cluster: to run on.
        """
        self.client: Client = cluster.client()
        self.source = Source(self.client)
        self.releases = Releases(self.client)
        self._cluster = cluster
        self._scratch = tempfile.TemporaryDirectory(prefix="kaitops-e2e-")
        self._program: Leashed | None = None

    def start(self) -> Self:
        """Installs Flux's kinds and starts the controller and its stand-ins.

        Raises:
            AssetsMissing: there is no program and no way to make it.
        """
        program = programs.FLUX.find() / "kustomize-controller"
        for group in GROUPS:
            for definition in kinds.definitions(group):
                self.client.install_crd(definition)
        self.client.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})
        directory = Path(self._scratch.name)
        (directory / "temporary").mkdir()
        environment = os.environ | {
            "KUBECONFIG": str(self._cluster.kubeconfig),
            "RUNTIME_NAMESPACE": NAMESPACE,
            "TMPDIR": str(directory / "temporary"),
        }
        command = [
            str(program),
            "--watch-all-namespaces=true",
            "--enable-leader-election=false",
            f"--metrics-addr=127.0.0.1:{free_port()}",
            f"--health-addr=127.0.0.1:{free_port()}",
            "--requeue-dependency=2s",
            "--interval-jitter-percentage=0",
            "--kube-api-qps=200",
            "--kube-api-burst=400",
            "--http-retry=2",
            "--log-encoding=console",
        ]
        self._program = Leashed("kustomize-controller", command, directory, environment, sweep=True)
        self.source.start()
        self.releases.start()
        return self

    def stop(self) -> None:
        """Stops everything."""
        try:
            self.source.stop()
            self.releases.stop()
        finally:
            if self._program:
                self._program.stop()
            self._scratch.cleanup()
            self.client.close()

    def log(self) -> str:
        """The end of what the controller has written."""
        return self._program.log(6000) if self._program else ""

    def kustomization(self, name: str) -> Object:
        """A Kustomization as it is."""
        return self.client.get(API, "Kustomization", name, NAMESPACE)

    def reconcile(self, name: str) -> None:
        """Makes the controller look at a Kustomization now, as `flux reconcile` does."""
        path = self.client.resource(API, "Kustomization").path(NAMESPACE, name)
        patch = {"metadata": {"annotations": {"reconcile.fluxcd.io/requestedAt": str(time.monotonic())}}}
        self.client.request("PATCH", path, patch, content_type="application/merge-patch+json")

    def await_reconciled(self, name: str, seconds: float = 60.0) -> None:
        """Makes the controller look at a Kustomization now and waits until it has done so.

        Raises:
            TimeoutError: it has not.
        """
        self.reconcile(name)
        asked = self.kustomization(name)["metadata"]["annotations"]["reconcile.fluxcd.io/requestedAt"]

        def handled() -> bool:
            return self.kustomization(name).get("status", {}).get("lastHandledReconcileAt") == asked

        wait(handled, f"Kustomization {name} is reconciled", seconds)

    def await_ready(
        self, name: str, *, ready: str = "True", reason: str = "", revision: str = "", seconds: float = 120.0
    ) -> Object:
        """Waits until a Kustomization says what is wanted, of its present generation.

        Args:
            name: of the Kustomization, in `flux-system`.
            ready: wanted status of its Ready condition.
            reason: wanted reason; empty for any.
            revision: that it must have attempted last; empty for any.
            seconds: to wait at most.

        Raises:
            TimeoutError: it does not; the text holds what Flux says of it.
        """

        def there() -> Object:
            if self._program:
                self._program.check()
            try:
                found = self.kustomization(name)
            except ApiError as error:
                if error.code != 404:
                    raise
                return {}
            status = found.get("status", {})
            conditions = {condition["type"]: condition for condition in status.get("conditions", [])}
            told = conditions.get("Ready", {})
            as_wanted = (
                told.get("status") == ready
                and told.get("observedGeneration") == found["metadata"]["generation"]
                and (not reason or told.get("reason") == reason)
                and (not revision or status.get("lastAttemptedRevision") == revision)
            )
            return found if as_wanted else {}

        try:
            return wait(there, f"Kustomization {name} has Ready={ready} {reason}", seconds, 0.3)
        except TimeoutError as error:
            raise TimeoutError(
                f"{error}\n{str(self.kustomization(name).get('status'))[:2000]}\n{self.log()[-2000:]}"
            ) from error
