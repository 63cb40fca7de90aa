"""Contents without what tells whose they are: ids replaced, days shifted, texts dropped.

It is done to the contents before any form is given to them, so that every export is made of the
same. What is kept is listed; whatever is not listed is dropped. Days that are not the patient's
(when the screen ran, when a read was locked) are dropped, since shifted by the same days they would
tell the shift; of a read the time between opening and locking is kept.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from screener.exports.tables import PATIENTS, REJECTED, REPORTS
from screener.study_contents import CaseFile

if TYPE_CHECKING:
    from screener.assessments import Assessment
    from screener.candidates import CaseReport
    from screener.exports.tables import Cell, Column, Row, Table
    from screener.pseudonyms import Kind, Pseudonyms
    from screener.reads import Read
    from screener.run_contents import RunContents
    from screener.study_contents import CaseContents, StudyContents

NO_DAY = date(1970, 1, 1)
"""Where a day must stand and none may."""
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)

# Columns of a run whose texts are the pack's or the program's own words.
_KEPT = frozenset(
    {"tier", "burden", "certainty", "rule_id", "concept", "section", "would_be_burden"}
    | {"suppressed_by"}
)
_IDS: dict[str, Kind] = {
    "patient_id": "patients",
    "report_id": "reports",
    "top_report_id": "reports",
}


def deidentified_study(contents: StudyContents, key: Pseudonyms) -> StudyContents:
    """Return the contents of a study with nothing that tells whose they are.

    Parameters
    ----------
    contents
        Of a study.
    key
        Learns the ids and days that it does not know; write it before anything is given out.
    """
    key.learn(_study_ids(contents), _study_days(contents))
    cases = [_case(case, contents, key) for case in contents.cases]
    assessments = map(_Words(key).assessment, contents.assessments.values())
    return replace(
        contents,
        study_id=f"{key.number('study', contents.study_id):016x}",
        primaries=tuple(key.study_id("readers", name) for name in contents.primaries),
        adjudicator=contents.adjudicator and key.study_id("readers", contents.adjudicator),
        screened_on=NO_DAY,
        cases=tuple(sorted(cases, key=lambda case: case.case_id)),
        assessments={said.report_id: said for said in assessments},
        is_deidentified=True,
    )


def deidentified_run(contents: RunContents, key: Pseudonyms) -> RunContents:
    """Return the contents of a run with nothing that tells whose they are.

    Rejected rows are left out. `key` is as of `deidentified_study`.
    """
    days: dict[str, list[date]] = {}
    reports: dict[str, None] = {}
    for row in contents.rows(REPORTS):
        told = dict(zip(REPORTS.column_names, row, strict=True))
        reports[str(told["report_id"])] = None
        day = told["exam_on"]
        days.setdefault(str(told["patient_id"]), []).extend([day] if isinstance(day, date) else [])
    who = PATIENTS.column_names.index("patient_id")
    patients = dict.fromkeys([*days, *(str(row[who]) for row in contents.rows(PATIENTS))])
    key.learn({"patients": list(patients), "reports": list(reports)}, days)
    return replace(
        contents,
        screened_on=NO_DAY,
        tables=tuple(table for table in contents.tables if table is not REJECTED),
        change=lambda table, row: _changed(table, row, key),
    )


def _changed(table: Table, row: Row, key: Pseudonyms) -> Row:
    told = dict(zip(table.column_names, row, strict=True))
    patient_id = str(told.get("patient_id") or "")
    return tuple(_cell(column, told[column.name], patient_id, key) for column in table.columns)


def _cell(column: Column, cell: Cell, patient_id: str, key: Pseudonyms) -> Cell:
    if cell is None:
        return None
    if column.name in _IDS:
        return key.study_id(_IDS[column.name], str(cell))
    if isinstance(cell, date):
        return key.shifted(patient_id, cell)
    return cell if column.kind is not str or column.name in _KEPT else None


def _study_ids(contents: StudyContents) -> dict[Kind, list[str]]:
    reports = [report.report_id for case in contents.cases for report in case.file.reports]
    return {
        "patients": [case.patient_id for case in contents.cases],
        "reports": list(dict.fromkeys([*reports, *contents.assessments])),
        "cases": [case.case_id for case in contents.cases],
        "readers": list(contents.readers),
    }


def _study_days(contents: StudyContents) -> dict[str, list[date]]:
    days: dict[str, list[date]] = {}
    for case in contents.cases:
        own = [report.exam_on for report in case.file.reports if report.exam_on]
        days.setdefault(case.patient_id, []).extend(own)
    return days


def _case(case: CaseContents, contents: StudyContents, key: Pseudonyms) -> CaseContents:
    words = _Words(key, contents.modalities)
    reports = tuple(words.report(one, case.patient_id) for one in case.file.reports)
    reads = [words.read(read, key.study_id("cases", case.case_id)) for read in case.reads]
    return replace(
        case,
        case_id=key.study_id("cases", case.case_id),
        patient_id=key.study_id("patients", case.patient_id),
        file=CaseFile(reports, case.file.finds),
        reads=tuple(sorted(reads, key=lambda one: (one.reader, one.position))),
    )


class _Words:
    """Takes the words out of records; a modality stays where it is one of the charter's."""

    def __init__(self, key: Pseudonyms, modalities: tuple[str, ...] = ()) -> None:
        self.key = key
        self.modalities = modalities

    def report(self, report: CaseReport, patient_id: str) -> CaseReport:
        return replace(
            report,
            report_id=self.key.study_id("reports", report.report_id),
            exam_on=self.key.shifted(patient_id, report.exam_on),
            modality=self._modality(report.modality),
            text="",
            exam="",
            site="",
            status="",
            accession="",
            sections=(),
        )

    def read(self, read: Read, case_id: str) -> Read:
        form = replace(
            read.form, reason="", comment="", modality=self._modality(read.form.modality)
        )
        return replace(
            read,
            reader=self.key.study_id("readers", read.reader),
            case_id=case_id,
            form=form,
            opened_at=_NO_TIME,
            locked_at=_NO_TIME + (read.locked_at - read.opened_at),
            amendment_reason="",
            charter_sha256="",
            previous="",
            hash="",
        )

    def assessment(self, said: Assessment) -> Assessment:
        return replace(
            said,
            report_id=self.key.study_id("reports", said.report_id),
            patient_id=self.key.study_id("patients", said.patient_id),
            evidence=(),
        )

    def _modality(self, modality: str) -> str:
        return modality if modality in self.modalities else ""
