"""Standard errors of the coefficients of agreement, given the readers: cases vary, readers do not.

They are here so that what irrCAC and its papers print can be held against what this prints. With
few cases, or agreement near 1, the bootstrap by case covers better.

References
----------
Gwet KL (2014), Handbook of Inter-Rater Reliability, 4th ed., chapters 5 and 6; Gwet (2021), Educ
Psychol Meas 81:781-790 (Krippendorff's alpha).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from screener.agreement import kappas
from screener.agreement.patterns import MISSING, Array, Patterns
from screener.agreement.quantiles import t_quantile

Statistic = Callable[[Patterns, Array, Array], Array]


def standard_error(name: str, patterns: Patterns, apart: Array) -> tuple[float, int] | None:
    """Return a coefficient's standard error and how many cases it rests on.

    Parameters
    ----------
    name
        ``percent_agreement``, ``fleiss_kappa``, ``conger_kappa``, ``gwet_ac``,
        ``brennan_prediger`` or ``krippendorff_alpha``.
    patterns
        Reads.
    apart
        Disagreement of the categories.

    Returns
    -------
    Both, or ``None`` where the coefficient is undefined or there are fewer than two cases.
    """
    reads = patterns.reads
    counted = reads > 1 if name == "krippendorff_alpha" else reads > 0
    n = int(patterns.counts[counted].sum())
    if n < 2 or patterns.n_paired == 0:  # noqa: PLR2004  one case does not vary
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = _OF[name](patterns, apart)[counted]
    variance = patterns.counts[counted] @ spread**2 / (n * (n - 1))
    return (float(np.sqrt(variance)), n) if np.isfinite(variance) else None


def t_interval(value: float, error: tuple[float, int], confidence: float) -> tuple[float, float]:
    """Return the interval by Student's t, kept within -1 and 1 as irrCAC keeps it."""
    half = error[0] * t_quantile((1 + confidence) / 2, error[1] - 1)
    return max(-1.0, value - half), min(1.0, value + half)


def _per_case(patterns: Patterns, apart: Array, chance: float, pe: Array, at: float) -> Array:
    """Each case's share in a coefficient, less the coefficient: what Gwet's variance sums."""
    n = patterns.counts @ (patterns.reads > 0)
    paired = patterns.is_paired
    agreed = (1 - kappas.case_disagreement(patterns, apart)) * paired
    own = n / (patterns.counts @ paired) * (agreed - chance * paired) / (1 - chance)
    return np.asarray(own - 2 * (1 - at) * (pe - chance) / (1 - chance) - at)


def _value(statistic: Statistic, patterns: Patterns, apart: Array) -> float:
    return float(statistic(patterns, patterns.counts[None, :], apart)[0])


def _chance(patterns: Patterns, apart: Array, value: float) -> float:
    """The agreement expected by chance, from the coefficient and the agreement observed."""
    observed = float(kappas.observed_disagreement(patterns, patterns.counts[None, :], apart)[0])
    return 1 - observed / (1 - value) if value != 1 else float("nan")


def _shares(patterns: Patterns) -> Array:
    return np.asarray(patterns.hits / np.where(patterns.reads > 0, patterns.reads, 1)[:, None])


def _percent(patterns: Patterns, apart: Array) -> Array:
    n = patterns.counts @ (patterns.reads > 0)
    paired = patterns.is_paired
    agreed = (1 - kappas.case_disagreement(patterns, apart)) * paired * n
    agreed = agreed / (patterns.counts @ paired)
    return np.asarray(agreed - patterns.counts @ agreed / n)


def _fleiss(patterns: Patterns, apart: Array) -> Array:
    used = kappas.prevalence(patterns, patterns.counts[None, :])[0]
    near = (1 - apart) @ used
    chance = float(used @ near)
    value = _value(kappas.fleiss_kappa, patterns, apart)
    return _per_case(patterns, apart, chance, _shares(patterns) @ near, value)


def _gwet(patterns: Patterns, apart: Array) -> Array:
    used = kappas.prevalence(patterns, patterns.counts[None, :])[0]
    q = patterns.scale.n_categories
    scale = (q * q - apart.sum()) / (q * (q - 1))
    chance = float(scale * (used * (1 - used)).sum())
    value = _value(kappas.gwet_ac, patterns, apart)
    return _per_case(patterns, apart, chance, scale * (_shares(patterns) @ (1 - used)), value)


def _brennan(patterns: Patterns, apart: Array) -> Array:
    chance = float(1 - apart.mean())
    value = _value(kappas.brennan_prediger, patterns, apart)
    return _per_case(patterns, apart, chance, np.full(len(patterns.counts), chance), value)


def _conger(patterns: Patterns, apart: Array) -> Array:
    near, r = 1 - apart, patterns.codes.shape[1]
    n = patterns.counts @ (patterns.reads > 0)
    read = (patterns.codes != MISSING).astype(float)
    n_reads = patterns.counts @ read
    hits = np.stack([patterns.of_reader(place) for place in range(r)])
    used = np.stack([patterns.counts @ one for one in hits]) / n_reads[:, None]
    others = (used.sum(axis=0) - used) @ near
    chance = float((others * used).sum() / (r * (r - 1)))
    pe = np.zeros(len(patterns.counts))
    for place in range(r):
        is_read = read[:, place]
        gained = hits[place] - (is_read - n_reads[place] / n)[:, None] * used[place]
        pe += (gained @ others[place]) * n / n_reads[place]
    value = _value(kappas.conger_kappa, patterns, apart)
    return _per_case(patterns, apart, chance, pe / (r * (r - 1)), value)


def _krippendorff(patterns: Patterns, apart: Array) -> Array:
    near, counts, reads = 1 - apart, patterns.counts * patterns.is_paired, patterns.reads
    n = counts.sum()
    mean_reads = counts @ reads / n
    more = (reads - mean_reads) / mean_reads
    near_used = near @ (counts @ patterns.hits / (n * mean_reads))
    chance = float(counts @ patterns.hits @ near_used / (n * mean_reads))
    agreed = (((patterns.hits @ near) - 1) * patterns.hits).sum(axis=1)
    agreed = agreed / (mean_reads * np.where(reads > 1, reads - 1, 1))
    observed = counts @ agreed / n
    small_sample = observed + (1 - observed) / (n * mean_reads)
    own = (agreed - small_sample * more - chance) / (1 - chance)
    at = (observed - chance) / (1 - chance)
    pe = patterns.hits @ near_used / mean_reads - chance * more
    return np.asarray(own - 2 * (1 - at) * (pe - chance) / (1 - chance) - at)


_OF: dict[str, Callable[[Patterns, Array], Array]] = {
    "percent_agreement": _percent,
    "fleiss_kappa": _fleiss,
    "conger_kappa": _conger,
    "gwet_ac": _gwet,
    "brennan_prediger": _brennan,
    "krippendorff_alpha": _krippendorff,
}
