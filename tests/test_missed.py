"""The bound on missed patients: published figures, exact coverage, and the command."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from command_line import screener
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from screener.audits import Audit, chance_of_so_few, missed_at_most
from screener.missed import estimate_missed
from screener.promises import promise, read_to_allow


@st.composite
def audits(draw: st.DrawFn, largest: int = 30) -> tuple[int, int, int]:
    """Unflagged, read, and how many of them are true."""
    n_unflagged = draw(st.integers(1, largest))
    n_read = draw(st.integers(0, n_unflagged))
    return n_unflagged, n_read, draw(st.integers(0, n_unflagged))


# --- the bound ---------------------------------------------------------------------------------


def test_60_of_349_read_and_none_found_still_allows_15_missed_and_150_allows_5() -> None:
    # 371 patients, 22 of them flagged (Gococo-Benore et al. 2023): 349 whom nobody read.
    assert missed_at_most(349, 60, 0) == 15
    assert missed_at_most(349, 150, 0) == 5
    # One-sided 95%: 15 have a chance of more than 5% to stay unseen, 16 have less.
    assert stats.hypergeom.cdf(0, 349, 15, 60) > 0.05 > stats.hypergeom.cdf(0, 349, 16, 60)


@pytest.mark.parametrize(("n_unflagged", "n_read"), [(349, 60), (349, 150), (40, 39), (5000, 300)])
def test_the_bound_with_true_ones_found_is_the_last_that_scipy_does_not_reject(
    n_unflagged: int, n_read: int
) -> None:
    for n_found in (0, 1, 3, 12):
        bound = missed_at_most(n_unflagged, n_read, n_found)
        assert stats.hypergeom.cdf(n_found, n_unflagged, bound, n_read) > 0.05
        if bound < n_unflagged - n_read + n_found:
            assert stats.hypergeom.cdf(n_found, n_unflagged, bound + 1, n_read) <= 0.05


@given(audits(), st.integers(0, 30))
def test_chances_are_those_of_scipy(audit: tuple[int, int, int], n_found: int) -> None:
    n_unflagged, n_read, n_true = audit
    found = chance_of_so_few(n_found, n_unflagged, n_true, n_read)
    expected = stats.hypergeom.cdf(n_found, n_unflagged, n_true, n_read)
    assert float(found) == pytest.approx(expected, abs=1e-9)


@given(audits(), st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99]))
def test_the_bound_is_too_low_in_no_more_samples_than_stated(
    audit: tuple[int, int, int], confidence: float
) -> None:
    """Over every sample that can be drawn, and not over simulated ones."""
    n_unflagged, n_read, n_true = audit
    failed = Fraction(0)
    below = Fraction(0)
    for n_found in range(max(0, n_true + n_read - n_unflagged), min(n_true, n_read) + 1):
        up_to = chance_of_so_few(n_found, n_unflagged, n_true, n_read)
        if missed_at_most(n_unflagged, n_read, n_found, confidence) < n_true:
            failed += up_to - below
        below = up_to
    assert below == 1
    assert failed <= 1 - Fraction(str(confidence))


@given(audits())
def test_reading_more_without_finding_never_raises_the_bound(audit: tuple[int, int, int]) -> None:
    n_unflagged, n_read, _ = audit
    bounds = [missed_at_most(n_unflagged, n, 0) for n in range(n_read, n_unflagged + 1)]
    assert bounds == sorted(bounds, reverse=True)
    assert bounds[-1] == 0


def test_who_read_nobody_knows_nothing_and_who_read_all_knows_all() -> None:
    assert missed_at_most(349, 0, 0) == 349
    assert missed_at_most(349, 349, 7) == 7
    assert missed_at_most(0, 0, 0) == 0


# --- promises ----------------------------------------------------------------------------------


@given(audits(), st.integers(0, 30), st.sampled_from([0.5, 0.75, 0.9, 0.95, 1.0]))
def test_a_promise_is_kept_by_the_reads_that_it_asks_for_and_by_no_fewer(
    audit: tuple[int, int, int], n_confirmed: int, sensitivity: float
) -> None:
    n_unflagged, n_read, n_true = audit
    n_found = min(n_true, n_read, 2)
    told = promise(Audit(n_unflagged, n_read, n_found, n_confirmed, n_confirmed), sensitivity)
    if told.n_read is None or told.n_more is None:
        assert n_confirmed == 0 or n_found > told.n_missed_allowed
        assert told.why
        return
    bound = missed_at_most(n_unflagged, told.n_read, n_found)
    assert Fraction(n_confirmed, n_confirmed + bound) >= Fraction(str(sensitivity))
    if told.n_more:
        before = missed_at_most(n_unflagged, told.n_read - 1, n_found)
        assert Fraction(n_confirmed, n_confirmed + before) < Fraction(str(sensitivity))


def test_a_share_is_the_decimal_that_is_written() -> None:
    # 9 confirmed, 0.9 promised: 1 may be missed. In binary 9 * 0.1 / 0.9 is less than 1.
    assert promise(Audit(349, 60, 0, 9, 9), 0.9).n_missed_allowed == 1


def test_what_is_found_already_cannot_be_promised_away() -> None:
    told = promise(Audit(349, 60, 2, 22, 15), 0.9)
    assert (told.n_read, told.n_more) == (None, None)
    assert told.why == "2 missed ones are found already, and it allows 1"
    assert read_to_allow(Audit(349, 60, 0), 15) == 60


def test_an_audit_tells_sensitivity_ppv_and_number_needed_to_read() -> None:
    told = estimate_missed(Audit(349, 60, 0, 22, 15))
    assert told.sensitivity_at_least == 0.5
    assert (told.ppv.n, told.ppv.of) == (15, 22)
    # Wilson of 15/22
    assert (told.ppv.low, told.ppv.high) == pytest.approx((0.4732, 0.8364), abs=5e-5)
    assert told.number_needed_to_read.value == pytest.approx(22 / 15)
    with_found = estimate_missed(Audit(349, 60, 2, 22, 15))
    assert with_found.missed_estimate == pytest.approx(2 * 349 / 60)
    assert with_found.unread_at_most == with_found.missed_at_most - 2
    assert with_found.found_at_least == pytest.approx(17 / (15 + with_found.missed_at_most))


def test_what_is_not_known_is_said_and_not_made_up() -> None:
    told = estimate_missed(Audit(349, 0, 0))
    assert (told.missed_estimate, told.sensitivity_at_least, told.promises) == (None, None, ())
    assert told.true_among_read.why == "no unflagged one was read"
    assert told.ppv.value is None
    none = estimate_missed(Audit(10, 10, 0, 5, 0))
    assert none.sensitivity_at_least is None
    json.dumps([told.to_dict(), none.to_dict()], allow_nan=False)


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((349, 350, 0), "350 read is more than the 349 unflagged"),
        ((349, 60, 61), "61 found is more than the 60 read"),
        ((349, 60, 0, 22, 23), "23 confirmed is more than the 22 flagged"),
        ((349, -1, 0), "-1 read is less than none"),
    ],
)
def test_counts_that_cannot_be_are_refused(counts: tuple[int, ...], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Audit(*counts)


# --- the command -------------------------------------------------------------------------------


def test_the_command_tells_the_bound_and_what_a_promise_asks_for() -> None:
    audit = ["--unflagged", 349, "--read", 60, "--found", 0]
    done = screener("missed", *audit, "--flagged", 22, "--flagged-confirmed", 15)
    assert (done.returncode, done.stderr) == (0, "")
    assert "at most 15" in done.stdout
    assert "0.682 (0.473 to 0.836) 15/22" in done.stdout
    assert "0.8   allows 3 missed: read 124 more, 184 in all" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_the_command_gives_json() -> None:
    audit = ["--unflagged", 349, "--read", 60, "--found", 0, "--flagged-confirmed", 15]
    told = json.loads(screener("missed", *audit, "--promise", 0.75, "--json").stdout)
    assert (told["missed_at_most"], told["sensitivity_at_least"]) == (15, 0.5)
    assert told["ppv"]["value"] is None
    assert [(one["sensitivity"], one["n_more"]) for one in told["promises"]] == [(0.75, 77)]


def test_the_command_refuses_counts_that_cannot_be() -> None:
    done = screener("missed", "--unflagged", 349, "--read", 60, "--found", 61)
    assert done.returncode == 2
    assert "61 found is more than the 60 read" in done.stderr
