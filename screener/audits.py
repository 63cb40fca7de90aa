"""An audit: a random sample of those that the screen did not flag, and what it bounds.

The sample is read without replacement from a list of known length, so the count of true ones in it
is hypergeometric. Every bound is one-sided and exact: integers and fractions, no approximation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import comb

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Audit:
    """What was read and found.

    Attributes
    ----------
    n_unflagged, n_read, n_found
        Patients whom the screen did not flag; how many of them, drawn at random, were read; and how
        many of those are true.
    n_flagged, n_confirmed
        Flagged patients who were read, and how many of them are true; ``None`` where not known.
    """

    n_unflagged: int
    n_read: int
    n_found: int
    n_flagged: int | None = None
    n_confirmed: int | None = None

    def __post_init__(self) -> None:
        """Refuse counts that cannot be.

        Raises
        ------
        ValueError
            Saying which.
        """
        for what, part, whole, of in (
            ("read", self.n_read, self.n_unflagged, "unflagged"),
            ("found", self.n_found, self.n_read, "read"),
            ("confirmed", self.n_confirmed, self.n_flagged, "flagged"),
        ):
            if part is not None and part < 0:
                raise ValueError(f"{part} {what} is less than none.")
            if part is not None and whole is not None and part > whole:
                raise ValueError(f"{part} {what} is more than the {whole} {of}.")


def chance_of_so_few(n_found: int, n_unflagged: int, n_true: int, n_read: int) -> Fraction:
    """Return the chance that at most so many true ones are in the sample.

    Parameters
    ----------
    n_found
        Of them.
    n_unflagged, n_true
        How many there are, and how many of them are true.
    n_read
        Size of the sample.

    Examples
    --------
    One of four is true, and two are read: it is among the other two half of the time.

    >>> chance_of_so_few(0, 4, 1, 2)
    Fraction(1, 2)
    """
    drawn, marked = sorted((n_true, n_read))  # the two sizes may be exchanged
    others = n_unflagged - marked
    least = max(0, drawn - others)
    ways, total = comb(marked, least) * comb(others, drawn - least), 0
    for count in range(least, min(n_found, drawn) + 1):
        total += ways
        ways = ways * (marked - count) * (drawn - count)
        ways //= (count + 1) * (others - drawn + count + 1)
    return Fraction(total, comb(n_unflagged, drawn))


def missed_at_most(
    n_unflagged: int, n_read: int, n_found: int, confidence: float = CONFIDENCE
) -> int:
    """Return how many true ones there may be among the unflagged.

    It is the largest number with which so few in the sample are not too rare: more than 1 minus
    the confidence of all samples. Whatever the true number is, the bound is below it in at most
    that share of studies.

    Parameters
    ----------
    n_unflagged, n_read, n_found
        All of them, those read, and the true ones among those.
    confidence
        One-sided, in (0, 1).

    References
    ----------
    Katz L (1953), J Am Stat Assoc 48:256-261; Wright T (1992), J Off Stat 8:31-39.

    Examples
    --------
    >>> missed_at_most(349, 60, 0), missed_at_most(349, 150, 0), missed_at_most(349, 349, 2)
    (15, 5, 2)
    """
    rare = 1 - exact(confidence)

    def is_likely(n_true: int) -> bool:
        return chance_of_so_few(n_found, n_unflagged, n_true, n_read) > rare

    return last(is_likely, n_found, n_unflagged - n_read + n_found)


def exact(decimal: float) -> Fraction:
    """Return the decimal that was written, and not the binary number next to it.

    Examples
    --------
    >>> exact(0.95)
    Fraction(19, 20)
    """
    return Fraction(str(decimal))


def last(holds: Callable[[int], bool], low: int, high: int) -> int:
    """Return the last number up to `high` for which something holds.

    It must hold at `low`, and from some number on no more.

    Examples
    --------
    >>> last(lambda number: number**2 < 50, 0, 100)
    7
    """
    step = 1
    while low + step <= high and holds(low + step):
        low, step = low + step, step * 2
    high = min(high, low + step)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
