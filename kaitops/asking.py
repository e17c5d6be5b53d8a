"""Asking a server that somebody else runs, within limits, and with a credential that no other server may see.

An answer is whole within a time and a size, or it is none: a time-out of a socket begins anew with each byte, so that a
server that sends one now and then would hold whoever asks for ever. A redirect to another host, port or scheme is
followed without the credential, as is one within the host by plain HTTP.
"""

import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPConnection, HTTPMessage
from typing import IO, Any, Protocol, TypeVar
from urllib.parse import urlsplit

_CREDENTIALS = ("Authorization", "Cookie", "Proxy-authorization")
_PORTS = {"http": 80, "https": 443}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_Answer = TypeVar("_Answer")


class TooLarge(ValueError):
    """The answer is larger than any that was asked for."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the answer holds more than {limit} bytes")


class SocketConnection(HTTPConnection):
    """HTTP over a socket of this machine, which no other user can reach.

    Args:
        path: of the socket.
        seconds: that the server may be silent.
    """

    def __init__(self, path: str, seconds: float) -> None:
        super().__init__("localhost", timeout=seconds)
        self._path = path
        self._seconds = seconds

    def connect(self) -> None:
        """Open the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self._seconds)
        self.sock.connect(self._path)


class _Readable(Protocol):
    def read(self, amount: int, /) -> bytes: ...


def body(answer: _Readable, limit: int) -> bytes:
    """The whole body.

    Raises:
        TooLarge: it holds more bytes than the limit.
    """
    raw = answer.read(limit + 1)
    if len(raw) > limit:
        raise TooLarge(limit)
    return raw


def within(seconds: float, ask: Callable[[], _Answer]) -> _Answer:
    """What a call returns, or raises, in time.

    The call goes on by itself after that, and ends with the process.

    Raises:
        TimeoutError: it took longer.
    """
    done: list[tuple[Any, BaseException | None]] = []

    def run() -> None:
        try:
            done.append((ask(), None))
        except BaseException as error:
            done.append((None, error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if not done:
        raise TimeoutError(f"no whole answer in {seconds:.0f} s")
    answer, error = done.pop()
    if error is not None:
        try:
            raise error
        finally:
            del error  # it holds this frame, and with it what it was asked over
    return answer


def fetched(address: str, headers: dict[str, str], *, limit: int, seconds: float, elsewhere: bool = True) -> bytes:
    """The body of what a server answers.

    Args:
        limit: in bytes.
        seconds: that the answer may take as a whole.
        elsewhere: a redirect to another server is followed.

    Raises:
        OSError: there is none, or it is no success.
        TooLarge: it holds more bytes than the limit.
    """
    request = urllib.request.Request(address, headers={"User-Agent": "kaitops", **headers})  # noqa: S310

    def ask() -> bytes:
        try:
            with urllib.request.build_opener(_Redirects if elsewhere else _SameServer).open(
                request, timeout=seconds
            ) as answer:
                return body(answer, limit)
        except urllib.error.HTTPError as error:
            # Whoever hears of it looks at its head only, and no later than now the connection has served.
            error.close()
            raise

    return within(seconds, ask)


def is_loopback(address: str) -> bool:
    """Whether an address is of this machine, by the name of its host and not by how it begins."""
    return urlsplit(address).hostname in _LOOPBACK


def origin(address: str) -> tuple[str, str | None, int | None]:
    """The server of an address: scheme, host and port.

    Raises:
        ValueError: it is no address.
    """
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, and leaves credentials with the server that they are for."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        """What is asked next."""
        made = super().redirect_request(req, fp, code, msg, headers, newurl)
        if made is not None and origin(made.full_url) != origin(req.full_url):
            for name in _CREDENTIALS:
                made.remove_header(name)
        return made


class _SameServer(_Redirects):
    """Follows redirects within one server only: what another one says is not what was asked for."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        """What is asked next."""
        if origin(newurl) != origin(req.full_url):
            fp.close()  # the answer that leads there: nobody reads it any more
            raise urllib.error.URLError(f"it leads to another server, {urlsplit(newurl).hostname}, which nobody named")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def plainly(body: bytes, most: int) -> str:
    """What an answer that is no JSON says, in one line of at most so many characters."""
    text = " ".join(body.decode(errors="replace").split())
    return "a page for people, not for programs (HTML)" if text.startswith("<") else text[:most]
