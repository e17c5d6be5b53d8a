"""Where in a text a value stands.

Read again when somebody asks, as most values are never found wrong. What a document means is for ``composing``.
"""

from functools import lru_cache
from typing import Any, NamedTuple, cast

import yaml

from kaitops.documents import events
from kaitops.documents.plain import Steps
from kaitops.errors import BadInput

_START = (1, 1)


class _Place(NamedTuple):
    """A value: line and column of its key or, without one, of itself; and what stands within it.

    Attributes:
        block: line of the sign that opens a text written line by line, and the text; None for any other value.
    """

    mark: tuple[int, int]
    inner: "dict[Any, _Place]"
    block: tuple[int, str] | None = None


def of(text: str, index: int, path: Steps) -> tuple[int, int]:
    """Line and column, from 1, of the value at a path of a document.

    Of the nearest parent where the path does not exist, and of the start where the text cannot be read as YAML.
    """
    return _follow(_documents(text), index, path, text)


def until(text: str, index: int, path: Steps, count: int) -> tuple[int, int]:
    """As :func:`of`, among the first values of the text only."""
    return _follow(_read(text, count), index, path, text)


def _follow(places: list[_Place], index: int, path: Steps, text: str) -> tuple[int, int]:
    if index >= len(places):
        return _START
    place = places[index]
    for number, step in enumerate(path):
        found = place.inner.get(step)
        if found is None:
            return _within(place, path[number:], text) if place.block is not None else place.mark
        place = found
    return place.mark


def _within(place: _Place, path: Steps, text: str) -> tuple[int, int]:
    """The place of a value of the YAML that a block of text holds, such as a file in a ConfigMap."""
    first, held = cast("tuple[int, str]", place.block)
    inner = _read(held, None)
    if len(inner) != 1 or path[0] not in inner[0].inner:
        return place.mark
    line, column = _follow(inner, 0, path, held)
    written = text.split("\n")[first + line - 1]
    plain = held.split("\n")[line - 1]
    return first + line, column + len(written) - len(plain)


# Findings of a file come together, so the places of the last file are kept and all are found in one reading.
@lru_cache(maxsize=1)
def _documents(text: str) -> list[_Place]:
    return _read(text, None)


def _read(text: str, count: int | None) -> list[_Place]:
    found: list[_Place] = []
    open_places: list[_Place] = []
    keys: list[Any] = []
    anchors: dict[str, _Place] = {}
    try:
        for event in events.read(text, ""):
            kind: Any = type(event)  # pyright: ignore[reportUnknownVariableType]
            if kind is yaml.DocumentStartEvent:
                found.append(_Place(_mark(event), {}))
                anchors = {}
            elif kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
                open_places.pop()
                keys.pop()
            elif kind in (yaml.ScalarEvent, yaml.AliasEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent):
                if count is not None:
                    count -= 1
                    if count < 0:
                        break
                place = _next(event, open_places, keys, anchors)
                if not open_places and place is not None:
                    found[-1] = place
                if kind in (yaml.MappingStartEvent, yaml.SequenceStartEvent):
                    open_places.append(place or _Place(_mark(event), {}))
                    keys.append(None if kind is yaml.MappingStartEvent else 0)
    except BadInput:
        pass  # what was read until there has places; the error itself is told by whoever reads the data
    return found


def _next(event: Any, open_places: list[_Place], keys: list[Any], anchors: dict[str, _Place]) -> _Place | None:
    """The place of a value; None for a key, which waits for its value."""
    is_alias = type(event) is yaml.AliasEvent
    key: Any = keys[-1] if keys else None
    if open_places and key is None:
        keys[-1] = (getattr(event, "value", object()), _mark(event))
        return None
    mark: tuple[int, int] = cast("Any", key)[1] if isinstance(key, tuple) else _mark(event)
    known = anchors.get(event.anchor or "") if is_alias else None
    block = (event.start_mark.line + 1, event.value) if getattr(event, "style", None) == "|" else None
    place = _Place(mark, known.inner if known is not None else {}, block)
    if event.anchor is not None and not is_alias:
        anchors[event.anchor] = place
    if open_places:
        if isinstance(key, tuple):
            open_places[-1].inner.setdefault(key[0], place)
            keys[-1] = None
        else:
            open_places[-1].inner[key] = place
            keys[-1] = key + 1
    return place


def _mark(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
