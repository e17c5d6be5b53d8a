"""Fleets made from a seed: all keys of ``fleet.yaml``, most of them valid, some not.

The number of a fleet decides everything about it; nothing here is read from the product, so that the same fleets are
put to every commit.
"""

from tests.net.fleets.whole import COUNT, changed, fleet

__all__ = ["COUNT", "changed", "fleet"]
