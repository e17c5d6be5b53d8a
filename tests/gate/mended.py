"""A fault of a tree and its mending."""

from typing import NamedTuple


class Case(NamedTuple):
    """A tree of one file.

    Attributes:
        text: the tree with the fault.
        mended: the same, edited as the message says.
        words: that are said of it.
        count: of the findings that there are: one of each object that has a part in it.
    """

    text: str
    mended: str
    words: tuple[str, ...]
    count: int = 1


def edited(text: str, before: str, after: str, *words: str, count: int = 1) -> Case:
    """A tree that is right with ``after`` and wrong with ``before`` in its place."""
    assert after in text, after
    return Case(text.replace(after, before), text, words, count)
