"""Measures the agreement of readers: reads in, an `Agreement` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from statistics import NormalDist

import numpy as np

from screener.accuracy import wilson
from screener.agreement import categories, notes
from screener.agreement.bland_altman import Limits, limits_of_agreement
from screener.agreement.coefficients import (
    KAPPAS,
    Coefficients,
    Statistic,
    why_not_specific,
    why_undefined,
)
from screener.agreement.disagreements import WEIGHTS_OF, Weights
from screener.agreement.estimates import Resampling, estimate_all
from screener.agreement.intraclass import ICC, icc_interval, mean_squares
from screener.agreement.patterns import MISSING, make_patterns
from screener.agreement.ratings import Ratings, Reading, make_ratings
from screener.agreement.records import Agreement, CategoryUse, Estimate, Pair, ReaderUse
from screener.agreement.scales import Level
from screener.agreement.standard_errors import standard_error, t_interval

__all__ = ["NAMES", "Resampling", "measure_agreement"]

NAMES = (
    "percent_agreement",
    "weighted_agreement",
    "full_agreement",
    "fleiss_kappa",
    "conger_kappa",
    "gwet_ac",
    "brennan_prediger",
    "krippendorff_alpha",
    "positive_agreement",
    "negative_agreement",
    "icc_a1",
    "icc_c1",
    "icc_ak",
    "reader_disagreement_index",
)
"""The coefficients in the order in which they are told; all are there, defined or not."""
MAX_CATEGORIES = 50
"""With more, agreement is not told category by category."""


def measure_agreement(
    ratings: Ratings | Mapping[str, Sequence[object]],
    level: Level | str | None = None,
    *,
    weights: Weights | str | None = None,
    resampling: Resampling | None = None,
) -> Agreement:
    """Measure how far readers agree on cases.

    Parameters
    ----------
    ratings
        Reads as `make_ratings` takes them, or one sequence a reader: the reads of the cases in
        their order, ``None`` where a case was not read.
    level
        The level of measurement; needed where `ratings` does not have it.
    weights
        How disagreement is weighed in all but Krippendorff's alpha, which has its own metric; by
        default none at nominal level, quadratic at ordinal and interval, ratio at ratio level.
    resampling
        How intervals are made; by default of 2,000 resamples, at 95%. The order of readers and
        cases does not change them.

    Raises
    ------
    SourceError
        Where a read is not on the scale.
    ValueError
        Where there is no level.

    Examples
    --------
    >>> reads = {"a": "yynny", "b": "yynnn", "c": "yynyy"}
    >>> agreement = measure_agreement(reads, "nominal", resampling=Resampling(n=200))
    >>> agreement.n_cases, agreement.n_readers
    (5, 3)
    >>> round(agreement.coefficients["fleiss_kappa"].value, 3)
    0.444
    >>> agreement.coefficients["icc_a1"].note
    'needs numbers: interval or ratio level'
    """
    if not isinstance(ratings, Ratings):
        if level is None:
            raise ValueError("The level of measurement is needed: nominal, ordinal, ...")
        ratings = make_ratings(ratings, Reading(Level(level)))
    kind = Weights(weights) if weights else WEIGHTS_OF[ratings.scale.level]
    return _Measuring(ratings, kind, resampling or Resampling()).agreement()


class _Measuring:
    """One table under way."""

    def __init__(self, ratings: Ratings, weights: Weights, resampling: Resampling) -> None:
        self.ratings = ratings
        self.patterns = make_patterns(ratings)
        self.coefficients = Coefficients(self.patterns, weights)
        self.resampling = resampling
        self.pairs = {
            (first, second): self.patterns.pair(first, second)
            for first, second in combinations(range(len(ratings.readers)), 2)
        }

    def agreement(self) -> Agreement:
        patterns, scale = self.patterns, self.patterns.scale
        statistics = self._statistics()
        estimates = estimate_all(statistics, self.patterns, self.resampling)
        told = {name: self._told(name, estimates) for name in NAMES}
        return Agreement(
            level=str(scale.level),
            weights=str(self.coefficients.weights),
            n_cases=patterns.n_cases,
            n_readers=len(self.ratings.readers),
            n_cases_read=int(patterns.counts @ (patterns.reads > 0)),
            n_cases_compared=patterns.n_paired,
            n_reads=int(patterns.counts @ patterns.reads),
            positive=scale.positive,
            has_settled=self.ratings.settled is not None,
            coefficients=notes.with_notes(told, patterns),
            pairwise=tuple(self._pair(pair, estimates) for pair in self.pairs),
            readers=tuple(self._reader(place) for place in range(len(self.ratings.readers))),
            categories=tuple(self._category(place, estimates) for place in self._categories()),
            confidence=self.resampling.confidence,
            n_resamples=self.resampling.n,
            seed=self.resampling.seed,
            notes=(*self.ratings.notes, *notes.cautions(patterns)),
        )

    # --- all that is resampled, at one go --------------------------------------------------------

    def _categories(self) -> range:
        labels = self.patterns.scale.labels
        is_told = not self.patterns.scale.is_metric and len(labels) <= MAX_CATEGORIES
        return range(len(labels) if is_told else 0)

    def _statistics(self) -> dict[str, Statistic]:
        found = self.coefficients.statistics()
        for place in self._categories():
            found[f"category {place}"] = self.coefficients.category_statistic(place)
        for (first, second), pair in self.pairs.items():
            for name, statistic in self.coefficients.pair_statistics(pair).items():
                found[f"{name} {first} {second}"] = statistic
        return found

    # --- what is told ----------------------------------------------------------------------------

    def _told(self, name: str, estimates: Mapping[str, Estimate]) -> Estimate:
        if name == "full_agreement":
            return self._wilson(*categories.full_agreement(self.patterns), self._why(name))
        if name in {"positive_agreement", "negative_agreement"}:
            return self._sided(name, estimates)
        estimate = estimates.get(name, Estimate(None))
        if estimate.value is None:
            return replace(estimate, note=self._why(name))
        return self._with_formula(name, estimate)

    def _why(self, name: str) -> str:
        return why_undefined(name, self.patterns)

    def _with_formula(self, name: str, estimate: Estimate) -> Estimate:
        """Add what the literature computes by formula."""
        value, confidence = estimate.value or 0.0, self.resampling.confidence
        if name in ICC:
            squares = mean_squares(self.patterns, self.patterns.counts[None, :])
            return replace(estimate, analytic_interval=icc_interval(squares, name, confidence))
        is_own_metric = name == "krippendorff_alpha" and not self._alpha_has_these_weights()
        if name not in {*KAPPAS, "percent_agreement", "krippendorff_alpha"} or is_own_metric:
            return estimate
        exact = 1 - np.eye(self.patterns.scale.n_categories)
        apart = exact if name == "percent_agreement" else self.coefficients.apart
        error = standard_error(name, self.patterns, apart)
        if error is None:
            return estimate
        ends = t_interval(value, error, confidence)
        return replace(estimate, standard_error=error[0], analytic_interval=ends)

    def _alpha_has_these_weights(self) -> bool:
        level = self.patterns.scale.level
        has_them = level is not Level.ORDINAL and self.coefficients.weights == WEIGHTS_OF[level]
        return has_them and self.coefficients.has_few_categories

    def _sided(self, name: str, estimates: Mapping[str, Estimate]) -> Estimate:
        """Agreement on the positive category, or on the other."""
        scale = self.patterns.scale
        if scale.is_metric or len(scale.labels) > 2:  # noqa: PLR2004  two categories
            told = "interval or ratio level" if scale.is_metric else f"{len(scale.labels)}"
            return Estimate(None, note=f"needs two categories; here: {told}")
        is_positive = name == "positive_agreement"
        for place, label in enumerate(scale.labels):
            if (label == scale.positive) == is_positive:
                return self._specific(place, estimates)
        if not self.patterns.n_paired:
            return Estimate(None, note=self._why(name))
        side = "positive" if is_positive else "negative"
        return Estimate(None, note=f"no case with two reads was read as {side}")

    def _specific(self, place: int, estimates: Mapping[str, Estimate]) -> Estimate:
        estimate = estimates[f"category {place}"]
        if estimate.value is not None:
            return estimate
        label = self.patterns.scale.labels[place]
        return replace(estimate, note=why_not_specific(label, self.patterns))

    def _category(self, place: int, estimates: Mapping[str, Estimate]) -> CategoryUse:
        n_reads = int(self.patterns.counts @ self.patterns.hits[:, place])
        label = self.patterns.scale.labels[place]
        return CategoryUse(label, n_reads, self._specific(place, estimates))

    def _wilson(self, n: int, of: int, why: str) -> Estimate:
        """A share of cases; a bootstrap of one that is 0 or 1 would have no width."""
        if of == 0:
            return Estimate(None, note=why)
        z = NormalDist().inv_cdf((1 + self.resampling.confidence) / 2)
        return Estimate(n / of, wilson(n, of, z))

    def _pair(self, pair: tuple[int, int], estimates: Mapping[str, Estimate]) -> Pair:
        patterns = self.pairs[pair]
        agreed, kappa = (
            estimates.get(f"{name} {pair[0]} {pair[1]}", Estimate(None))
            for name in ("percent_agreement", "cohen_kappa")
        )
        names = self.ratings.readers[pair[0]], self.ratings.readers[pair[1]]
        if kappa.value is None:
            kappa = replace(kappa, note=why_undefined("cohen_kappa", patterns))
        else:
            kappa = notes.with_pair_note(kappa, names, patterns)
        return Pair(names, patterns.n_paired, agreed, kappa, self._limits(pair))

    def _limits(self, pair: tuple[int, int]) -> Limits | None:
        if not self.patterns.scale.is_metric:
            return None
        values = self.patterns.scale.values
        both = [
            (values[a], values[b])
            for case in self.ratings.cases
            if (a := case[pair[0]]) is not None and (b := case[pair[1]]) is not None
        ]
        first, second = [a for a, _ in both], [b for _, b in both]
        return limits_of_agreement(first, second, self.resampling.confidence)

    def _reader(self, place: int) -> ReaderUse:
        patterns = self.patterns
        is_read = patterns.codes[:, place] != MISSING
        n_read = int(patterns.counts @ is_read)
        n_judged = int(patterns.counts @ categories.is_judged(patterns)[:, place])
        name = self.ratings.readers[place]
        why = self._why("reader_disagreement_index")
        if patterns.scale.is_metric:
            return ReaderUse(name, n_read, 0, None, Estimate(None, note=why))
        overruled = int(patterns.counts @ categories.is_overruled(patterns)[:, place])
        settled = "has a settled verdict" if patterns.settled is not None else "was read by another"
        why = f"no case of this reader {settled}"
        return ReaderUse(name, n_read, n_judged, overruled, self._wilson(overruled, n_judged, why))
