"""The errors that kaitops raises for its users, each with the exit code of the command line, and what they suggest."""

from collections.abc import Collection


class KaitopsError(Exception):
    """Base of all errors that a user can act on.

    The message names the object and field, the fact, the consequence and the remedy.

    Attributes:
        path: of the field within what was asked about, where whoever asked names the object; the message then leaves
            both out.
    """

    exit_code = 3

    def __init__(self, message: str = "", path: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.path = path


class Findings(KaitopsError):
    """The input was understood and something in it is wrong: drift, a refusal, a model that does not fit."""

    exit_code = 1


class BadInput(KaitopsError):
    """The input cannot be understood or does not hold together."""

    exit_code = 2


class ToolMissing(KaitopsError):
    """Something outside of kaitops that this command needs is not there, or failed."""

    exit_code = 3


def nearest(word: str, known: Collection[str], count: int = 1, cutoff: float = 0.6) -> list[str]:
    """Known words that look like one that is unknown, best first.

    Args:
        cutoff: how much alike, from 0 to 1.
    """
    # Only a mistake needs it, and every command would pay for the import.
    from difflib import get_close_matches

    return get_close_matches(word, known, count, cutoff)
