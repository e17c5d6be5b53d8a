"""How a refusal reaches whoever runs the program: as the message that it is, without the program's stack.

Owns the error's second nature. The engine's host prints a ``RunError`` as it stands, and of any other error where in
the program it came up, which is nothing that its reader can act on.
"""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

import pulumi

from kaitops.errors import BadInput, KaitopsError, nearest

P = ParamSpec("P")
T = TypeVar("T")


class Refused(BadInput, pulumi.RunError):
    """Input that does not hold together, told by a Pulumi program."""


def named(declare: Callable[..., Any]) -> Callable[..., Any]:
    """How a resource is declared, with a refusal that says which argument a misspelt one stands for."""
    known = [name for name in signature(declare).parameters if name != "self"]

    @wraps(declare)
    def declaring(self: object, *args: Any, **kwargs: Any) -> Any:
        for name in kwargs.keys() - known:
            near = nearest(name, known)
            hint = f"did you mean {near[0]!r}?" if near else f"it takes {', '.join(known)}"
            raise Refused(f"{type(self).__name__}: no argument {name!r}, so nothing was registered; {hint}")
        return declare(self, *args, **kwargs)

    return declaring


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
