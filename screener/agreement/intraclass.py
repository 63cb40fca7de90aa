"""Intraclass correlation: how much of the variance of numbers is between cases, not readers.

Over the cases that all readers read. Names are those of McGraw and Wong (1996): A for absolute
agreement, C for consistency (readers may differ by a constant), 1 for one reader, k for the mean
of all. ICC(A,1) is ICC(2,1) of Shrout and Fleiss (1979), ICC(C,1) their ICC(3,1).

References
----------
Shrout PE, Fleiss JL (1979), Psychol Bull 86:420-428. McGraw KO, Wong SP (1996), Psychol Methods
1:30-46.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from screener.agreement.kappas import share
from screener.agreement.patterns import MISSING, Array, Patterns
from screener.agreement.quantiles import f_quantile

FEWEST = 1e-3
"""Degrees of freedom; with fewer, quantiles are beyond what a number can hold."""
NOTHING = 1e-12
"""A mean square below this share of the width of the scale squared is a rounding error."""


@dataclass(frozen=True)
class MeanSquares:
    """A two-way analysis of variance, one value a sample.

    Attributes
    ----------
    n_cases, n_readers
        Cases that all readers read, and readers.
    cases, readers, error, within
        Mean squares between cases, between readers, of what is left, and within cases; NaN with
        fewer than two cases or readers.
    """

    n_cases: Array
    n_readers: int
    cases: Array
    readers: Array
    error: Array
    within: Array


def mean_squares(patterns: Patterns, weights: Array) -> MeanSquares:
    """Return the analysis of variance of each sample of the cases that all readers read."""
    is_complete = (patterns.codes != MISSING).all(axis=1)
    values, weights = patterns.values[is_complete], weights[:, is_complete]
    k = patterns.codes.shape[1]
    n: Array = np.asarray(weights.sum(axis=1), dtype=np.float64)
    cases: Array = np.where(n > 1, n, np.nan)
    of_case = values.sum(axis=1) / max(k, 1)
    apart = values - of_case[:, None]
    within: Array = weights @ (apart**2).sum(axis=1)
    of_reader = weights @ apart / cases[:, None]
    readers = cases * (of_reader**2).sum(axis=1)
    between = k * (weights @ of_case**2 - (weights @ of_case) ** 2 / cases)
    nothing = NOTHING * float(np.ptp(values) if values.size else 0) ** 2
    df = k - 1 if k > 1 else np.nan
    return MeanSquares(
        n_cases=n,
        n_readers=k,
        cases=_mean(between, cases - 1, nothing),
        readers=_mean(readers, df + 0 * cases, nothing),
        error=_mean(within - readers, (cases - 1) * df, nothing),
        within=_mean(within, cases * df, nothing),
    )


def _mean(total: Array, df: Array, nothing: float) -> Array:
    """A mean square; what rounding leaves of none is none."""
    mean: Array = total / df
    return np.where(mean > nothing, mean, 0 * mean)


def icc_11(ms: MeanSquares) -> Array:
    """ICC(1,1): each case is read by other readers, and one is taken."""
    return share(ms.cases - ms.within, ms.cases + (ms.n_readers - 1) * ms.within)


def icc_a1(ms: MeanSquares) -> Array:
    """ICC(A,1): absolute agreement of one reader with another."""
    between = ms.n_readers * (ms.readers - ms.error) / ms.n_cases
    return share(ms.cases - ms.error, ms.cases + (ms.n_readers - 1) * ms.error + between)


def icc_c1(ms: MeanSquares) -> Array:
    """ICC(C,1): consistency of one reader with another, whatever constant lies between them."""
    return share(ms.cases - ms.error, ms.cases + (ms.n_readers - 1) * ms.error)


def icc_1k(ms: MeanSquares) -> Array:
    """ICC(1,k): as ICC(1,1), of the mean of all readers."""
    return share(ms.cases - ms.within, ms.cases)


def icc_ak(ms: MeanSquares) -> Array:
    """ICC(A,k): absolute agreement of the mean of all readers."""
    return share(ms.cases - ms.error, ms.cases + (ms.readers - ms.error) / ms.n_cases)


def icc_ck(ms: MeanSquares) -> Array:
    """ICC(C,k): consistency of the mean of all readers."""
    return share(ms.cases - ms.error, ms.cases)


ICC: dict[str, Callable[[MeanSquares], Array]] = {
    "icc_a1": icc_a1,
    "icc_c1": icc_c1,
    "icc_ak": icc_ak,
}
"""Those that are told of a table."""


def icc_interval(ms: MeanSquares, name: str, confidence: float) -> tuple[float, float] | None:
    """Return the interval of an intraclass correlation by the F distribution.

    It takes cases, readers and errors as normal. The formulas are those of McGraw and Wong (1996),
    table 7, and of Shrout and Fleiss (1979).

    Parameters
    ----------
    ms
        The analysis of one sample.
    name
        One of ``icc_11``, ``icc_a1``, ``icc_c1``, ``icc_1k``, ``icc_ak``, ``icc_ck``.
    confidence
        In (0, 1).

    Returns
    -------
    Low and high, or ``None`` where no error is left to hold the variance against, or no degree of
    freedom.
    """
    n, k = float(ms.n_cases[0]), ms.n_readers
    error = float((ms.within if name in {"icc_11", "icc_1k"} else ms.error)[0])
    if not (n > 1 and k > 1 and error > 0):
        return None
    upper = 1 - (1 - confidence) / 2
    match name:
        case "icc_a1" | "icc_ak":
            low, high = _absolute(ms, upper)
        case _:
            df = n * (k - 1) if name in {"icc_11", "icc_1k"} else (n - 1) * (k - 1)
            ratio = float(ms.cases[0]) / error
            least = ratio / f_quantile(upper, n - 1, df)
            most = ratio * f_quantile(upper, df, n - 1)
            low, high = ((f - 1) / (f + k - 1) for f in (least, most))
    if name.endswith("k"):
        low, high = _of_mean(low, k), _of_mean(high, k)
    return (low, high) if low <= high else None


def _absolute(ms: MeanSquares, upper: float) -> tuple[float, float]:
    """The interval of ICC(A,1), with degrees of freedom after Satterthwaite."""
    n, k = float(ms.n_cases[0]), ms.n_readers
    cases, readers, error = (float(x[0]) for x in (ms.cases, ms.readers, ms.error))
    icc = float(icc_a1(ms)[0])
    a = k * icc * readers / error
    b = n * (1 + (k - 1) * icc) - k * icc
    spread = (n - 1) * a**2 + b**2
    df = (k - 1) * (n - 1) * (a + b) ** 2 / spread if spread > 0 else 0.0
    if df < FEWEST:
        return float("nan"), float("nan")
    noise = k * readers + (k * n - k - n) * error
    least, most = f_quantile(upper, n - 1, df), f_quantile(upper, df, n - 1)
    low = n * (cases - least * error) / (least * noise + n * cases)
    high = n * (most * cases - error) / (noise + n * most * cases)
    return low, high


def _of_mean(icc: float, k: int) -> float:
    """Spearman and Brown: from one reader to the mean of k."""
    return k * icc / (1 + (k - 1) * icc) if 1 + (k - 1) * icc > 0 else float("nan")
