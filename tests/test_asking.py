"""A server that answers without end, or byte by byte, holds nobody."""

import gc
import http.client
import http.server
import threading
import time
import urllib.error
from collections.abc import Iterator
from typing import ClassVar

import pytest

from kaitops import asking
from kaitops.errors import ToolMissing
from kaitops.gate.server.api import Api


class Hostile(http.server.BaseHTTPRequestHandler):
    """Answers as its path says."""

    stopped: ClassVar[threading.Event] = threading.Event()

    def do_GET(self) -> None:
        self.close_connection = True
        try:
            if self.path == "/readyz":
                self._drip(b"HTTP/1.1 200 OK\r\n", b"X-Slow: 1\r\n")
            elif self.path == "/elsewhere":
                self.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: http://localhost:1/\r\nContent-Length: 9\r\n\r\n")
            elif self.path == "/version":
                self._drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b" ")
            else:
                self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
                while not self.stopped.is_set():
                    self.wfile.write(b" " * 65536)
        except OSError:
            pass

    def _drip(self, start: bytes, drop: bytes) -> None:
        self.wfile.write(start)
        while not self.stopped.wait(0.05):
            self.wfile.write(drop)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    Hostile.stopped.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hostile) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_address[1]
        Hostile.stopped.set()
        server.shutdown()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("ask", ["ready", "version"])
def test_byte_by_byte(port: int, ask: str) -> None:
    api = Api(lambda: http.client.HTTPConnection("127.0.0.1", port, timeout=5), {}, "the server", seconds=0.5)
    start = time.monotonic()
    with pytest.raises(ToolMissing, match=r"the server: cannot be asked \(no whole answer in 0 s\)"):
        getattr(api, ask)()
    assert time.monotonic() - start < 5


def test_without_end(port: int) -> None:
    api = Api(lambda: http.client.HTTPConnection("127.0.0.1", port, timeout=5), {}, "the server")
    with pytest.raises(ToolMissing, match="more than 16777216 bytes"):
        api.kind({"apiVersion": "v1", "kind": "Pod"})


@pytest.mark.filterwarnings("always::ResourceWarning")
def test_a_way_to_another_server_is_not_gone_and_leaves_nothing_open(
    port: int, recwarn: pytest.WarningsRecorder
) -> None:
    def ask() -> str:
        with pytest.raises(urllib.error.URLError) as raised:
            asking.fetched(f"http://127.0.0.1:{port}/elsewhere", {}, limit=9, seconds=5, elsewhere=False)
        return str(raised.value)

    assert "it leads to another server, localhost, which nobody named" in ask()
    gc.collect()
    assert [str(one.message) for one in recwarn if issubclass(one.category, ResourceWarning)] == []


def test_what_is_asked_for_comes_back() -> None:
    assert asking.within(5, lambda: 7) == 7
    with pytest.raises(KeyError):
        asking.within(5, lambda: {}["a"])


@pytest.mark.parametrize("path", ["readyz", "version"])
def test_what_is_fetched_is_whole_in_time(port: int, path: str) -> None:
    start = time.monotonic()
    with pytest.raises(OSError, match=r"no whole answer in 0 s|timed out"):
        asking.fetched(f"http://127.0.0.1:{port}/{path}", {}, limit=1 << 20, seconds=0.4)
    assert time.monotonic() - start < 5


def test_what_is_fetched_has_a_size(port: int) -> None:
    with pytest.raises(asking.TooLarge, match="more than 1000 bytes"):
        asking.fetched(f"http://127.0.0.1:{port}/endless", {}, limit=1000, seconds=5)
