"""Runs Argo CD: application controller, repo server and ApplicationSet controller of one binary, with a Redis.

Owns how they are started without a cluster of their own. What an Application says is the test's. All but the metrics of
the application controller, which has no flag for it, listens on the loopback; repositories are `file://` ones.
"""

import gzip
import json
import os
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from tests.e2e import kinds, programs
from tests.e2e.client import ApiError, Client, Object
from tests.e2e.cluster import Cluster, free_port
from tests.e2e.gitops import redis
from tests.e2e.gitops.argo_objects import API, NAMESPACE, config_map, expected
from tests.e2e.leashed import Leashed, Started
from tests.e2e.waiting import wait

SERVER = "https://kubernetes.default.svc"
"""The name by which Applications speak of the cluster that Argo CD runs in; its real address is the kubeconfig's."""

START_SECONDS = 60.0


class ArgoCD(Started):
    """Argo CD on a control plane, between `start` and `stop` or inside `with`.

    Attributes:
        client: of the control plane.
    """

    def __init__(self, cluster: Cluster) -> None:
        """Prepares.

        Args:
            cluster: to run on.
        """
        self.client: Client = cluster.client()
        self._cluster = cluster
        self._redis_port = free_port()
        self._scratch = tempfile.TemporaryDirectory(prefix="kaitops-e2e-")
        self._running: list[Leashed] = []

    def start(self) -> Self:
        """Installs what the controllers expect, and starts them.

        Raises:
            AssetsMissing: there are no programs and no way to make them.
        """
        server = programs.redis()
        argocd, renderers = programs.ARGOCD.find(), programs.RENDERERS.find()
        for definition in kinds.definitions("argoproj.io"):
            self.client.install_crd(definition)
        for obj in expected():
            self.client.apply(obj)
        directory = Path(self._scratch.name)
        environment = self._environment(directory, renderers)
        redis_port, repo_port = self._redis_port, free_port()
        quiet = ["--loglevel=info", "--logformat=text"]
        cluster = [f"--kubeconfig={self._cluster.kubeconfig}", f"--namespace={NAMESPACE}"]
        cache = [f"--redis=127.0.0.1:{redis_port}"]
        self._run(
            "redis",
            [server, "--bind", "127.0.0.1", "--port", str(redis_port), "--save", "", "--appendonly", "no"],
            environment,
            sweep=True,
        )
        self._run(
            "argocd-repo-server",
            [
                str(argocd / "argocd-repo-server"),
                "--disable-tls",
                "--address=127.0.0.1",
                f"--port={repo_port}",
                "--metrics-address=127.0.0.1",
                f"--metrics-port={free_port()}",
                *cache,
                *quiet,
            ],
            environment,
        )
        wait(lambda: self._listens(repo_port), "the repo server listens", START_SECONDS)
        self._run(
            "argocd-application-controller",
            [
                str(argocd / "argocd-application-controller"),
                f"--repo-server=127.0.0.1:{repo_port}",
                "--repo-server-plaintext",
                f"--metrics-port={free_port()}",
                "--app-resync=5",
                "--app-resync-jitter=0",
                "--status-processors=4",
                "--operation-processors=4",
                *cluster,
                *cache,
                *quiet,
            ],
            environment,
        )
        self._run(
            "argocd-applicationset-controller",
            [
                str(argocd / "argocd-applicationset-controller"),
                f"--argocd-repo-server=127.0.0.1:{repo_port}",
                "--repo-server-plaintext",
                f"--metrics-addr=127.0.0.1:{free_port()}",
                f"--probe-addr=127.0.0.1:{free_port()}",
                f"--webhook-addr=127.0.0.1:{free_port()}",
                *cluster,
                *quiet,
            ],
            environment,
        )
        return self

    def stop(self) -> None:
        """Stops everything, the last started first. May be called twice."""
        while self._running:
            self._running.pop().stop()
        self._scratch.cleanup()
        self.client.close()

    def _run(self, name: str, command: list[str], environment: Mapping[str, str], *, sweep: bool = False) -> None:
        self._running.append(Leashed(name, command, Path(self._scratch.name), environment, sweep=sweep))

    def _listens(self, port: int) -> bool:
        self.check()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def _environment(self, directory: Path, renderers: Path) -> dict[str, str]:
        for name in ("gnupg", "tls", "ssh", "temporary", "home"):
            (directory / name).mkdir(mode=0o700)
        return os.environ | {
            "PATH": f"{renderers}:{os.environ.get('PATH', '')}",
            "HOME": str(directory / "home"),
            "TMPDIR": str(directory / "temporary"),
            "ARGOCD_GPG_ENABLED": "false",
            "ARGOCD_GNUPGHOME": str(directory / "gnupg"),
            "ARGOCD_TLS_DATA_PATH": str(directory / "tls"),
            "ARGOCD_SSH_DATA_PATH": str(directory / "ssh"),
            # Its own cluster is the one of the kubeconfig, not the one whose pod it would be.
            "ARGOCD_FAKE_IN_CLUSTER": "true",
            "KUBECONFIG": str(self._cluster.kubeconfig),
            "ARGOCD_K8S_CLIENT_QPS": "200",
            "ARGOCD_K8S_CLIENT_BURST": "400",
        }

    def check(self) -> None:
        """Makes sure that all parts run.

        Raises:
            ProgramEnded: one does not.
        """
        for program in self._running:
            program.check()

    def log(self, name: str) -> str:
        """The end of what a part has written."""
        return next((program.log(6000) for program in self._running if program.name == name), "")

    def settings(self, data: Mapping[str, str]) -> None:
        """Replaces the content of `argocd-cm`: health checks, ignored differences, tracking."""
        self.client.apply(config_map("argocd-cm", data))

    def application(self, name: str) -> Object:
        """An Application as it is."""
        return self.client.get(API, "Application", name, NAMESPACE)

    def refresh(self, name: str) -> None:
        """Makes the controller look at the repository now."""
        path = self.client.resource(API, "Application").path(NAMESPACE, name)
        patch = {"metadata": {"annotations": {"argocd.argoproj.io/refresh": "hard"}}}
        self.client.request("PATCH", path, patch, content_type="application/merge-patch+json")

    def terminate(self, name: str) -> None:
        """Ends the sync of an Application that is under way, as `argocd app terminate-op` does; none is fine too."""
        found = self.application(name)
        if found.get("operation") and found.get("status", {}).get("operationState"):
            path = self.client.resource(API, "Application").path(NAMESPACE, name)
            patch = {"status": {"operationState": {"phase": "Terminating"}}}
            self.client.request("PATCH", path, patch, content_type="application/merge-patch+json")
            wait(lambda: not self.application(name).get("operation"), f"the sync of {name} has ended")

    def healths(self, name: str) -> dict[str, tuple[str, str]]:
        """What Argo CD thinks of each object of an Application, children included: status and message by label.

        An Application's own status holds neither, so this reads what the user interface reads.
        """
        found: dict[str, tuple[str, str]] = {}
        for key in redis.keys(self._redis_port, f"app|resources-tree|{name}|*"):
            shown: Object = json.loads(gzip.decompress(redis.get(self._redis_port, key)))
            nodes: list[Object] = shown.get("nodes") or []
            for node in nodes:
                health: Object = node.get("health") or {}
                where = "/".join(part for part in (node.get("namespace"), node["name"]) if part)
                found[f"{node['kind']} {where}"] = (health.get("status", ""), health.get("message", ""))
        return found

    def await_state(
        self, name: str, *, sync: str = "Synced", health: str = "Healthy", revision: str = "", seconds: float = 120.0
    ) -> Object:
        """Waits until an Application is in a state.

        Args:
            name: of the Application.
            sync: wanted.
            health: wanted; empty for any.
            revision: that it must have looked at; empty for any.
            seconds: to wait at most.

        Raises:
            TimeoutError: it is not; the text holds what Argo CD says of it.
        """

        def there() -> Object:
            self.check()
            try:
                found = self.application(name)
            except ApiError as error:
                if error.code != 404:
                    raise
                return {}
            status = found.get("status", {})
            seen = status.get("sync", {})
            as_wanted = (
                seen.get("status") == sync
                and (not health or status.get("health", {}).get("status") == health)
                and (not revision or seen.get("revision") == revision)
            )
            return found if as_wanted else {}

        try:
            return wait(there, f"{name} is {sync} and {health}", seconds, 0.3)
        except TimeoutError as error:
            status = self.application(name).get("status", {})
            told = {key: status.get(key) for key in ("conditions", "health", "sync", "operationState")}
            raise TimeoutError(f"{error}\n{str(told)[:4000]}") from error
