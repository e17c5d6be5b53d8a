"""A control plane of etcd and kube-apiserver that lives for one run of the gate.

Owns starting and ending it. It listens on this machine only and knows one token; everything it writes goes with it.
"""

import http.client
import os
import secrets
import socket
import ssl
import subprocess
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from kaitops.errors import KaitopsError, ToolMissing
from kaitops.gate.server.api import Api
from kaitops.tree import scratch

_SECONDS = 60.0
_PROGRAMS = ("etcd", "kube-apiserver")


@contextmanager
def throwaway(assets: Path) -> Generator[Api]:
    """An API server without a single object.

    Args:
        assets: folder with the two programs, as controller-runtime's ``setup-envtest`` fills it.

    Raises:
        ToolMissing: a program is not there, or ended.
    """
    for program in _PROGRAMS:
        if not os.access(assets / program, os.X_OK):
            raise ToolMissing(
                f"KUBEBUILDER_ASSETS={assets}: has no program {program}, so no server can be started; run "
                "'setup-envtest use', or unset it to ask the current context"
            )
    with ExitStack() as stack:
        folder = stack.enter_context(scratch.folder("kaitops-"))
        token = secrets.token_urlsafe(24)
        # 0600 before the token is in it: the folder is private already, the file stays so when it is copied.
        tokens = folder / "tokens.csv"
        tokens.touch(mode=0o600)
        tokens.write_text(f'{token},gate,gate,"system:masters"\n')
        port = _free_port()
        running = [
            stack.enter_context(_program(assets / name, flags, folder))
            for name, flags in (("etcd", _etcd()), ("kube-apiserver", _apiserver(port, tokens)))
        ]
        api = _connected(running, port, folder, token)
        stack.callback(api.close)
        yield api


def _etcd() -> list[str]:
    return [
        "--data-dir=data",
        "--listen-client-urls=unix://etcd.sock:0",
        "--advertise-client-urls=unix://etcd.sock:0",
        "--listen-peer-urls=unix://peers.sock:0",
        "--initial-advertise-peer-urls=unix://peers.sock:0",
        "--initial-cluster=default=unix://peers.sock:0",
        "--unsafe-no-fsync",
        "--log-level=error",
    ]


def _apiserver(port: int, tokens: Path) -> list[str]:
    key = "certificates/apiserver.key"
    return [
        "--etcd-servers=unix://etcd.sock:0",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        f"--secure-port={port}",
        "--endpoint-reconciler-type=none",
        "--cert-dir=certificates",
        f"--token-auth-file={tokens}",
        "--anonymous-auth=false",
        "--authorization-mode=RBAC",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={key}",
        f"--service-account-signing-key-file={key}",
        "--service-cluster-ip-range=10.96.0.0/16",
        # No controller manager makes the account that this plug-in asks for.
        "--disable-admission-plugins=ServiceAccount",
        "--allow-privileged=true",
    ]


@contextmanager
def _program(path: Path, flags: list[str], folder: Path) -> "Generator[tuple[subprocess.Popen[bytes], Path]]":
    log = folder / f"{path.name}.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(  # noqa: S603 - what the user names
            [str(path), *flags], cwd=folder, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream
        )
    try:
        yield process, log
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _connected(running: "list[tuple[subprocess.Popen[bytes], Path]]", port: int, folder: Path, token: str) -> Api:
    certificate = folder / "certificates" / "apiserver.crt"
    headers = {"Authorization": f"Bearer {token}"}
    deadline = time.monotonic() + _SECONDS
    while True:
        for process, log in running:
            if process.poll() is not None:
                said = log.read_text(errors="replace").strip()[-500:]
                raise ToolMissing(f"--server: {log.stem} ended with {process.returncode}: {said}")
        # The server makes its certificate itself, so there is none to trust in the first moments.
        if certificate.is_file():
            api = _ready(port, certificate, headers)
            if api:
                return api
        if time.monotonic() > deadline:
            raise ToolMissing(f"--server: the control plane was not ready after {_SECONDS:.0f} s; is the machine busy?")
        time.sleep(0.05)


def _ready(port: int, certificate: Path, headers: dict[str, str]) -> Api | None:
    def connect() -> http.client.HTTPConnection:
        trusted = ssl.create_default_context(cafile=str(certificate))
        return http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=trusted)

    try:
        api = Api(connect, headers, "the throw-away control plane")
        if api.ready():
            return api
        api.close()
    except (KaitopsError, ssl.SSLError, OSError):
        pass
    return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
