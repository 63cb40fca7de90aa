"""Agreement beyond chance: Fleiss, Conger (Cohen for two), Gwet, Brennan and Prediger.

All are ``1 - D_o / D_e``, the disagreement observed over that expected by chance, and differ in
what chance is. A case not read by all counts by the reads that it has, and a case with one read
tells nothing of agreement but counts for how often categories are used (Gwet 2014, chapters 2-3).

Each function takes patterns and rows of weights over them, and gives one value a row: NaN where it
is undefined, inside this package only.

References
----------
Gwet KL (2014), Handbook of Inter-Rater Reliability, 4th ed.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from screener.agreement.patterns import MISSING, Array, Patterns


def share(part: Array, whole: Array) -> Array:
    """Return quotients, NaN where there is nothing to divide by."""
    whole = np.broadcast_to(whole, part.shape)
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


def case_disagreement(patterns: Patterns, apart: Array) -> Array:
    """Return the mean disagreement of the pairs of reads of each pattern; 0 where there is none."""
    total = np.zeros(len(patterns.counts))
    for first, second in combinations(patterns.codes.T, 2):
        both = (first != MISSING) & (second != MISSING)
        total[both] += apart[first[both], second[both]]
    reads = patterns.reads
    return np.asarray(total / np.where(reads > 1, reads * (reads - 1) / 2, 1))


def observed_disagreement(patterns: Patterns, weights: Array, apart: Array) -> Array:
    """Return the mean disagreement over cases with two reads or more."""
    return share(
        weights @ case_disagreement(patterns, apart),
        weights @ patterns.is_paired,
    )


def prevalence(patterns: Patterns, weights: Array) -> Array:
    """Return the mean, over cases read at all, of the shares of their reads by category."""
    reads = patterns.reads
    shares = patterns.hits / np.where(reads > 0, reads, 1)[:, None]
    return share(weights @ shares, (weights @ (reads > 0).astype(float))[:, None])


def _beyond(observed: Array, expected: Array) -> Array:
    """``1 - observed / expected``; where no disagreement can be expected, it is undefined."""
    return np.asarray(1 - share(observed, expected))


def _between(first: Array, apart: Array, second: Array) -> Array:
    """The mean disagreement of two independent draws from two distributions, row by row."""
    return np.asarray(((first @ apart) * second).sum(axis=1))


def fleiss_kappa(patterns: Patterns, weights: Array, apart: Array) -> Array:
    """Return Fleiss' kappa: by chance, all readers draw from one distribution.

    References
    ----------
    Fleiss JL (1971), Psychol Bull 76:378-382; for missing reads and weights Gwet (2014), chapter 3.
    """
    used = prevalence(patterns, weights)
    observed = observed_disagreement(patterns, weights, apart)
    return _beyond(observed, _between(used, apart, used))


def conger_kappa(patterns: Patterns, weights: Array, apart: Array) -> Array:
    """Return Conger's kappa: by chance, each reader draws from an own distribution.

    For two readers who read the same cases it is Cohen's kappa. Readers without a read in a sample
    are left out of it.

    References
    ----------
    Conger AJ (1980), Psychol Bull 88:322-328; for missing reads and weights Gwet (2014), chapter 3.
    """
    used = [_used_by(patterns, weights, place) for place in range(patterns.codes.shape[1])]
    has_read = np.array([~np.isnan(one[:, 0]) for one in used], dtype=np.float64)
    filled = [np.nan_to_num(one) for one in used]
    everyone = np.sum(filled, axis=0)
    of_oneself = np.sum([_between(one, apart, one) for one in filled], axis=0)
    n_readers = has_read.sum(axis=0)
    pairs = n_readers * (n_readers - 1)
    total = np.maximum(_between(everyone, apart, everyone) - of_oneself, 0)
    # Of one category alone both terms are exactly 0; a rounding error must not stand for chance.
    expected = np.where(total > 1e-12 * np.maximum(pairs, 1), total, 0)
    observed = observed_disagreement(patterns, weights, apart)
    return _beyond(observed, share(expected, pairs))


def _used_by(patterns: Patterns, weights: Array, place: int) -> Array:
    """How one reader uses the categories, row by row; NaN where the reader has no read."""
    hits = patterns.of_reader(place)
    n_reads = weights @ (patterns.codes[:, place] != MISSING).astype(float)
    return share(weights @ hits, n_reads[:, None])


def gwet_ac(patterns: Patterns, weights: Array, apart: Array) -> Array:
    """Return Gwet's AC1, or with weights AC2: by chance, only reads that are hard are guessed.

    It depends on how many categories are on offer. With one category alone no read was hard, and
    it is the observed agreement, whatever the number of others on offer.

    References
    ----------
    Gwet KL (2008), Br J Math Stat Psychol 61:29-48; Gwet (2014), chapters 4 and 5.
    """
    used = prevalence(patterns, weights)
    q = patterns.scale.n_categories
    total_agreement = q * q - apart.sum()
    by_chance = total_agreement / (q * (q - 1)) * (used * (1 - used)).sum(axis=1)
    observed = observed_disagreement(patterns, weights, apart)
    return _beyond(observed, 1 - by_chance)


def brennan_prediger(patterns: Patterns, weights: Array, apart: Array) -> Array:
    """Return the coefficient of Brennan and Prediger: by chance, all categories are as likely.

    References
    ----------
    Brennan RL, Prediger DJ (1981), Educ Psychol Meas 41:687-699; Gwet (2014), chapter 4.
    """
    observed = observed_disagreement(patterns, weights, apart)
    return _beyond(observed, np.full(len(weights), apart.mean()))
