"""The tables of a run: their columns, in order, and how a record becomes a row of each.

The names and order of the columns are a contract: columns are added at the end, never renamed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screener.assessments import Assessment
    from screener.findings import Finding
    from screener.near_misses import NearMiss
    from screener.ranking import PatientRanking

Cell = str | int | float | bool | date | None
Row = tuple[Cell, ...]

EVIDENCE_SEPARATOR = " | "


@dataclass(frozen=True, slots=True)
class Column:
    """A named column and the type of its cells; every cell may also be ``None``."""

    name: str
    kind: type[str] | type[int] | type[float] | type[bool] | type[date]


@dataclass(frozen=True, slots=True)
class Table:
    """A named table with its columns in order."""

    name: str
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """The header."""
        return tuple(column.name for column in self.columns)


PATIENTS = Table(
    "patients",
    (
        Column("rank", int),
        Column("patient_id", str),
        Column("tier", str),
        Column("score", float),
        Column("burden", str),
        Column("certainty", str),
        Column("n_reports", int),
        Column("top_report_id", str),
        Column("top_exam_on", date),
        Column("evidence", str),
        Column("top_points", float),
        Column("repeated_points", float),
        Column("n_candidate_reports", int),
    ),
)
REPORTS = Table(
    "reports",
    (
        Column("report_id", str),
        Column("patient_id", str),
        Column("burden", str),
        Column("candidate", bool),
        Column("certainty", str),
        Column("stated_percent_low", float),
        Column("stated_percent_high", float),
        Column("score", float),
        Column("n_findings", int),
        Column("exam_on", date),
        Column("rule_id", str),
        Column("evidence", str),
    ),
)
FINDINGS = Table(
    "findings",
    (
        Column("report_id", str),
        Column("start", int),
        Column("end", int),
        Column("text", str),
        Column("concept", str),
        Column("section", str),
        Column("negated", bool),
        Column("historical", bool),
        Column("hypothetical", bool),
        Column("uncertain", bool),
        Column("family", bool),
        Column("cue", str),
        Column("rule_id", str),
    ),
)
REJECTED = Table(
    "rejected",
    (
        Column("source", str),
        Column("line", int),
        Column("reason", str),
        Column("report_id", str),
    ),
)
NEAR_MISSES = Table(
    "near_misses",
    (
        Column("rank", int),
        Column("report_id", str),
        Column("patient_id", str),
        Column("would_be_burden", str),
        Column("points", float),
        Column("suppressed_by", str),
        Column("cue", str),
        Column("evidence", str),
        Column("section", str),
        Column("rule_id", str),
    ),
)
TABLES = (PATIENTS, REPORTS, FINDINGS, REJECTED, NEAR_MISSES)


def patient_row(patient: PatientRanking) -> Row:
    """Return a patient as a row of `PATIENTS`."""
    return (
        patient.rank,
        patient.patient_id,
        patient.tier,
        patient.score,
        patient.burden,
        patient.certainty,
        patient.n_reports,
        patient.top_report_id,
        patient.top_exam_on,
        EVIDENCE_SEPARATOR.join(patient.evidence),
        patient.top_points,
        patient.repeated_points,
        patient.n_candidate_reports,
    )


def report_row(assessment: Assessment, exam_on: date | None, n_findings: int) -> Row:
    """Return what one report says as a row of `REPORTS`."""
    low, high = assessment.stated_percent or (None, None)
    return (
        assessment.report_id,
        assessment.patient_id,
        assessment.burden,
        assessment.is_candidate,
        assessment.certainty,
        low,
        high,
        assessment.score,
        n_findings,
        exam_on,
        assessment.rule_id,
        EVIDENCE_SEPARATOR.join(assessment.evidence),
    )


def alike_report_row(row: Row, report_id: str, patient_id: str, exam_on: date | None) -> Row:
    """Return a row of `REPORTS` that differs from another in whose report it is and when."""
    return (report_id, patient_id, *row[2:9], exam_on, *row[10:])


def finding_row(finding: Finding) -> Row:
    """Return a finding as a row of `FINDINGS`."""
    return (
        finding.report_id,
        finding.start,
        finding.end,
        finding.text,
        finding.concept,
        finding.section,
        finding.negated,
        finding.historical,
        finding.hypothetical,
        finding.uncertain,
        finding.family,
        finding.cue,
        finding.rule_id,
    )


def near_miss_row(rank: int, near_miss: NearMiss) -> Row:
    """Return a near miss and its place as a row of `NEAR_MISSES`."""
    return (
        rank,
        near_miss.report_id,
        near_miss.patient_id,
        near_miss.would_be_burden,
        near_miss.points,
        near_miss.suppressed_by,
        near_miss.cue,
        EVIDENCE_SEPARATOR.join(near_miss.evidence),
        near_miss.section,
        near_miss.rule_id,
    )
