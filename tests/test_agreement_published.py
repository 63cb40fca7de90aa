"""Agreement against published tables, other programs, and tables at the edge of what is defined."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import pytest
from scipy import stats
from statsmodels.stats import inter_rater

from screener.agreement import intraclass, kappas
from screener.agreement.bland_altman import limits_of_agreement
from screener.agreement.bootstraps import bca_interval
from screener.agreement.disagreements import Weights, disagreements
from screener.agreement.intraclass import icc_interval, mean_squares
from screener.agreement.measures import Resampling, measure_agreement
from screener.agreement.patterns import Patterns, make_patterns
from screener.agreement.quantiles import f_quantile, incomplete_beta, t_quantile
from screener.agreement.ratings import Ratings, Reading, make_ratings
from screener.agreement.records import Agreement
from screener.agreement.scales import Level

DATA = json.loads((Path(__file__).parent / "data" / "agreement.json").read_text(encoding="utf-8"))
PUBLISHED: dict[str, dict[str, Any]] = {one["id"]: one for one in DATA["published"]}
EDGES: dict[str, dict[str, Any]] = DATA["edges"]
NAMES = {
    "fleiss": "fleiss_kappa",
    "conger": "conger_kappa",
    "gwet_ac": "gwet_ac",
    "brennan_prediger": "brennan_prediger",
    "krippendorff_gwet_se": "krippendorff_alpha",
}
NO_INTERVALS = Resampling(n=0)

Rows = list[list[Any]]


def ratings_of(rows: Rows, level: str, categories: list[Any] | None = None) -> Ratings:
    columns = {f"r{place}": [row[place] for row in rows] for place in range(len(rows[0]))}
    declared = None if categories is None else [str(one) for one in categories]
    return make_ratings(columns, Reading(Level(level), declared))


def patterns_of(rows: Rows, level: str) -> Patterns:
    return make_patterns(ratings_of(rows, level))


def measured(rows: Rows, level: str, categories: list[Any] | None = None) -> Agreement:
    return measure_agreement(ratings_of(rows, level, categories), resampling=NO_INTERVALS)


def rows_of_table(table: list[list[int]]) -> Rows:
    """The cases of a cross table of two readers."""
    return [[a, b] for a, row in enumerate(table) for b, n in enumerate(row) for _ in range(n)]


# --- published tables --------------------------------------------------------------------------


def test_fleiss_1971_is_reproduced_to_the_printed_digit() -> None:
    found = measured(PUBLISHED["fleiss_1971"]["ratings"], "nominal").coefficients
    assert f"{found['fleiss_kappa'].value:.3f}" == "0.430"
    assert f"{found['conger_kappa'].value:.3f}" == "0.442"


@pytest.mark.parametrize("weights", ["identity", "quadratic"])
def test_gwets_four_raters_are_reproduced_with_their_standard_errors(weights: str) -> None:
    printed = PUBLISHED["gwet_raw4raters"]["published"]
    printed = printed if weights == "identity" else printed["quadratic"]
    names = {
        **{"ac1": "gwet_ac", "ac2": "gwet_ac", "fleiss": "fleiss_kappa"},
        **{"conger": "conger_kappa", "brennan_prediger": "brennan_prediger"},
    }
    level = "nominal" if weights == "identity" else "interval"
    names["krippendorff"] = "krippendorff_alpha"
    found = measured(PUBLISHED["gwet_raw4raters"]["ratings"], level).coefficients
    compared = 0
    for name, numbers in printed.items():
        if name not in names:
            continue
        estimate = found[names[name]]
        assert estimate.value == pytest.approx(numbers[0], abs=5e-6)
        assert estimate.standard_error == pytest.approx(numbers[1], abs=5e-6)
        if len(numbers) > 2:
            assert estimate.analytic_interval == pytest.approx(numbers[2:], abs=5e-4)
        compared += 1
    assert compared == 5
    agreed = found["percent_agreement" if weights == "identity" else "weighted_agreement"]
    assert agreed.value == pytest.approx(printed["percent_agreement"][0], abs=5e-8)
    if weights == "identity":
        assert agreed.standard_error == pytest.approx(0.12561, abs=5e-6)


@pytest.mark.parametrize(
    ("level", "alpha"),
    [("nominal", "0.743"), ("ordinal", "0.815"), ("interval", "0.849"), ("ratio", "0.797")],
)
def test_krippendorffs_example_has_its_alpha_at_every_level(level: str, alpha: str) -> None:
    found = measured(PUBLISHED["krippendorff_2011_C"]["ratings"], level).coefficients
    assert f"{found['krippendorff_alpha'].value:.3f}" == alpha


def test_cohens_tables_of_1960_and_1968_are_reproduced() -> None:
    one = PUBLISHED["cohen_1960_1968"]
    rows = rows_of_table(one["table"])
    (pair,) = measured(rows, "nominal").pairwise
    assert pair.n_cases == 200
    assert f"{pair.cohen_kappa.value:.3f}" == "0.492"
    patterns = patterns_of(rows, "nominal")
    apart = np.array(one["disagreement_weights"], dtype=np.float64) / 6
    (weighted,) = kappas.conger_kappa(patterns, patterns.counts[None, :], apart)
    assert f"{weighted:.3f}" == "0.348"


def test_shrout_and_fleiss_1979_are_reproduced_with_their_intervals() -> None:
    one = PUBLISHED["shrout_fleiss_1979"]
    patterns = patterns_of(one["ratings"], "ratio")
    squares = mean_squares(patterns, patterns.counts[None, :])
    told = {"BMS": squares.cases, "WMS": squares.within, "JMS": squares.readers}
    for name, square in {**told, "EMS": squares.error}.items():
        assert f"{square[0]:.2f}" == f"{one['published']['mean_squares'][name]:.2f}"
    names = {"ICC(1,1)": "icc_11", "ICC(2,1)": "icc_a1", "ICC(3,1)": "icc_c1"}
    names |= {"ICC(1,k)": "icc_1k", "ICC(2,k)": "icc_ak", "ICC(3,k)": "icc_ck"}
    for printed, name in names.items():
        (value,) = getattr(intraclass, name)(squares)
        assert f"{value:.2f}" == f"{one['published'][printed]:.2f}"
        ends = icc_interval(squares, name, 0.95)
        assert ends == pytest.approx(one["computed"][printed][1:], abs=5e-7)
    found = measured(one["ratings"], "interval").coefficients["icc_a1"]
    assert f"{found.value:.2f}" == "0.29"
    assert found.analytic_interval == pytest.approx((0.019, 0.76), abs=5e-3)


def test_feinstein_and_cicchettis_first_table_is_reproduced() -> None:
    one = PUBLISHED["feinstein_cicchetti_1990_1a"]
    agreement = measured(rows_of_table(one["table"]), "nominal")
    found, computed = agreement.coefficients, one["computed"]
    assert f"{agreement.pairwise[0].cohen_kappa.value:.2f}" == "0.70"
    names = {"scott_pi": "fleiss_kappa", "ac1": "gwet_ac", "pabak_bp": "brennan_prediger"}
    for printed, name in {**names, "alpha": "krippendorff_alpha"}.items():
        assert found[name].value == pytest.approx(computed[printed], abs=5e-5)
    # Cicchetti and Feinstein's indices of the same table: 2a / (2a + b + c), 2d / (2d + b + c).
    assert found["positive_agreement"].value == pytest.approx(90 / 105)
    assert found["negative_agreement"].value == pytest.approx(80 / 95)


def test_bland_and_altmans_peak_flow_meters_are_reproduced() -> None:
    # Bland JM, Altman DG (1986), Lancet 1:307-310: 17 subjects, first readings of both meters.
    large = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
    mini = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]
    limits = limits_of_agreement(large, mini)
    assert limits.sd is not None
    assert limits.low is not None
    assert limits.high is not None
    assert (f"{limits.bias:.1f}", f"{limits.sd:.1f}") == ("-2.1", "38.8")
    # They print -79.7 and 75.5, with 2 for 1.96.
    assert (limits.low, limits.high) == pytest.approx((-2.1 - 1.96 * 38.8, 73.9), abs=0.1)
    assert limits.bias_interval == pytest.approx((-22.0, 17.8), abs=0.1)
    assert limits.low_interval == pytest.approx((-113.0, -43.5), abs=1.5)


# --- tables at the edge ------------------------------------------------------------------------


@pytest.mark.parametrize("case", EDGES)
@pytest.mark.parametrize("is_declared", [True, False])
def test_an_edge_case_has_its_values_and_standard_errors(case: str, is_declared: bool) -> None:
    one = EDGES[case]
    agreement = measured(one["ratings"], "nominal", one["categories"] if is_declared else None)
    for printed, name in NAMES.items():
        expected, found = one["expected"][printed], agreement.coefficients[name]
        if expected["coef"] is None:
            assert (found.value, found.interval) == (None, None)
            assert "all reads are one category" in found.note
        else:
            assert found.value == pytest.approx(expected["coef"], abs=5e-7)
            assert found.standard_error == pytest.approx(expected["se"], abs=5e-7)
            ends = (expected["lo"], expected["hi"])
            assert found.analytic_interval == pytest.approx(ends, abs=5e-6)
    whole = agreement.coefficients["full_agreement"]
    assert whole.value == pytest.approx(one["n_full_agreement"] / one["n_compared"])
    assert whole.interval == pytest.approx(one["wilson"], abs=5e-5)


@pytest.mark.parametrize("case", EDGES)
def test_an_interval_is_there_only_where_resamples_bear_it(case: str) -> None:
    one = EDGES[case]
    agreement = measure_agreement(ratings_of(one["ratings"], "nominal", one["categories"]))
    names = {"pa": "percent_agreement", "fleiss": "fleiss_kappa", "ac1": "gwet_ac"}
    for short, name in {**names, "alpha": "krippendorff_alpha"}.items():
        estimate, n_undefined = agreement.coefficients[name], one["undefined_of_2000"][short]
        if estimate.value in (None, 1.0) or n_undefined > 100:
            assert estimate.interval is None
            assert estimate.note
        else:
            assert estimate.interval is not None
            low, high = estimate.interval
            assert -1 <= low <= high <= 1


def test_every_interval_has_the_confidence_that_is_asked_for() -> None:
    rows = PUBLISHED["shrout_fleiss_1979"]["ratings"] * 4
    wide, narrow = (
        measure_agreement(ratings_of(rows, "interval"), resampling=Resampling(500, 1, confidence))
        for confidence in (0.95, 0.8)
    )
    for name, estimate in wide.coefficients.items():
        other = narrow.coefficients[name]
        for ends, inner in (
            (estimate.interval, other.interval),
            (estimate.analytic_interval, other.analytic_interval),
        ):
            if ends and inner and ends != (0.0, 1.0):
                assert ends[1] - ends[0] > inner[1] - inner[0], name
    first, second = wide.pairwise[0].limits, narrow.pairwise[0].limits
    assert first is not None
    assert second is not None
    assert (first.low, first.high) == (second.low, second.high)
    assert first.bias_interval is not None
    assert second.bias_interval is not None
    assert first.bias_interval[0] < second.bias_interval[0]


def test_a_kappa_that_is_low_for_want_of_variety_says_so() -> None:
    one = EDGES["one_disagreement_prevalent"]
    found = measured(one["ratings"], "nominal").coefficients
    assert "low although 97% of pairs of reads agree" in found["fleiss_kappa"].note
    assert found["gwet_ac"].value == pytest.approx(0.968765, abs=5e-7)


# --- other programs ----------------------------------------------------------------------------


def random_rows(seed: int, n_categories: int, share_missing: float) -> Rows:
    rng = np.random.default_rng(seed)
    rows: Rows = []
    for _ in range(40):
        truth = int(rng.integers(1, n_categories + 1))
        reads = [truth if rng.random() < 0.6 else int(rng.integers(1, n_categories + 1))] * 4
        reads = [int(rng.integers(1, n_categories + 1)) if rng.random() < 0.4 else r for r in reads]
        rows.append([None if rng.random() < share_missing else read for read in reads])
    return rows


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_is_that_of_the_krippendorff_package(seed: int, level: str) -> None:
    rows = random_rows(seed, 5, share_missing=0.25)
    data = np.array([[np.nan if read is None else read for read in row] for row in rows]).T
    expected = krippendorff.alpha(reliability_data=data, level_of_measurement=level)
    found = measured(rows, level).coefficients["krippendorff_alpha"]
    assert found.value == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_complete_reads_have_the_kappas_of_statsmodels(seed: int) -> None:
    rows = random_rows(seed, 4, share_missing=0)
    counts, _ = inter_rater.aggregate_raters(np.array(rows))
    agreement = measured(rows, "nominal")
    found = agreement.coefficients
    assert found["fleiss_kappa"].value == pytest.approx(inter_rater.fleiss_kappa(counts))
    randolph = inter_rater.fleiss_kappa(counts, method="randolph")
    assert found["brennan_prediger"].value == pytest.approx(randolph)
    for pair, (first, second) in zip(agreement.pairwise, [(0, 1), (0, 2), (0, 3)], strict=False):
        table, _ = inter_rater.to_table(np.array(rows)[:, [first, second]], bins=np.arange(0.5, 5))
        expected = inter_rater.cohens_kappa(table, return_results=False)
        assert pair.cohen_kappa.value == pytest.approx(expected)


@pytest.mark.parametrize(("weights", "name"), [("linear", "linear"), ("quadratic", "fc")])
def test_weighted_kappas_are_those_of_statsmodels(weights: str, name: str) -> None:
    rows = random_rows(7, 4, share_missing=0)
    table, _ = inter_rater.to_table(np.array(rows)[:, :2], bins=np.arange(0.5, 5))
    expected = inter_rater.cohens_kappa(table, wt=name, return_results=False)
    agreement = measure_agreement(
        ratings_of([row[:2] for row in rows], "ordinal"), weights=weights, resampling=NO_INTERVALS
    )
    assert agreement.pairwise[0].cohen_kappa.value == pytest.approx(expected)


def test_the_bca_interval_is_that_of_scipy() -> None:
    rng = np.random.default_rng(5)
    sample = rng.exponential(size=60)
    expected = stats.bootstrap(
        (sample,), np.mean, n_resamples=4000, method="BCa", rng=np.random.default_rng(2)
    )
    jackknife = (sample.sum() - sample) / 59
    found = bca_interval(
        float(sample.mean()), expected.bootstrap_distribution, jackknife, np.ones(60), 0.95
    )
    assert found.ends == pytest.approx(tuple(expected.confidence_interval), abs=1e-9)


def test_weights_are_those_of_gwets_handbook() -> None:
    # Gwet KL (2014), section 3.5, four ordered categories: agreement is 1 minus disagreement.
    scale = ratings_of([[1, 2], [3, 4]], "ordinal").scale
    apart = {kind: disagreements(kind, scale) for kind in Weights}
    assert (1 - apart[Weights.LINEAR])[0] == pytest.approx([1, 2 / 3, 1 / 3, 0])
    assert (1 - apart[Weights.QUADRATIC])[0] == pytest.approx([1, 8 / 9, 5 / 9, 0])
    assert (1 - apart[Weights.ORDINAL])[0] == pytest.approx([1, 5 / 6, 1 / 2, 0])
    # ((4 - 2) / (4 + 2))^2 over ((4 - 1) / (4 + 1))^2
    assert apart[Weights.RATIO][1, 3] == pytest.approx((1 / 9) / (9 / 25))


@pytest.mark.parametrize(("df1", "df2"), [(1, 1), (5, 15), (21, 42), (3.7, 2.2), (999, 1998)])
def test_quantiles_are_those_of_scipy(df1: float, df2: float) -> None:
    for probability in (0.025, 0.5, 0.9, 0.975, 0.995):
        expected = stats.f.ppf(probability, df1, df2)
        assert f_quantile(probability, df1, df2) == pytest.approx(expected, rel=1e-8)
        assert t_quantile(probability, df2) == pytest.approx(
            stats.t.ppf(probability, df2), rel=1e-8, abs=1e-12
        )
    assert incomplete_beta(0.3, df1, df2) == pytest.approx(stats.beta.cdf(0.3, df1, df2))
