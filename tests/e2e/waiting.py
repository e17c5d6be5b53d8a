"""Waiting for a server to have done something that it does in its own time."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def wait(condition: Callable[[], Found], what: str, seconds: float = 30.0, pause: float = 0.1) -> Found:
    """Waits until a condition gives something true.

    Args:
        condition: asked again and again.
        what: completes the sentence "waited 30 s and it did not come true that ...".
        seconds: how long at most.
        pause: seconds between two questions.

    Returns:
        What the condition gave.

    Raises:
        TimeoutError: it never came true.
    """
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s and it did not come true that {what}")
        time.sleep(pause)
