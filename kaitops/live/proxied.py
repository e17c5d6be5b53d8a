"""Many reads through one ``kubectl proxy``, which logs in once: a kubectl a read would cost more than the read.

Listens on a socket in a folder that only this user can enter, on a leash, and lets nothing be written. Where it cannot
be had, or answers with anything but the API server's own word, whoever asks takes kubectl, which says what is wrong.
"""

import contextlib
import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kaitops import asking
from kaitops.live import leash
from kaitops.live.kubectl import Kubectl
from kaitops.tree import scratch

_STARTS, _SECONDS = 5.0, 60.0
_MOST_BYTES = 512 * 1024 * 1024
_WRITES = "^(POST|PUT|PATCH|DELETE)$"


class Line:
    """The open proxy.

    Args:
        path: of its socket.
    """

    def __init__(self, path: str) -> None:
        self._path = path

    def get(self, path: str) -> tuple[int, Any]:
        """Status and JSON of what the API server answers; status 0 where there is no such answer."""
        connection = asking.SocketConnection(self._path, _SECONDS)
        try:
            connection.request("GET", path, headers={"Accept": "application/json"})
            with connection.getresponse() as answer:
                return answer.status, json.loads(asking.body(answer, _MOST_BYTES))
        except (OSError, http.client.HTTPException, ValueError, RecursionError):
            return 0, None
        finally:
            connection.close()


@contextmanager
def opened(kubectl: Kubectl) -> Generator[Line | None]:
    """The proxy for as long as it is needed; None where there is none."""
    if not hasattr(socket, "AF_UNIX"):
        yield None
        return
    with scratch.folder("kaitops-") as folder:
        path = folder / "api.sock"
        command = kubectl.command("proxy", f"--unix-socket={path}", f"--reject-methods={_WRITES}")
        process = subprocess.Popen(  # noqa: S603 - kubectl by its path, arguments of ours
            [sys.executable, "-I", str(Path(leash.__file__)), "--", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield Line(str(path)) if _listens(process, path) else None
        finally:
            with contextlib.suppress(OSError):
                if process.stdin:
                    process.stdin.close()
            process.wait()


def _listens(process: "subprocess.Popen[bytes]", path: Path) -> bool:
    ends = time.monotonic() + _STARTS
    while not path.exists():
        if process.poll() is not None or time.monotonic() > ends:
            return False
        time.sleep(0.005)
    return True
