"""Limits of agreement of two readers: how far apart their numbers lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean, stdev

from screener.agreement.quantiles import t_quantile

COVERAGE = 0.95
"""The share of differences that the limits are to hold."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bland and Altman's limits of agreement, in the units of the reads.

    Attributes
    ----------
    n
        Cases that both read.
    bias
        Mean of first minus second; ``None`` without a case.
    sd
        Standard deviation of the differences; ``None`` with fewer than two cases.
    low, high
        The limits: bias minus and plus 1.96 standard deviations.
    bias_interval, low_interval, high_interval
        Intervals of the three.
    note
        Why something is not there; else empty.
    """

    n: int
    bias: float | None
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    bias_interval: tuple[float, float] | None = None
    low_interval: tuple[float, float] | None = None
    high_interval: tuple[float, float] | None = None
    note: str = ""


def limits_of_agreement(
    first: Sequence[float], second: Sequence[float], confidence: float = 0.95
) -> Limits:
    """Return the limits of agreement of two readers of the same cases.

    The limits take the differences as normal, with one bias over the whole scale.

    Parameters
    ----------
    first, second
        Their numbers, case by case.
    confidence
        Of the intervals; the limits themselves are to hold 95% of differences.

    References
    ----------
    Bland JM, Altman DG (1999), Stat Methods Med Res 8:135-160, section 2: the standard error of a
    limit is ``sd * sqrt(1/n + 1.96**2 / (2 (n - 1)))``.

    Examples
    --------
    >>> limits = limits_of_agreement([10, 20, 30, 40], [12, 19, 33, 40])
    >>> limits.bias, round(limits.sd, 3), round(limits.low, 2), round(limits.high, 2)
    (-1.0, 1.826, -4.58, 2.58)
    """
    differences = [a - b for a, b in zip(first, second, strict=True)]
    n = len(differences)
    if n == 0:
        return Limits(0, None, note="no case was read by both")
    bias = fmean(differences)
    if n == 1:
        return Limits(1, bias, note="one case was read by both: its difference has no spread")
    sd = stdev(differences)
    z = NormalDist().inv_cdf((1 + COVERAGE) / 2)
    t = t_quantile((1 + confidence) / 2, n - 1)
    of_bias, of_limit = t * sd / sqrt(n), t * sd * sqrt(1 / n + z * z / (2 * (n - 1)))
    low, high = bias - z * sd, bias + z * sd
    return Limits(
        n,
        bias,
        sd,
        low,
        high,
        (bias - of_bias, bias + of_bias),
        (low - of_limit, low + of_limit),
        (high - of_limit, high + of_limit),
        note="" if sd else "all differences are the same: the limits have no width",
    )
