"""How many the screen missed, from a random sample of those that it did not flag.

The sample is read without replacement from a list of known length, so the count of true ones in it
is hypergeometric. Every bound is one-sided and exact: integers and fractions, no approximation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from math import comb, floor
from typing import Any

from screener.accuracy import Figure, number_needed_to_read, proportion

CONFIDENCE = 0.95
PROMISES = (0.8, 0.9, 0.95)
"""Sensitivities for which it is told how much more must be read."""


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


@dataclass(frozen=True, slots=True)
class Promise:
    """What a sensitivity asks for.

    Attributes
    ----------
    sensitivity
        To be promised.
    n_missed_allowed
        How many may be missed at most.
    n_read, n_more
        Unflagged patients to be read in all, and more than were read, if no further one is found;
        ``None`` where it cannot be promised.
    why
        Why it cannot; else empty.
    """

    sensitivity: float
    n_missed_allowed: int
    n_read: int | None
    n_more: int | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """What an audit says of those that the screen missed.

    Attributes
    ----------
    audit
        What was read and found.
    confidence
        Of the bounds, one-sided.
    missed_estimate
        How many true ones there are among the unflagged, as the sample has it; ``None`` where
        nothing was read.
    missed_at_most, unread_at_most
        The upper bound on that number, and on those of them who have not been read.
    sensitivity_at_least
        Of the screen; ``None`` without a count of confirmed ones.
    found_at_least
        Of all true ones, the share now known, by the screen or by the audit.
    ppv, number_needed_to_read
        Of the flagged, with Wilson intervals.
    true_among_read
        Share of true ones among the unflagged that were read, with Wilson's interval.
    promises
        What given sensitivities ask for.
    """

    audit: Audit
    confidence: float
    missed_estimate: float | None
    missed_at_most: int
    unread_at_most: int
    sensitivity_at_least: float | None
    found_at_least: float | None
    ppv: Figure
    number_needed_to_read: Figure
    true_among_read: Figure
    promises: tuple[Promise, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the document; its keys are added to, never renamed."""
        document = asdict(self)
        return {**document.pop("audit"), **document}


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
    rare = 1 - _exact(confidence)

    def is_likely(n_true: int) -> bool:
        return chance_of_so_few(n_found, n_unflagged, n_true, n_read) > rare

    return _last(is_likely, n_found, n_unflagged - n_read + n_found)


def read_to_allow(audit: Audit, n_missed: int, confidence: float = CONFIDENCE) -> int | None:
    """Return how many of the unflagged must be read for a bound, if no further one is found.

    Parameters
    ----------
    audit
        What was read and found.
    n_missed
        The bound.
    confidence
        Of it, one-sided.

    Returns
    -------
    The number to be read in all, or ``None`` where more have been found already.

    Examples
    --------
    >>> read_to_allow(Audit(349, 60, 0), 5)
    137
    """
    if audit.n_found > n_missed:
        return None

    def allows_more(n_read: int) -> bool:
        return missed_at_most(audit.n_unflagged, n_read, audit.n_found, confidence) > n_missed

    if not allows_more(audit.n_read):
        return audit.n_read
    return _last(allows_more, audit.n_read, audit.n_unflagged) + 1


def promise(audit: Audit, sensitivity: float, confidence: float = CONFIDENCE) -> Promise:
    """Return how much more must be read to promise a sensitivity of the screen.

    The bound holds for a number of reads that was fixed beforehand: who reads on until the bound is
    good enough has less confidence than stated.

    Parameters
    ----------
    audit
        What was read and found, with the number of confirmed ones.
    sensitivity
        In (0, 1].
    confidence
        One-sided.

    Raises
    ------
    ValueError
        Where the number of confirmed ones is not known.

    Examples
    --------
    With 15 confirmed, 0.75 allows 5 missed.

    >>> promise(Audit(349, 60, 0, 22, 15), 0.75)
    Promise(sensitivity=0.75, n_missed_allowed=5, n_read=137, n_more=77, why='')
    """
    if audit.n_confirmed is None:
        raise ValueError("A sensitivity needs the number of confirmed ones.")
    wanted = _exact(sensitivity)
    allowed = min(floor(audit.n_confirmed * (1 - wanted) / wanted), audit.n_unflagged)
    if audit.n_confirmed == 0:
        why = "none of the flagged is confirmed: there is no sensitivity to promise"
        return Promise(sensitivity, allowed, None, None, why)
    n_read = read_to_allow(audit, allowed, confidence)
    if n_read is None:
        why = f"{audit.n_found} missed ones are found already, and it allows {allowed}"
        return Promise(sensitivity, allowed, None, None, why)
    return Promise(sensitivity, allowed, n_read, n_read - audit.n_read)


def estimate_missed(
    audit: Audit, confidence: float = CONFIDENCE, sensitivities: Sequence[float] = PROMISES
) -> Missed:
    """Return all that an audit says of those that the screen missed.

    Parameters
    ----------
    audit
        What was read and found.
    confidence
        Of the bounds, one-sided; the intervals of shares are 95% and two-sided.
    sensitivities
        For which to tell what they ask for.

    Examples
    --------
    22 flagged, 15 confirmed, and none found among 60 of the 349 others:

    >>> missed = estimate_missed(Audit(349, 60, 0, 22, 15))
    >>> missed.missed_at_most, missed.sensitivity_at_least, round(missed.ppv.value, 3)
    (15, 0.5, 0.682)
    """
    bound = missed_at_most(audit.n_unflagged, audit.n_read, audit.n_found, confidence)
    true = audit.n_confirmed
    known = true is not None and true + bound > 0
    flagged = (true, audit.n_flagged) if true is not None and audit.n_flagged is not None else None
    unknown = Figure(None, why="how many were flagged and confirmed is not known")
    return Missed(
        audit=audit,
        confidence=confidence,
        missed_estimate=audit.n_found * audit.n_unflagged / audit.n_read if audit.n_read else None,
        missed_at_most=bound,
        unread_at_most=bound - audit.n_found,
        sensitivity_at_least=(true or 0) / ((true or 0) + bound) if known else None,
        found_at_least=((true or 0) + audit.n_found) / ((true or 0) + bound) if known else None,
        ppv=proportion(*flagged, "nothing is flagged") if flagged else unknown,
        number_needed_to_read=number_needed_to_read(*flagged) if flagged else unknown,
        true_among_read=proportion(audit.n_found, audit.n_read, "no unflagged one was read"),
        promises=tuple(
            promise(audit, each, confidence) for each in sensitivities if true is not None
        ),
    )


def _exact(decimal: float) -> Fraction:
    """The decimal that was written, and not the binary number next to it."""
    return Fraction(str(decimal))


def _last(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The last number up to `high` for which something holds, which does at `low`, then no more."""
    step = 1
    while low + step <= high and holds(low + step):
        low, step = low + step, step * 2
    high = min(high, low + step)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
