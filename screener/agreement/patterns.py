"""Cases counted by what was read of them, so that cases read alike are computed once.

With the symbols of Gwet (2014): n cases, r readers, q categories; ``r_ik`` readers put case i into
category k, ``r_i`` read it at all. A statistic here is a function of weights: one row of weights
says how often each pattern is in a sample, so a bootstrap is one matrix of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from screener.agreement.ratings import Ratings
from screener.agreement.scales import Scale

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

MISSING = -1


@dataclass(frozen=True)
class Patterns:
    """The different rows of a table of reads.

    They are in an order that depends on neither the order of cases nor that of readers, so that a
    seed draws the same sample of the same reads.

    Attributes
    ----------
    codes
        Patterns by readers: places in the scale, `MISSING` where not read.
    counts
        How many cases each pattern has.
    scale
        What the codes stand for.
    settled
        The settled verdict of each pattern, where reads come with one.
    """

    codes: Codes
    counts: Array
    scale: Scale
    settled: Codes | None = None

    @cached_property
    def reads(self) -> Array:
        """``r_i``: how many readers read each pattern."""
        return np.asarray((self.codes != MISSING).sum(axis=1), dtype=np.float64)

    @cached_property
    def is_paired(self) -> Array:
        """1 where at least two readers read, else 0."""
        return (self.reads > 1).astype(np.float64)

    @cached_property
    def hits(self) -> Array:
        """``r_ik``: patterns by categories."""
        hits = np.zeros((len(self.codes), self.scale.n_categories))
        for column in self.codes.T:
            rows = np.flatnonzero(column != MISSING)
            np.add.at(hits, (rows, column[rows]), 1)
        return hits

    @cached_property
    def values(self) -> Array:
        """Numbers read, patterns by readers, from the middle of the scale; 0 where not read."""
        if not self.scale.values:
            return np.zeros(self.codes.shape)
        values = np.array(self.scale.values)
        middle = (values.max() + values.min()) / 2
        return np.where(self.codes == MISSING, 0.0, (values - middle)[self.codes])

    @property
    def n_cases(self) -> int:
        """How many cases there are, read or not."""
        return int(self.counts.sum())

    @property
    def n_paired(self) -> int:
        """How many cases have two reads or more."""
        return int(self.counts @ self.is_paired)

    @property
    def n_categories_read(self) -> int:
        """How many categories were read at all."""
        return len(np.unique(self.codes[self.codes != MISSING]))

    def of_reader(self, place: int) -> Array:
        """1 where one reader put a pattern into a category, patterns by categories."""
        return Patterns(self.codes[:, [place]], self.counts, self.scale).hits

    def pair(self, first: int, second: int) -> Patterns:
        """Keep two readers, and of those only the cases that both read."""
        codes = self.codes[:, [first, second]]
        both = (codes != MISSING).all(axis=1, keepdims=True)
        return Patterns(np.where(both, codes, MISSING), self.counts, self.scale)


def make_patterns(ratings: Ratings) -> Patterns:
    """Count the patterns of a table of reads; columns stay in the order of the readers.

    Examples
    --------
    >>> from screener.agreement.ratings import Reading, make_ratings
    >>> from screener.agreement.scales import Level
    >>> reads = {"a": ["no", "yes", "yes"], "b": ["no", None, "no"]}
    >>> patterns = make_patterns(make_ratings(reads, Reading(Level.NOMINAL)))
    >>> patterns.codes.tolist(), patterns.counts.tolist()
    ([[0, 0], [1, -1], [1, 0]], [1.0, 1.0, 1.0])
    """
    by_name = sorted(range(len(ratings.readers)), key=ratings.readers.__getitem__)

    def order(case: tuple[int, ...]) -> tuple[int, ...]:
        return (*(case[place] for place in by_name), case[-1])

    settled = [(code,) for code in ratings.settled or [None] * len(ratings.cases)]
    counted = Counter(
        tuple(MISSING if code is None else code for code in (*case, *verdict))
        for case, verdict in zip(ratings.cases, settled, strict=True)
    )
    patterns = sorted(counted, key=order)
    codes = np.array(patterns, dtype=np.int64).reshape(len(patterns), len(ratings.readers) + 1)
    counts = np.array([counted[pattern] for pattern in patterns], dtype=np.float64)
    verdicts = None if ratings.settled is None else codes[:, -1]
    return Patterns(codes[:, :-1], counts, ratings.scale, verdicts)
