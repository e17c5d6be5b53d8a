"""Why a server gave no answer, in words for who asked it; a key that it repeats does not come onto a screen."""

import json

import httpx

from kaitops.asking import plainly
from kaitops.documents.plain import at
from kaitops.errors import ToolMissing
from kaitops.live.formats import locked


def whole(body: bytes, key: str) -> ToolMissing:
    """What stands in a whole answer where a stream was asked for: mostly why there is none."""
    try:
        error = at(json.loads(body), "error")
    except (ValueError, RecursionError):
        error = None
    if error:
        return ToolMissing(f"the server gives an error in place of an answer: {words(error, key)}")
    return ToolMissing("no stream came back, but an answer as a whole; the server does not stream")


def refused(status: int, body: bytes, key: str) -> ToolMissing:
    """A status that is no success.

    Args:
        key: that was sent.
    """
    body = body.replace(key.encode(), b"***") if key else body
    hints = {
        401: f"the server {locked(sent=bool(key))}",
        404: "the model is not there; 'kaitops connect' lists those there are",
        429: "the server is busy; wait, or add replicas",
        503: "no model answers behind it",
    }
    try:
        said = words(json.loads(body), key)
    except (ValueError, RecursionError):
        said = plainly(body, 200)
    hint = hints.get(status)
    if 300 <= status < 400:
        hint = "it sends us elsewhere, which is not followed; name the address that it leads to"
    return ToolMissing(f"the server answers {status}{f': {said}' if said else ''}{f'; {hint}' if hint else ''}")


def words(error: object, key: str) -> str:
    """What a server says of an error, in whatever form it does, without the key where it repeats that."""
    told = (at(error, *path) for path in (("error", "message"), ("message",), ("detail",), ("error",)))
    found = next((one for one in told if isinstance(one, str)), str(error))
    return (found.replace(key, "***") if key else found)[:300]


def broken(client: httpx.Client, error: httpx.HTTPError) -> ToolMissing:
    """A line that nothing whole came over."""
    kinds = (
        (httpx.ConnectError, "cannot be reached"),
        (httpx.ReadTimeout, "does not go on with its answer"),
        (httpx.TimeoutException, "does not answer in time"),
        (httpx.RemoteProtocolError, "broke off in the middle of its answer, or what answers is no HTTP server"),
        (httpx.DecodingError, "packs its answer in another way than it says, so that nothing can be read of it"),
    )
    text = next((text for kind, text in kinds if isinstance(error, kind)), "broke off")
    return ToolMissing(f"{client.base_url}: {text} ({type(error).__name__})")
