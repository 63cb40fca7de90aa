"""Coefficients with their intervals: every one computed over the same samples of cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from screener.agreement import bootstraps
from screener.agreement.coefficients import Statistic
from screener.agreement.patterns import Array, Patterns
from screener.agreement.records import Estimate

N_RESAMPLES = 2_000
CONFIDENCE = 0.95
ONE_CASE = "no interval: one case does not show how cases vary"


@dataclass(frozen=True, slots=True)
class Resampling:
    """How intervals are made: how many resamples, from which seed, at which confidence."""

    n: int = N_RESAMPLES
    seed: int = 0
    confidence: float = CONFIDENCE


def estimate_all(
    statistics: Mapping[str, Statistic], patterns: Patterns, resampling: Resampling
) -> dict[str, Estimate]:
    """Compute statistics of some reads, with intervals.

    Parameters
    ----------
    statistics
        By name.
    patterns
        The reads.
    resampling
        How intervals are made.

    Returns
    -------
    One estimate a statistic; without a value or a note where it is undefined.
    """
    itself = _computed(statistics, [patterns.counts[None, :]])
    seed = resampling.seed
    drawn = _computed(statistics, bootstraps.resamples(patterns, resampling.n, seed))
    samples, times = bootstraps.left_out(patterns, seed)
    jackknife = _computed(statistics, samples if resampling.n else [])
    found = {}
    for name in statistics:
        value = float(itself[name][0])
        if np.isnan(value):
            found[name] = Estimate(None)
            continue
        if patterns.n_paired == 1:
            interval = bootstraps.Interval(None, ONE_CASE)
        else:
            interval = bootstraps.bca_interval(
                value, drawn[name], jackknife[name], times, resampling.confidence
            )
        rounded = round(value, bootstraps.DIGITS) + 0.0
        found[name] = Estimate(rounded, interval.ends, interval.note)
    return found


def _computed(statistics: Mapping[str, Statistic], samples: Iterable[Array]) -> dict[str, Array]:
    """The values of all statistics over all samples."""
    found: dict[str, list[Array]] = {name: [] for name in statistics}
    for block in samples:
        for name, statistic in statistics.items():
            found[name].append(statistic(block))
    return {name: np.concatenate([np.empty(0), *parts]) for name, parts in found.items()}
