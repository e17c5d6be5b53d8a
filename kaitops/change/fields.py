"""Where two plain documents differ. Knows no kinds."""

from collections.abc import Iterator
from typing import Any

from kaitops.documents.plain import Path, items, mapping

ABSENT: Any = object()


def differences(base: Any, head: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """The smallest parts that differ, with the value on either side; ABSENT where there is none.

    Lists of one length are compared entry by entry, others as a whole.
    """
    if isinstance(base, dict) and isinstance(head, dict):
        before, after = mapping(base), mapping(head)  # pyright: ignore[reportUnknownArgumentType]
        for key in [*before, *(key for key in after if key not in before)]:
            yield from differences(before.get(key, ABSENT), after.get(key, ABSENT), (*path, key))
    elif isinstance(base, list) and isinstance(head, list) and len(items(base)) == len(items(head)):
        for number, (before, after) in enumerate(zip(items(base), items(head), strict=True)):
            yield from differences(before, after, (*path, number))
    elif _is_other(base, head):
        yield path, base, head


def _is_other(base: Any, head: Any) -> bool:
    # True equals 1 in Python and nowhere else.
    return isinstance(base, bool) is not isinstance(head, bool) or base != head


def value(given: object) -> str:
    """A value in a message: short, and ``nothing`` where there is none."""
    if given is ABSENT or given is None:
        return "nothing"
    if isinstance(given, dict | list):
        return "other content"
    text = str(given) or '""'
    return text if len(text) <= 60 else f"{text[:57]}..."


def becomes(given: object) -> str:
    """What a field comes to, as the predicate of a sentence."""
    return "is removed" if given is ABSENT or given is None else f"becomes {value(given)}"
