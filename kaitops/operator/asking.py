"""Asking a server with a credential that no other server may see.

A redirect to another host, port or scheme is followed without it, as is one within the host by plain HTTP.
"""

import urllib.request
from http.client import HTTPMessage
from typing import IO, Any
from urllib.parse import urlsplit

_CREDENTIALS = ("Authorization", "Cookie", "Proxy-authorization")
_PORTS = {"http": 80, "https": 443}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def opened(address: str, headers: dict[str, str], seconds: float) -> Any:
    """The answer of a server, as :func:`urllib.request.urlopen` gives it.

    Args:
        seconds: that each read may take.

    Raises:
        OSError: there is none.
    """
    request = urllib.request.Request(address, headers={"User-Agent": "kaitops", **headers})  # noqa: S310
    return urllib.request.build_opener(_Redirects).open(request, timeout=seconds)


def is_loopback(address: str) -> bool:
    """Whether an address is of this machine, by the name of its host and not by how it begins."""
    return urlsplit(address).hostname in _LOOPBACK


def _origin(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, and leaves credentials with the server that they are for."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        """What is asked next."""
        made = super().redirect_request(req, fp, code, msg, headers, newurl)
        if made is not None and _origin(made.full_url) != _origin(req.full_url):
            for name in _CREDENTIALS:
                made.remove_header(name)
        return made
