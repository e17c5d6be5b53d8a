"""What a command that is named to people needs, so that it works as it is printed."""

import shlex

from kaitops.gate.trust.beside import FLEET

OUT = "manifests"
"""Where commands render to, and look for a tree, where nothing is said."""


def options(fleet: str, out: str = OUT) -> str:
    """The options by which another command finds the same files; empty where it finds them by itself.

    Args:
        fleet: the declaration.
        out: where the tree is rendered.
    """
    told = ((FLEET, "--fleet", fleet), (OUT, "--out", out))
    return "".join(f" {name} {shlex.quote(value)}" for usual, name, value in told if value != usual)
