"""A server that takes connections and never answers, by the real engine: a preview names it and comes to an end."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.e2e.engine.project import Project, engine
from tests.e2e.gitops.charts import self_signed

__all__ = ["engine"]

A100 = "Standard_NC24ads_A100_v4"


class Silence:
    """A port that is listened to by somebody who says nothing, with TLS or before it."""

    def __init__(self, folder: Path, *, tls: bool) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._context: ssl.SSLContext | None = None
        if tls:
            certificate, key = self_signed(folder)
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate, key)
        self._held: list[socket.socket] = []
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def kubeconfig(self) -> str:
        """The way there."""
        server = {"server": f"https://127.0.0.1:{self._socket.getsockname()[1]}", "insecure-skip-tls-verify": True}
        return json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": "silent", "cluster": server}],
                "users": [{"name": "silent", "user": {"token": "t"}}],
                "contexts": [{"name": "silent", "context": {"cluster": "silent", "user": "silent"}}],
                "current-context": "silent",
            }
        )

    def _listen(self) -> None:
        while True:
            with suppress(ssl.SSLError, ConnectionError):
                try:
                    one, _ = self._socket.accept()
                except OSError:
                    return
                self._held.append(one)
                if self._context is not None:
                    self._held.append(self._context.wrap_socket(one, server_side=True))

    def close(self) -> None:
        """Hang up."""
        for one in (self._socket, *self._held):
            one.close()


@pytest.fixture(params=[False, True], ids=["before TLS", "after TLS"])
def silence(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Silence]:
    made = Silence(tmp_path, tls=request.param)
    yield made
    made.close()


def test_a_preview_ends_and_names_the_server(engine: None, silence: Silence, tmp_path: Path) -> None:
    (tmp_path / "stack").mkdir()
    project = Project(tmp_path / "stack")
    fleet = tmp_path / "fleet.yaml"
    phi = {"preset": "phi-4-mini-instruct", "gpu": A100, "namespace": "models"}
    cluster = {"region": "westeurope", "provisioner": "karpenter"}
    fleet.write_text(json.dumps({"kaito": "0.12.0", "clusters": {"prod": cluster}, "models": {"phi": phi}}))
    project.adopt(fleet=str(fleet), cluster="prod", parts=["workloads"])
    project.pulumi("config", "set", "--secret", "kubeconfig", silence.kubeconfig)
    done = project.tried("preview")
    assert done.code == 1
    assert "prod-identity" in done.text and "unreachable" in done.text
    # Nobody has to set a limit: the provider has its own.
    assert done.seconds < 180
    assert project.resources() == {}
