"""Time to an event by Kaplan and Meier, and follow-up by the same with the events turned round.

The estimator is that of lifelines; it takes over a second to import, so it is imported when used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any


@dataclass(frozen=True, slots=True)
class Observed:
    """How long someone was seen, in days of 0 or more, and whether the event ended it."""

    days: int
    has_event: bool


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A step of a curve.

    Attributes
    ----------
    day
        From the origin.
    share
        The share without the event after that day, in [0, 1].
    low, high
        Its 95% interval; ``None`` where it is undefined.
    n_at_risk
        Those under observation just before that day.
    n_events, n_censored
        Those who have the event, or whose observation ends, on that day.
    """

    day: int
    share: float
    low: float | None
    high: float | None
    n_at_risk: int
    n_events: int
    n_censored: int


@dataclass(frozen=True, slots=True)
class Curve:
    """A Kaplan-Meier curve.

    Attributes
    ----------
    points
        In order of time, the first on day 0.
    n, n_events
        Those observed, and those of them with the event.
    median, median_low, median_high
        Days until half have had the event, with its 95% interval; ``None`` where not reached.
    why
        Why there is no median; empty where there is one.
    """

    points: tuple[CurvePoint, ...]
    n: int
    n_events: int
    median: float | None
    median_low: float | None
    median_high: float | None
    why: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the median and its counts as plain data."""
        interval = None if self.median is None else [self.median_low, self.median_high]
        return {
            "median_days": self.median,
            "interval": interval,
            "n": self.n,
            "n_events": self.n_events,
            "why": self.why,
        }


def kaplan_meier(observed: Sequence[Observed]) -> Curve:
    """Estimate the share without the event over time.

    The interval is that of the complementary log-log transform (Kalbfleisch and Prentice), and of
    the median that of Brookmeyer and Crowley by it, as in lifelines.

    References
    ----------
    Kaplan EL, Meier P (1958), J Am Stat Assoc 53:457-481. The example is the treated arm of
    Freireich EJ et al. (1963), Blood 21:699-716, in weeks, as given in Cox DR, Oakes D (1984),
    Analysis of Survival Data, table 1.1.

    Examples
    --------
    >>> events = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    >>> censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    >>> curve = kaplan_meier(
    ...     [Observed(t, True) for t in events] + [Observed(t, False) for t in censored]
    ... )
    >>> curve.median, [round(p.share, 3) for p in curve.points if p.n_events]
    (23.0, [0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448])
    """
    if not observed:
        return Curve((), 0, 0, None, None, None, "nobody is observed")
    from lifelines import KaplanMeierFitter
    from lifelines.utils import median_survival_times

    days = [one.days for one in observed]
    fitter = KaplanMeierFitter().fit(days, [one.has_event for one in observed])
    median = float(fitter.median_survival_time_)
    interval = median_survival_times(fitter.confidence_interval_).to_numpy().ravel()
    n_events = sum(one.has_event for one in observed)
    why = "" if isfinite(median) else "more than half are without the event to the end"
    return Curve(
        _points(fitter),
        len(observed),
        n_events,
        _finite(median),
        _finite(float(interval[0])),
        _finite(float(interval[1])),
        why,
    )


def reverse_kaplan_meier(observed: Sequence[Observed]) -> Curve:
    """Estimate how long people could have been followed: the end of observation is the event.

    References
    ----------
    Schemper M, Smith TL (1996), Control Clin Trials 17:343-346.

    Examples
    --------
    Two are lost to an event early on; those without one were followed for 30 and 40 days.

    >>> some = [Observed(5, True), Observed(6, True), Observed(30, False), Observed(40, False)]
    >>> reverse_kaplan_meier(some).median
    30.0
    """
    return kaplan_meier([Observed(one.days, not one.has_event) for one in observed])


def _points(fitter: Any) -> tuple[CurvePoint, ...]:  # noqa: ANN401  lifelines has no types
    table = fitter.event_table
    shares = fitter.survival_function_.iloc[:, 0].reindex(table.index)
    bounds = fitter.confidence_interval_.reindex(table.index)
    rows = zip(
        table.index,
        shares,
        bounds.iloc[:, 0],
        bounds.iloc[:, 1],
        table["at_risk"],
        table["observed"],
        table["censored"],
        strict=True,
    )
    return tuple(
        CurvePoint(
            int(day), float(share), _finite(low), _finite(high), int(at_risk), int(seen), int(lost)
        )
        for day, share, low, high, at_risk, seen, lost in rows
    )


def _finite(number: float) -> float | None:
    return float(number) if isfinite(number) else None
