"""Figures of accuracy against published and hand-computed values; what is undefined says why."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screener.accuracy import (
    Judged,
    average_precision,
    confusion_table,
    f1_score,
    is_percent_right,
    level_accuracy,
    number_needed_to_read,
    proportion,
    recall_at,
    wilson,
)
from screener.errors import SourceError
from screener.truths import LabelRow, make_truths, read_percent

LEVELS = ("none", "limited", "multiple", "extensive")


# Newcombe (1998), Stat Med 17:857-872, table I, method 3.
@pytest.mark.parametrize(
    ("n", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_intervals_are_the_published_ones(n: int, of: int, low: float, high: float) -> None:
    assert wilson(n, of) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_its_proportion_and_lies_between_0_and_1(pair: tuple[int, int]) -> None:
    n, of = pair
    low, high = wilson(n, of)
    assert 0 <= low <= n / of <= high <= 1
    mirrored = wilson(of - n, of)
    assert (1 - mirrored[1], 1 - mirrored[0]) == pytest.approx((low, high))


def test_no_trials_have_no_interval() -> None:
    with pytest.raises(ValueError, match="0 of 0"):
        wilson(0, 0)


def test_f1_lies_within_bounds_made_of_wilson_bounds() -> None:
    # 81 true positives among 81 + 182: q in (0.2553, 0.3662), F1 = 2q / (1 + q)
    figure = f1_score(81, 182)
    assert figure.value == pytest.approx(162 / 344)
    assert figure.low == pytest.approx(2 * 0.2553 / 1.2553, abs=1e-4)
    assert figure.high == pytest.approx(2 * 0.3662 / 1.3662, abs=1e-4)


def test_an_f1_without_errors_still_has_an_interval() -> None:
    figure = f1_score(10, 0)
    assert (figure.value, figure.high) == (1.0, 1.0)
    # Wilson's lower bound of 10/10 is 1 / (1 + 3.8415 / 10) = 0.7225
    assert figure.low == pytest.approx(2 * 0.7225 / 1.7225, abs=1e-4)


def test_number_needed_to_read_is_the_inverse_of_the_ppv() -> None:
    # 22 candidates, 15 confirmed (Gococo-Benore et al. 2023); Wilson of 15/22 is 0.4732 to 0.8364
    figure = number_needed_to_read(15, 22)
    assert figure.value == pytest.approx(22 / 15)
    assert (figure.n, figure.of) == (22, 15)
    assert figure.low == pytest.approx(1 / 0.8364, abs=2e-4)
    assert figure.high == pytest.approx(1 / 0.4732, abs=5e-4)


def test_average_precision_and_recall_at_k_are_counted_down_the_ranking() -> None:
    ranked = [True, False, True, True, False]
    assert average_precision(ranked).value == pytest.approx((1 / 1 + 2 / 3 + 3 / 4) / 3)
    assert (recall_at(ranked, 2).n, recall_at(ranked, 2).of) == (1, 3)
    assert recall_at(ranked, 100).value == 1


def test_the_figures_of_a_level_are_those_of_its_fourfold_table() -> None:
    told = "TTFTFFFFFF"  # truth in order of rank; the first four are flagged
    ranked = [Judged(str(i), c == "T", i < 4) for i, c in enumerate(told)]
    figures = level_accuracy([*ranked, Judged("x", is_true=True, is_flagged=False)])
    assert (figures.n_true_positive, figures.n_false_positive) == (3, 1)
    assert (figures.n_false_negative, figures.n_true_negative) == (1, 6)
    assert figures.sensitivity.value == pytest.approx(3 / 4)
    assert figures.ppv.value == pytest.approx(3 / 4)
    assert figures.f1.value == pytest.approx(6 / 8)
    assert figures.specificity.value == pytest.approx(6 / 7)
    assert figures.npv.value == pytest.approx(6 / 7)
    assert figures.average_precision.value == pytest.approx((1 + 1 + 3 / 4 + 4 / 11) / 4)
    assert sorted(figures.recall_at) == [4, 10, 22, 50, 100]
    assert figures.recall_at[4].n == 3
    assert figures.recall_at[10].n == 3


def test_what_is_undefined_has_a_reason_and_is_never_nan() -> None:
    nothing = level_accuracy([Judged("a", is_true=False, is_flagged=False)])
    for name in ("sensitivity", "ppv", "f1", "number_needed_to_read", "average_precision"):
        figure = getattr(nothing, name)
        assert figure.value is None
        assert figure.why
    all_wrong = number_needed_to_read(0, 5)
    assert (all_wrong.value, all_wrong.high) == (None, None)
    assert "none of the 5 flagged is true" in all_wrong.why
    json.dumps([asdict(nothing), asdict(all_wrong)], allow_nan=False)
    assert proportion(0, 0, "none is true").why == "none is true"


def test_a_confusion_table_has_truth_in_rows() -> None:
    pairs = [("none", "none"), ("none", "extensive"), ("multiple", "limited")]
    assert confusion_table(pairs, LEVELS) == (
        (1, 0, 0, 1),
        (0, 0, 0, 0),
        (0, 1, 0, 0),
        (0, 0, 0, 0),
    )


@pytest.mark.parametrize(
    ("said", "is_right"),
    [((70.0, 80.0), True), ((69.0, 81.0), True), ((68.9, 80.0), False), (None, False)],
)
def test_a_percent_is_right_within_one_point(
    said: tuple[float, float] | None, is_right: bool
) -> None:
    assert is_percent_right(said, (70.0, 80.0)) is is_right


@pytest.mark.parametrize(
    ("written", "percent"),
    [
        (75, (75.0, 75.0)),
        ("62.5", (62.5, 62.5)),
        ([70, 80], (70.0, 80.0)),
        ("[70, 80]", (70.0, 80.0)),
        ("70-80%", (70.0, 80.0)),
        ("70 to 80", (70.0, 80.0)),
        (">75", (75.0, 100.0)),
        ("< 25 %", (0.0, 25.0)),
        ("80-70", None),
        ("120", None),
        ("most", None),
    ],
)
def test_a_percent_may_be_written_in_several_ways(
    written: object, percent: tuple[float, float] | None
) -> None:
    assert read_percent(written) == percent


def truths_of(*rows: dict[str, object]) -> object:
    numbered = [LabelRow(line, row) for line, row in enumerate(rows, start=2)]
    columns = {name for row in rows for name in row}
    return make_truths(numbered, columns, LEVELS, ["extensive"], "truth.csv")


def test_all_that_is_wrong_with_a_truth_is_told_at_once_and_no_cell_is_quoted() -> None:
    with pytest.raises(SourceError) as caught:
        truths_of(
            {"report_id": "r1", "candidate": "Mr Xyzzy", "burden": "none"},
            {"report_id": "", "candidate": "true", "burden": "xyzzy"},
            {"report_id": "r2", "candidate": "true", "burden": "none"},
            {"report_id": "r2", "candidate": "false", "burden": "none"},
        )
    message = str(caught.value)
    assert "line 2: candidate is neither true nor false" in message
    assert "line 3: report_id is empty" in message
    assert "line 3: burden is none of none, limited, multiple, extensive" in message
    assert "line 5: report_id 'r2' has another truth above" in message
    assert "xyzzy" not in message.lower()


def test_a_truth_needs_ids_and_something_that_is_true() -> None:
    with pytest.raises(SourceError) as caught:
        truths_of({"name": "r1", "label": "true"})
    assert "no column 'report_id'" in str(caught.value)
    assert "no column 'candidate', 'exceeds_75' or 'burden'" in str(caught.value)
