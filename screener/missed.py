"""How many the screen missed, and what follows for its sensitivity: the summary of an audit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from screener.accuracy import Figure, number_needed_to_read, proportion
from screener.audits import CONFIDENCE, Audit, missed_at_most
from screener.promises import Promise, promise

__all__ = ["PROMISES", "Audit", "Missed", "estimate_missed"]

PROMISES = (0.8, 0.9, 0.95)
"""Sensitivities for which it is told how much more must be read."""


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
