"""What stands at the top of a text that is no strict YAML of ours: the keys of each document, nothing of what is below.

For files of other programs, whose tags and values nobody here has a meaning for. Builds nothing, whatever it holds.
"""

from collections.abc import Iterator

import yaml

_MOST_DEPTH, _MOST_EVENTS = 200, 300_000
UNKNOWN = "?"
"""Stands for a key that is no plain text, and for a document that is no mapping."""


def top_keys(text: str) -> Iterator[str]:
    """The keys at the top of all documents.

    Raises:
        ValueError: the text is no YAML, or too much of it.
    """
    try:
        yield from _keys(text)
    except yaml.YAMLError as error:
        raise ValueError("no YAML") from error


def _keys(text: str) -> Iterator[str]:
    depth, is_key = 0, True
    for count, event in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
        # To look for keys costs the more the deeper it is.
        if depth > _MOST_DEPTH or count > _MOST_EVENTS:
            raise ValueError("too deep or too long")
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.NodeEvent):
            if depth == 0:
                is_key = True
                if not isinstance(event, yaml.MappingStartEvent) and not _is_nothing(event):
                    yield UNKNOWN
            elif depth == 1:
                if is_key:
                    # What a tag makes of a text is another one.
                    yield event.value if isinstance(event, yaml.ScalarEvent) and event.tag is None else UNKNOWN
                is_key = not is_key
            depth += isinstance(event, yaml.CollectionStartEvent)


def _is_nothing(event: yaml.NodeEvent) -> bool:
    return isinstance(event, yaml.ScalarEvent)  # text by itself is no object
