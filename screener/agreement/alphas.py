"""Krippendorff's alpha at every level of measurement.

Alpha is ``1 - D_o / D_e`` over the reads that can be paired: those of cases with two or more.

References
----------
Krippendorff K (2011), Computing Krippendorff's Alpha-Reliability, University of Pennsylvania.
"""

from __future__ import annotations

import numpy as np

from screener.agreement.kappas import case_disagreement, share
from screener.agreement.patterns import Array, Patterns
from screener.agreement.scales import Level

NOTHING = 1e-12
"""Disagreement by chance below this share of the scale's width squared is a rounding error."""


def krippendorff_alpha(patterns: Patterns, weights: Array, apart: Array) -> Array:
    """Return Krippendorff's alpha, by the metric of the scale's level.

    Parameters
    ----------
    patterns
        Reads.
    weights
        Samples by patterns.
    apart
        Disagreement between categories, for nominal and ratio level; the metrics of the others
        follow from the scale.
    """
    match patterns.scale.level:
        case Level.ORDINAL:
            return _ordinal(patterns, weights)
        case Level.INTERVAL:
            return _interval(patterns, weights)
        case _:
            return _by_metric(patterns, weights, apart)


def _by_metric(patterns: Patterns, weights: Array, apart: Array) -> Array:
    reads = patterns.reads * patterns.is_paired
    n: Array = weights @ reads
    used = weights @ (patterns.hits * patterns.is_paired[:, None])
    observed = weights @ (reads * case_disagreement(patterns, apart))
    expected = ((used @ apart) * used).sum(axis=1)
    return np.asarray(1 - share((n - 1) * observed, expected))


def _interval(patterns: Patterns, weights: Array) -> Array:
    """By sums of squares: the sum of squared differences of r numbers is 2 (r S2 - S1^2)."""
    reads = patterns.reads * patterns.is_paired
    fewer = np.maximum(reads - 1, 1)
    values = patterns.values * patterns.is_paired[:, None]
    first, second = values.sum(axis=1), (values**2).sum(axis=1)
    n = weights @ reads
    observed = weights @ (np.maximum(reads * second - first**2, 0) / fewer)
    expected = n * (weights @ second) - (weights @ first) ** 2
    width = float(np.ptp(values)) if values.size else 0.0
    expected = np.where(expected > NOTHING * (n * width) ** 2, expected, 0)
    return np.asarray(1 - share((n - 1) * observed, expected))


def _ordinal(patterns: Patterns, weights: Array) -> Array:
    """As `_interval`, each category lying at the mean rank of its reads, sample by sample."""
    reads = patterns.reads * patterns.is_paired
    fewer = np.maximum(reads - 1, 1)
    hits = patterns.hits * patterns.is_paired[:, None]
    n = weights @ reads
    used = weights @ hits
    ranks = used.cumsum(axis=1) - used / 2
    first, second = ranks @ hits.T, ranks**2 @ hits.T
    case = np.maximum(reads * second - first**2, 0) / fewer
    observed = (weights * case).sum(axis=1)
    sums = (used * ranks).sum(axis=1)
    expected = np.maximum(n * (used * ranks**2).sum(axis=1) - sums**2, 0)
    expected = np.where(expected > NOTHING * n**4, expected, 0)
    return np.asarray(1 - share((n - 1) * observed, expected))
