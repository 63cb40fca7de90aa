"""The use case of eligibility: reports and treatments in, who is eligible and why others not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screener.eligibility import (
    REASONS,
    Eligibility,
    EligibilityCharter,
    Exam,
    assess_eligibility,
)
from screener.exams import recognise_exam
from screener.exports.formats import FORMATS
from screener.exports.outcome_tables import (
    ELIGIBILITY,
    REJECTED_ROWS,
    eligibility_row,
    rejected_row,
)
from screener.outcome_folders import new_outcome_folder, record_of, write_json
from screener.outcome_inputs.treatments import Treatments
from screener.outcomes.results import Place, RejectedRow
from screener.reports import Rejected
from screener.run_folders import RUN_FILE, create_file, open_tables

if TYPE_CHECKING:
    from screener.sources import Source

ELIGIBLE_FILE = "eligible.txt"
SUMMARY_FILE = "summary.json"


@dataclass(frozen=True, slots=True)
class EligiblePatients:
    """Who is eligible among all patients with a report or a treatment.

    Attributes
    ----------
    patients
        Each patient, those treated first, in order of the tables.
    rejected
        Rows that could not be read.
    n_reports
        Reports that were looked at.
    """

    patients: tuple[Eligibility, ...]
    rejected: tuple[RejectedRow, ...]
    n_reports: int

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as plain data; those eligible and excluded are all patients."""
        counts = Counter(one.reason for one in self.patients)
        return {
            "n_patients": len(self.patients),
            "n_reports": self.n_reports,
            "eligible": counts[None],
            "excluded": {reason: counts[reason] for reason in REASONS if counts[reason]},
            "n_rejected": len(self.rejected),
        }


def find_eligible(
    sources: Iterable[Source], treatments: Treatments, charter: EligibilityCharter
) -> EligiblePatients:
    """Look at every report once and tell who is eligible.

    Raises
    ------
    SourceError
        When a source cannot be read to its end.
    """
    exams: defaultdict[str, list[Exam]] = defaultdict(list)
    rejected = list(treatments.rejected)
    n_reports = 0
    for source in sources:
        for row in source.rows:
            if isinstance(row, Rejected):
                rejected.append(RejectedRow(Place(row.source, row.line), row.reason))
                continue
            n_reports += 1
            kind = recognise_exam(row)
            if kind.is_pet or kind.is_cross_sectional:
                exams[row.patient_id].append(Exam(row.report_id, row.exam_on, kind))
            else:
                exams.setdefault(row.patient_id, [])
    courses = treatments.courses
    patients = tuple(
        assess_eligibility(patient_id, courses.get(patient_id), exams.get(patient_id, ()), charter)
        for patient_id in dict.fromkeys([*courses, *exams])
    )
    return EligiblePatients(patients, tuple(rejected), n_reports)


def write_eligible(
    found: EligiblePatients, out: Path, more: Mapping[str, Any], *, replace: bool = False
) -> None:
    """Write ``eligibility.csv``, ``eligible.txt`` (for the draw), ``rejected.csv`` and records.

    Raises
    ------
    RunError
        When the folder is there already (and may not be replaced), or cannot be written.
    """
    with new_outcome_folder(out, replace=replace) as folder:
        with open_tables(folder, (ELIGIBILITY, REJECTED_ROWS), FORMATS["csv"]) as write:
            for patient in found.patients:
                write[ELIGIBILITY.name]([eligibility_row(patient)])
            for rejected in found.rejected:
                write[REJECTED_ROWS.name]([rejected_row(rejected)])
        with create_file(folder / ELIGIBLE_FILE) as file:
            for patient in found.patients:
                if patient.is_eligible:
                    file.write(f"{patient.patient_id}\n".encode())
        write_json(folder / SUMMARY_FILE, found.to_dict())
        write_json(folder / RUN_FILE, record_of("eligibility", ("screener",), (), more))
