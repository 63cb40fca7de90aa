"""Rank patients by what their reports say, with every component of the score in the open.

A patient has the points of the strongest report, plus points for each further report that makes a
candidate. Patients whom a report makes a candidate stand before all others, whatever the weights.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from screener.assessments import Assessment

CANDIDATE = "candidate"
POSSIBLE = "possible"
SCORE_DIGITS = 6  # sums of binary fractions would otherwise show their rounding


class PatientWeights(Protocol):
    """What the ranking needs of a pack's weights."""

    @property
    def repeated(self) -> float:
        """Points for each further report of the same patient that makes a candidate."""
        ...

    @property
    def repeated_max(self) -> int:
        """At most so many further reports give points."""
        ...


@dataclass(frozen=True, slots=True)
class DatedAssessment:
    """What one report says and when its examination was.

    Attributes
    ----------
    assessment
        What the report says.
    exam_on
        Day of the examination, where known; a report without a day counts as the earliest.
    position
        Place of the report in the input, from 0; it settles what nothing else does.
    """

    assessment: Assessment
    exam_on: date | None
    position: int


@dataclass(frozen=True, slots=True)
class PatientRanking:
    """One patient's place and all that put them there.

    Attributes
    ----------
    rank
        From 1, without gaps or ties; 0 until the patients are ranked against one another.
    patient_id
        Whose ranking.
    tier
        ``candidate`` where a report asserts a candidate burden outright, ``possible`` where the
        strongest report hedges it, else the name of the burden of the strongest report.
    score
        ``top_points + repeated_points``.
    top_points
        Score of the strongest report.
    repeated_points
        Points for further reports that make a candidate.
    burden, certainty
        Of the strongest report.
    n_reports
        Reports of the patient that were screened.
    n_candidate_reports
        Those of them that make a candidate.
    top_report_id, top_exam_on
        The strongest report.
    evidence
        Verbatim words of the strongest report, in order of its text.
    assessments
        All of the patient's assessments in time order.
    """

    rank: int
    patient_id: str
    tier: str
    score: float
    top_points: float
    repeated_points: float
    burden: str
    certainty: str | None
    n_reports: int
    n_candidate_reports: int
    top_report_id: str
    top_exam_on: date | None
    evidence: tuple[str, ...]
    assessments: tuple[DatedAssessment, ...]

    @property
    def is_candidate(self) -> bool:
        """Whether any report makes the patient a candidate, hedged or not."""
        return self.n_candidate_reports > 0


def rank_patient(
    reports: Iterable[DatedAssessment], weights: PatientWeights, n_more: int = 0
) -> PatientRanking:
    """Put together what one patient's reports say.

    The strongest report is the first by: makes a candidate, higher score, definite before hedged
    before nothing asserted, later examination, report_id, place in the input.

    Parameters
    ----------
    reports
        The patient's assessments, at least one, in any order.
    weights
        The pack's points for further reports.
    n_more
        Reports of the patient that assert nothing and are weaker than one of these.

    Returns
    -------
    PatientRanking
        With rank 0; `rank_patients` gives the rank.
    """
    in_time = tuple(sorted(reports, key=_time_order))
    top = min(in_time, key=_strength_order)
    best = top.assessment
    n_candidate = sum(report.assessment.is_candidate for report in in_time)
    repeated = _repeated_points(n_candidate, weights)
    return PatientRanking(
        rank=0,
        patient_id=best.patient_id,
        tier=_tier(best),
        score=round(best.score + repeated, SCORE_DIGITS),
        top_points=round(best.score, SCORE_DIGITS),
        repeated_points=repeated,
        burden=best.burden,
        certainty=best.certainty,
        n_reports=len(in_time) + n_more,
        n_candidate_reports=n_candidate,
        top_report_id=best.report_id,
        top_exam_on=top.exam_on,
        evidence=best.evidence,
        assessments=in_time,
    )


def silent_patient(
    rank: int,
    patient_id: str,
    burden: str,
    top: tuple[str, date | None],
    n_reports: int,
) -> PatientRanking:
    """Return what becomes of a patient none of whose reports asserts anything.

    Parameters
    ----------
    rank, patient_id
        The place, and whose reports.
    burden
        The pack's lowest.
    top
        Id and day of the strongest report: the latest, of these the first by its id.
    n_reports
        How many reports there are; `PatientRanking.assessments` are left out.
    """
    return PatientRanking(
        rank=rank,
        patient_id=patient_id,
        tier=burden,
        score=0.0,
        top_points=0.0,
        repeated_points=0.0,
        burden=burden,
        certainty=None,
        n_reports=n_reports,
        n_candidate_reports=0,
        top_report_id=top[0],
        top_exam_on=top[1],
        evidence=(),
        assessments=(),
    )


def rank_patients(
    reports: Iterable[DatedAssessment], weights: PatientWeights
) -> tuple[PatientRanking, ...]:
    """Rank the patients of some reports, all of them in memory.

    Parameters
    ----------
    reports
        Assessments of any number of patients, in any order.
    weights
        The pack's points for further reports.

    Returns
    -------
    tuple of PatientRanking
        One a patient, in `rank_order`, ranked from 1; empty where there are no reports.
    """
    of_patient: dict[str, list[DatedAssessment]] = {}
    for report in reports:
        of_patient.setdefault(report.assessment.patient_id, []).append(report)
    ranked = sorted((rank_patient(own, weights) for own in of_patient.values()), key=rank_order)
    return tuple(replace(patient, rank=rank) for rank, patient in enumerate(ranked, start=1))


def rank_order(patient: PatientRanking) -> tuple[int, float, int, int, str]:
    """Return the key by which patients are ranked; no two patients share one.

    Candidates first, then higher score, definite before hedged before nothing asserted, later
    examination of the strongest report, patient_id.
    """
    return (
        -int(patient.is_candidate),
        -patient.score,
        _certainty_order(patient.certainty),
        -_day_number(patient.top_exam_on),
        patient.patient_id,
    )


def _tier(best: Assessment) -> str:
    if not best.is_candidate:
        return best.burden
    return POSSIBLE if best.certainty == "hedged" else CANDIDATE


def _repeated_points(n_candidate: int, weights: PatientWeights) -> float:
    further = max(0, n_candidate - 1)
    return round(min(further, weights.repeated_max) * weights.repeated, SCORE_DIGITS)


def _time_order(report: DatedAssessment) -> tuple[int, int]:
    return _day_number(report.exam_on), report.position


def _strength_order(report: DatedAssessment) -> tuple[int, float, int, int, str, int]:
    said = report.assessment
    return (
        -int(said.is_candidate),
        -said.score,
        _certainty_order(said.certainty),
        -_day_number(report.exam_on),
        said.report_id,
        report.position,
    )


def _certainty_order(certainty: str | None) -> int:
    return ("definite", "hedged", None).index(certainty)


def _day_number(day: date | None) -> int:
    return 0 if day is None else day.toordinal()
