"""A credential goes to the server that it is for, and to no other that one sends us on to."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from kaitops import asking
from kaitops.cli import preset
from kaitops.errors import ToolMissing
from kaitops.operator import registries

TOKEN = "hf_" + "aB3dE6gH9" * 4


class Server(BaseHTTPRequestHandler):
    """Sends everybody on to where ``to`` says, and remembers what came."""

    to = ""
    seen: ClassVar[list[tuple[str, str | None]]] = []

    def do_GET(self) -> None:
        host = str(self.headers["Host"]).partition(":")[0]
        type(self).seen.append((host, self.headers["Authorization"]))
        if self.to and not self.path.startswith("/end"):
            self.send_response(302)
            self.send_header("Location", f"{self.to}/end")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps([]).encode())

    def log_message(self, *given: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[tuple[type[Server], int]]:
    made = type("Made", (Server,), {"seen": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), made) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield made, running.server_port
        running.shutdown()
        thread.join()


@pytest.mark.parametrize(("host", "expected"), [("localhost", None), ("127.0.0.1", f"Bearer {TOKEN}")])
def test_a_redirect(
    server: tuple[type[Server], int], monkeypatch: pytest.MonkeyPatch, host: str, expected: str
) -> None:
    made, port = server
    made.to = f"http://{host}:{port}"
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    preset._get(f"http://127.0.0.1:{port}/start")
    made.to = f"http://{host}:{port}"
    registries._read(f"http://127.0.0.1:{port}/start", {"Authorization": f"Bearer {TOKEN}"})
    assert made.seen == [("127.0.0.1", f"Bearer {TOKEN}"), (host, expected)] * 2


@pytest.mark.parametrize(
    "realm",
    ["http://localhost.evil.example/t", "http://127.0.0.1.evil.example/t", "http://localhost@evil.example/t", "ftp://x/t",
     "http://localhost:x@evil.example/", "file:///etc/passwd", "http://127.0.0.1evil.example/", "HTTP://localhost.evil/"],
)  # fmt: skip
def test_a_realm_that_only_begins_like_one(realm: str) -> None:
    with pytest.raises(ValueError, match="sends the request for a token"):
        registries._token(f'Bearer realm="{realm}",service="x"')


def test_names_of_this_machine() -> None:
    assert asking.is_loopback("http://localhost:5000/t")
    assert asking.is_loopback("http://[::1]:5000/t")
    assert not asking.is_loopback("http://localhost.evil.example/t")


def test_a_token_is_in_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    with pytest.raises(ToolMissing) as error:
        preset._get("http://127.0.0.1:9/nothing")
    assert TOKEN not in str(error.value)
