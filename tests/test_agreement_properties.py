"""What must hold of agreement for any reads: order, names, missing ones, and never NaN."""

from __future__ import annotations

import json
import math
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from screener.agreement.bootstraps import bca_interval
from screener.agreement.measures import NAMES, Resampling, measure_agreement
from screener.agreement.ratings import Reading, make_ratings
from screener.agreement.records import Agreement
from screener.agreement.scales import Level

FEW = Resampling(n=60)
NO_INTERVALS = Resampling(n=0)
LEVELS = st.sampled_from(list(Level))

Reads = dict[str, list[int | None]]


@st.composite
def tables(draw: st.DrawFn, most_readers: int = 4, has_missing: bool = True) -> Reads:
    """Reads on a scale of up to four numbers, with blanks."""
    n_cases = draw(st.integers(0, 12))
    readers = draw(st.integers(1, most_readers))
    read = st.integers(0, draw(st.integers(0, 3)))
    cell = st.one_of(st.none(), read) if has_missing else read
    column = st.lists(cell, min_size=n_cases, max_size=n_cases)
    return {f"r{place}": draw(column) for place in range(readers)}


def values(agreement: Agreement) -> dict[str, float | None]:
    return {name: estimate.value for name, estimate in agreement.coefficients.items()}


def same(first: dict[str, float | None], second: dict[str, float | None]) -> bool:
    return first.keys() == second.keys() and all(
        (a is None) == (b is None) and (a is None or b is None or math.isclose(a, b, abs_tol=1e-9))
        for a, b in zip(first.values(), second.values(), strict=True)
    )


@given(tables(), LEVELS)
def test_every_coefficient_is_a_number_or_says_why_it_is_none(reads: Reads, level: Level) -> None:
    agreement = measure_agreement(reads, level, resampling=FEW)
    assert tuple(agreement.coefficients) == NAMES
    document = json.loads(json.dumps(agreement.to_dict(), allow_nan=False))
    for estimate in agreement.coefficients.values():
        if estimate.value is None:
            assert estimate.note
            assert estimate.interval is None
        else:
            assert math.isfinite(estimate.value)
            assert estimate.value <= 1
            assert estimate.interval or estimate.note
        if estimate.interval:
            low, high = estimate.interval
            assert low <= high <= 1
    for pair in document["pairwise"]:
        assert (pair["cohen_kappa"] is None) <= bool(pair["note"])


@given(tables(), LEVELS, st.randoms(use_true_random=False))
def test_the_order_of_cases_changes_nothing_and_intervals_neither(
    reads: Reads, level: Level, random: Any
) -> None:
    order = list(range(len(reads["r0"])))
    random.shuffle(order)
    shuffled = {reader: [column[place] for place in order] for reader, column in reads.items()}
    one = measure_agreement(reads, level, resampling=FEW)
    other = measure_agreement(shuffled, level, resampling=FEW)
    assert one.to_dict() == other.to_dict() or same(values(one), values(other))
    assert [e.interval for e in one.coefficients.values()] == [
        e.interval for e in other.coefficients.values()
    ]


@given(tables(), LEVELS)
def test_the_order_of_readers_changes_nothing_and_intervals_neither(
    reads: Reads, level: Level
) -> None:
    turned = dict(reversed(reads.items()))
    one = measure_agreement(reads, level, resampling=FEW)
    other = measure_agreement(turned, level, resampling=FEW)
    assert same(values(one), values(other))
    for name, estimate in one.coefficients.items():
        ends, turned_ends = estimate.interval, other.coefficients[name].interval
        assert (ends is None) == (turned_ends is None)
        if ends and turned_ends:
            assert ends == pytest.approx(turned_ends, abs=1e-9)
    kappas = {frozenset(pair.readers): pair.cohen_kappa.value for pair in one.pairwise}
    for pair in other.pairwise:
        assert kappas[frozenset(pair.readers)] == pytest.approx(pair.cohen_kappa.value, abs=1e-9)


@given(tables())
def test_names_of_categories_do_not_matter_at_nominal_level(reads: Reads) -> None:
    names = ["zeta", "beta", "gamma", "alpha"]
    named = {
        reader: [None if read is None else names[read] for read in column]
        for reader, column in reads.items()
    }
    one = values(measure_agreement(reads, "nominal", resampling=NO_INTERVALS))
    other = values(measure_agreement(named, "nominal", resampling=NO_INTERVALS))
    for name in ("positive_agreement", "negative_agreement"):  # which is which hangs on the name
        one.pop(name)
        other.pop(name)
    assert same(one, other)


@given(tables(), st.floats(0.1, 50), st.floats(-20, 20))
def test_interval_level_knows_neither_unit_nor_zero(reads: Reads, unit: float, zero: float) -> None:
    moved = {
        reader: [None if read is None else read * unit + zero for read in column]
        for reader, column in reads.items()
    }
    one = values(measure_agreement(reads, "interval", resampling=NO_INTERVALS))
    other = values(measure_agreement(moved, "interval", resampling=NO_INTERVALS))
    assert same(one, other)


@given(tables())
def test_cases_that_nobody_read_change_only_their_count(reads: Reads) -> None:
    more = {reader: [*column, None, None] for reader, column in reads.items()}
    one = measure_agreement(reads, "nominal", resampling=NO_INTERVALS)
    other = measure_agreement(more, "nominal", resampling=NO_INTERVALS)
    assert same(values(one), values(other))
    assert (other.n_cases, other.n_cases_read) == (one.n_cases + 2, one.n_cases_read)


@given(tables(most_readers=2, has_missing=False))
def test_of_two_readers_congers_kappa_is_cohens_and_fleiss_is_scotts(reads: Reads) -> None:
    assume(len(reads) == 2)
    assume(len(reads["r0"]) > 0)
    agreement = measure_agreement(reads, "nominal", resampling=NO_INTERVALS)
    cohen = agreement.pairwise[0].cohen_kappa.value
    assert agreement.coefficients["conger_kappa"].value == pytest.approx(cohen)
    first, second = (np.array(column) for column in reads.values())
    used = [(np.mean(first == c) + np.mean(second == c)) / 2 for c in range(4)]
    chance = sum(share**2 for share in used)
    fleiss = agreement.coefficients["fleiss_kappa"].value
    if chance == 1:
        assert fleiss is None
    else:
        scott = (np.mean(first == second) - chance) / (1 - chance)
        assert fleiss == pytest.approx(scott)


@given(tables(has_missing=False), LEVELS)
def test_who_agrees_with_oneself_agrees_wholly(reads: Reads, level: Level) -> None:
    column = reads["r0"]
    assume(len(column) > 0)
    agreement = measure_agreement({"a": column, "b": column}, level, resampling=FEW)
    for name in ("percent_agreement", "gwet_ac", "brennan_prediger", "full_agreement"):
        assert agreement.coefficients[name].value == pytest.approx(1)
    for name in ("fleiss_kappa", "conger_kappa", "krippendorff_alpha"):
        varied = len(set(column)) > 1
        assert agreement.coefficients[name].value == (pytest.approx(1) if varied else None)


@given(tables(), LEVELS, st.integers(0, 5))
def test_the_same_seed_gives_the_same_intervals(reads: Reads, level: Level, seed: int) -> None:
    resampling = Resampling(n=50, seed=seed)
    one = measure_agreement(reads, level, resampling=resampling)
    assert one == measure_agreement(reads, level, resampling=resampling)


def simulated(seed: int, n_cases: int) -> Reads:
    """Two categories, 68% positive, each of three readers right nine times in ten."""
    rng = np.random.default_rng(seed)
    truth = rng.random(n_cases) < 0.68
    return {
        name: [int(t if right else not t) for t, right in zip(truth, sure, strict=True)]
        for name, sure in zip("abc", rng.random((3, n_cases)) < 0.9, strict=True)
    }


@pytest.mark.slow
def test_intervals_hold_the_true_kappa_about_as_often_as_they_say() -> None:
    # Readers right nine times in ten: they agree with 0.82; shares of positive reads are 0.644.
    chance = 0.644**2 + 0.356**2
    true_kappa = (0.82 - chance) / (1 - chance)
    held = 0
    for seed in range(100):
        resampling = Resampling(n=500, seed=seed)
        agreement = measure_agreement(simulated(seed, 60), "nominal", resampling=resampling)
        ends = agreement.coefficients["fleiss_kappa"].interval
        assert ends is not None
        held += ends[0] <= true_kappa <= ends[1]
    assert 89 <= held <= 99  # 95% of 100, with a standard deviation of 2


def test_a_thousand_cases_take_a_few_seconds() -> None:
    rng = np.random.default_rng(4)
    percent = rng.integers(0, 101, 1000)
    reads = {
        name: [int(min(100, max(0, p + e))) for p, e in zip(percent, errors, strict=True)]
        for name, errors in zip("abc", rng.integers(-9, 10, (3, 1000)), strict=True)
    }
    began = time.process_time()
    agreement = measure_agreement(reads, "interval")
    assert time.process_time() - began < 20
    assert agreement.coefficients["icc_a1"].interval is not None


def test_an_interval_is_not_made_of_the_resamples_that_happen_to_be_defined() -> None:
    drawn = np.array([0.1, 0.2] * 40 + [np.nan] * 20)
    interval = bca_interval(0.15, drawn, np.array([0.1, 0.2]), np.ones(2), 0.95)
    assert interval.ends is None
    assert interval.note == "no interval: the value is undefined in 20 of 100 resamples"


@settings(max_examples=20)
@given(st.integers(1, 40), st.integers(0, 40))
def test_positive_and_negative_agreement_of_one_dissent(n_yes: int, n_no: int) -> None:
    reads = {"a": ["yes"] * n_yes + ["no"] * n_no + ["yes"]}
    reads["b"] = ["yes"] * n_yes + ["no"] * n_no + ["no"]
    agreement = measure_agreement(
        make_ratings(reads, Reading(Level.NOMINAL)), resampling=NO_INTERVALS
    )
    found = agreement.coefficients
    assert found["positive_agreement"].value == pytest.approx(2 * n_yes / (2 * n_yes + 1))
    assert found["negative_agreement"].value == pytest.approx(2 * n_no / (2 * n_no + 1))


def test_readers_are_overruled_by_a_majority_only() -> None:
    reads: dict[str, list[str | None]] = {
        "a": ["y", "y", "n", "y", "y"],
        "b": ["y", "y", "n", "n", None],
        "c": ["n", "y", "y", None, None],
    }
    agreement = measure_agreement(reads, "nominal", resampling=NO_INTERVALS)
    told = {one.reader: (one.n_read, one.n_compared, one.n_overruled) for one in agreement.readers}
    assert told == {"a": (5, 4, 0), "b": (4, 4, 0), "c": (3, 3, 2)}
    assert agreement.coefficients["reader_disagreement_index"].value == pytest.approx(2 / 11)
