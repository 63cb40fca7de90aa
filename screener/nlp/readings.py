"""What a segment's words are read as, kept for the segments to come.

A reading depends on the words of a segment and the pack alone: not on the report, the section or
what was read before. So the readings of words that were met are kept, the last some thousands of
them. Before words are looked up, those that no rule knows become one and the same: sentences that
differ in a name or a size only are read once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from screener.nlp.assertions import Assertion
from screener.nlp.matches import Match

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

BLANK = "_"
"""The word that stands for all that no rule knows."""
KEPT = 50_000
"""Readings that are kept of each kind."""


Reading = tuple[tuple[Match, Assertion], ...]
"""The matches of a segment that are told, in order, each with its assertion."""


class Kept(Generic[Key, Value]):
    """What a function gave, for its last few arguments; half of them go when there are too many.

    Examples
    --------
    >>> lengths = Kept(len, 2)
    >>> lengths["liver"], lengths["liver"], lengths.n_made
    (5, 5, 1)
    """

    def __init__(self, make: Callable[[Key], Value], most: int = KEPT) -> None:
        self._make = make
        self._most = most
        self._values: dict[Key, Value] = {}
        self.n_made = 0

    def __getitem__(self, key: Key) -> Value:
        try:
            return self._values[key]
        except KeyError:
            return self._add(key)

    def _add(self, key: Key) -> Value:
        if len(self._values) >= self._most:
            for old in list(self._values)[: self._most // 2]:
                del self._values[old]
        self.n_made += 1
        value = self._values[key] = self._make(key)
        return value


def alike(words: Sequence[str], known: frozenset[str]) -> tuple[str, ...]:
    """Return the words, those of letters or figures that are not known replaced by a blank.

    >>> alike(("a", "miliary", "xyz", ","), frozenset({"miliary"}))
    ('_', 'miliary', '_', ',')
    """
    return tuple(w if w in known or not w.isalnum() else BLANK for w in words)
