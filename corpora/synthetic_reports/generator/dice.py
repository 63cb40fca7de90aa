"""Chance that falls the same on every Python: built on ``random.Random.random`` alone."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A seeded source of choices.

    Parameters
    ----------
    seed
        Same seed, same choices, whatever the Python version: ``random.Random.random`` is the one
        method whose sequence the standard library promises to keep.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def chance(self, share: float) -> bool:
        """Be true in ``share`` of the throws."""
        return self._random.random() < share

    def unit(self) -> float:
        """Throw a number in [0, 1)."""
        return self._random.random()

    def between(self, low: int, high: int) -> int:
        """Throw a whole number from ``low`` to ``high``, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def real(self, low: float, high: float, digits: int = 1) -> float:
        """Throw a number from ``low`` to ``high``, rounded."""
        return round(low + self._random.random() * (high - low), digits)

    def pick(self, items: Sequence[T]) -> T:
        """Take one of ``items``."""
        return items[int(self._random.random() * len(items))]

    def weighted(self, items: Sequence[T], weights: Sequence[float]) -> T:
        """Take one of ``items`` by ``weights``."""
        left = self._random.random() * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            left -= weight
            if left < 0:
                return item
        return items[-1]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return ``items`` in a thrown order."""
        keyed = [(self._random.random(), place) for place in range(len(items))]
        return [items[place] for _, place in sorted(keyed)]
