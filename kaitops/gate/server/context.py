"""The cluster of a kubeconfig, reached through ``kubectl proxy``, which knows every way of logging in.

The proxy listens on a socket in a folder that only this user can enter.
"""

import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from kaitops import asking, programs
from kaitops.errors import ToolMissing
from kaitops.gate.server.api import SECONDS, Api
from kaitops.tree import scratch

_SECONDS = 20.0


@contextmanager
def current(context: str | None) -> Generator[Api]:
    """The API server of a context; of the current one where None.

    Raises:
        ToolMissing: kubectl is not there, or cannot reach the cluster.
    """
    kubectl = programs.find("kubectl")
    if kubectl is None:
        raise ToolMissing(
            "--server: kubectl is not on the PATH, so no server can be asked; install it, or set KUBEBUILDER_ASSETS to "
            "a folder with etcd and kube-apiserver"
        )
    named = ["--context", context] if context else []
    with scratch.folder("kaitops-") as folder:
        path, log = folder / "api.sock", folder / "log"
        with log.open("wb") as stream:
            command = [kubectl, *named, "proxy", f"--unix-socket={path}"]
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream)  # noqa: S603
        try:
            _wait(process, path, log)
            api = Api(
                lambda: asking.SocketConnection(str(path), SECONDS),
                {},
                f"context {context}" if context else "the current context",
            )
            try:
                yield api
            finally:
                api.close()
        finally:
            process.terminate()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", path: Path, log: Path) -> None:
    deadline = time.monotonic() + _SECONDS
    while not path.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            said = log.read_text(errors="replace").strip()[-500:]
            raise ToolMissing(f"--server: kubectl proxy did not start: {said or 'no message'}; check your kubeconfig")
        time.sleep(0.02)
