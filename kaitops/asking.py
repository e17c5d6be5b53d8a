"""Asking a server that somebody else runs: an answer is whole within a time and a size, or it is none.

Owns the limits. A time-out of a socket begins anew with each byte, so that a server that sends one now and then would
hold whoever asks for ever.
"""

import threading
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

_Answer = TypeVar("_Answer")


class TooLarge(ValueError):
    """The answer is larger than any that was asked for."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the answer holds more than {limit} bytes")


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
    answer, error = done[0]
    if error is not None:
        raise error
    return answer
