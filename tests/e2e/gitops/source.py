"""Stands in for Flux's source controller: serves trees over HTTP and tells the objects that stand for them.

Owns `status.artifact` and the Ready condition of GitRepository and OCIRepository objects, the latter of HelmRepositories. It fetches nothing: what an
object stands for is the folder that a test gives it. Listens on the loopback.
"""

import gzip
import hashlib
import io
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.e2e.client import Client
from tests.e2e.players.player import Player

SOURCE = "source.toolkit.fluxcd.io/v1"
KINDS = ("GitRepository", "OCIRepository")
EPOCH = "2026-01-01T00:00:00Z"


class Source(Player):
    """Artifacts for source objects."""

    def __init__(self, client: Client) -> None:
        """Starts to listen; serves nothing yet."""
        super().__init__(client)
        self._artifacts: dict[tuple[str, str], tuple[str, bytes]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._serving = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def start(self) -> "Source":
        """Starts to serve and to look."""
        self._serving.start()
        super().start()
        return self

    def stop(self) -> None:
        """Ends both."""
        if self._serving.is_alive():
            self._server.shutdown()
        self._server.server_close()
        super().stop()

    def publish(self, name: str, folder: Path, revision: str, namespace: str = "flux-system") -> None:
        """Gives a source object a tree.

        Args:
            name: of the GitRepository or OCIRepository.
            folder: to pack.
            revision: as Flux writes it, like `main@sha1:...`.
            namespace: of the object.
        """
        self._artifacts[namespace, name] = (revision, packed(folder))

    def step(self) -> None:
        """Tells each source object its artifact."""
        for kind in KINDS:
            for obj in self.items(SOURCE, kind):
                meta = obj["metadata"]
                artifact = self._artifacts.get((meta["namespace"], meta["name"]))
                if artifact:
                    self.tell(obj, self._status(meta, *artifact))
        for obj in self.items(SOURCE, "HelmRepository"):
            # An OCI one has no status of its own; nobody waits for it.
            if obj["spec"].get("type") != "oci":
                self.tell(obj, ready(obj["metadata"]["generation"], "stored artifact of the index"))

    def _status(self, meta: dict[str, Any], revision: str, content: bytes) -> dict[str, Any]:
        digest = hashlib.sha256(content).hexdigest()
        path = f"{meta['namespace']}/{meta['name']}/{digest}.tar.gz"
        return ready(meta["generation"], f"stored artifact for revision '{revision}'") | {
            "artifact": {
                "digest": f"sha256:{digest}",
                "lastUpdateTime": EPOCH,
                "path": path,
                "revision": revision,
                "size": len(content),
                "url": f"http://127.0.0.1:{self._server.server_port}/{path}",
            },
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        artifacts = self._artifacts

        class Handler(BaseHTTPRequestHandler):
            """Serves artifacts by their digest."""

            def do_GET(self) -> None:
                """Answers with the artifact that the path names."""
                for _, content in list(artifacts.values()):
                    if hashlib.sha256(content).hexdigest() in self.path:
                        self.send_response(200)
                        self.send_header("Content-Length", str(len(content)))
                        self.end_headers()
                        self.wfile.write(content)
                        return
                self.send_error(404)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
                """Says nothing: a test's output is for the test."""

        return Handler


def ready(generation: int, message: str, reason: str = "Succeeded", *, value: bool = True) -> dict[str, Any]:
    """The status of one of Flux's objects that is ready, or not."""
    condition = {
        "type": "Ready",
        "status": str(value),
        "reason": reason,
        "message": message,
        "observedGeneration": generation,
        "lastTransitionTime": EPOCH,
    }
    return {"observedGeneration": generation, "conditions": [condition]}


def packed(folder: Path) -> bytes:
    """A folder as tar.gz, without git's own files; the same content gives the same bytes."""
    buffer = io.BytesIO()

    def plain(info: tarfile.TarInfo) -> tarfile.TarInfo | None:
        if info.name == ".git" or info.name.startswith(".git/"):
            return None
        info.mtime, info.uid, info.gid, info.uname, info.gname = 0, 0, 0, "", ""
        return info

    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path in sorted(folder.iterdir()):
            archive.add(path, arcname=path.name, filter=plain)
    return gzip.compress(buffer.getvalue(), mtime=0)
