"""HTTP to a server that may lie: every answer is whole within a time and a size, or it is none.

A socket's own time-out begins anew with each byte, so a thread reads, and whoever asks waits until the deadline.
"""

import contextlib
import http.client
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast
from urllib.parse import SplitResult, urlsplit

MOST_BYTES = 8 * 1024 * 1024
_PART = 65536
_ODD = re.compile(r"[\x00-\x20\x7f\\\\]")
# A line feed behind the last sign of a part may still come.
_LINE = re.compile(rb"\r\n|\n|\r(?=.)", re.DOTALL)
_MARK = b"\xef\xbb\xbf"
_Found = TypeVar("_Found")


class Trouble(Exception):
    """There is no answer that could be judged.

    Attributes:
        kind: ``unreachable``, ``late``, ``cut``, ``large``, ``redirect`` or ``garbled``.
    """

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind


@dataclass
class Answer:
    """A whole answer.

    Attributes:
        headers: names in lower case.
        seconds: until it was whole.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    def json(self) -> Any:
        """The body.

        Raises:
            Trouble: it is no JSON.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            kind = self.headers.get("content-type", "no type")
            raise Trouble("garbled", f"the answer ({kind}, {len(self.body)} bytes) is no JSON") from None


@dataclass
class Stream:
    """A streamed answer, read to its end.

    Attributes:
        status: other than 200 there is an ``error`` body and no chunk.
        done: the end was marked by ``[DONE]``.
        cut: why the stream is not whole, empty where it is.
        first: seconds until the first chunk.
    """

    status: int
    headers: Mapping[str, str]
    chunks: list[Any] = field(default_factory=list[Any])
    done: bool = False
    cut: str = ""
    first: float | None = None
    seconds: float = 0.0
    error: bytes = b""


class Wire:
    """The way to one server.

    Args:
        url: of the server, with or without ``/v1``.
        key: sent as a bearer token, where there is one.
        seconds: that one answer may take as a whole.
    """

    def __init__(self, url: str, key: str = "", seconds: float = 30.0) -> None:
        parts, port = _parts(url)
        path = parts.path.rstrip("/")
        self.root = path.removesuffix("/v1")
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.seconds = seconds
        self._https, self._host, self._port = parts.scheme == "https", str(parts.hostname), port
        self._key = key.encode()
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    @property
    def base(self) -> str:
        """The base URL that clients of OpenAI's protocol take."""
        return f"{self.origin}{self.root}/v1"

    @property
    def keyed(self) -> bool:
        """A key is sent."""
        return bool(self._key)

    def ask(self, method: str, path: str, body: object = None, seconds: float | None = None) -> Answer:
        """One question.

        Raises:
            Trouble: there is no whole answer, or it sends us elsewhere.
        """

        def run(connection: http.client.HTTPConnection, start: float) -> Answer:
            response = self._send(connection, method, path, body)
            raw = bytearray()
            while part := response.read1(_PART):
                raw += part
                if len(raw) > MOST_BYTES:
                    raise Trouble("large", f"the answer holds more than {MOST_BYTES // 1024**2} MiB")
            if response.length:
                raise Trouble("cut", f"the answer ends {response.length} bytes too early")
            return Answer(response.status, _headers(response), self._shown(bytes(raw)), time.monotonic() - start)

        return self._within(run, seconds or self.seconds)

    def stream(self, path: str, body: object) -> Stream:
        """One question whose answer is streamed.

        Raises:
            Trouble: there is no answer within the time. One that breaks off is a stream with ``cut``.
        """
        found = Stream(0, {})

        def run(connection: http.client.HTTPConnection, start: float) -> Stream:
            response = self._send(connection, "POST", path, body)
            found.status, found.headers = response.status, _headers(response)
            try:
                _read(response, found, start)
            except (http.client.HTTPException, OSError) as error:
                found.cut = f"the connection broke off ({type(error).__name__})"
            found.seconds, found.error = time.monotonic() - start, self._shown(found.error)
            return found

        return self._within(run, self.seconds)

    def _shown(self, body: bytes) -> bytes:
        """A body that may be quoted: a server that repeats the key does not bring it into a report."""
        return body.replace(self._key, b"***") if self._key else body

    def _send(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: object
    ) -> http.client.HTTPResponse:
        headers = {**self._headers, "Accept": "*/*", "User-Agent": "kaitops", "Connection": "close"}
        sent = None
        if body is not None:
            sent = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        connection.request(method, self.root + path, sent, headers)
        response = connection.getresponse()
        if response.status in (301, 302, 303, 307, 308):
            target = response.headers.get("Location", "nowhere")
            raise Trouble("redirect", f"{path} sends us elsewhere ({response.status} to {target[:120]})")
        return response

    def _within(self, run: Callable[[http.client.HTTPConnection, float], _Found], seconds: float) -> _Found:
        kind = http.client.HTTPSConnection if self._https else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=seconds)
        done: list[tuple[Any, BaseException | None]] = []
        start = time.monotonic()

        def work() -> None:
            try:
                done.append((run(connection, start), None))
            except BaseException as error:
                done.append((None, error))

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(seconds)
        if not done:
            # The thread ends as soon as its socket does.
            sock = connection.sock
            if sock is not None:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
            raise Trouble("late", f"no whole answer within {seconds:g} s")
        connection.close()
        answer, error = done.pop()
        if error is not None:
            raise _told(error, self.origin)
        return cast("_Found", answer)


def _parts(url: str) -> tuple[SplitResult, int | None]:
    """An address with its port.

    Raises:
        Trouble: it is none.
    """
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host, port = parts.hostname or "", parts.port
        host.encode("idna")
        url.encode()
    except ValueError:
        host, parts, port = "", SplitResult("", "", "", "", ""), None
    # urlsplit takes line ends out by itself, and what it makes of them is not what was meant.
    if parts.scheme not in ("http", "https") or not host or _ODD.search(url):
        raise Trouble("unreachable", f"{url!r} is no address of a server; write http://HOST:PORT")
    if parts.username is not None:
        raise Trouble(
            "unreachable", f"{parts.hostname}: the address holds a name to log in with, which is not sent; leave it out"
        )
    return parts, port


def _read(response: http.client.HTTPResponse, found: Stream, start: float) -> None:
    """Read server-sent events until the stream ends: a line ends by CR, LF or both, and an event may have several."""
    rest, total, held = b"", 0, list[bytes]()
    while part := response.read1(_PART):
        rest += part if total else part.removeprefix(_MARK)
        total += len(part)
        if total > MOST_BYTES:
            raise Trouble("large", f"the stream holds more than {MOST_BYTES // 1024**2} MiB")
        if found.status != 200:
            found.error, rest = found.error + part, b""
            continue
        *lines, rest = _LINE.split(rest)
        for line in lines:
            if not line.strip():
                _take(b"\n".join(held), found, start)
                held.clear()
            elif line.startswith(b"data:"):
                held.append(line[5:].strip())
    if rest.strip():
        found.cut = "it ends in the middle of a chunk"
    elif held:
        _take(b"\n".join(held), found, start)


def _take(text: bytes, found: Stream, start: float) -> None:
    if not text:
        return
    if found.done:
        found.cut = found.cut or "it goes on after [DONE]"
        return
    if text == b"[DONE]":
        found.done = True
        return
    if found.first is None:
        found.first = time.monotonic() - start
    try:
        chunk: object = json.loads(text)
    except (ValueError, RecursionError):
        found.cut = "a chunk is no JSON"
        return
    if not isinstance(chunk, dict):
        found.cut = found.cut or "a chunk is no JSON object"
    found.chunks.append(chunk)


def _headers(response: http.client.HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def _told(error: BaseException, origin: str) -> BaseException:
    if isinstance(error, Trouble):
        return error
    if isinstance(error, http.client.IncompleteRead):
        return Trouble("cut", "the answer breaks off in the middle")
    if isinstance(error, TimeoutError):
        return Trouble("late", "no answer within the time")
    if isinstance(error, ssl.SSLError):
        return Trouble("unreachable", f"{origin}: no trust: {error.reason}")
    if isinstance(error, OSError):
        return Trouble("unreachable", f"{origin}: {error.strerror or type(error).__name__}")
    if isinstance(error, http.client.HTTPException | ValueError):
        return Trouble("garbled", f"what answers is no HTTP server ({type(error).__name__})")
    return error
