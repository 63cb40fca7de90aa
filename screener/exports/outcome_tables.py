"""The tables of outcomes: their columns, in order, and how a record becomes a row of each.

The names and order of the columns are a contract: columns are added at the end, never renamed.
Values stand as the laboratory wrote them, in its unit, which `why` tells.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from screener.exports.tables import Column, Row, Table
from screener.outcomes.term_grades import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screener.eligibility import Eligibility
    from screener.outcomes.follow_up import FollowedPatient, FollowUpSummary
    from screener.outcomes.results import RejectedRow
    from screener.outcomes.term_grades import TermGrade

GRADES = Table(
    "grades",
    (
        Column("patient_id", str),
        Column("term", str),
        Column("baseline_value", str),
        Column("baseline_grade", str),
        Column("worst_value", str),
        Column("worst_on", date),
        Column("grade", str),
        Column("rule", str),
        Column("why", str),
    ),
)
REJECTED_ROWS = Table(
    "rejected",
    (
        Column("source", str),
        Column("line", int),
        Column("reason", str),
        Column("patient_id", str),
        Column("analyte", str),
    ),
)
FOLLOW_UP = Table(
    "follow_up",
    (
        Column("patient_id", str),
        Column("first_on", date),
        Column("last_on", date),
        Column("n_cycles", int),
        Column("ended_on", date),
        Column("died", bool),
        Column("days", int),
        Column("days_from_last", int),
        Column("best_response", str),
    ),
)
CURVES = Table(
    "curves",
    (
        Column("curve", str),
        Column("day", int),
        Column("share", float),
        Column("low", float),
        Column("high", float),
        Column("n_at_risk", int),
        Column("n_events", int),
        Column("n_censored", int),
    ),
)
ELIGIBILITY = Table(
    "eligibility",
    (
        Column("patient_id", str),
        Column("eligible", bool),
        Column("reason", str),
        Column("all_reasons", str),
        Column("index_on", date),
        Column("pet_report_id", str),
        Column("pet_on", date),
        Column("ct_or_mr_report_id", str),
        Column("ct_or_mr_on", date),
        Column("why", str),
    ),
)


def grade_row(grade: TermGrade) -> Row:
    """Return a grade as a row of `GRADES`; what is not gradable is said, never left as 0."""
    return (
        grade.patient_id,
        grade.term.term,
        grade.baseline.written if grade.baseline else None,
        told(grade.baseline_grade) if grade.baselines else None,
        grade.worst.written if grade.worst else None,
        grade.worst.drawn_on if grade.worst else None,
        told(grade.range),
        grade.rule,
        grade.why,
    )


def rejected_row(rejected: RejectedRow) -> Row:
    """Return a row that could not be used as a row of `REJECTED_ROWS`."""
    place = rejected.place
    return (place.source, place.line, rejected.reason, rejected.patient_id, rejected.analyte)


def follow_up_row(patient: FollowedPatient) -> Row:
    """Return a patient's time under observation as a row of `FOLLOW_UP`."""
    return (
        patient.patient_id,
        patient.first_on,
        patient.last_on,
        patient.n_cycles,
        patient.ended_on,
        patient.has_died,
        patient.days,
        patient.days_from_last,
        patient.response,
    )


def curve_rows(summary: FollowUpSummary) -> Iterator[Row]:
    """Give the points of both curves as rows of `CURVES`."""
    for name, curve in (("survival", summary.survival), ("follow_up", summary.follow_up)):
        for point in curve.points:
            yield (
                name,
                point.day,
                point.share,
                point.low,
                point.high,
                point.n_at_risk,
                point.n_events,
                point.n_censored,
            )


def eligibility_row(found: Eligibility) -> Row:
    """Return whether a patient is eligible as a row of `ELIGIBILITY`."""
    pet, section = found.pet, found.cross_sectional
    return (
        found.patient_id,
        found.is_eligible,
        found.reason,
        ";".join(found.reasons),
        found.index_on,
        pet.report_id if pet else None,
        pet.exam_on if pet else None,
        section.report_id if section else None,
        section.exam_on if section else None,
        found.why,
    )
