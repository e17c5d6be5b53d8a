"""What is said of settings that their models refuse: the key, the fact, what follows, and the key that was meant."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.alias_generators import to_camel

from kaitops.documents.plain import dotted
from kaitops.errors import nearest
from kaitops.fleet.reading import known_keys

_PAGE = "docs/infrastructure.md lists every key"


def lines(error: ValidationError, model: type[BaseModel], prefix: str, also: str = "") -> Iterator[str]:
    """One line for each thing that is wrong.

    Args:
        model: that refused them.
        prefix: of their paths, as users write them.
        also: what the top knows beside the model's keys.
    """
    for one in error.errors():
        path = list(one["loc"])
        name = prefix + dotted(path)
        if one["type"] == "extra_forbidden":
            yield f"{name}: no such key, so it would change nothing; {_meant(model, path, also)}; {_PAGE}"
        elif one["type"] == "missing":
            yield f"{name}: is not set, and nothing can be declared without it; set it in the stack's file; {_PAGE}"
        else:
            quoted = "; quote it" if one["type"] == "string_type" and isinstance(one["input"], int | float) else ""
            yield f"{name}: {one['msg']} (given: {one['input']!r}){quoted}; {_PAGE}"


def _meant(model: type[BaseModel], path: list[Any], also: str) -> str:
    # A program may write keys as Python does; the model's own are those of a stack's file.
    known = known_keys(model, [to_camel(part) if isinstance(part, str) and "_" in part else part for part in path])
    if close := nearest(str(path[-1]), known):
        return f"did you mean {close[0]!r}?"
    return f"it knows {', '.join(sorted(known))}{also if len(path) == 1 else ''}"
