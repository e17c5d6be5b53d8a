"""Garbage collection while many resources are registered.

Owns how often Python looks for garbage meanwhile, and that it is as before afterwards. What the SDK makes for a
resource lives until the engine has answered, so looking again and again finds nothing and takes a fifth of the time of
a fleet of a thousand models.
"""

import gc
from collections.abc import Generator
from contextlib import contextmanager

import pulumi

_RELAXED = (50_000, 20, 100)


@contextmanager
def relaxed(registered: list[pulumi.Resource]) -> Generator[None]:
    """Collect rarely until the last of the resources, which the block fills in, is registered."""
    before = gc.get_threshold()
    # A threshold of 0 means that somebody has switched collection off.
    if before[0] == 0 or before[0] >= _RELAXED[0]:
        yield
        return
    gc.set_threshold(*_RELAXED)
    try:
        yield
    except BaseException:
        gc.set_threshold(*before)
        raise
    if registered:
        # Known in a preview too, unlike the id.
        registered[-1].urn.apply(lambda _: gc.set_threshold(*before))
    else:
        gc.set_threshold(*before)
