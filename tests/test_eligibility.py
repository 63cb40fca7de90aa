"""Who is eligible: exams recognised from columns, titles and text; windows; reasons; the flow."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from command_line import screener
from hypothesis import given
from hypothesis import strategies as st
from outcome_cases import FIRST, TREATMENTS, rows_of, write_study, write_table

from screener.eligibility import EligibilityCharter, Exam, assess_eligibility
from screener.exams import recognise_exam
from screener.flows import make_flow
from screener.outcomes.results import Course
from screener.outcomes.windows import Span
from screener.reports import Report

COHORT = Path(__file__).parent.parent / "corpora/synthetic_reports/cohort/reports.csv"


def report(
    exam: str = "", text: str = "", modality: str = "", day: date | None = FIRST, name: str = "r1"
) -> Report:
    return Report(name, "p1", text, day, modality, exam)


@pytest.mark.parametrize(
    "exam",
    [
        "PET/CT SKULL BASE TO THIGH GA-68 DOTATATE",
        "NM PET CT DOTATOC",
        "PET-CT Somatostatin receptor imaging",
        "PETCT SSTR whole body",
        "Cu-64 Dotatate PET/MRI",
        "Detectnet PET",
    ],
)
def test_a_pet_with_a_somatostatin_ligand(exam: str) -> None:
    assert recognise_exam(report(exam)).is_somatostatin_pet
    assert not recognise_exam(report(exam)).is_cross_sectional
    assert recognise_exam(report(text=f"EXAM: {exam}\n\nFINDINGS: Liver.")).is_somatostatin_pet


@pytest.mark.parametrize(
    ("exam", "text", "modality"),
    [
        ("PET/CT FDG whole body", "HISTORY: DOTATATE-avid tumor.", "PT"),
        ("PET/CT PSMA", "", "PT"),
        ("Octreotide scan SPECT", "", "NM"),
        ("PET/CT", "COMPARISON: Ga-68 DOTATATE PET/CT of March.", "PT"),
        ("CT abdomen with contrast", "INDICATION: after DOTATATE PET.", "CT"),
    ],
)
def test_no_pet_with_a_somatostatin_ligand(exam: str, text: str, modality: str) -> None:
    assert not recognise_exam(report(exam, text, modality)).is_somatostatin_pet


def test_the_tracer_may_stand_in_the_technique_only() -> None:
    text = "TECHNIQUE: 5 mCi of gallium-68 DOTATATE.\nCOMPARISON: FDG PET."
    assert recognise_exam(report("PET/CT skull base to thigh", text, "PT")).is_somatostatin_pet


@pytest.mark.parametrize(
    "exam",
    [
        "CT ABDOMEN PELVIS WITH IV CONTRAST",
        "CT CHEST ABDOMEN PELVIS W CONTRAST",
        "CT abd/pelvis w/ contrast",
        "MR ABDOMEN W WO GADOXETATE",
        "MRI ABDOMEN W/WO CONTRAST",
        "MR LIVER WITH AND WITHOUT CONTRAST",
        "MRI abdomen without and with contrast",
        "CT ABDOMEN PELVIS DUAL PHASE",
        "Triphasic CT liver",
        "CECT abdomen",
        "Contrast-enhanced MRI of the liver",
        "MRI liver with Eovist",
    ],
)
def test_a_ct_or_mr_of_the_liver_with_contrast(exam: str) -> None:
    kind = recognise_exam(report(exam))
    assert (kind.is_cross_sectional, kind.has_contrast, kind.covers_liver) == (True, True, True)


@pytest.mark.parametrize(
    ("exam", "text", "contrast"),
    [
        ("CT ABDOMEN WITHOUT CONTRAST", "", False),
        ("CT ABDOMEN WO CONTRAST", "TECHNIQUE: with IV contrast", False),
        ("CT abdomen w/o contrast", "", False),
        ("Unenhanced CT abdomen", "", False),
        ("Non-contrast MRI abdomen", "", False),
        ("CT ABDOMEN", "", None),
        ("CT ABDOMEN", "TECHNIQUE: No intravenous contrast was given.", False),
        ("CT ABDOMEN", "TECHNIQUE: 100 mL Omnipaque 350. No complication.", True),
        ("CT ABDOMEN", "TECHNIQUE: Without oral contrast, with IV contrast.", True),
        ("CT ABDOMEN", "COMPARISON: CT with contrast.\nFINDINGS: Contrast in bowel.", None),
        ("MRI ABDOMEN", "CONTRAST: None", False),
        ("MRI ABDOMEN", "TECHNIQUE: Axial images before and after gadobutrol.", True),
    ],
)
def test_contrast_is_told_by_the_title_and_else_by_the_technique(
    exam: str, text: str, contrast: bool | None
) -> None:
    assert recognise_exam(report(exam, text)).has_contrast is contrast


@pytest.mark.parametrize("exam", ["MR LUMBAR SPINE W CONTRAST", "CT CHEST W CONTRAST"])
def test_other_parts_of_the_body_do_not_count(exam: str) -> None:
    assert recognise_exam(report(exam, "TECHNIQUE: To the upper abdomen.")).covers_liver is False


def test_columns_are_believed_before_titles() -> None:
    assert recognise_exam(report("ABDOMEN W CONTRAST", modality="MR")).is_mr
    assert not recognise_exam(report("US, compare with CT", modality="US")).is_ct
    assert recognise_exam(report("Abdomen with contrast", modality="MRI Abdomen")).is_mr


# --- patients ------------------------------------------------------------------------------------

COURSE = Course("p1", FIRST, FIRST, 1)
PET, CT = "PET/CT GA-68 DOTATATE", "CT ABDOMEN W CONTRAST"


def exams(*some: tuple[str, int | None]) -> list[Exam]:
    """Exams by title, so many days from the first cycle."""
    return [
        Exam(
            f"r{n}",
            None if days is None else FIRST + timedelta(days),
            recognise_exam(report(title)),
        )
        for n, (title, days) in enumerate(some)
    ]


@pytest.mark.parametrize(
    ("some", "reasons"),
    [
        (exams((PET, -20), (CT, -20)), ()),
        (exams((PET, -182), (CT, 92)), ()),  # 15 September and 15 June: the ends count
        (exams((PET, -182), (CT, 93)), ("contrast_ct_or_mr_outside_window",)),
        (exams((PET, -183), (CT, 0)), ("somatostatin_pet_outside_window",)),
        (exams((CT, 0)), ("no_somatostatin_pet",)),
        (exams((PET, 0), ("CT ABDOMEN WO CONTRAST", 0)), ("no_contrast_ct_or_mr",)),
        (exams((PET, 0), ("CT ABDOMEN", 0)), ("no_contrast_ct_or_mr",)),
        (exams((PET, None), (CT, 0)), ("no_somatostatin_pet",)),
        (exams(), ("no_somatostatin_pet", "no_contrast_ct_or_mr")),
    ],
)
def test_each_exclusion_has_its_reason(some: list[Exam], reasons: tuple[str, ...]) -> None:
    found = assess_eligibility("p1", COURSE, some, EligibilityCharter())
    assert found.reasons == reasons
    assert found.is_eligible is not bool(reasons)


def test_without_therapy_or_with_unsure_days_nobody_is_eligible() -> None:
    some = exams((PET, 0), (CT, 0))
    charter = EligibilityCharter()
    assert assess_eligibility("p1", None, some, charter).reason == "no_therapy"
    unsure = Course("p1", None, None, 1, problem="cycle 1 has two days")
    found = assess_eligibility("p1", unsure, some, charter)
    assert (found.reason, "two days" in found.why) == ("therapy_not_sure", True)
    twice = EligibilityCharter(min_cycles=2)
    assert assess_eligibility("p1", COURSE, some, twice).reason == "no_therapy"


def test_the_exams_nearest_to_the_first_cycle_are_kept() -> None:
    some = exams((PET, -90), (PET, -10), (CT, 20), (CT, -15), (CT, 400))
    found = assess_eligibility("p1", COURSE, some, EligibilityCharter())
    assert found.pet
    assert found.cross_sectional
    assert (found.pet.report_id, found.cross_sectional.report_id) == ("r1", "r3")


def test_what_comes_near_is_told() -> None:
    some = exams((PET, -400), ("CT ABDOMEN", 0), ("MRI ABDOMEN WO CONTRAST", 0))
    why = assess_eligibility("p1", COURSE, some, EligibilityCharter()).why
    assert "nearest on 2019-02-09" in why
    assert "1 CT or MR without contrast" in why
    assert "1 CT or MR whose contrast is not told" in why


def test_the_charter_says_what_is_asked_for() -> None:
    charter = EligibilityCharter(after=Span(0, "days"), needs_contrast=False)
    found = assess_eligibility("p1", COURSE, exams((PET, 0)), charter)
    assert found.is_eligible


# --- the command ---------------------------------------------------------------------------------


def write_reports(path: Path, rows: Sequence[tuple[object, ...]]) -> Path:
    return write_table(path, ("report_id", "mrn", "exam_date", "exam", "text"), rows)


def test_the_shipped_cohort_goes_through(tmp_path: Path) -> None:
    with COHORT.open(encoding="utf-8", newline="") as file:
        patients = sorted({row["patient_id"] for row in csv.DictReader(file)})
    given_on = [(p, 1, "2019-06-01") for p in patients[:300]]
    treatments = write_table(tmp_path / "t.csv", TREATMENTS, given_on)
    out = tmp_path / "out"
    options = ("--treatments", treatments, "--out", out, "--json", "--before=50y", "--after=50y")
    done = screener("eligible", COHORT, *options)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["n_patients"], told["n_reports"]) == (371, 1253)
    assert told["eligible"] + sum(told["excluded"].values()) == 371
    assert told["excluded"]["no_therapy"] == 71
    ids = (out / "eligible.txt").read_text("utf-8").split()
    assert len(ids) == told["eligible"] > 100
    rows = {r["patient_id"]: r for r in rows_of(out / "eligibility.csv")}
    assert all(rows[one]["eligible"] == "true" and rows[one]["pet_on"] for one in ids)


def test_a_report_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    reports = write_reports(
        tmp_path / "r.csv",
        [("r1", "p1", FIRST, PET, "x"), ("r2", "", FIRST, CT, "x"), ("r3", "p1", FIRST, CT, "x")],
    )
    treatments = write_table(tmp_path / "t.csv", TREATMENTS, [("p1", 1, FIRST), ("p2", 1, "?")])
    done = screener("eligible", reports, "--treatments", treatments, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert f"{reports}:3: patient_id is empty" in done.stderr
    assert f"{treatments}:3: given_on is no day" in done.stderr
    reasons = {r["patient_id"]: r["reason"] for r in rows_of(tmp_path / "out" / "eligibility.csv")}
    assert reasons == {"p1": "", "p2": "therapy_not_sure"}


def test_the_window_is_a_field_of_the_charter(tmp_path: Path) -> None:
    tables = '[exams]\nbefore = "0d"\nafter = "0d"\ncontrast = false'
    study = write_study(tmp_path / "study", tables)
    rows = [("r1", "p1", FIRST, PET, "x"), ("r2", "p2", FIRST + timedelta(1), PET, "x")]
    reports = write_reports(tmp_path / "r.csv", rows)
    given_on = [("p1", 1, FIRST), ("p2", 1, FIRST)]
    treatments = write_table(tmp_path / "t.csv", TREATMENTS, given_on)
    options = ("--treatments", treatments, "--study", study, "--json")
    told = [
        json.loads(screener("eligible", reports, *options, "--out", tmp_path / name, *more).stdout)
        for name, *more in (("a",), ("b", "--after", "1d"), ("c", "--contrast"))
    ]
    assert [one["eligible"] for one in told] == [1, 2, 0]


# --- the flow ------------------------------------------------------------------------------------

ids = st.sets(st.sampled_from("abcdefghij"))


@given(ids, ids, ids, st.dictionaries(st.sampled_from("abcdefghij"), st.sampled_from("xy")), ids)
def test_the_flow_always_adds_up(
    treated: set[str],
    screened: set[str],
    flagged: set[str],
    excluded: dict[str, str],
    read: set[str],
) -> None:
    verdicts = {one: (True, False, None)[ord(one) % 3] for one in read}
    flow = make_flow(
        treated=treated, screened=screened, flagged=flagged, excluded=excluded, verdicts=verdicts
    )
    assert flow.steps[0].n == len(treated)
    for before, after in zip(flow.steps, flow.steps[1:], strict=False):
        assert before.n == after.n + sum(after.left_out.values())
    left = (treated & screened & flagged & read) - excluded.keys()
    assert flow.steps[-1].n == sum(verdicts[one] is True for one in left)


def test_the_flow_of_the_paper() -> None:
    """371 treated, 22 flagged, 15 confirmed, 7 not (Gococo-Benore et al. 2023)."""
    everybody = [f"p{n}" for n in range(371)]
    flow = make_flow(
        treated=everybody,
        screened=everybody,
        flagged=everybody[:22],
        excluded={},
        verdicts={one: n < 15 for n, one in enumerate(everybody[:22])},
        n_reports=1253,
    )
    assert [(one.name, one.n) for one in flow.steps] == [
        *[("received_therapy", 371), ("screened", 371), ("flagged", 22), ("eligible", 22)],
        *[("read", 22), ("confirmed", 15)],
    ]
    assert flow.to_dict()["steps"][-1]["left_out"] == {"not confirmed": 7}
