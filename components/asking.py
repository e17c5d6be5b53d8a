"""How the program asks Azure for what may not be there yet."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_ABSENT = ("404", "NotFound", "not found", "could not be found")


def asked(question: Callable[[], T]) -> T | None:
    """The answer; None where Azure does not have what is asked for.

    Raises:
        Exception: Azure cannot be asked; what it does not have is no error.
    """
    try:
        return question()
    except Exception as error:
        if any(word in str(error) for word in _ABSENT):
            return None
        raise
