"""``screener check-numbers``: a draft with the slips of a paper, and what is no slip."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from command_line import screener
from hypothesis import given
from hypothesis import strategies as st

from screener.claims import ROUNDINGS, Claim, judge, rounded
from screener.contradictions import with_contradictions
from screener.draft_patterns import read_number
from screener.drafts import check_draft

# Counts and percents as Gococo-Benore et al. (J Nucl Med 2023;64:880-884) print them, in words of
# our own; what is wrong with them is listed beside the figures in the facts of the study.
PAPER = """\
Of 371 patients, 22 were candidates, and 15 of 22 (68%) were confirmed.
Men: 11 (73%), women: 4 (27%). Baseline ALP: grade 1 in 6 (40%), grade 3 in 3 (20%).
Hepatotoxicity was seen in 1 of 15 (6%). Grade 1: 5 of 15 (53%).
New ascites of grade 1 was seen in 3 of 15 (33%). Before, 5 (33%) had ascites.
New cytopenia: 4 of 12 (33%). Renal failure in 2 (13%), fatigue in 6 (40%).
Nausea in 1 patient (6%), ECOG decline in 1 patient (6%). In all, 5 patients died (3 + 1 + 1 = 5).
Response after four cycles: 2 of 11 (18%), 5 of 11 (45%) and 4 of 11 (36%).
In short, 42% had new cytopenia and 4 patients died.
"""


def test_the_slips_of_the_paper_are_named_with_line_and_column(tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(PAPER, encoding="utf-8")
    done = screener("check-numbers", draft, "--of", 15)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"{draft}:{told}"
        for told in (
            "3:28: '1 of 15 (6%)' does not hold: "
            "1/15 is 6.7%, which rounds to 7%; 6% is truncated.",
            "3:51: '5 of 15 (53%)' does not hold: 5/15 is 33.3%; 53% is 8/15.",
            "4:36: '3 of 15 (33%)' does not hold: 3/15 is 20.0%; 33% is 5/15.",
            "6:11: '1 patient (6%)' does not hold: "
            "1/15 is 6.7%, which rounds to 7%; 6% is truncated.",
            "6:43: '1 patient (6%)' does not hold: "
            "1/15 is 6.7%, which rounds to 7%; 6% is truncated.",
            "6:67: '5 patients died' is not checked: line 8 says 4 died.",
            "8:11: '42%' is not checked: "
            "no count beside it; it may be 5/12; line 5 says 33% of cytopenia.",
            "8:37: '4 patients died' is not checked: line 6 says 5 died.",
        )
    ]
    assert "13 statements hold, 5 do not, 3 are not checked." in done.stderr


def test_a_draft_without_a_slip_passes(tmp_path: Path) -> None:
    done = screener("check-numbers", "-", "--json", stdin="Pain in 4/15 (27%).\n")
    assert (done.returncode, json.loads(done.stdout)["n_wrong"]) == (0, 0)
    (one,) = json.loads(done.stdout)["statements"]
    assert (one["n"], one["of"], one["stated"], one["verdict"]) == (4, 15, "27%", "holds")
    assert screener("check-numbers", tmp_path / "none.md").returncode == 3


@pytest.mark.parametrize(
    "written",
    [
        "4/15 (27%)",
        "4 of 15 (26.7%)",
        "27% (4/15)",
        "4 out of 15 patients (27 %)",
        "four of the fifteen patients (27%)",
        "4 of 15 (27%; 95% CI 11-52%)",
        "4 of 15 (27%, 95% CI 11% to 52%)",
        "4/15, 27%",
        "4/15 = 27%",
        "4/15 [26\u00b77%]",
        "26.7 percent (n = 4/15)",
        "27% of patients (4 of 15)",
        "4 patients (of 15; 27%)",
        "4\u00a0of\u00a015\n  patients (27%)",
        "4 in 15 (27%)",
        "4/15 (<30%)",
    ],
)
def test_the_forms_of_a_claim(written: str) -> None:
    for text, column in ((written, 1), (f"Seen in {written}, and so on.", 9)):
        found = [one for one in check_draft(text) if one.claim]
        assert [(one.claim.n, one.claim.of) for one in found if one.claim] == [(4, 15)]
        assert (found[0].judgement.verdict, found[0].column) == ("holds", column)
        right, wrong = (Claim(n, 15, 27, 0) for n in (4, 5))
        assert (judge(right).verdict, judge(wrong).verdict) == ("holds", "wrong")


@pytest.mark.parametrize(
    "written",
    [
        "grade 3 (20%)",
        "Table 2 (33%)",
        "in 2019 (12%)",
        "more than 75% of the liver",
        "95% CI 11-52",
        "at a 95% confidence interval",
        "70-80%",
        "5.15 of 7 points",
        "1/2 of the dose",
    ],
)
def test_what_is_no_claim(written: str) -> None:
    assert not [one for one in check_draft(written, [15]) if one.claim or one.is_wrong]


@pytest.mark.parametrize(
    ("claim", "verdict", "roundings"),
    [
        (Claim(1, 40, 3, 0), "holds", ("half_up",)),
        (Claim(1, 40, 2, 0), "holds", ("half_even", "truncation")),
        (Claim(1, 15, 6, 0), "other_rounding", ("truncation",)),
        (Claim(1, 15, 67, 1), "holds", ("half_up", "half_even")),
        (Claim(1, 15, 66, 1), "other_rounding", ("truncation",)),
        (Claim(3, 15, 33, 0), "wrong", ()),
        (Claim(16, 15, 107, 0), "impossible", ()),
        (Claim(0, 0, 0, 0), "impossible", ()),
    ],
)
def test_rounding_rules_are_told_apart(
    claim: Claim, verdict: str, roundings: tuple[str, ...]
) -> None:
    judged = judge(claim)
    assert (judged.verdict, judged.roundings) == (verdict, roundings)


def test_one_rule_can_be_asked_for() -> None:
    text = "1/40 (2%), 1/40 (3%), 1/15 (6%)"
    for rule, verdicts in {
        "half_up": ["other_rounding", "holds", "other_rounding"],
        "half_even": ["holds", "other_rounding", "other_rounding"],
        "truncation": ["holds", "other_rounding", "holds"],
    }.items():
        found = check_draft(text, rounding=rule)  # type: ignore[arg-type]
        assert [one.judgement.verdict for one in found] == verdicts


def test_a_draft_that_rounds_by_two_rules_is_told() -> None:
    done = screener("check-numbers", "-", stdin="1/40 (2%) and 3/40 (8%), but 1/40 (3%)")
    assert done.returncode == 0
    assert "1 hold by half up only and 1 by half even only" in done.stderr


def test_a_count_alone_needs_its_denominator() -> None:
    text = "15 patients (4.0%) were confirmed, 22 of 371 (5.9%) flagged."
    (alone, _) = check_draft(text)
    assert alone.judgement.verdict == "unchecked"
    assert "tell it by --of; it would hold of 371" in alone.judgement.why
    assert check_draft(text, [371])[0].judgement.verdict == "holds"
    assert check_draft(text, [15, 371])[0].judgement.of == 371
    assert check_draft(text, [22])[0].judgement.verdict == "wrong"


def test_a_count_alone_is_of_what_its_sentence_begins_with() -> None:
    text = "Of the 371 patients, 22 (5.9%) were flagged and 15 (68%) confirmed. 15 (68%) died."
    found = [(one.text, one.judgement.verdict, one.judgement.of) for one in check_draft(text)]
    assert found == [
        ("22 (5.9%)", "holds", 371),
        ("15 (68%)", "holds", 22),
        ("15 (68%)", "unchecked", None),
    ]
    (wrong,) = check_draft("Of 15 patients, 3 (33%) had ascites.")
    assert wrong.judgement.why == "3/15 is 20.0%; 33% is 5/15"


def test_counts_in_brackets_and_before_what_they_are_of() -> None:
    text = "4 (27%) of 15 patients; fatigue in 40% (n = 6); 27% (n=4/15)"
    found = [(one.text, one.judgement.verdict) for one in check_draft(text, [15])]
    assert found == [
        ("4 (27%) of 15", "holds"),
        ("40% (n = 6)", "holds"),
        ("27% (n=4/15)", "holds"),
    ]


def test_sums_and_totals_are_added_up() -> None:
    table = "| a | n |\n|---|---|\n| x | 11 (73%) |\n| y | 4 |\n| **Total** | 16 |\n"
    text = f"3 + 1 + 1 = 5 and 9 + 5 = 15\n\n{table}"
    sums = [one for one in check_draft(text, [15]) if one.claim is None]
    assert [(one.line, one.column, one.judgement.verdict) for one in sums] == [
        (1, 1, "holds"),
        (1, 19, "wrong"),
        (7, 15, "wrong"),
    ]


def test_what_may_contradict_is_a_hint_only() -> None:
    text = "Two patients died in arm A. Three patients died in arm B."
    told = with_contradictions(text, check_draft(text))
    assert len(told) == 2
    assert not any(one.is_wrong for one in told)


def test_a_long_draft_of_spaces_and_digits_takes_no_long_time() -> None:
    for text in ("1" + " " * 20_000, "1 of " * 5_000, "12 (" * 5_000, "a " * 20_000 + "3%"):
        check_draft(text)


shares = st.integers(1, 2000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(shares, st.integers(0, 2), st.sampled_from(ROUNDINGS))
def test_what_is_rounded_right_holds(share: tuple[int, int], n_digits: int, rule: str) -> None:
    n, of = share
    percent = rounded(Fraction(n, of), n_digits, rule)  # type: ignore[arg-type]
    claim = Claim(n, of, percent, n_digits)
    assert judge(claim, rounding=rule).verdict == "holds"  # type: ignore[arg-type]
    (found,) = check_draft(f"Seen in {n}/{of} ({claim.stated}).", rounding=rule)  # type: ignore[arg-type]
    assert found.claim == claim


@given(shares, st.integers(0, 1000))
def test_a_percent_that_holds_is_within_half_a_unit(share: tuple[int, int], percent: int) -> None:
    n, of = share
    is_near = abs(Fraction(n * 100, of) - percent) <= Fraction(1, 2)
    holds = judge(Claim(n, of, percent, 0)).verdict == "holds"
    assert holds <= is_near
    if abs(Fraction(n * 100, of) - percent) < Fraction(1, 2):
        assert holds


def test_numbers_in_words() -> None:
    assert [read_number(w) for w in ("none", "Nine", "twenty-two", "ninety")] == [0, 9, 22, 90]
