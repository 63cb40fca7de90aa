"""What a promised sensitivity asks for: how many more of the unflagged to read."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from screener.audits import CONFIDENCE, Audit, exact, last, missed_at_most


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
    return last(allows_more, audit.n_read, audit.n_unflagged) + 1


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
    wanted = exact(sensitivity)
    allowed = min(floor(audit.n_confirmed * (1 - wanted) / wanted), audit.n_unflagged)
    if audit.n_confirmed == 0:
        why = "none of the flagged is confirmed: there is no sensitivity to promise"
        return Promise(sensitivity, allowed, None, None, why)
    n_read = read_to_allow(audit, allowed, confidence)
    if n_read is None:
        why = f"{audit.n_found} missed ones are found already, and it allows {allowed}"
        return Promise(sensitivity, allowed, None, None, why)
    return Promise(sensitivity, allowed, n_read, n_read - audit.n_read)
