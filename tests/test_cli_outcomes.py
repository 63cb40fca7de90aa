"""``screener outcomes grade``: real tables in, grades and their summary out."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from command_line import screener
from outcome_cases import (
    ALT,
    FIRST,
    LABS,
    PAPER,
    Case,
    graded,
    grades,
    lab,
    paper_case,
    rows_of,
    write_case,
    write_study,
    write_table,
)

from screener.errors import OutcomeError, RunError, SourceError
from screener.outcomes.charters import make_charter

HEADER = "patient_id term baseline_value baseline_grade worst_value worst_on grade rule why".split()


# --- the paper -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("uln", "rule", "n"),
    [
        ("1.0", "v5_baseline_adjusted", 1),
        ("1.2", "v5_baseline_adjusted", 0),
        ("1.0", "worsening_only", 1),
        ("1.2", "worsening_only", 0),
    ],
)
def test_the_headline_of_the_paper_hangs_on_the_limit_of_bilirubin(
    tmp_path: Path, uln: str, rule: str, n: int
) -> None:
    case = paper_case(tmp_path, uln)
    done = screener(
        *("outcomes", "grade", "--labs", case.labs, "--treatments", case.treatments),
        *("--out", tmp_path / "out", "--baseline-rule", rule, "--json"),
    )
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary == json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    found = summary["hepatotoxicity"]["grade_2_or_more"]
    assert (found["n"], found["N"]) == (n, 15)
    printed = PAPER["intervals"][f"{n}/15"]["wilson95"]
    assert found["interval"] == pytest.approx(printed, abs=5e-5)


def test_how_the_headline_hangs_on_the_limit_of_bilirubin_is_told(tmp_path: Path) -> None:
    """Row 9 has 1.6 mg/dL, which is grade 2 where 1.5 times the ULN is less: below 1.067."""
    case = paper_case(tmp_path, "1.0")
    done = screener(
        *("outcomes", "grade", "--labs", case.labs, "--treatments", case.treatments),
        *("--out", tmp_path / "out"),
    )
    told = "ULN of total bilirubin: 1/15 (6.7%) from 0.8 to 1.067 mg/dL; 0/15 (0.0%) from 1.067"
    assert told in done.stderr
    limits = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))["limits"]
    steps = [(round(one["from"], 4), one["n"]) for one in limits["bili"]["steps"]]
    assert steps == [(0.5, 2), (0.6, 1), (1.0667, 0)]
    for uln, n in (("0.59", 2), ("0.6", 1), ("1.0666", 1), ("1.0667", 0)):
        again = graded(paper_case(tmp_path / uln, uln), tmp_path / uln / "out").summary
        assert again["hepatotoxicity"]["grade_2_or_more"]["n"] == n
    assert [len(limits[term]["steps"]) for term in ("alt", "ast", "alp")] == [1, 1, 1]


def test_absolute_limits_give_a_grade_3_that_the_paper_excludes(tmp_path: Path) -> None:
    case = paper_case(tmp_path, "1.0")
    outcomes = graded(case, tmp_path / "out", baseline_rule="absolute_uln")
    summary = outcomes.summary
    assert summary["hepatotoxicity"]["grade_3_or_more"]["n"] == 1
    (cell,) = (r for r in rows_of(tmp_path / "out" / "grades.csv") if r["grade"] == "3")
    assert (cell["patient_id"], cell["worst_value"]) == ("row 11", "685.0")
    assert summary["rules"]["v5_baseline_adjusted"]["hepatotoxicity"]["grade_3_or_more"]["n"] == 0
    changed = {(c["patient_id"], c["term"]): c for c in summary["changes"]}
    alp = changed["row 11", "Alkaline phosphatase increased"]
    assert (alp["v5_baseline_adjusted"], alp["absolute_uln"], alp["worsening_only"]) == tuple("030")


def test_the_marks_of_the_paper_but_for_what_one_limit_cannot_give(tmp_path: Path) -> None:
    """With one ULN of ALP, row 4 (114*) has none; rows 12 and 14 have grades without a mark."""
    graded(paper_case(tmp_path, "1.0"), tmp_path / "out")
    found = {
        (r["patient_id"], r["term"].split()[0]): int(r["grade"])
        for r in rows_of(tmp_path / "out" / "grades.csv")
    }
    names = {"AST": "Aspartate", "ALT": "Alanine", "ALP": "Alkaline", "TBIL": "Blood"}
    differing = {
        (row["row"], analyte): (mark, found[f"row {row['row']}", names[analyte]])
        for row in PAPER["table2"]
        for analyte, mark in row["post_marks"].items()
        if mark != found[f"row {row['row']}", names[analyte]]
    }
    assert differing == {(4, "ALP"): (1, 0), (12, "ALT"): (0, 1), (14, "TBIL"): (0, 1)}


def test_new_ascites_is_counted_among_those_at_risk(tmp_path: Path) -> None:
    case = paper_case(tmp_path, "1.0")
    ascites = graded(case, tmp_path / "out", events=case.events).summary["ascites"]
    facts = PAPER["ascites"]
    assert (ascites["new"]["n"], ascites["new"]["N"]) == (len(facts["new"]), facts["at_risk"])
    assert ascites["new"]["interval"] == pytest.approx(
        PAPER["intervals"]["3/10"]["wilson95"], abs=5e-5
    )
    assert ascites["resolved"]["n"] == len(facts["resolved"])
    assert ascites["new_by_grade"] == {"1": 3}


def test_ascites_may_stand_among_the_laboratory_results(tmp_path: Path) -> None:
    case = paper_case(tmp_path, "1.0")
    rows = [
        (e["patient_id"], e["term"], e["grade"], "", e["seen_on"], "", "")
        for e in rows_of(case.events)
    ]
    labs = [tuple(r[name] for name in LABS) for r in rows_of(case.labs)]
    write_table(case.labs, LABS, [*labs, *rows])
    outcomes = graded(case, tmp_path / "out")
    assert not outcomes.rejected
    new = outcomes.summary["ascites"]["new"]
    assert (new["n"], new["N"]) == (3, 10)


def test_a_worst_value_below_the_baseline_is_counted(tmp_path: Path) -> None:
    summary = graded(paper_case(tmp_path, "1.0"), tmp_path / "out").summary
    cells = PAPER["cells_post_highest_below_pre"]
    assert (summary["worst_below_baseline"]["n"], summary["worst_below_baseline"]["N"]) == (
        len(cells),
        60,
    )


# --- windows and choices -------------------------------------------------------------------------


def test_the_windows_take_in_their_ends(tmp_path: Path) -> None:
    """Cycles on 15 March and 10 May: baselines from 15 February, therapy to 10 August."""
    last = FIRST.replace(month=5, day=10)
    labs = [
        lab(999, -30),  # 14 February, a day too early
        lab(31, -29),
        lab(35, (last.replace(month=8) - FIRST).days),
        lab(888, (last.replace(month=8, day=11) - FIRST).days),
    ]
    treatments = (("p1", 1, FIRST), ("p1", 2, last))
    row = grades(tmp_path, labs, treatments=treatments)["p1", ALT]
    assert (row["baseline_value"], row["worst_value"]) == ("31", "35")


def test_windows_are_chosen_on_the_command_line(tmp_path: Path) -> None:
    case = write_case(tmp_path, [lab(31, -40), lab(32, -10), lab(50, 20), lab(70, 50)])
    done = screener(
        *("outcomes", "grade", "--labs", case.labs, "--treatments", case.treatments),
        *("--out", tmp_path / "out", "--baseline-window", "5d", "--therapy-window", "3w"),
    )
    assert done.returncode == 0, done.stderr
    (row,) = rows_of(tmp_path / "out" / "grades.csv")
    assert (row["baseline_value"], row["worst_value"], row["grade"]) == ("", "50", "1")
    assert "no baseline" in row["why"]


def test_rule_and_windows_are_fields_of_the_charter(tmp_path: Path) -> None:
    tables = '[outcomes]\nbaseline_rule = "absolute_uln"\nbaseline_window = "10d"'
    study = write_study(tmp_path / "study", tables)
    case = write_case(tmp_path, [lab(50, -20), lab(60, -5), lab(70, 20)])
    options = ("--labs", case.labs, "--treatments", case.treatments, "--study", study)
    for name, more, value, rule in (
        ("a", (), "60", "absolute_uln"),
        ("b", ("--baseline-window=3d", "--baseline-rule=worsening_only"), "", "worsening_only"),
    ):
        done = screener("outcomes", "grade", *options, "--out", tmp_path / name, *more)
        assert done.returncode == 0, done.stderr
        (row,) = rows_of(tmp_path / name / "grades.csv")
        assert (row["baseline_value"], row["rule"]) == (value, rule)
    wrong = write_study(tmp_path / "wrong", '[outcomes]\nbaseline_window = "soon"')
    options = (*options[:-1], wrong)
    done = screener("outcomes", "grade", *options, "--out", tmp_path / "c")
    assert (done.returncode, "is no span of time" in done.stderr) == (3, True)


def test_a_sample_of_the_first_day_counts_as_the_charter_says(tmp_path: Path) -> None:
    labs = [lab(30, -5), lab(90, 0), lab(60, 9)]
    on_therapy = grades(tmp_path / "a", labs)["p1", ALT]
    assert (on_therapy["baseline_value"], on_therapy["worst_value"]) == ("30", "90")
    before = grades(tmp_path / "b", labs, first_day="baseline")["p1", ALT]
    assert (before["baseline_value"], before["worst_value"]) == ("90", "60")


def test_the_worst_of_a_count_is_the_lowest(tmp_path: Path) -> None:
    labs = [
        lab(value, days, analyte="777-3", unit="K/uL", uln="", lln=150)
        for value, days in ((200, -3), (90, 20), (60, 40), (140, 60))
    ]
    row = grades(tmp_path, labs)["p1", "Platelet count decreased"]
    assert (row["worst_value"], row["worst_on"], row["grade"]) == ("60", "2020-04-24", "2")


def test_the_first_day_of_the_worst_value_is_told(tmp_path: Path) -> None:
    row = grades(tmp_path, [lab(30, -3), lab(90, 40), lab(90, 20)])["p1", ALT]
    assert row["worst_on"] == (FIRST + timedelta(20)).isoformat()


def test_units_of_baseline_and_worst_may_differ(tmp_path: Path) -> None:
    """34.208 umol/L are 2.0 mg/dL, of which 3.1 is 1.55 times."""
    labs = [
        lab("34.208", -3, analyte="bilirubin", unit="umol/L", uln=20),
        lab("3.1", 20, analyte="Total bilirubin", unit="mg/dL", uln="1.2"),
    ]
    row = grades(tmp_path, labs)["p1", "Blood bilirubin increased"]
    assert (row["baseline_grade"], row["grade"]) == ("2", "2")
    assert "1.55 x baseline" in row["why"]


def test_worsening_counts_only_above_the_grade_at_baseline(tmp_path: Path) -> None:
    labs = [lab(50, -3), lab(110, 20), *(lab(v, d, patient="p2") for v, d in ((50, -3), (130, 9)))]
    treatments = (("p1", 1, FIRST), ("p2", 1, FIRST))
    found = grades(tmp_path, labs, baseline_rule="worsening_only", treatments=treatments)
    assert [found[p, ALT]["grade"] for p in ("p1", "p2")] == ["0", "2"]


def test_inr_is_graded_against_the_baseline_on_anticoagulation(tmp_path: Path) -> None:
    labs = [lab(v, d, analyte="INR", unit="", uln="") for v, d in (("2.5", -3), ("3.0", 20))]
    case = write_case(tmp_path, labs)
    header = ("patient_id", "cycle", "given_on", "anticoagulated")
    write_table(case.treatments, header, [("p1", 1, FIRST, "yes")])
    graded(case, tmp_path / "on")
    write_table(case.treatments, header, [("p1", 1, FIRST, "")])
    graded(case, tmp_path / "off")
    found = [rows_of(tmp_path / name / "grades.csv")[0]["grade"] for name in ("on", "off")]
    assert found == ["1", "3"]


def test_only_the_patients_of_a_cohort_are_graded(tmp_path: Path) -> None:
    case = paper_case(tmp_path, "1.0")
    some = write_table(tmp_path / "confirmed.csv", ["MRN"], [["row 9"], ["row 1"]])
    summary = graded(case, tmp_path / "out", cohort=some).summary
    assert (summary["n_patients"], summary["hepatotoxicity"]["grade_2_or_more"]["N"]) == (2, 2)


# --- limits --------------------------------------------------------------------------------------

LIMITS = ("analyte", "uln", "lln", "unit", "sex", "age_from", "age_to", "site", "valid_to")


def test_declared_limits_hold_by_sex_age_site_and_date(tmp_path: Path) -> None:
    limits = write_table(
        tmp_path / "limits.csv",
        LIMITS,
        [
            ("ALT", 55, "", "U/L", "M", "", "", "", ""),
            ("ALT", 35, "", "U/L", "F", "", "", "", ""),
            ("ALP", 129, "", "U/L", "", 18, "", "", "2020-12-31"),
            ("ALP", 300, "", "U/L", "", "", 18, "", "2020-12-31"),
            ("AST", 48, "", "U/L", "", "", "", "Rochester", ""),
            ("AST", 40, "", "U/L", "", "", "", "Phoenix", ""),
        ],
    )
    header = ("patient_id", "cycle", "given_on", "sex", "dob", "site")
    case = write_case(
        tmp_path,
        [
            lab(v, d, analyte=a, patient=p, uln="")
            for p in ("man", "woman")
            for a, v in (("ALT", 50), ("AST", 45), ("ALP", 200))
            for d in (-3, 20)
        ],
    )
    people = [
        ("man", 1, FIRST, "male", "1960-01-01", "Rochester"),
        ("woman", 1, FIRST, "F", "2004-01-01", "Phoenix"),
    ]
    write_table(case.treatments, header, people)
    graded(case, tmp_path / "out", limits=limits, baseline_rule="absolute_uln")
    found = {
        (r["patient_id"], r["term"].split()[0]): r["grade"]
        for r in rows_of(tmp_path / "out" / "grades.csv")
    }
    assert [found["man", t] for t in ("Alanine", "Aspartate", "Alkaline")] == ["0", "0", "1"]
    assert [found["woman", t] for t in ("Alanine", "Aspartate", "Alkaline")] == ["1", "1", "0"]


def test_a_limit_that_depends_on_what_is_not_known_is_not_taken(tmp_path: Path) -> None:
    limits = write_table(
        tmp_path / "limits.csv",
        LIMITS,
        [("ALT", 55, "", "U/L", "M", *[""] * 4), ("ALT", 35, "", "U/L", "F", *[""] * 4)],
    )
    labs = [lab(30, -3, uln=""), lab(50, 20, uln="")]
    row = grades(tmp_path, labs, limits=limits)["p1", ALT]
    assert row["grade"] == "ungradable"
    assert "depend on the sex" in row["why"]


# --- tables and folders --------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".tsv", ".xlsx", ".parquet", ".jsonl"])
def test_every_format_gives_the_same_grades(tmp_path: Path, suffix: str) -> None:
    case = paper_case(tmp_path, "1.0")
    graded(case, tmp_path / "csv")
    frame = pd.read_csv(case.labs, parse_dates=["drawn_on"])
    path = tmp_path / f"labs{suffix}"
    if suffix == ".tsv":
        frame.to_csv(path, sep="\t", index=False)
    elif suffix == ".xlsx":
        frame.to_excel(path, index=False)
    elif suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.astype({"drawn_on": str}).to_json(path, orient="records", lines=True)
    graded(Case(path, case.treatments, case.events), tmp_path / "other")
    kept = ("patient_id", "term", "grade", "worst_on")
    one, other = (
        [{k: r[k] for k in kept} for r in rows_of(tmp_path / name / "grades.csv")]
        for name in ("csv", "other")
    )
    assert one == other


def test_columns_are_found_by_the_names_that_exports_give_them(tmp_path: Path) -> None:
    case = write_case(tmp_path, [])
    header = ("MRN", "LOINC", "Result", "Units", "Collection Date", "Ref High", "Ref Low")
    write_table(case.labs, header, [lab(90, d, analyte="1742-6") for d in (-3, 20)])
    (grade,) = graded(case, tmp_path / "out").graded.chosen
    assert grade.term.id == "alt"
    write_table(case.labs, ("MRN", "Code", "x", *header[3:]), [lab(90, 5, analyte="LFT7")])
    maps = {"labs": {"analyte": "Code", "value": "x"}}
    outcomes = graded(case, tmp_path / "named", column_maps=maps, analytes={"LFT7": "ALT"})
    assert outcomes.graded.chosen[0].worst is not None


def test_a_table_without_its_columns_is_told_at_once(tmp_path: Path) -> None:
    case = write_case(tmp_path, [])
    write_table(case.labs, ["who", "what"], [["p1", "ALT"]])
    with pytest.raises(SourceError) as told:
        graded(case, tmp_path / "out")
    for field in ("patient_id", "value", "drawn_on"):
        assert f"no column {field!r}" in str(told.value)
    assert not (tmp_path / "out").exists()


def test_the_header_is_the_contract(tmp_path: Path) -> None:
    case = write_case(tmp_path, [lab(30, -3), lab(31, 20)])
    graded(case, tmp_path / "out")
    assert (tmp_path / "out" / "grades.csv").read_text("utf-8").splitlines()[0].split(",") == HEADER
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [
        *("grades.csv", "rejected.csv", "run.json", "summary.json")
    ]


def test_nothing_is_overwritten_without_force(tmp_path: Path) -> None:
    case = write_case(tmp_path, [lab(30, -3), lab(31, 20)])
    (tmp_path / "out").mkdir()  # an empty folder may be used
    options = ("--labs", case.labs, "--treatments", case.treatments, "--out", tmp_path / "out")
    assert screener("outcomes", "grade", *options).returncode == 0
    again = screener("outcomes", "grade", *options)
    assert again.returncode == 3
    assert "already exists" in again.stderr
    assert screener("outcomes", "grade", *options, "--force").returncode == 0
    with pytest.raises(RunError):
        graded(case, tmp_path / "out")


@pytest.mark.parametrize("option", ["--baseline-window=soon", "--therapy-window=3"])
def test_a_window_that_is_none_is_told(tmp_path: Path, option: str) -> None:
    case = write_case(tmp_path, [lab(30, -3)])
    done = screener(
        *("outcomes", "grade", "--labs", case.labs, "--treatments", case.treatments),
        *("--out", tmp_path / "out", option),
    )
    assert done.returncode == 3
    assert "is no span of time" in done.stderr
    with pytest.raises(OutcomeError):
        make_charter(baseline_rule="v4")


def test_events_have_a_table_of_their_own(tmp_path: Path) -> None:
    case = write_case(
        tmp_path,
        [lab(30, 5)],
        events=[
            ("p1", "Ascites", "grade 1", FIRST + timedelta(3)),
            ("p1", "ascites", 0, "2020-03-01"),
        ],
    )
    summary = graded(case, tmp_path / "out", events=case.events).summary
    assert (summary["ascites"]["new"]["n"], summary["ascites"]["new"]["N"]) == (1, 1)
