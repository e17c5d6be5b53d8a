"""Ctrl-C beside what must happen as a whole or not at all."""

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def uninterrupted(done: str) -> Generator[None]:
    """Hold back Ctrl-C for the swap, so that it happens or does not; ``done`` says then what happened."""
    held: list[int] = []

    def hold(number: int, frame: FrameType | None) -> None:
        del frame
        held.append(number)

    try:
        before = signal.signal(signal.SIGINT, hold)
    except ValueError:  # not the main thread, where no signal arrives either
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if held:
        raise KeyboardInterrupt(done)
