"""Consensus, held against the truth table of partial reads and against what must hold anyway."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screener.consensus import Consensus, Opinion, Rule, settle_case
from screener.reads import VERDICTS

TABLE = json.loads((Path(__file__).parent / "data" / "consensus_truth_table.json").read_bytes())
ROWS: list[dict[str, Any]] = TABLE["rows"]
COLUMNS: dict[str, Rule] = {
    "majority": "majority",
    "unanimous_else_meeting": "unanimous_else_meeting",
    "all_positive_required": "unanimous",
}
RULES: tuple[Rule, ...] = (*COLUMNS.values(), "two_plus_one", "median_percent")
WORDS = {1: "yes", 0: "no", None: None}


def opinion(read: int | None) -> Opinion | None:
    return None if read is None else Opinion("yes", 90.0) if read else Opinion("no", 10.0)


def test_the_table_has_every_combination_of_three_reads() -> None:
    assert sorted(map(str, (row["reads"] for row in ROWS))) == sorted(
        map(str, map(list, itertools.product([1, 0, None], repeat=3)))
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["reads"]))
@pytest.mark.parametrize("column", COLUMNS)
def test_partial_reads_come_out_as_the_table_says(row: dict[str, Any], column: str) -> None:
    found = settle_case([opinion(read) for read in row["reads"]], COLUMNS[column])
    assert found.verdict == WORDS[row[column]]
    assert found.status == row["status"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["reads"]))
def test_the_third_reader_decides_only_where_the_first_two_differ(row: dict[str, Any]) -> None:
    first, second, third = map(opinion, row["reads"])
    found = settle_case([first, second], "two_plus_one", adjudication=third)
    assert found.verdict == WORDS[row["two_plus_one_R3_adjudicates"]]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["reads"]))
def test_the_median_percent_is_the_majority_of_the_cuts(row: dict[str, Any]) -> None:
    found = settle_case([opinion(read) for read in row["reads"]], "median_percent")
    assert found.verdict == WORDS[row["majority"]]


opinions = st.builds(
    lambda percent: Opinion("yes" if percent > 75 else "no", percent),
    st.floats(0, 100, allow_nan=False),
)
any_opinion = st.one_of(st.none(), opinions, st.just(Opinion("cannot_assess")))


@given(st.lists(opinions, min_size=1, max_size=7).filter(lambda some: len(some) % 2 == 1))
def test_for_an_odd_number_the_median_agrees_with_the_majority(reads: list[Opinion]) -> None:
    assert settle_case(reads, "median_percent").verdict == settle_case(reads, "majority").verdict


@given(st.lists(any_opinion, min_size=1, max_size=5), st.sampled_from(RULES), st.data())
def test_what_is_settled_early_no_missing_read_can_change(
    reads: list[Opinion | None], rule: Rule, data: st.DataObject
) -> None:
    early = settle_case(reads, rule)
    full = [data.draw(any_opinion.filter(bool)) if read is None else read for read in reads]
    if early.verdict is not None:
        assert settle_case(full, rule).verdict == early.verdict


@given(st.permutations(range(4)), st.lists(any_opinion, min_size=4, max_size=4))
def test_the_order_of_readers_does_not_matter(
    order: list[int], reads: list[Opinion | None]
) -> None:
    for rule in RULES:
        before = settle_case(reads, rule)
        after = settle_case([reads[place] for place in order], rule)
        assert (before.verdict, before.status) == (after.verdict, after.status)


@given(st.lists(any_opinion, min_size=1, max_size=5), st.sampled_from(RULES))
def test_a_case_is_open_or_has_a_verdict_and_says_why(
    reads: list[Opinion | None], rule: Rule
) -> None:
    found = settle_case(reads, rule)
    assert (found.verdict is None) == (found.basis == "open") == bool(found.why_open)
    assert found.verdict is None or found.verdict in VERDICTS


YES, NO, CANNOT = Opinion("yes", 90.0), Opinion("no", 10.0), Opinion("cannot_assess")


@pytest.mark.parametrize(
    ("rule", "reads", "verdict"),
    [
        ("majority", [YES, NO, CANNOT], None),
        ("majority", [CANNOT, CANNOT, YES], "cannot_assess"),
        ("unanimous", [YES, YES, CANNOT], "cannot_assess"),
        ("unanimous", [NO, CANNOT, None], "no"),
        ("unanimous", [YES, CANNOT, None], None),
        ("unanimous_else_meeting", [CANNOT, CANNOT, CANNOT], "cannot_assess"),
        ("median_percent", [YES, NO, CANNOT], "no"),
        ("median_percent", [YES, CANNOT, CANNOT], "cannot_assess"),
    ],
)
def test_who_cannot_assess_is_no_vote_for_yes_or_no(
    rule: Rule, reads: list[Opinion | None], verdict: str | None
) -> None:
    assert settle_case(reads, rule).verdict == verdict


def test_a_meeting_is_heard_only_when_all_have_read_and_differ() -> None:
    rule: Rule = "unanimous_else_meeting"
    outcome = Opinion("yes", 80.0)
    assert settle_case([YES, NO, None], rule, meeting=outcome).verdict is None
    assert settle_case([NO, NO, NO], rule, meeting=outcome).verdict == "no"
    met = settle_case([YES, NO, NO], rule, meeting=outcome)
    assert met == Consensus("yes", "discordant", "meeting", 80.0)
    assert settle_case([YES, NO, NO], "majority", meeting=outcome).basis == "reads"


def test_an_open_case_says_what_is_waited_for() -> None:
    assert settle_case([YES, None, None], "majority").why_open == "2 of 3 reads are missing"
    differ = settle_case([YES, NO], "two_plus_one")
    assert differ.why_open == "the readers differ; the adjudicator decides"
