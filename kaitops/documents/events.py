"""The events of a YAML text: the library's scanner without its composer, which recurses natively.

A file of brackets would end the process there; whoever takes events counts how deep they go.
"""

from collections.abc import Iterator
from typing import Any

import yaml

from kaitops.errors import BadInput


def read(text: str, name: str) -> Iterator[Any]:
    """The events of a text.

    Raises:
        BadInput: it is not YAML.
    """
    try:
        loader = yaml.CSafeLoader(text)
    except yaml.YAMLError as error:
        raise _syntax(name, error, text) from None
    try:
        # None is what the library says behind the last one.
        yield from iter(loader.get_event, None)  # pyright: ignore[reportUnknownMemberType]
    except yaml.YAMLError as error:
        raise _syntax(name, error, text) from None
    finally:
        loader.dispose()


def _syntax(name: str, error: yaml.YAMLError, text: str) -> BadInput:
    mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    if mark is None:
        position = getattr(error, "position", None)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else 1
        return BadInput(f"{name}:{line}: not YAML: {getattr(error, 'reason', problem)}")
    lines = text.splitlines()
    number: int = mark.line
    written = lines[number] if number < len(lines) else ""
    if "\t" in written[: len(written) - len(written.lstrip())] or "\\t" in problem:
        problem = "a tab is used for indentation, which YAML forbids; use spaces"
    return BadInput(f"{name}:{mark.line + 1}:{mark.column + 1}: not YAML: {problem}")
