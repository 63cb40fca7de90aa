"""Agreement category by category, and the reads that a majority overrules.

References
----------
Specific agreement: Cicchetti DV, Feinstein AR (1990), J Clin Epidemiol 43:551-558; with several
readers de Vet HCW et al. (2017), Int J Epidemiol 46:1764 (as counts of pairs of reads). Reader
disagreement index: Sharma M et al. (2019), J Clin Oncol 37 suppl, e18592.
"""

from __future__ import annotations

import numpy as np

from screener.agreement.kappas import share
from screener.agreement.patterns import MISSING, Array, Patterns


def specific_agreement(patterns: Patterns, weights: Array, category: int) -> Array:
    """Return how often a read of one category meets that category in another read of the case.

    With two categories these are positive and negative agreement.
    """
    reads, own = patterns.reads, patterns.hits[:, category]
    per_read = np.where(reads > 1, reads - 1, 1)
    paired = own * patterns.is_paired
    return share(weights @ (paired * (own - 1) / per_read), weights @ paired)


def is_overruled(patterns: Patterns) -> Array:
    """Return 1 for each read that differs from the majority of its case, patterns by readers.

    A majority is more than half of the reads; where there is none, nobody is overruled.
    """
    most = patterns.hits.argmax(axis=1)
    has_majority = patterns.hits.max(axis=1, initial=0) * 2 > patterns.reads
    differs = (patterns.codes != most[:, None]) & (patterns.codes != MISSING)
    return np.asarray(differs & has_majority[:, None], dtype=np.float64)


def reader_disagreement(patterns: Patterns, weights: Array) -> Array:
    """Return the share of reads that the majority overrules, of cases with two reads or more.

    Of one reader it is the reader disagreement index, with the majority as the adjudicator.
    """
    overruled = is_overruled(patterns).sum(axis=1)
    return share(weights @ overruled, weights @ (patterns.reads * patterns.is_paired))


def full_agreement(patterns: Patterns) -> tuple[int, int]:
    """Return how many cases all their readers read alike, and how many have two reads or more."""
    lowest = np.where(patterns.codes == MISSING, np.iinfo(np.int64).max, patterns.codes)
    alike = lowest.min(axis=1, initial=np.iinfo(np.int64).max) == patterns.codes.max(
        axis=1, initial=MISSING
    )
    return int(patterns.counts @ (alike * patterns.is_paired)), patterns.n_paired
