"""Numbers between bounds, which facts hold by the words ``min``, ``above``, ``max`` and ``below``."""

from collections.abc import Callable, Mapping
from operator import ge, gt, le, lt

HOLDS: Mapping[str, Callable[[float, float], bool]] = {"min": ge, "above": gt, "max": le, "below": lt}
_WORDS = {"min": "from", "above": "above", "max": "up to", "below": "below"}


def described(limits: Mapping[str, float]) -> str:
    """The bounds in words; empty without any."""
    return ", ".join(f"{word} {limits[name]:g}" for name, word in _WORDS.items() if name in limits)
