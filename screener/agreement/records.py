"""What is found of the agreement of readers, and the JSON document that tells it.

Keys of the document are a contract: they are added, never renamed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from screener.agreement.bland_altman import Limits


@dataclass(frozen=True, slots=True)
class Estimate:
    """One coefficient.

    Attributes
    ----------
    value
        ``None`` where it is undefined.
    interval
        By the bootstrap over cases (of shares of cases: Wilson's); ``None`` where there is none.
    note
        Why the value or the interval is not there, or what to know of them; else empty.
    standard_error, analytic_interval
        What the literature computes by formula, to hold other programs against: Gwet's standard
        error with Student's t, for intraclass correlations the interval by F.
    """

    value: float | None
    interval: tuple[float, float] | None = None
    note: str = ""
    standard_error: float | None = None
    analytic_interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two readers, over the cases that both read.

    Attributes
    ----------
    readers
        Their names.
    n_cases
        How many both read.
    percent_agreement, cohen_kappa
        The kappa weighted as `Agreement.weights` says.
    limits
        Bland and Altman's, where reads are numbers.
    """

    readers: tuple[str, str]
    n_cases: int
    percent_agreement: Estimate
    cohen_kappa: Estimate
    limits: Limits | None


@dataclass(frozen=True, slots=True)
class ReaderUse:
    """One reader.

    Attributes
    ----------
    reader
        The name.
    n_read
        Cases read.
    n_compared, n_overruled
        Those of them that have a verdict to be held against (a settled one, or another read), and
        those in which it is another: the settled one, or else that of the majority.
    disagreement_index
        Their quotient, with Wilson's interval.
    """

    reader: str
    n_read: int
    n_compared: int
    n_overruled: int | None
    disagreement_index: Estimate


@dataclass(frozen=True, slots=True)
class CategoryUse:
    """One category: how many reads it has, and how far readers agree on it."""

    category: str
    n_reads: int
    specific_agreement: Estimate


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far readers agree on cases.

    Attributes
    ----------
    level, weights
        The level of measurement, and how disagreement is weighed.
    n_cases, n_readers
        In the table, read or not.
    n_cases_read, n_cases_compared, n_reads
        Cases with a read, cases with two or more, and reads.
    positive
        The category that counts as positive; empty where there is none.
    has_settled
        Whether reads come with settled verdicts.
    coefficients
        By their names in the JSON document.
    pairwise, readers, categories
        Reader by reader, and category by category (none where reads are numbers).
    confidence, n_resamples, seed
        Of the intervals.
    notes
        How the reads were taken.
    """

    level: str
    weights: str
    n_cases: int
    n_readers: int
    n_cases_read: int
    n_cases_compared: int
    n_reads: int
    positive: str
    has_settled: bool
    coefficients: Mapping[str, Estimate]
    pairwise: tuple[Pair, ...]
    readers: tuple[ReaderUse, ...]
    categories: tuple[CategoryUse, ...]
    confidence: float
    n_resamples: int
    seed: int
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the document: plain values, ``None`` for what is undefined."""
        document = asdict(self)
        document["pairwise"] = [_pair(pair) for pair in self.pairwise]
        return document


def _pair(pair: Pair) -> dict[str, Any]:
    kappa = pair.cohen_kappa
    return {
        "readers": list(pair.readers),
        "n_cases": pair.n_cases,
        "percent_agreement": pair.percent_agreement.value,
        "percent_agreement_interval": pair.percent_agreement.interval,
        "cohen_kappa": kappa.value,
        "interval": kappa.interval,
        "note": kappa.note,
        "bland_altman": None if pair.limits is None else asdict(pair.limits),
    }
