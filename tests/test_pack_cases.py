"""A pack's cases: what is wrong with them is told at once, and the shipped ones hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_packs import CASES, write_pack

from screener.assessments import Assessment
from screener.cases import Case, Expected, judge, load_cases, read_cases
from screener.errors import PackError
from screener.packs import RulePack, load_pack

SAID = Assessment("c", "c", "limited", False, "hedged", (10.0, 20.0), 10.0, ("words",))


def problems_of(folder: Path, cases: str | bytes | None) -> list[tuple[int, str]]:
    pack = load_pack(write_pack(folder, cases=cases))
    _, problems = read_cases(folder, pack.burden)
    assert {problem.file for problem in problems} <= {"cases.yaml"}
    return [(problem.line, problem.message) for problem in problems]


def case(expect: Expected, known_failure: str | None = None) -> Case:
    return Case(id="c", text="words", expect=expect, known_failure=known_failure)


def test_the_cases_of_a_pack_load_with_what_they_expect(tmp_path: Path) -> None:
    many, denied = load_cases(load_pack(write_pack(tmp_path)))
    assert (many.id, many.text) == ("many", "Innumerable splenic metastases.")
    assert (many.expect.burden, many.expect.candidate, many.expect.certainty) == (
        "full",
        True,
        "definite",
    )
    assert denied.expect.model_fields_set == {"burden", "certainty"}


@pytest.mark.parametrize(
    ("cases", "line", "message"),
    [
        (None, 1, "the pack has no readable cases.yaml"),
        (b"# \xe4\n", 1, "not UTF-8"),
        ("cases:\n  - [", 2, "expected the node content"),
        ("- id: many\n", 1, "must be a list of cases under the key 'cases'"),
        ("cases:\n", 1, "must be a list of cases under the key 'cases'"),
        (CASES + "more: 1\n", 8, "'more' does not belong here"),
        (CASES + "    why: a\n    why: b\n", 9, "the key 'why' stands twice"),
        (CASES + "    wy: b\n", 8, "case 'denied': wy:"),
        (CASES.replace("id: many", "id: Too Many"), 2, "case 'Too Many': id:"),
        (CASES.replace("  - id: many\n    text", "  - text"), 2, "case 1: id:"),
        (CASES.replace("text: No splenic metastases.", 'text: " "'), 6, "case 'denied': text:"),
        (CASES.replace("burden: none, ", ""), 7, "case 'denied': expect.burden:"),
        (CASES.replace("burden: full", "burden: brim"), 4, "no burden level 'brim'; known: none"),
        (CASES.replace("certainty: definite", "certainty: sure"), 4, "'many': expect.certainty"),
        (CASES.replace("candidate: true", "candidate: false"), 4, "candidate is true where"),
        (CASES.replace("certainty: null", "certainty: hedged"), 7, "certainty is null where"),
        (CASES.replace("certainty: definite", "certainty: null"), 4, "and only there"),
        (CASES.replace("percent: null", "percent: [10]"), 4, "case 'many': expect.stated_percent"),
        (CASES.replace("percent: null", "percent: [10, 120]"), 4, "expect.stated_percent.1"),
        (CASES.replace("percent: null", "percent: [80, 70]"), 4, "low is above high"),
        (CASES + "    known_failure: ''\n", 8, "case 'denied': known_failure:"),
        (CASES.replace("id: denied", "id: many"), 5, "case 'many': the same id stands in line 2"),
        (
            CASES.replace("No splenic metastases.", "Innumerable splenic metastases."),
            6,
            "case 'denied': the same text stands in line 3",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_case_is_told_with_its_line(
    tmp_path: Path, cases: str | bytes | None, line: int, message: str
) -> None:
    ((told_line, told),) = problems_of(tmp_path, cases)
    assert told_line == line
    assert message in told


def test_all_problems_of_the_cases_are_told_at_once_in_order(tmp_path: Path) -> None:
    cases = CASES.replace("burden: full", "burden: brim").replace("id: denied", "id: many")
    pack = load_pack(write_pack(tmp_path, cases=cases + "    wy: b\n"))
    with pytest.raises(PackError) as caught:
        load_cases(pack)
    assert [problem.line for problem in caught.value.problems] == [4, 8]
    assert str(caught.value).splitlines()[0].endswith("2 problem(s):")


def test_levels_are_not_checked_where_the_pack_itself_is_wrong(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, cases=CASES.replace("burden: full", "burden: brim"))
    cases, problems = read_cases(folder)
    assert [one.id for one in cases] == ["many", "denied"]
    assert problems == ()


def test_only_the_fields_that_are_given_are_checked() -> None:
    assert judge(case(Expected(burden="limited")), SAID).outcome == "passed"


def test_a_null_that_is_given_is_checked() -> None:
    result = judge(case(Expected(burden="limited", certainty=None, stated_percent=None)), SAID)
    assert [str(difference) for difference in result.differences] == [
        "certainty: expected null, got hedged",
        "stated_percent: expected null, got [10, 20]",
    ]
    assert result.outcome == "failed"
    assert result.is_failure


def test_every_field_that_differs_is_told() -> None:
    wanted = Expected(
        burden="extensive", candidate=True, certainty="definite", stated_percent=[10, 30.5]
    )
    assert [str(difference) for difference in judge(case(wanted), SAID).differences] == [
        "burden: expected extensive, got limited",
        "candidate: expected true, got false",
        "certainty: expected definite, got hedged",
        "stated_percent: expected [10, 30.5], got [10, 20]",
    ]


def test_a_known_failure_that_fails_is_no_failure_of_the_test() -> None:
    result = judge(case(Expected(burden="none"), known_failure="not yet"), SAID)
    assert result.outcome == "known_failure"
    assert not result.is_failure


def test_a_known_failure_that_passes_fails_the_test() -> None:
    result = judge(case(Expected(burden="limited"), known_failure="not yet"), SAID)
    assert result.outcome == "unexpected_pass"
    assert result.is_failure


def test_the_shipped_cases_hold(pack: RulePack, assess: Callable[[str], Assessment]) -> None:
    results = [judge(one, assess(one.text)) for one in load_cases(pack)]
    told = {
        result.case.id: [result.outcome, *map(str, result.differences)]
        for result in results
        if result.is_failure
    }
    assert told == {}
