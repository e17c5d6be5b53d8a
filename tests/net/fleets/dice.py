"""Choices from a seed, the same on every Python."""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


class Dice:
    """Choices, made of nothing but ``random()``, whose sequence Python promises to keep."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random

    def chance(self, share: float) -> bool:
        """True in that share of the cases."""
        return self._random() < share

    def one(self, options: Sequence[T]) -> T:
        """One of several."""
        return options[int(self._random() * len(options))]

    def number(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self._random() * (high - low + 1))

    def some(self, options: Mapping[str, Callable[[], Any] | Any], share: float) -> dict[str, Any]:
        """About that share of the keys, each with its value; what can be called is asked for it."""
        picked = [key for key in options if self.chance(share)]
        return {key: held() if callable(held := options[key]) else held for key in picked}
