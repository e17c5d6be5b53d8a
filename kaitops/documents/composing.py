"""From the events of a YAML text to plain data, within limits that hold before anything is built.

Owns what must be refused because it would be lost or read differently elsewhere: duplicate keys, keys that are no
text, unknown tags, alias bombs, and, of manifests, what kubectl and kustomize take for different values. Nothing here
recurses: the library's own composer does, natively, and a file of brackets would end the process.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from kaitops.documents import agreement, events, places, scalars
from kaitops.documents.plain import items
from kaitops.errors import BadInput

MAX_DEPTH = 200
MAX_VALUES = 150_000
"""Of a file, counting what aliases stand for. A published bundle of 80,000 lines holds 150,000."""
MAX_DOCUMENTS = 20_000
# An expansion by aliases to more than this many times the written values is an attack, not a shorthand.
_MAX_ALIAS_FACTOR = 20
_NAMED = {
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
    "tag:yaml.org,2002:bool": bool,
    "tag:yaml.org,2002:null": type(None),
}
_STR = "tag:yaml.org,2002:str"
_CONTAINERS = {yaml.MappingStartEvent: "tag:yaml.org,2002:map", yaml.SequenceStartEvent: "tag:yaml.org,2002:seq"}
_NAME = re.compile(r"[A-Za-z_./<>-]{1,60}")


def documents(text: str, name: str, *, strict: bool) -> Iterator[tuple[int, Any]]:
    """Number and data of each document that is not empty.

    Args:
        strict: it is a manifest, so what kubectl and kustomize read differently is refused.

    Raises:
        BadInput: with file, line and column, what is wrong and what to do.
    """
    builder = _Builder(text, name, strict=strict)
    take = builder.takers
    for event in events.read(text, name):
        kind: Any = type(event)  # pyright: ignore[reportUnknownVariableType]
        if kind is yaml.DocumentEndEvent:
            if builder.filled:
                yield builder.index, builder.root
        elif kind in take:
            take[kind](event)


class _Open:
    """A collection that is being read.

    Attributes:
        first: number of the value that it is.
        key: of the mapping, whose value comes next.
        awaits_key: the next value is a key of the mapping.
        flow: it is written in brackets or braces.
        depth: how many collections stand within each other, itself included.
        merge: the merge key whose value comes next; None where none is waiting.
        merged: what merge keys brought, each with its key.
    """

    __slots__ = ("anchor", "awaits_key", "data", "depth", "first", "flow", "is_mapping", "key", "merge", "merged")

    def __init__(self, is_mapping: bool, anchor: str | None, first: int, flow: bool) -> None:
        self.data: Any = {} if is_mapping else []
        self.is_mapping = self.awaits_key = is_mapping
        self.anchor = anchor
        self.first = first
        self.flow = flow
        self.depth = 1
        self.key: Any = None
        self.merge: Any = None
        self.merged: list[tuple[Any, Any]] | None = None


class _Builder:
    """Turns events into plain data, watching for what must be refused."""

    def __init__(self, text: str, name: str, *, strict: bool) -> None:
        self._name = name
        self._text = text
        self._strict = strict
        self._values = 0
        self._aliased = 0
        lines = text.count("\n") + text.count(",") + 1
        self._alias_limit = max(10_000, _MAX_ALIAS_FACTOR * lines)
        self.index = -1
        self._start()

    def _start(self) -> None:
        self.root: Any = None
        self.filled = False
        self._stack: list[_Open] = []
        # By anchor: the value, how many values it holds and how deep it is; None while it is being read.
        self._anchors: dict[str, tuple[Any, int, int] | None] = {}

    @property
    def takers(self) -> dict[Any, Callable[[Any], None]]:
        """What takes an event, by its type; others say nothing."""
        return {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._mapping,
            yaml.SequenceStartEvent: self._sequence,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }

    def _document(self, event: object) -> None:
        self.index += 1
        if self.index >= MAX_DOCUMENTS:
            raise self._error(event, f"more than {MAX_DOCUMENTS} documents in one file; split the file")
        self._start()

    def _scalar(self, event: Any) -> None:
        self._values += 1
        if self._values > MAX_VALUES:
            raise self._too_many(event)
        text: str = event.value
        plain = event.implicit[0] and event.tag is None
        top = self._stack[-1] if self._stack else None
        if top is None:
            # A document of nothing is not a document; one that says null is.
            if plain and not text:
                return
        elif top.awaits_key:
            self._key(top, event, text, plain)
            return
        if self._strict and (reason := self._disputed(event, plain, text)):
            raise self._error(event, f"the value {reason}")
        value = scalars.value(text) if plain else self._quoted(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, 1, 0)
        if top is not None and top.is_mapping and top.merge is None:
            # Nearly all are this; what follows is `_put` without its questions.
            top.data[top.key] = value
            top.awaits_key = True
        else:
            self._put(value)

    def _quoted(self, event: Any) -> Any:
        """The value of a scalar that is quoted, in a block, or has a tag."""
        if event.tag is None:
            return event.value
        if event.tag == _STR:
            return event.value
        wanted = _NAMED.get(event.tag)
        value = scalars.value(event.value) if not event.style else event.value
        if wanted is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if wanted is None or type(value) is not wanted or (self._strict and scalars.disputed(event.value)):
            raise self._error(event, f"tag {event.tag[:60]!r} does not fit the value; remove the tag")
        return value

    def _disputed(self, event: Any, plain: bool, text: str) -> str | None:
        flow = bool(self._stack) and self._stack[-1].flow
        # What neither stands in brackets nor has a tag is settled by its text alone, and most texts come again.
        if plain and not flow and not scalars.disputed(text):
            return None
        return agreement.disputed(event, self._text, flow=flow)

    def _key(self, top: _Open, event: Any, key: str, plain: bool) -> None:
        if plain:
            if key == "<<":
                top.merge = event
                top.awaits_key = False
                return
            if not isinstance(scalars.value(key), str):
                raise self._error(event, f"{_shown(key)} is read as {_kind(key)}, not as text; quote it")
        if self._strict and (reason := self._disputed(event, plain, key)):
            raise self._error(event, f"{_shown(key)} {reason}")
        if plain:
            pass
        elif event.tag not in (None, _STR):
            raise self._error(event, "a key must be text")
        else:
            self._quoted(event)
            if self._strict and key == "<<":
                raise self._error(event, "a quoted '<<' is a name to some readers and a merge to others; rename it")
        if key in top.data:
            first = self._first_line(key)
            raise self._error(
                event, f"{_shown(key)} is already on line {first} and one of them would be lost; remove one"
            )
        if event.anchor is not None:
            self._anchors[event.anchor] = (key, 1, 0)
        top.key = key
        top.awaits_key = False

    def _mapping(self, event: object) -> None:
        self._open(event, True)

    def _sequence(self, event: object) -> None:
        self._open(event, False)

    def _open(self, event: Any, is_mapping: bool) -> None:
        self._values += 1
        if self._values > MAX_VALUES:
            raise self._too_many(event)
        if len(self._stack) >= MAX_DEPTH:
            raise self._error(event, f"nested deeper than {MAX_DEPTH} levels; no manifest is")
        if self._stack and self._stack[-1].awaits_key:
            raise self._error(event, "a key must be text")
        if event.tag is not None and event.tag != _CONTAINERS[type(event)]:
            raise self._error(event, f"tag {event.tag[:60]!r} has no meaning in a Kubernetes manifest; remove it")
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        self._stack.append(_Open(is_mapping, event.anchor, self._values, event.flow_style))

    def _close(self, event: object) -> None:
        done = self._stack.pop()
        if done.merged:
            self._merge(done)
        if done.anchor is not None:
            self._anchors[done.anchor] = (done.data, self._values - done.first + 1, done.depth)
        self._put(done.data, done.depth)

    def _alias(self, event: Any) -> None:
        if self._stack and self._stack[-1].awaits_key:
            raise self._error(event, "a key must be text")
        if event.anchor not in self._anchors:
            raise self._error(event, "not YAML: found undefined alias; write the value out")
        known = self._anchors[event.anchor]
        if known is None:
            raise self._error(event, "an alias refers to a value that contains it; write the value out")
        data, size, depth = known
        self._values += size
        self._aliased += size
        if self._aliased > self._alias_limit or self._values > MAX_VALUES:
            limit = min(self._alias_limit, MAX_VALUES)
            raise self._error(
                event, f"aliases expand to more than {limit} values; write the repeated parts out or remove them"
            )
        if len(self._stack) + depth > MAX_DEPTH:
            raise self._error(event, f"nested deeper than {MAX_DEPTH} levels; no manifest is")
        self._put(_copy(data), depth)

    def _put(self, value: object, depth: int = 0) -> None:
        if not self._stack:
            self.root, self.filled = value, True
            return
        top = self._stack[-1]
        if depth >= top.depth:
            top.depth = depth + 1
        if not top.is_mapping:
            top.data.append(value)
        elif top.merge is not None:
            top.merged = [*(top.merged or ()), (value, top.merge)]
            top.merge = None
            top.awaits_key = True
        else:
            top.data[top.key] = value
            top.awaits_key = True

    def _merge(self, done: _Open) -> None:
        for value, event in done.merged or ():
            parts: list[Any] = items(value) if isinstance(value, list) else [value]
            if not all(isinstance(part, dict) for part in parts):
                raise self._error(event, "'<<' takes a mapping or a list of mappings")
            if self._strict and isinstance(value, list):
                raise self._error(event, "'<<' takes a list by some readers only; write the values out")
            for key, entry in (pair for part in parts for pair in part.items()):
                if self._strict and key in done.data:
                    raise self._error(
                        event,
                        f"'<<' brings {_shown(key)}, which is there as well, and readers differ on which of them "
                        "counts; write the value out once",
                    )
                done.data.setdefault(key, entry)

    def _first_line(self, key: str) -> int:
        """The line of a key that is there already: read again, as places are not kept."""
        path = [one.key if one.is_mapping else len(one.data) for one in self._stack[:-1]]
        return places.until(self._text, self.index, [*path, key], self._values)[0]

    def _too_many(self, event: object) -> BadInput:
        return self._error(event, f"more than {MAX_VALUES} values in one file; split the file")

    def _error(self, event: Any, message: str) -> BadInput:
        mark = event.start_mark
        return BadInput(f"{self._name}:{mark.line + 1}:{mark.column + 1}: {message}")


def _copy(data: Any) -> Any:
    """A value of its own for each alias, so that nothing reaches two places by one change."""
    if isinstance(data, dict):
        return {key: _copy(entry) for key, entry in data.items()}  # pyright: ignore[reportUnknownVariableType]
    return [_copy(entry) for entry in data] if isinstance(data, list) else data  # pyright: ignore[reportUnknownVariableType]


def _shown(key: str) -> str:
    """A key in words; one that may be a secret in the wrong place is not repeated."""
    return f"key {key!r}" if _NAME.fullmatch(key) else "a key"


def _kind(key: str) -> str:
    value = scalars.value(key)
    return "null" if value is None else "a boolean" if isinstance(value, bool) else "a number"
