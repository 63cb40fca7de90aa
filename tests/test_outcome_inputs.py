"""What is not gradable is said, what is wrong with a row is named, and the rest is graded."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from command_line import screener
from outcome_cases import (
    ALT,
    FIRST,
    graded,
    grades,
    lab,
    rows_of,
    write_case,
)

# --- what is not gradable ------------------------------------------------------------------------


def test_without_a_limit_it_is_ungradable_and_never_0(tmp_path: Path) -> None:
    case = write_case(tmp_path, [lab(30, -3, uln=""), lab(31, 20, uln="")])
    summary = graded(case, tmp_path / "out").summary
    (row,) = rows_of(tmp_path / "out" / "grades.csv")
    assert row["grade"] == "ungradable"
    assert "the ULN is not known" in row["why"]
    group = summary["hepatotoxicity"]
    assert (group["ungradable"], group["grade_2_or_more"]["N"]) == (1, 0)
    assert group["grade_2_or_more"]["interval"] is None


def test_a_patient_without_results_is_said_to_have_none(tmp_path: Path) -> None:
    treatments = (("p1", 1, FIRST), ("p2", 1, FIRST))
    found = grades(tmp_path, [lab(30, -3), lab(31, 20)], treatments=treatments)
    assert found["p2", ALT]["grade"] == "ungradable"
    assert "no result on therapy" in found["p2", ALT]["why"]


def test_a_result_that_may_be_worse_makes_the_grade_unsure(tmp_path: Path) -> None:
    row = grades(tmp_path, [lab(30, -3), lab(100, 20), lab(">90", 25)])["p1", ALT]
    assert (row["grade"], row["worst_value"]) == ("ungradable", "100")
    assert "grade 1 to 4" in row["why"]
    assert ">90 U/L of 2020-04-09 may be worse" in row["why"]


def test_a_missing_baseline_is_taken_as_the_charter_says(tmp_path: Path) -> None:
    labs = [lab(70, 20), lab(30, 20, patient="p2")]
    treatments = (("p1", 1, FIRST), ("p2", 1, FIRST))
    custom = grades(tmp_path / "a", labs, treatments=treatments)["p1", ALT]
    assert (custom["grade"], custom["baseline_grade"]) == ("1", "")
    assert "no baseline, graded as if it were normal" in custom["why"]
    strict = grades(tmp_path / "b", labs, treatments=treatments, no_baseline="ungradable")
    assert strict["p1", ALT]["grade"] == "ungradable"
    assert strict["p2", ALT]["grade"] == "0"  # below the ULN it is 0 whatever the baseline was


# --- bad input -----------------------------------------------------------------------------------


def test_every_bad_row_is_named_and_the_rest_is_graded(tmp_path: Path) -> None:
    day = (FIRST + timedelta(9)).isoformat()
    labs = [
        lab(30, -3),
        ("p1", "unobtainium", 3, "U/L", day, 40, ""),  # line 3
        ("p1", "ALT", 3000, "furlong", day, 40, ""),
        ("p1", "ALT", 3000, "U/L", "", 40, ""),
        ("p9", "ALT", 3000, "U/L", day, 40, ""),
        ("p1", "ALT", 3000, "U/L", day, 10, 40),
        ("p1", "ALT", "1,200", "U/L", day, 40, ""),
        ("p1", "ALT", "high", "U/L", day, 40, ""),
        ("p1", "ALT", 3000, "", day, 40, ""),
        ("p1", "ALT", 3000, "U/L", "03/04/2020", 40, ""),
        ("", "", "", "", "", "x", ""),  # line 12
        lab(90, 20),
    ]
    case = write_case(tmp_path, labs)
    done = screener(
        *("outcomes", "grade", "--labs", case.labs, "--treatments", case.treatments),
        *("--out", tmp_path / "out"),
    )
    assert done.returncode == 0, done.stderr
    rejected = rows_of(tmp_path / "out" / "rejected.csv")
    assert {r["source"] for r in rejected} == {str(case.labs)}
    reasons = {int(r["line"]): r["reason"] for r in rejected}
    for line, reason in {
        3: "analyte 'unobtainium' is not known",
        4: "unit 'furlong' does not measure ALT",
        5: "drawn_on is empty",
        6: "the patient has no treatment",
        7: "uln is below lln",
        8: "value is written with a comma: write 1.2 or 1200",
        9: "value is no number",
        10: "unit is empty",
        11: "drawn_on is no day (or is unclear: see --date-order)",
        12: "patient_id is empty; analyte is empty; value is empty; drawn_on is empty; uln is no",
    }.items():
        assert reason in reasons.pop(line)
        assert f"{case.labs}:{line}: " in done.stderr
    assert not reasons
    (row,) = rows_of(tmp_path / "out" / "grades.csv")
    assert (row["worst_value"], row["grade"]) == ("90", "1")
    assert "7 rows of the analyte not used" in row["why"]


def test_two_baselines_of_a_day_are_named_and_nothing_is_graded_on_a_guess(tmp_path: Path) -> None:
    labs = [lab(30, -3), lab(90, -3), lab(150, 20), *(lab(v, -3, patient="p2") for v in (30, 35))]
    labs.append(lab(150, 20, patient="p2"))
    treatments = (("p1", 1, FIRST), ("p2", 1, FIRST))
    found = grades(tmp_path, labs, treatments=treatments)
    lines = [(r["line"], r["reason"]) for r in rows_of(tmp_path / "out" / "rejected.csv")]
    assert [line for line, _ in lines] == ["2", "3", "5", "6"]
    assert all("two baselines the same day" in reason for _, reason in lines)
    assert (found["p1", ALT]["grade"], found["p1", ALT]["baseline_value"]) == ("ungradable", "")
    # whichever of 30 and 35 is right, the baseline is normal and the grade the same
    assert (found["p2", ALT]["grade"], found["p2", ALT]["baseline_grade"]) == ("2", "0")


def test_the_same_baseline_twice_is_one(tmp_path: Path) -> None:
    row = grades(tmp_path, [lab(30, -3), lab("30.0", -3), lab(90, 20)])["p1", ALT]
    assert (row["baseline_value"], row["grade"]) == ("30", "1")
    assert rows_of(tmp_path / "out" / "rejected.csv") == []


@pytest.mark.parametrize(
    ("treatments", "line", "reason"),
    [
        ([("p1", 1, FIRST), ("p1", 1, "2020-05-01")], 2, "cycle 1 has two days"),
        ([("p1", 2, FIRST), ("p1", 3, "2020-05-01")], 2, "the first cycle is number 2"),
        ([("p1", 1, FIRST), ("p1", 2, "2020-02-01")], 3, "cycle 2 is not after cycle 1"),
        ([("p1", 1, "soon"), ("p1", 2, FIRST)], 2, "given_on is no day"),
        ([("p1", "x", FIRST)], 2, "cycle is no number of a cycle"),
    ],
)
def test_a_course_that_is_not_sure_is_named_and_not_graded(
    tmp_path: Path, treatments: list[tuple[object, ...]], line: int, reason: str
) -> None:
    row = grades(tmp_path, [lab(30, -3), lab(90, 20)], treatments=treatments)["p1", ALT]
    assert row["grade"] == "ungradable"
    rejected = {int(r["line"]): r["reason"] for r in rows_of(tmp_path / "out" / "rejected.csv")}
    assert reason in rejected[line]


def test_events_that_cannot_be_are_rejected(tmp_path: Path) -> None:
    case = write_case(
        tmp_path,
        [lab(30, -3)],
        events=[
            ("p1", "Acute kidney injury", 2, FIRST),
            ("p1", "hiccups", 1, FIRST),
            ("p2", "ascites", 1, FIRST),
            ("p1", "ascites", "perhaps", FIRST),
            ("p1", "ascites", "no", FIRST),
        ],
    )
    outcomes = graded(case, tmp_path / "out", events=case.events)
    assert [(r.place.line, r.reason.split(" (")[0]) for r in outcomes.rejected] == [
        (2, "grade is no grade that 'Acute kidney injury' has"),
        (3, "term is no clinical term that is known"),
        (4, "the patient has no treatment"),
        (5, "grade is no grade from 0 to 5, and neither yes nor no"),
    ]


def test_a_graver_result_by_its_own_limits_is_told(tmp_path: Path) -> None:
    """The highest value counts; 130 of another laboratory is grade 2 by its limit of 40."""
    labs = [lab(30, -3), lab(150, 20, uln=60), lab(130, 40)]
    row = grades(tmp_path, labs)["p1", ALT]
    assert (row["worst_value"], row["grade"]) == ("150", "1")
    assert "130 U/L of 2020-04-24 is grade 2 by its own limits" in row["why"]


def test_a_baseline_that_cannot_be_read_is_not_taken_as_normal(tmp_path: Path) -> None:
    """Without any baseline 130 is grade 2 by custom; with one that is not readable it is not."""
    none = grades(tmp_path / "a", [lab(130, 20)])["p1", ALT]
    assert none["grade"] == "2"
    unreadable = grades(tmp_path / "b", [lab(80, -3, unit="furlong"), lab(130, 20)])["p1", ALT]
    assert (unreadable["grade"], unreadable["baseline_value"]) == ("ungradable", "")
    early = grades(tmp_path / "c", [lab(80, -90, unit="furlong"), lab(130, 20)])["p1", ALT]
    assert early["grade"] == "2"


def test_commas_are_decimal_only_where_the_user_says_so(tmp_path: Path) -> None:
    header = "\ufeffpatient_id;analyte;value;unit;drawn_on;uln;lln"
    rows = ["p1;ALT;20,5;U/L;28.02.2020;40,0;5", "p1;ALT;120,1;U/L;20.03.2020;40,0;5"]
    rows.append("p1;AST;1.200;U/L;20.03.2020;40;5")
    labs = tmp_path / "labs.csv"
    labs.write_bytes("\r\n".join([header, *rows, ""]).encode())
    case = write_case(tmp_path / "more", [])
    asked = ("outcomes", "grade", "--labs", labs, "--treatments", case.treatments)
    done = screener(*asked, "--out", tmp_path / "refused")
    assert f"{labs}:2: value is written with a comma" in done.stderr
    assert "grade with --decimal-comma" in done.stderr
    done = screener(*asked, "--decimal-comma", "--out", tmp_path / "out")
    assert done.returncode == 0
    assert f"{labs}:4: value has a point or several commas" in done.stderr
    (alt,) = (r for r in rows_of(tmp_path / "out" / "grades.csv") if r["term"] == ALT)
    assert (alt["baseline_value"], alt["worst_value"], alt["grade"]) == ("20,5", "120,1", "2")


def test_days_are_as_written_whatever_the_zone(tmp_path: Path) -> None:
    night = f"{FIRST - timedelta(1)}T23:59:00-08:00"  # the 15th in Greenwich
    labs = [("p1", "ALT", 20, "U/L", night, 40, ""), lab(130, 20)]
    graded(write_case(tmp_path, labs), tmp_path / "out")
    (row,) = rows_of(tmp_path / "out" / "grades.csv")
    assert (row["baseline_value"], row["grade"]) == ("20", "2")


def test_a_reason_without_a_limit_reads_as_a_sentence(tmp_path: Path) -> None:
    graded(write_case(tmp_path, [lab(100, 20, uln="")]), tmp_path / "out")
    (row,) = rows_of(tmp_path / "out" / "grades.csv")
    assert "100 U/L, the ULN is not known" in row["why"]
