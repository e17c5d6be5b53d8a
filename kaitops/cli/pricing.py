"""Prices of a file that the invoker names."""

from contextlib import AbstractContextManager, nullcontext

from kaitops.documents import source


def named(file: str | None) -> AbstractContextManager[None]:
    """The prices of a file come before ours while this lasts."""
    if file is None:
        return nullcontext()
    # Few name one, and every command line waits for what is loaded.
    from kaitops.cost.price_file import parse
    from kaitops.prices import including

    return including(*parse(source.read(file), file))
