"""A Kubernetes control plane on this machine: etcd, kube-apiserver, kube-controller-manager and kube-scheduler, as
upstream ships them.

Owns starting and stopping. Nothing is reachable from another machine or by another user: the API server listens on
127.0.0.1 with a random token, etcd on a socket in a directory that only this user can enter. There is no kubelet, so
nothing runs: a pod stays Pending. Does not install kinds or objects.
"""

import contextlib
import json
import secrets
import shutil
import socket
import tempfile
import time
from pathlib import Path
from typing import Any, Self

from tests.e2e import arguments
from tests.e2e.assets import Assets
from tests.e2e.client import ApiError, Client
from tests.e2e.leashed import Leashed, Started
from tests.e2e.waiting import wait

START_SECONDS = 90.0
ATTEMPTS = 3
"""The free port that was found may be taken by the time the server binds it: then again with another."""

USERS = {
    "admin": "system:masters",
    "system:kube-controller-manager": "",
    "system:kube-scheduler": "",
}
"""Who may log in by token, and their groups; the roles of the components are those that the server makes itself."""


class ClusterFailed(Exception):
    """A part of the control plane ended or never became ready; the text holds the end of its log."""


class Cluster(Started):
    """One control plane, running between `start` and `stop` or inside `with`.

    Attributes:
        directory: everything it writes: certificates, logs, data; removed at the end.
        url: of the API server.
        token: of an administrator.
        ca_file: certificate to trust.
        kubeconfig: file for kubectl and the like.
        started_in: seconds from the start to the first answer.
    """

    def __init__(self, assets: Assets, *, controllers: bool = True) -> None:
        """Prepares a control plane.

        Args:
            assets: the programs.
            controllers: also run kube-controller-manager and kube-scheduler, where the assets have them.
        """
        self.assets = assets
        self.controllers = controllers
        self.directory = Path()
        self.url = ""
        self.token = ""
        self.ca_file = Path()
        self.kubeconfig = Path()
        self.started_in = 0.0
        self._processes: dict[str, Leashed] = {}

    def start(self) -> Self:
        """Starts all parts and waits until they serve.

        Raises:
            ClusterFailed: they do not; nothing is left running.
        """
        began = time.monotonic()
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._start()
            except _PortTaken:
                self.stop()
                if attempt == ATTEMPTS:
                    raise
            except BaseException:
                self.stop()
                raise
            else:
                break
        self.started_in = time.monotonic() - began
        return self

    def _start(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="kaitops-e2e-"))
        certificates = self.directory / "certificates"
        certificates.mkdir()
        port = free_port()
        self.url = f"https://127.0.0.1:{port}"
        self.ca_file = certificates / "apiserver.crt"
        tokens = {user: secrets.token_urlsafe(24) for user in USERS}
        self.token = tokens["admin"]
        rows = [f'{tokens[user]},{user},{user},"{groups}"\n' for user, groups in USERS.items()]
        (self.directory / "tokens.csv").write_text("".join(rows))
        self.kubeconfig = self._write_kubeconfig("admin", self.token)
        self._run("etcd", arguments.etcd())
        self._run("kube-apiserver", arguments.apiserver(port, certificates))
        self._wait_until_served()
        if self.controllers:
            self._start_controllers(certificates, tokens)

    def _start_controllers(self, certificates: Path, tokens: dict[str, str]) -> None:
        for program, flags in (
            ("kube-controller-manager", arguments.controller_manager(certificates)),
            ("kube-scheduler", arguments.scheduler()),
        ):
            if self.assets.has(program):
                kubeconfig = self._write_kubeconfig(program, tokens[f"system:{program}"])
                self._run(program, [f"--kubeconfig={kubeconfig}", *flags])
        if "kube-controller-manager" not in self._processes:
            return
        client = self.client()

        def account_made() -> bool:
            self._check()
            try:
                client.get("v1", "ServiceAccount", "default", "default")
            except ApiError:
                return False
            return True

        # Without it the server refuses every pod of the namespace.
        try:
            wait(account_made, "the controller manager makes service accounts", START_SECONDS)
        except TimeoutError as error:
            raise ClusterFailed(f"{error}\n{self.log('kube-controller-manager')}") from error
        finally:
            client.close()

    def _run(self, program: str, flags: list[str]) -> None:
        self._processes[program] = Leashed(
            program, [self.assets.path(program), *flags], self.directory, sweep=program == "etcd"
        )

    def _wait_until_served(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self._check()
            # The server makes its certificate itself, so there is none to trust in the first moments.
            with contextlib.suppress(OSError, ApiError):
                client = self.client()
                try:
                    client.request("GET", "/readyz")
                    return
                finally:
                    client.close()
            time.sleep(0.1)
        raise ClusterFailed(f"the API server was not ready after {START_SECONDS:.0f} s\n{self.log('kube-apiserver')}")

    def _check(self) -> None:
        for program, process in self._processes.items():
            if process.code is not None:
                log = self.log(program)
                failure = _PortTaken if "address already in use" in log else ClusterFailed
                raise failure(f"{program} ended with {process.code}\n{log}")

    def _write_kubeconfig(self, user: str, token: str) -> Path:
        """Writes a kubeconfig: JSON, which is YAML too, and readable for this user only."""
        path = self.directory / f"{user}.kubeconfig"
        content: dict[str, Any] = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "e2e",
            "clusters": [{"name": "e2e", "cluster": {"server": self.url, "certificate-authority": str(self.ca_file)}}],
            "users": [{"name": user, "user": {"token": token}}],
            "contexts": [{"name": "e2e", "context": {"cluster": "e2e", "user": user}}],
        }
        path.touch(mode=0o600)
        path.write_text(json.dumps(content, indent=2) + "\n")
        return path

    def client(self) -> Client:
        """A new client with the rights of an administrator."""
        return Client(self.url, str(self.ca_file), self.token)

    def log(self, program: str, characters: int = 3000) -> str:
        """The end of what a part has written."""
        path = self.directory / f"{program}.log"
        return path.read_text(errors="replace")[-characters:] if path.is_file() else ""

    def programs(self) -> list[str]:
        """The parts that are running."""
        return [program for program, process in self._processes.items() if process.code is None]

    def stop(self) -> None:
        """Stops all parts, the last started first, and removes what they wrote. May be called twice."""
        while self._processes:
            _, process = self._processes.popitem()
            process.stop()
        if self.directory != Path():
            shutil.rmtree(self.directory, ignore_errors=True)
            self.directory = Path()


class _PortTaken(ClusterFailed):
    """Somebody else was quicker."""


def free_port() -> int:
    """A port of the loopback that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
