"""A local port that leads to a pod: ``kubectl port-forward``, or its proxy where forwarding is not allowed.

Owns the process, on its leash, and its successors: where the pod is replaced or the API server was away, the same local
port leads to the next pod.
"""

import contextlib
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from kaitops.documents.plain import at
from kaitops.errors import ToolMissing
from kaitops.live import leash
from kaitops.live.kubectl import Forbidden, Kubectl, NotFound, refused
from kaitops.live.target import Target

_STARTS = 15.0
_LOOKS = 3.0
_LISTENS = re.compile(r"(?:Forwarding from|Starting to serve on) 127\.0\.0\.1:(\d+)")


class Forward:
    """A way to a pod, kept open.

    Args:
        find: the pod to lead to now; None while none serves.
        say: told in words when the way is lost and found again.
        port: local one; any free one where 0.
    """

    def __init__(
        self,
        kubectl: Kubectl,
        target: Target,
        find: Callable[[], Target | None],
        say: Callable[[str], object],
        port: int,
    ) -> None:
        self._kubectl, self._target, self._find, self._say = kubectl, target, find, say
        self.port = port
        self.way = "port-forward"
        self._process: subprocess.Popen[str] | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def open(self) -> "Forward":
        """Open the way and keep it open.

        Raises:
            ToolMissing: it cannot be opened.
        """
        try:
            self._start()
        except Forbidden as error:
            self.way = "API server proxy"
            self._say(f"{error}; going through the API server's proxy")
            self._start()
        self._thread.start()
        return self

    @property
    def is_direct(self) -> bool:
        """What is sent comes to the pod as it is, and the API server reads none of it."""
        return self.way == "port-forward"

    @property
    def url(self) -> str:
        """The server's address on this machine."""
        root = f"http://127.0.0.1:{self.port}"
        return root + self._prefix() if self.way != "port-forward" else root

    def _prefix(self) -> str:
        target = self._target
        return f"/api/v1/namespaces/{target.namespace}/pods/{target.pod}:{target.port}/proxy"

    def close(self) -> None:
        """Close the way; nothing stays behind."""
        self._ended.set()
        self._stop()

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            if process.stdin:
                process.stdin.close()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()

    def _command(self) -> list[str]:
        target = self._target
        if self.way == "port-forward":
            local = f"{self.port or ''}:{target.port}"
            return self._kubectl.command(
                "port-forward", "-n", target.namespace, "--address=127.0.0.1", f"pod/{target.pod}", local
            )
        # Whoever reaches the port gets no further than to this pod.
        only = f"^{re.escape(self._prefix())}/.*"
        return self._kubectl.command("proxy", "--address=127.0.0.1", f"--port={self.port}", f"--accept-paths={only}")

    def _start(self) -> None:
        command = [sys.executable, "-I", str(Path(leash.__file__)), "--", *self._command()]
        process = subprocess.Popen(  # noqa: S603 - kubectl by its path, arguments of ours
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._process = process
        lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=_read, args=(process, lines), daemon=True).start()
        said: list[str] = []
        while True:
            try:
                line = lines.get(timeout=_STARTS)
            except queue.Empty:
                self._stop()
                raise ToolMissing(
                    f"{self._kubectl.name}: kubectl opened no way to pod {self._target.pod} within {_STARTS:.0f} s; "
                    "check that the cluster is reached"
                ) from None
            if line is None:
                self._stop()
                raise self._refused("\n".join(said))
            said.append(line)
            if found := _LISTENS.search(line):
                self.port = int(found.group(1))
                return

    def _refused(self, said: str) -> ToolMissing:
        what = f"{self.way} to pod {self._target.namespace}/{self._target.pod}"
        if "unable to listen" in said or "address already in use" in said:
            return ToolMissing(
                f"--port: {self.port} is taken on this machine, so there is no way in; leave it out or take another"
            )
        return refused(self._kubectl.name, what, said)

    def _keep(self) -> None:
        lost = False
        while not self._ended.wait(0.2 if lost else _LOOKS):
            process = self._process
            if process is not None and process.poll() is None and not self._replaced():
                continue
            if not lost:
                self._say(f"the way to pod {self._target.pod} is lost; waiting for one that serves")
            lost = True
            self._stop()
            try:
                found = self._find()
                if found is None or self._ended.wait(0.3):
                    continue
                self._target = found
                self._start()
            except ToolMissing:
                self._ended.wait(1.0)
                continue
            lost = False
            self._say(f"pod {self._target.pod} serves, by the same address")
        self._stop()

    def _replaced(self) -> bool:
        """The pod is another one by now, or gone. An API server that does not answer says nothing of the pod."""
        target = self._target
        try:
            pod = self._kubectl.raw(f"/api/v1/namespaces/{target.namespace}/pods/{target.pod}")
        except NotFound:
            return True
        except ToolMissing:
            return False
        return bool(target.uid) and at(pod, "metadata", "uid") != target.uid


def _read(process: "subprocess.Popen[str]", lines: "queue.Queue[str | None]") -> None:
    with contextlib.suppress(ValueError, OSError):
        for line in process.stdout or ():
            lines.put(line.rstrip())
    lines.put(None)
