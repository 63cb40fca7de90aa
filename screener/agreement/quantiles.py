"""Quantiles of Student's t and of F, which the standard library does not have.

Both follow from the regularised incomplete beta function.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, lgamma, log, log1p, sqrt

_TINY = 1e-300
_CLOSE = 1e-15
_MAX_TERMS = 10_000


def t_quantile(probability: float, df: float) -> float:
    """Return the quantile of Student's t distribution.

    Parameters
    ----------
    probability
        In (0, 1).
    df
        Degrees of freedom, above 0.

    Examples
    --------
    >>> round(t_quantile(0.975, 11), 4), round(t_quantile(0.025, 1), 4)
    (2.201, -12.7062)
    """
    if probability == 0.5:  # noqa: PLR2004  the median
        return 0.0
    f = f_quantile(abs(2 * probability - 1), 1, df)
    return sqrt(f) if probability > 0.5 else -sqrt(f)  # noqa: PLR2004  the median


def f_quantile(probability: float, df1: float, df2: float) -> float:
    """Return the quantile of the F distribution.

    Parameters
    ----------
    probability
        In (0, 1).
    df1, df2
        Degrees of freedom of numerator and denominator, above 0; need not be whole.

    Examples
    --------
    >>> round(f_quantile(0.95, 5, 15), 3)
    2.901
    """
    share = _inverse(lambda x: incomplete_beta(x, df1 / 2, df2 / 2), probability)
    return df2 * share / (df1 * (1 - share)) if share < 1 else float("inf")


def incomplete_beta(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function ``I_x(a, b)``.

    References
    ----------
    Abramowitz M, Stegun IA (1964), Handbook of Mathematical Functions, 26.5.8 (the continued
    fraction), evaluated as in Lentz WJ (1976), Appl Opt 15:668-671.

    Examples
    --------
    >>> round(incomplete_beta(0.5, 2, 3), 4)
    0.6875
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):  # the fraction converges fast on one side only
        return 1 - incomplete_beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    return front * _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    value, upper, lower = 1.0, 1.0, 0.0
    for n in range(1, _MAX_TERMS):
        m = n // 2
        term = -(a + m) * (a + b + m) if n % 2 else m * (b - m)
        term *= x / ((a + n - 1) * (a + n))
        lower = 1 / ((1 + term * lower) or _TINY)
        upper = (1 + term / upper) or _TINY
        value *= upper * lower
        if abs(upper * lower - 1) < _CLOSE:
            break
    return 1 / value


def _inverse(rising: Callable[[float], float], wanted: float) -> float:
    """Where a function that rises over [0, 1] has a value, by bisection."""
    low, high = 0.0, 1.0
    while (middle := (low + high) / 2) not in (low, high):
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return middle
