"""One turn of a chat over HTTP, streamed: what the server sends, piece by piece, and what it took.

Raises where there is no answer; nothing is made up in its place.
"""

import codecs
import json
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, TypeVar

import httpx
import httpx_sse

from kaitops.asking import is_loopback
from kaitops.documents.plain import Object, at, items, mapping
from kaitops.errors import ToolMissing
from kaitops.live.talk import refusals
from kaitops.live.talk.line import Line
from kaitops.live.talk.turn import Piece, Turn, choice_of, word
from kaitops.smoke.shape import BROKEN, is_id

SILENT = 120.0
"""Seconds that a server may say nothing, before its answer and within it."""
_CONNECT = 10.0
_LISTED = _HEAD = 15.0
_MOST = 1_000
_MOST_BYTES = 64 * 1024 * 1024
_Found = TypeVar("_Found")


class Speaker:
    """A server that answers chats.

    Args:
        base: with ``/v1``.
        key: empty where the server wants none.
        seconds: that it may say nothing.
    """

    def __init__(self, base: str, key: str = "", seconds: float = SILENT) -> None:
        # A packed answer may be any size once it is unpacked, so none is asked for.
        headers = {"Accept-Encoding": "identity", **({"Authorization": f"Bearer {key}"} if key else {})}
        timeout = httpx.Timeout(seconds, connect=_CONNECT)
        self._key, self._seconds = key, seconds
        # A proxy of the environment does not lead to this machine.
        self._client = httpx.Client(
            base_url=base,
            headers=headers,
            timeout=timeout,
            trust_env=not is_loopback(base),
            follow_redirects=False,
            # Each question finds the pod that serves now, and no line that the last one's server has closed.
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def models(self) -> list[str]:
        """The ids of what is served.

        Raises:
            ToolMissing: the server does not say.
        """
        try:
            found, body = self._within(_LISTED, self._listed)
        except httpx.HTTPError as error:
            raise refusals.broken(self._client, error) from None
        if found.status_code != 200:
            raise refusals.refused(found.status_code, body, self._key)
        try:
            listed = items(at(json.loads(body), "data"))
        except (ValueError, RecursionError):
            kind = found.headers.get("content-type", "no type")[:60]
            raise ToolMissing(
                f"the server's list of models is no JSON ({kind}, {len(body)} bytes), so no model of it is "
                "known; is this an OpenAI server, and no page to sign in at? Else name the model by --model"
            ) from None
        return [str(at(one, "id")) for one in listed if is_id(at(one, "id"))]

    def _listed(self) -> tuple[httpx.Response, bytes]:
        with self._client.stream("GET", "/models", timeout=httpx.Timeout(_LISTED)) as found:
            return found, _begun(found)

    def _within(self, seconds: float, ask: Callable[[], _Found]) -> _Found:
        """A whole answer within a time: a time-out of the line begins anew with each byte.

        Raises:
            ToolMissing: there is none.
        """
        done: list[_Found] = []
        failed: list[httpx.HTTPError] = []

        def work() -> None:
            try:
                done.append(ask())
            except httpx.HTTPError as error:
                failed.append(error)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(seconds + _CONNECT)
        if failed:
            raise failed[0]
        if not done:
            raise ToolMissing(f"{self._client.base_url}: gives no whole answer within {seconds + _CONNECT:g} s")
        return done[0]

    def say(self, messages: Sequence[Object], turn: Turn, **body: Any) -> Generator[Piece]:
        """Ask, and give what comes piece by piece; ``turn`` holds the whole.

        Raises:
            ToolMissing: the server refuses, breaks off or is not there.
        """
        start = time.monotonic()
        sent = {"messages": list(messages), **body}
        line = Line(str(self._client.base_url), self._seconds, _HEAD)
        try:
            if body.get("index_name"):
                yield from self._whole(sent, turn, start, line)
            else:
                sent |= {"stream": True, "stream_options": {"include_usage": True}}
                yield from self._streamed(sent, turn, start, line)
        except httpx_sse.SSEError as error:
            raise ToolMissing(
                f"{self._client.base_url}: no stream came back ({error}); is this an OpenAI server?"
            ) from None
        except httpx.HTTPError as error:
            raise line.trouble if line.was_cut else refusals.broken(self._client, error) from None
        finally:
            line.over()
            turn.seconds = time.monotonic() - start

    def _streamed(self, sent: Object, turn: Turn, start: float, line: Line) -> Iterator[Piece]:
        with httpx_sse.connect_sse(
            self._client, "POST", "/chat/completions", json=dict(sent), extensions=line.extensions
        ) as source:
            response = source.response
            kind = response.headers.get("content-type", "").lower()
            if response.status_code != 200:
                raise refusals.refused(response.status_code, _begun(response)[:_MOST], self._key)
            if "json" in kind:
                raise refusals.whole(_begun(response), self._key)
            line.over()
            response.headers["content-type"] = kind
            watched = _Watched(response.stream, self._seconds)
            response.stream = watched
            finished = answered = False
            for event in source.iter_sse():
                if event.data.strip() == "[DONE]":
                    finished = True
                    break
                try:
                    chunk: Any = json.loads(event.data)
                except (ValueError, RecursionError):
                    raise ToolMissing("the stream holds something that is no JSON; the answer is not whole") from None
                if error := at(chunk, "error") or (at(chunk, "object") == "error" and chunk):
                    raise ToolMissing(f"the server broke off: {refusals.words(error, self._key)}")
                counted = at(chunk, "usage", "completion_tokens")
                if isinstance(counted, int):
                    turn.tokens = counted
                    # A server that counts in its last chunk may end without saying so.
                    finished = True
                choice = choice_of(chunk)
                answered = answered or isinstance(choice.get("delta"), dict)
                turn.model = turn.model or word(at(chunk, "model"))
                turn.ended = word(choice.get("finish_reason")) or turn.ended
                finished = finished or bool(turn.ended)
                for piece in turn.take(mapping(choice.get("delta")), start):
                    watched.said()
                    yield piece
            if not finished:
                raise ToolMissing("the stream ended before the answer did; what stands above is not whole")
            if turn.ended in BROKEN:
                raise ToolMissing(f"the server ended the answer by '{turn.ended}'; what stands above is not whole")
            if not answered:
                raise ToolMissing("the stream holds no choice in any chunk, so there is no answer")

    def _whole(self, sent: Object, turn: Turn, start: float, line: Line) -> Iterator[Piece]:
        """Of a RAGEngine, which streams nothing that it looked up."""
        with self._client.stream(
            "POST", "/chat/completions", json={**sent, "stream": False}, extensions=line.extensions
        ) as response:
            whole = _begun(response)
        if response.status_code != 200:
            raise refusals.refused(response.status_code, whole[:_MOST], self._key)
        try:
            data: Any = json.loads(whole)
        except (ValueError, RecursionError):
            raise ToolMissing("the answer is no JSON, so there is none") from None
        turn.sources = [mapping(one) for one in items(at(data, "source_nodes")) if isinstance(one, dict)]
        if error := at(data, "error"):
            raise ToolMissing(f"the server gives an error in place of an answer: {refusals.words(error, self._key)}")
        choice = choice_of(data)
        if not isinstance(choice.get("message"), dict):
            raise ToolMissing("the answer holds no choice with a message, so there is none")
        counted = at(data, "usage", "completion_tokens")
        yield from turn.take(mapping(choice["message"]), start)
        turn.tokens = counted if isinstance(counted, int) else turn.tokens


def _begun(response: httpx.Response) -> bytes:
    """An answer as it came, or its beginning where it is larger than any answer is."""
    found = bytearray()
    for part in response.iter_raw():
        found += part
        if len(found) > _MOST_BYTES:
            break
    return bytes(found)


class _Watched(httpx.SyncByteStream):
    """A stream that has to say something in time: signs of life alone keep a line open for ever."""

    def __init__(self, stream: Any, seconds: float) -> None:
        self._stream, self._limit = stream, seconds
        self._last = time.monotonic()

    def said(self) -> None:
        """A piece of the answer came."""
        self._last = time.monotonic()

    def __iter__(self) -> Iterator[bytes]:
        """The parts as they come."""
        total = 0
        for part in self._stream:
            total += len(part)
            if total > _MOST_BYTES:
                raise ToolMissing(f"the answer holds more than {_MOST_BYTES // 1024**2} MiB; it is not whole")
            if total == len(part):
                part = part.removeprefix(codecs.BOM_UTF8)
            if time.monotonic() - self._last > self._limit:
                raise ToolMissing(
                    f"the server keeps the line open and says nothing for {self._limit:g} s; the answer is not whole"
                )
            yield part

    def close(self) -> None:
        """Let go of it."""
        self._stream.close()
