"""Intervals by resampling cases: the bias-corrected and accelerated bootstrap (BCa).

References
----------
Efron B (1987), J Am Stat Assoc 82:171-185. Efron B, Tibshirani RJ (1993), An Introduction to the
Bootstrap, chapter 14.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from screener.agreement.patterns import Array, Patterns

CELLS_AT_ONCE = 2_000_000
"""Samples are drawn a block at a time, each of so many weights."""
MAX_LEFT_OUT = 1_000
"""With more patterns, groups of cases are left out at a time in place of single ones."""
MAX_UNDEFINED = 0.05
"""With a larger share of resamples undefined, the rest tells of a part of what could be only."""
DIGITS = 12
"""Values that differ in later digits only are the same: the order of a sum decides those."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval, or why there is none; a note may also stand beside an interval."""

    ends: tuple[float, float] | None
    note: str = ""


def resamples(patterns: Patterns, n: int, seed: int) -> Iterator[Array]:
    """Draw samples of as many cases, as rows of how often each pattern is in them, by blocks.

    Cases that were read alike are drawn by one multinomial count, which is the same as drawing
    them one by one.
    """
    rng = np.random.default_rng(seed)
    n_cases, shares = patterns.n_cases, patterns.counts / max(patterns.n_cases, 1)
    at_once = max(1, CELLS_AT_ONCE // max(len(shares), 1))
    for start in range(0, n if n_cases else 0, at_once):
        size = min(at_once, n - start)
        yield rng.multinomial(n_cases, shares, size=size).astype(np.float64)


def left_out(patterns: Patterns, seed: int) -> tuple[Iterator[Array], Array]:
    """Leave out one case at a time: the samples by blocks, and how many cases give each."""
    n_patterns = len(patterns.counts)
    if n_patterns <= MAX_LEFT_OUT:
        out = np.eye(n_patterns)
        return _blocks(patterns, out), patterns.counts
    groups = np.random.default_rng(seed).permutation(n_patterns) % MAX_LEFT_OUT
    out = np.zeros((MAX_LEFT_OUT, n_patterns))
    out[groups, np.arange(n_patterns)] = patterns.counts
    return _blocks(patterns, out), np.ones(MAX_LEFT_OUT)


def _blocks(patterns: Patterns, out: Array) -> Iterator[Array]:
    at_once = max(1, CELLS_AT_ONCE // max(len(patterns.counts), 1))
    for start in range(0, len(out), at_once):
        yield patterns.counts - out[start : start + at_once]


def bca_interval(
    value: float, drawn: Array, jackknife: Array, times: Array, confidence: float
) -> Interval:
    """Return the BCa interval of a statistic.

    Parameters
    ----------
    value
        Of the sample itself.
    drawn
        Of each resample; NaN where undefined.
    jackknife
        With one case (or group of cases) left out; NaN where undefined.
    times
        How often each of `jackknife` counts.
    confidence
        In (0, 1).

    Examples
    --------
    >>> import numpy as np
    >>> drawn = np.linspace(0, 1, 1001)
    >>> bca_interval(0.5, drawn, np.array([0.4, 0.5, 0.6]), np.ones(3), 0.9)
    Interval(ends=(0.05, 0.95), note='')
    """
    defined = np.round(drawn[~np.isnan(drawn)], DIGITS)
    n_undefined = len(drawn) - len(defined)
    why = _why_none(value, defined, n_undefined)
    if why:
        return Interval(None, f"no interval: {why}")
    middle = round(value, DIGITS)
    share = ((defined < middle).mean() + (defined <= middle).mean()) / 2
    share = min(max(float(share), 0.5 / len(defined)), 1 - 0.5 / len(defined))
    normal = NormalDist()
    bias, acceleration = normal.inv_cdf(share), _acceleration(jackknife, times)
    ends = []
    for tail in ((1 - confidence) / 2, (1 + confidence) / 2):
        shifted = bias + normal.inv_cdf(tail)
        shrunk = 1 - acceleration * shifted
        moved = bias + shifted / shrunk if shrunk > 0 else np.copysign(np.inf, shifted)
        ends.append(round(float(np.quantile(defined, _cdf(float(moved)))), DIGITS) + 0.0)
    left = f"{n_undefined:,} of {len(drawn):,} resamples, in which it is undefined"
    note = f"the interval leaves out {left}" if n_undefined else ""
    return Interval((ends[0], ends[1]), note)


def _cdf(z: float) -> float:
    return NormalDist().cdf(min(max(z, -40.0), 40.0))


def _why_none(value: float, defined: Array, n_undefined: int) -> str:
    n = len(defined) + n_undefined
    if n == 0:
        return "no resamples were drawn"
    if n_undefined > MAX_UNDEFINED * n:
        return f"the value is undefined in {n_undefined:,} of {n:,} resamples"
    if np.ptp(defined) == 0:
        same = abs(defined[0] - value) < 10**-DIGITS
        return f"every resample gives {'the same value' if same else 'one other value'}"
    return ""


def _acceleration(jackknife: Array, times: Array) -> float:
    """A sixth of the skewness of what single cases do to the value."""
    is_defined = ~np.isnan(jackknife)
    values, times = jackknife[is_defined], times[is_defined]
    if not times.sum():
        return 0.0
    apart = np.round(times @ values / times.sum() - values, DIGITS)
    spread = float(times @ apart**2)
    return float(times @ apart**3) / (6 * spread**1.5) if spread > 0 else 0.0
