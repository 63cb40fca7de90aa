"""Agreement category by category, and the reads that the verdict on a case overrules.

References
----------
Specific agreement: Cicchetti DV, Feinstein AR (1990), J Clin Epidemiol 43:551-558; with several
readers de Vet HCW et al. (2017), Int J Epidemiol 46:1764 (as counts of pairs of reads). Reader
disagreement index: Sharma M et al. (2019), J Clin Oncol 37 suppl, e18592.
"""

from __future__ import annotations

import numpy as np

from screener.agreement.kappas import share
from screener.agreement.patterns import MISSING, Array, Codes, Patterns


def specific_agreement(patterns: Patterns, weights: Array, category: int) -> Array:
    """Return how often a read of one category meets that category in another read of the case.

    With two categories these are positive and negative agreement.
    """
    reads, own = patterns.reads, patterns.hits[:, category]
    per_read = np.where(reads > 1, reads - 1, 1)
    paired = own * patterns.is_paired
    return share(weights @ (paired * (own - 1) / per_read), weights @ paired)


def verdicts(patterns: Patterns) -> Codes:
    """Return the verdict of each case, `MISSING` where there is none.

    It is the settled one, where reads come with it; else what more than half of two reads or more
    say.
    """
    if patterns.settled is not None:
        return patterns.settled
    has_majority = patterns.hits.max(axis=1, initial=0) * 2 > patterns.reads
    is_verdict = has_majority & (patterns.reads > 1)
    return np.where(is_verdict, patterns.hits.argmax(axis=1), MISSING).astype(np.int64)


def is_overruled(patterns: Patterns) -> Array:
    """Return 1 for each read that differs from the verdict of its case, patterns by readers."""
    said = verdicts(patterns)[:, None]
    differs = (patterns.codes != said) & (patterns.codes != MISSING) & (said != MISSING)
    return np.asarray(differs, dtype=np.float64)


def is_judged(patterns: Patterns) -> Array:
    """Return 1 for each read that could be overruled, patterns by readers.

    Without settled verdicts these are all of cases with two reads or more, also where no majority
    came about: they are read, and nobody is overruled.
    """
    is_read = patterns.codes != MISSING
    if patterns.settled is None:
        return np.asarray(is_read * patterns.is_paired[:, None])
    return np.asarray(is_read & (patterns.settled != MISSING)[:, None], dtype=np.float64)


def reader_disagreement(patterns: Patterns, weights: Array) -> Array:
    """Return the share of reads that the verdict overrules.

    Of one reader it is the reader disagreement index: cases in which the adjudication went against
    the reader, of all cases read.
    """
    overruled, judged = is_overruled(patterns).sum(axis=1), is_judged(patterns).sum(axis=1)
    return share(weights @ overruled, weights @ judged)


def full_agreement(patterns: Patterns) -> tuple[int, int]:
    """Return how many cases all their readers read alike, and how many have two reads or more."""
    lowest = np.where(patterns.codes == MISSING, np.iinfo(np.int64).max, patterns.codes)
    alike = lowest.min(axis=1, initial=np.iinfo(np.int64).max) == patterns.codes.max(
        axis=1, initial=MISSING
    )
    return int(patterns.counts @ (alike * patterns.is_paired)), patterns.n_paired
