"""All coefficients of a table by name: what computes each, and why it may be undefined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from screener.agreement import categories, kappas
from screener.agreement.alphas import krippendorff_alpha
from screener.agreement.disagreements import WEIGHTS_OF, Weights, disagreements
from screener.agreement.intraclass import ICC, mean_squares
from screener.agreement.patterns import MISSING, Array, Patterns
from screener.agreement.scales import Level

MAX_CATEGORIES = 1_000
"""With more, categories are numbers off a ruler, and to count them one by one says little."""
MAX_FOR_ALPHA = 4_000

Statistic = Callable[[Array], Array]

_TOO_MANY = f"more than {MAX_CATEGORIES:,} different numbers; see icc_a1 and krippendorff_alpha"
_ONE_CATEGORY = "all reads are one category, so no disagreement could be expected by chance"
_NO_NUMBERS = "needs numbers: interval or ratio level"
_NO_CATEGORIES = "needs categories: nominal or ordinal level"

KAPPAS: dict[str, Callable[[Patterns, Array, Array], Array]] = {
    "fleiss_kappa": kappas.fleiss_kappa,
    "conger_kappa": kappas.conger_kappa,
    "gwet_ac": kappas.gwet_ac,
    "brennan_prediger": kappas.brennan_prediger,
}


@dataclass(frozen=True)
class Coefficients:
    """What can be computed of some reads with some weights."""

    patterns: Patterns
    weights: Weights

    def statistics(self) -> dict[str, Statistic]:
        """Return what computes each coefficient that applies, by name, from rows of weights."""
        found: dict[str, Statistic] = {}
        if self.has_few_categories:
            found |= self._agreements(self.patterns)
            found |= {
                name: partial(self._kappa, statistic, self.patterns)
                for name, statistic in KAPPAS.items()
            }
        if self._has_alpha:
            found["krippendorff_alpha"] = self._alpha
        if self.patterns.scale.is_metric:
            found |= {name: partial(self._icc, name) for name in ICC}
        else:
            found["reader_disagreement_index"] = partial(
                categories.reader_disagreement, self.patterns
            )
        return found

    def pair_statistics(self, pair: Patterns) -> dict[str, Statistic]:
        """Return what computes the agreement of two readers."""
        if not self.has_few_categories:
            return {}
        kappa = partial(self._kappa, kappas.conger_kappa, pair)
        return {**self._agreements(pair), "cohen_kappa": kappa}

    def category_statistic(self, category: int) -> Statistic:
        """Return what computes the agreement on one category."""

        def compute(weights: Array) -> Array:
            return categories.specific_agreement(self.patterns, weights, category)

        return compute

    @property
    def has_few_categories(self) -> bool:
        """Whether categories can be counted."""
        return self.patterns.scale.n_categories <= MAX_CATEGORIES

    @property
    def _has_alpha(self) -> bool:
        scale = self.patterns.scale
        return scale.level is Level.INTERVAL or scale.n_categories <= MAX_FOR_ALPHA

    @cached_property
    def apart(self) -> Array:
        """Return the disagreement of the categories."""
        return disagreements(self.weights, self.patterns.scale)

    def _agreements(self, patterns: Patterns) -> dict[str, Statistic]:
        exact = 1 - np.eye(patterns.scale.n_categories)
        return {
            "percent_agreement": partial(_agreement, patterns, exact),
            "weighted_agreement": partial(_agreement, patterns, self.apart),
        }

    def _kappa(
        self,
        statistic: Callable[[Patterns, Array, Array], Array],
        patterns: Patterns,
        weights: Array,
    ) -> Array:
        return statistic(patterns, weights, self.apart)

    def _alpha(self, weights: Array) -> Array:
        return krippendorff_alpha(self.patterns, weights, self._metric)

    @cached_property
    def _metric(self) -> Array:
        """The metric of alpha, where it is a table of distances."""
        scale = self.patterns.scale
        if scale.level in {Level.ORDINAL, Level.INTERVAL}:
            return np.zeros((0, 0))
        return disagreements(WEIGHTS_OF[scale.level], scale)

    def _icc(self, name: str, weights: Array) -> Array:
        return ICC[name](mean_squares(self.patterns, weights))


def _agreement(patterns: Patterns, apart: Array, weights: Array) -> Array:
    return np.asarray(1 - kappas.observed_disagreement(patterns, weights, apart))


def why_undefined(name: str, patterns: Patterns) -> str:
    """Say why a coefficient has no value.

    Parameters
    ----------
    name
        As in the JSON document.
    patterns
        Reads.
    """
    scale = patterns.scale
    if name in ICC and not scale.is_metric:
        return _NO_NUMBERS
    if name == "reader_disagreement_index" and scale.is_metric:
        return _NO_CATEGORIES
    if why := why_not_compared(patterns):
        return why
    if name in ICC:
        return _why_no_icc(patterns)
    if scale.n_categories > MAX_CATEGORIES:
        return _TOO_MANY
    see = "percent_agreement" if name == "cohen_kappa" else "percent_agreement and gwet_ac"
    return f"{_ONE_CATEGORY}; see {see}"


def why_not_compared(patterns: Patterns) -> str:
    """Say why no read can be compared with another; nothing where one can."""
    if patterns.codes.shape[1] < 2:  # noqa: PLR2004  agreement is of two
        return "there is one reader; agreement needs two"
    return "" if patterns.n_paired else "no case was read by two readers"


def why_not_specific(category: str, patterns: Patterns) -> str:
    """Say why there is no agreement on a category."""
    return why_not_compared(patterns) or f"no case with two reads was read as {category!r}"


def n_complete(patterns: Patterns) -> int:
    """Return how many cases all readers read."""
    return int(patterns.counts @ (patterns.codes != MISSING).all(axis=1))


def _why_no_icc(patterns: Patterns) -> str:
    n = n_complete(patterns)
    if n < 2:  # noqa: PLR2004  a variance needs two
        cases = "no case was" if n == 0 else "one case only was"
        return f"{cases} read by all readers; see krippendorff_alpha"
    return "no reader's numbers differ between cases"
