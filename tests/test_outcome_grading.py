"""Grades at every bound of every term, held against bounds transcribed by another hand."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcome_cases import DATA

from screener.outcomes.criteria import Term, load_criteria
from screener.outcomes.grading import grade_by_limits, grade_v5
from screener.outcomes.results import LabResult, Place
from screener.outcomes.units import Units
from screener.outcomes.values import parse_value

FACTS: list[dict[str, Any]] = json.loads(
    (DATA / "ctcae_v5_bounds.json").read_text(encoding="utf-8")
)["terms"]
CRITERIA = load_criteria()
UNITS = Units(CRITERIA)
ULN, LLN, EPSILON = Decimal("40"), Decimal("1000"), Decimal("0.0000001")
MEASURED = [fact for fact in FACTS if fact["analyte"]]
STEP = Decimal("0.01")


def result(
    value: object, analyte_id: str, *, unit: str = "", uln: object = "", lln: object = ""
) -> LabResult:
    analyte = CRITERIA.analytes[analyte_id]
    unit = unit or analyte.unit
    return LabResult(
        "p",
        analyte_id,
        str(value),
        UNITS.name(analyte, unit),
        parse_value(f"{value}"),
        Decimal(str(uln)) if uln != "" else None,
        Decimal(str(lln)) if lln != "" else None,
        UNITS.factor(analyte, unit),
        date(2020, 3, 15),
        Place("labs.csv", 2),
    )


def bands(fact: dict[str, Any], column: str, one: Decimal) -> list[tuple[Decimal, int]]:
    """Amounts just at, below and above each bound of a column, with the grade that is printed."""
    found = []
    amounts = {
        Decimal(str(bound)) * one + shift
        for band in fact["rule"][column]
        for bound in (band["low"], band["high"])
        if bound not in (None, "LLN")
        for shift in (-EPSILON, Decimal(0), EPSILON)
    }
    for amount in sorted(amounts):
        fitting = [b["grade"] for b in fact["rule"][column] if _is_in(amount, b, one)]
        found.append((amount, max(fitting, default=0)))
    return found


def _is_in(amount: Decimal, band: dict[str, Any], one: Decimal) -> bool:
    low, high = (
        LLN if band[end] == "LLN" else None if band[end] is None else Decimal(str(band[end])) * one
        for end in ("low", "high")
    )
    above = low is None or amount > low or (amount == low and band["low_inclusive"])
    below = high is None or amount < high or (amount == high and band["high_inclusive"])
    return above and below


def cases(column: str, one: Decimal) -> list[Any]:
    return [
        pytest.param(CRITERIA.terms[fact["id"]], amount, grade, id=f"{fact['id']}-{amount}")
        for fact in MEASURED
        if column in fact["rule"]
        for amount, grade in bands(fact, column, one)
    ]


def test_the_terms_are_those_that_are_published() -> None:
    assert [(t.id, t.term, t.meddra, t.soc) for t in CRITERIA.terms.values()] == [
        (fact["id"], fact["term"], fact["meddra"], fact["soc"]) for fact in FACTS
    ]
    assert {t.analyte for t in CRITERIA.laboratory_terms} == {f["analyte"] for f in MEASURED}


def test_clinical_grades_are_among_those_that_are_published() -> None:
    for fact in FACTS:
        grades = CRITERIA.terms[fact["id"]].clinical_grades
        assert set(map(str, grades)) <= set(fact["grades_printed"])
        if not fact["analyte"]:
            assert list(map(str, grades)) == fact["grades_printed"]


@pytest.mark.parametrize(("term", "amount", "grade"), cases("normal_baseline", ULN))
def test_multiples_of_the_uln(term: Term, amount: Decimal, grade: int) -> None:
    value = result(amount, term.analyte, uln=ULN)
    assert grade_by_limits(term, value).grade == grade
    normal = result(ULN, term.analyte, uln=ULN)
    assert grade_v5(term, value, normal, is_anticoagulated=None).grade == grade


@pytest.mark.parametrize(("term", "amount", "grade"), cases("abnormal_baseline", Decimal(90)))
def test_multiples_of_an_abnormal_baseline(term: Term, amount: Decimal, grade: int) -> None:
    value, baseline = result(amount, term.analyte, uln=ULN), result(90, term.analyte, uln=ULN)
    assert grade_v5(term, value, baseline, is_anticoagulated=None).grade == grade


@pytest.mark.parametrize(("term", "amount", "grade"), cases("bands", Decimal(1)))
def test_fixed_bounds(term: Term, amount: Decimal, grade: int) -> None:
    value = result(amount, term.analyte, lln=LLN)
    assert grade_by_limits(term, value).grade == grade


@pytest.mark.parametrize("fact", [f for f in MEASURED if f["rule"].get("other_units")])
def test_fixed_bounds_in_other_units(fact: dict[str, Any]) -> None:
    term = CRITERIA.terms[fact["id"]]
    for unit, bounds in fact["rule"]["other_units"].items():
        for place, bound in enumerate(bounds):
            at, under = (Decimal(str(bound)) - shift for shift in (0, EPSILON))
            grades = [
                grade_by_limits(term, result(v, term.analyte, unit=unit, lln=10**6)).grade
                for v in (at, under)
            ]
            assert grades == [place + 1, place + 2]


@pytest.mark.parametrize(("term", "amount", "grade"), cases("uln", ULN))
def test_creatinine_by_the_uln(term: Term, amount: Decimal, grade: int) -> None:
    assert grade_by_limits(term, result(amount, "CREAT", uln=ULN)).grade == grade


@pytest.mark.parametrize(("term", "amount", "grade"), cases("baseline", Decimal(4)))
def test_creatinine_by_the_baseline_within_the_reference_range(
    term: Term, amount: Decimal, grade: int
) -> None:
    value, baseline = result(amount, "CREAT", uln=ULN), result(4, "CREAT", uln=ULN)
    assert grade_v5(term, value, baseline, is_anticoagulated=None).grade == grade


@pytest.mark.parametrize(("term", "amount", "grade"), cases("not_anticoagulated", Decimal(1)))
def test_inr(term: Term, amount: Decimal, grade: int) -> None:
    value, baseline = result(amount, "INR"), result("1.0", "INR")
    assert grade_v5(term, value, baseline, is_anticoagulated=False).grade == grade


@pytest.mark.parametrize(("term", "amount", "grade"), cases("on_anticoagulation", Decimal(2)))
def test_inr_on_anticoagulation(term: Term, amount: Decimal, grade: int) -> None:
    value, baseline = result(amount, "INR"), result(2, "INR")
    assert grade_v5(term, value, baseline, is_anticoagulated=True).grade == grade


@pytest.mark.parametrize(
    ("term_id", "value", "uln", "grade"),
    [("alp", "575", "115", 2), ("bili", "88.5", "59", 1), ("alt", "0.3", "0.1", 1)],
)
def test_products_are_exact(term_id: str, value: str, uln: str, grade: int) -> None:
    """In binary floating point 3 x 0.1 is not 0.3."""
    term = CRITERIA.terms[term_id]
    assert grade_by_limits(term, result(value, term.analyte, uln=uln)).grade == grade


def test_haemoglobin_is_graded_in_the_unit_of_the_report() -> None:
    """4.95 mmol/L is 7.98 g/dL: grade 2 by the bounds in mmol/L, 3 by those in g/dL."""
    anemia = CRITERIA.terms["anemia"]
    assert grade_by_limits(anemia, result("4.95", "HGB", unit="mmol/L")).grade == 2
    assert grade_by_limits(anemia, result("7.98", "HGB")).grade == 3


def test_a_count_within_the_reference_range_may_have_a_grade() -> None:
    anc = CRITERIA.terms["anc"]
    assert grade_by_limits(anc, result("1.45", "ANC", lln="1.4")).grade == 2
    assert grade_by_limits(anc, result("1.5", "ANC", lln="1.4")).grade == 0


def test_without_a_limit_a_grade_is_as_sure_as_the_value_makes_it() -> None:
    platelets, alt = CRITERIA.terms["platelets"], CRITERIA.terms["alt"]
    assert grade_by_limits(platelets, result("60", "PLT")).grade == 2
    unsure = grade_by_limits(platelets, result("120", "PLT"))
    assert (unsure.grade, unsure.low, unsure.high) == (None, 0, 1)
    assert grade_by_limits(alt, result("30", "ALT")).grade is None


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("<40", 0, 0),
        ("<=40", 0, 0),
        ("<41", 0, 1),
        (">40", 1, 4),
        (">=120", 1, 4),
        (">120", 2, 4),
        (">800", 4, 4),
    ],
)
def test_a_bound_is_graded_as_far_as_it_is_sure(written: str, low: int, high: int) -> None:
    found = grade_by_limits(CRITERIA.terms["alt"], result(written, "ALT", uln=40))
    assert (found.low, found.high) == (low, high)


amounts = st.decimals(min_value=0, max_value=2000, places=2)


@given(st.sampled_from(CRITERIA.laboratory_terms), amounts, amounts)
def test_a_worse_value_never_has_a_lower_grade(term: Term, one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other), reverse=term.direction == "low")
    grades = [grade_by_limits(term, result(v, term.analyte, uln=35, lln=30)) for v in (low, high)]
    assert grades[0].low <= grades[1].low


@given(st.sampled_from(CRITERIA.laboratory_terms), amounts, st.sampled_from(["<", ">", "<=", ">="]))
def test_a_bound_allows_the_grade_of_every_amount_within(
    term: Term, bound: Decimal, sign: str
) -> None:
    found = grade_by_limits(term, result(f"{sign}{bound}", term.analyte, uln=35, lln=30))
    for amount in (bound, bound / 2, bound * 3, max(bound - STEP, Decimal(0)), bound + STEP):
        is_within = amount < bound if "<" in sign else amount > bound
        if is_within or ("=" in sign and amount == bound):
            grade = grade_by_limits(term, result(amount, term.analyte, uln=35, lln=30)).grade
            assert grade is not None
            assert found.low <= grade <= found.high


@given(amounts, st.decimals(min_value=1, max_value=2000, places=2))
def test_the_grade_does_not_depend_on_the_unit(value: Decimal, uln: Decimal) -> None:
    alt = CRITERIA.terms["alt"]
    plain = grade_by_limits(alt, result(value, "ALT", uln=uln))
    baseline = result(uln + 1, "ALT", unit="U/L", uln=uln)
    scaled = result(value / 1000, "ALT", unit="U/mL", uln=uln / 1000)
    assert grade_by_limits(alt, scaled).grade == plain.grade
    by_baseline = [
        grade_v5(alt, v, baseline, is_anticoagulated=None).grade
        for v in (result(value, "ALT", uln=uln), scaled)
    ]
    assert by_baseline[0] == by_baseline[1]
