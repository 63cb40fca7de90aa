"""What a screen in memory comes to: the tables of a run as DataFrames."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from screener.exports.frames import to_frame
from screener.exports.tables import (
    FINDINGS,
    PATIENTS,
    REJECTED,
    REPORTS,
    Row,
    finding_row,
    patient_row,
    report_row,
)
from screener.ranking import DatedAssessment, rank_patients
from screener.reports import Rejected, Report
from screener.run_records import Counts
from screener.workers import Failed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from screener.exports.tables import Table
    from screener.ranking import PatientWeights
    from screener.screening import ScreenedReport

    Answer = Rejected | tuple[Report, ScreenedReport | Failed]


@dataclass(frozen=True, slots=True, eq=False)
class Screening:
    """What a screen of a DataFrame came to.

    The frames have the columns of the tables of a run, in their order. Text columns are of pandas'
    ``string`` type, days ``datetime64[s]``, whole numbers ``Int64``, flags ``boolean``; nothing is
    an empty cell of that type.

    Attributes
    ----------
    patients
        One row a patient, in order of rank.
    reports
        One row a report that was screened, in order of the input.
    findings
        One row a finding, in order of the input.
    rejected
        One row a report that could not be screened, and why.
    counts
        ``n_read = n_screened + n_rejected + n_duplicate``, and what else a run counts.
    """

    patients: pd.DataFrame
    reports: pd.DataFrame
    findings: pd.DataFrame
    rejected: pd.DataFrame
    counts: Counts


class Gathering:
    """The rows of the tables so far, and what was counted."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.rows: dict[str, list[Row]] = {
            table.name: [] for table in (REPORTS, FINDINGS, REJECTED)
        }
        self.assessed: list[DatedAssessment] = []
        self.counts = Counts()

    def once(self, rows: Iterable[Report | Rejected]) -> Iterator[Report | Rejected]:
        """Give the rows without exact duplicates."""
        seen: set[bytes] = set()
        names: set[str] = set()
        for row in rows:
            self.counts.n_read += 1
            if isinstance(row, Report):
                digest = blake2b(repr(astuple(row)).encode(), digest_size=16).digest()
                if digest in seen:
                    self.counts.n_duplicate += 1
                    continue
                seen.add(digest)
                self.counts.n_repeated_ids += row.report_id in names
                names.add(row.report_id)
            yield row

    def take(self, answers: Iterable[Answer]) -> None:
        """Make rows of what came of the input."""
        for answer in answers:
            if isinstance(answer, Rejected):
                self._reject(answer.source, answer.line, answer.reason, None)
                continue
            report, result = answer
            if isinstance(result, Failed):
                self._reject(self.source, None, result.reason, report.report_id)
            else:
                self._keep(report, result)

    def _reject(self, *row: str | int | None) -> None:
        self.counts.n_rejected += 1
        self.rows[REJECTED.name].append(row)

    def _keep(self, report: Report, screened: ScreenedReport) -> None:
        said, counts = screened.assessment, self.counts
        self.assessed.append(DatedAssessment(said, report.exam_on, counts.n_screened))
        counts.n_screened += 1
        counts.n_undated += report.exam_on is None
        counts.n_findings += len(screened.findings)
        counts.n_candidate_reports += said.is_candidate
        counts.n_near_misses += screened.near_miss is not None
        self.rows[REPORTS.name].append(report_row(said, report.exam_on, len(screened.findings)))
        self.rows[FINDINGS.name].extend(map(finding_row, screened.findings))

    def frame(self, table: Table) -> pd.DataFrame:
        """Give one of the tables of the reports."""
        return to_frame(table, self.rows[table.name])

    def screening(self, weights: PatientWeights) -> Screening:
        """Rank the patients and give all tables."""
        ranked = rank_patients(self.assessed, weights)
        self.counts.n_patients = len(ranked)
        self.counts.n_candidate_patients = sum(patient.is_candidate for patient in ranked)
        self.counts.check()
        return Screening(
            patients=to_frame(PATIENTS, list(map(patient_row, ranked))),
            reports=self.frame(REPORTS),
            findings=self.frame(FINDINGS),
            rejected=self.frame(REJECTED),
            counts=self.counts,
        )
