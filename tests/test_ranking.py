"""Patients are ranked by a stated score whose components are in the open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from screener.assessments import Assessment
from screener.ranking import DatedAssessment, rank_patient, rank_patients


@dataclass(frozen=True)
class Weights:
    repeated: float = 5.0
    repeated_max: int = 2


def said(
    report_id: str,
    patient_id: str = "p1",
    *,
    burden: str = "none",
    certainty: str | None = None,
    score: float = 0.0,
    exam_on: date | None = None,
    position: int = 0,
    evidence: tuple[str, ...] = (),
) -> DatedAssessment:
    is_candidate = burden == "extensive"
    assessment = Assessment(
        report_id, patient_id, burden, is_candidate, certainty, None, score, evidence
    )
    return DatedAssessment(assessment, exam_on, position)


def extensive(report_id: str, **more: Any) -> DatedAssessment:
    given_ = {"burden": "extensive", "certainty": "definite", "score": 100.0, **more}
    return said(report_id, **given_)


def test_a_patient_has_the_points_of_the_strongest_report() -> None:
    patient = rank_patient(
        [said("r1", burden="multiple", certainty="definite", score=40.0), extensive("r2")],
        Weights(),
    )
    assert (patient.top_report_id, patient.top_points, patient.score) == ("r2", 100.0, 100.0)


def test_each_further_candidate_report_gives_points_up_to_a_limit() -> None:
    scores = [
        rank_patient([extensive(f"r{i}", position=i) for i in range(n)], Weights()).score
        for n in (1, 2, 3, 4, 9)
    ]
    assert scores == [100.0, 105.0, 110.0, 110.0, 110.0]


def test_the_score_is_the_sum_of_its_shown_components() -> None:
    patient = rank_patient([extensive("r1", score=0.1), extensive("r2", score=0.1)], Weights(0.2))
    assert (patient.top_points, patient.repeated_points, patient.score) == (0.1, 0.2, 0.3)


def test_the_tier_says_whether_the_candidate_burden_is_hedged() -> None:
    hedged = extensive("r1", certainty="hedged", score=60.0)
    limited = said("r3", burden="limited", certainty="definite", score=10.0)
    assert rank_patient([hedged], Weights()).tier == "possible"
    assert rank_patient([hedged, extensive("r2")], Weights()).tier == "candidate"
    assert rank_patient([limited], Weights()).tier == "limited"
    assert rank_patient([said("r4")], Weights()).tier == "none"


def test_of_equal_reports_the_latest_is_the_top_one_then_the_first_id() -> None:
    early = extensive("a", exam_on=date(2020, 1, 1))
    late_b = extensive("b", exam_on=date(2021, 1, 1))
    late_c = extensive("c", exam_on=date(2021, 1, 1))
    undated = extensive("0")
    patient = rank_patient([late_c, undated, early, late_b], Weights())
    assert (patient.top_report_id, patient.top_exam_on) == ("b", date(2021, 1, 1))


def test_assessments_stand_in_time_order_the_undated_first() -> None:
    reports = [
        said("r1", exam_on=date(2021, 5, 1), position=0),
        said("r2", position=1),
        said("r3", exam_on=date(2020, 5, 1), position=2),
    ]
    in_time = rank_patient(reports, Weights()).assessments
    assert [report.assessment.report_id for report in in_time] == ["r2", "r3", "r1"]


def test_a_candidate_stands_before_any_other_whatever_the_weights() -> None:
    loud = said("r1", "p1", burden="multiple", certainty="definite", score=500.0)
    ranked = rank_patients([loud, extensive("r2", patient_id="p2", score=1.0)], Weights())
    assert [patient.patient_id for patient in ranked] == ["p2", "p1"]


def test_equal_scores_are_ordered_by_certainty_then_latest_exam_then_patient_id() -> None:
    reports = [
        extensive("r1", patient_id="d", exam_on=date(2020, 1, 1)),
        extensive("r2", patient_id="c", exam_on=date(2020, 1, 1)),
        extensive("r3", patient_id="b", exam_on=date(2022, 1, 1)),
        extensive("r4", patient_id="a", certainty="hedged", exam_on=date(2023, 1, 1)),
    ]
    ranked = rank_patients(reports, Weights())
    assert [patient.patient_id for patient in ranked] == ["b", "c", "d", "a"]
    assert [patient.rank for patient in ranked] == [1, 2, 3, 4]


def test_the_evidence_is_that_of_the_top_report() -> None:
    reports = [
        extensive("r1", score=90.0, evidence=("countless",)),
        extensive("r2", evidence=("innumerable", "liver")),
    ]
    assert rank_patient(reports, Weights()).evidence == ("innumerable", "liver")


def test_no_reports_give_no_patients() -> None:
    assert rank_patients([], Weights()) == ()


_SAID = st.builds(
    said,
    report_id=st.sampled_from("abcd"),
    patient_id=st.sampled_from(["p1", "p2", "p3"]),
    burden=st.sampled_from(["none", "limited", "extensive"]),
    certainty=st.sampled_from(["definite", "hedged", None]),
    score=st.sampled_from([0.0, 10.0, 60.0]),
    exam_on=st.sampled_from([None, date(2020, 1, 1), date(2021, 1, 1)]),
)


@given(st.lists(_SAID, max_size=12), st.randoms(use_true_random=False))
def test_the_ranking_does_not_depend_on_the_order_in_which_reports_come(
    reports: list[DatedAssessment], random: Any
) -> None:
    placed = [DatedAssessment(r.assessment, r.exam_on, i) for i, r in enumerate(reports)]
    shuffled = list(placed)
    random.shuffle(shuffled)
    assert rank_patients(placed, Weights()) == rank_patients(shuffled, Weights())
