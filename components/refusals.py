"""How a refusal reaches whoever runs the program: as the message that it is, without the program's stack.

Owns the error's second nature. The engine's host prints a ``RunError`` as it stands, and of any other error where in
the program it came up, which is nothing that its reader can act on.
"""

from collections.abc import Callable, Collection, Iterable
from functools import wraps
from typing import ParamSpec, TypeVar

import pulumi

from kaitops.errors import BadInput, KaitopsError, nearest

P = ParamSpec("P")
T = TypeVar("T")


class Refused(BadInput, pulumi.RunError):
    """Input that does not hold together, told by a Pulumi program."""


def refuse_unknown(subject: str, given: Iterable[str], known: Collection[str]) -> None:
    """Refuse arguments that are not known, and say which one a misspelt one stands for."""
    for name in given:
        if name in known:
            continue
        near = nearest(name, known)
        hint = f"did you mean {near[0]!r}?" if near else f"it takes {', '.join(known)}"
        raise Refused(f"{subject}: no argument {name!r}, so nothing was registered; {hint}")


def told(function: Callable[P, T]) -> Callable[P, T]:
    """The function, refusing in a way that the engine prints as a message."""

    @wraps(function)
    def telling(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except KaitopsError as error:
            if isinstance(error, pulumi.RunError):
                raise
            raise Refused(str(error)) from error

    return telling
