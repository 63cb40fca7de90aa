"""The tables of a study: their columns, in order, and their rows.

The names and order of the columns are a contract: columns are added at the end, never renamed. Of a
case that is not complete a table has counts or nothing, as `screener.study_contents` has.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from screener.exports.tables import EVIDENCE_SEPARATOR, Cell, Column, Row, Table
from screener.reads import ReadForm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screener.reads import Read
    from screener.study_contents import CaseContents, StudyContents

CASES = Table(
    "cases",
    (
        Column("case_id", str),
        Column("patient_id", str),
        Column("round", str),
        Column("is_complete", bool),
        Column("n_reads", int),
        Column("n_missing", int),
        Column("origin", str),
        Column("rank", int),
        Column("tier", str),
        Column("score", float),
        Column("n_reports", int),
        Column("first_exam_on", date),
        Column("last_exam_on", date),
        Column("verdict", str),
        Column("percent", float),
        Column("status", str),
        Column("basis", str),
    ),
)
FORM = (
    Column("verdict", str),
    Column("reason", str),
    Column("percent", float),
    Column("confidence", str),
    Column("modality", str),
    Column("tumor_volume_ml", float),
    Column("liver_volume_ml", float),
    Column("suvmax_tumor", float),
    Column("suvmax_liver", float),
    Column("comment", str),
    Column("involved_percent", float),
    Column("suv_ratio", float),
    Column("is_avid", bool),
)
READS = Table(
    "reads",
    (
        Column("case_id", str),
        Column("patient_id", str),
        Column("round", str),
        Column("reader", str),
        Column("position", int),
        Column("kind", str),
        Column("stands", bool),
        *FORM,
        Column("opened_at", str),
        Column("locked_at", str),
        Column("seconds_open", int),
        Column("amends", int),
        Column("amendment_reason", str),
        Column("tool_version", str),
        Column("pack_sha256", str),
        Column("charter_sha256", str),
        Column("hash", str),
    ),
)
SETTLEMENTS = Table(
    "settlements",
    (
        Column("case_id", str),
        Column("patient_id", str),
        Column("origin", str),
        Column("is_settled", bool),
        Column("verdict", str),
        Column("percent", float),
        Column("status", str),
        Column("basis", str),
        Column("n_reads", int),
        Column("n_missing", int),
        Column("why_open", str),
    ),
)
STUDY_PATIENTS = Table(
    "patients",
    (
        Column("patient_id", str),
        Column("case_id", str),
        Column("is_complete", bool),
        Column("is_confirmed", bool),
        Column("entered_on", date),
        Column("left_on", date),
        Column("tier", str),
        Column("score", float),
    ),
)
STUDY_REPORTS = Table(
    "reports",
    (
        Column("report_id", str),
        Column("patient_id", str),
        Column("case_id", str),
        Column("place", int),
        Column("exam_on", date),
        Column("modality", str),
        Column("exam", str),
        Column("site", str),
        Column("status", str),
        Column("accession", str),
        Column("n_characters", int),
        Column("burden", str),
        Column("candidate", bool),
        Column("certainty", str),
        Column("stated_percent_low", float),
        Column("stated_percent_high", float),
        Column("score", float),
        Column("rule_id", str),
        Column("evidence", str),
    ),
)
EVIDENCE = Table(
    "evidence",
    (
        Column("report_id", str),
        Column("patient_id", str),
        Column("case_id", str),
        Column("start", int),
        Column("end", int),
        Column("concept", str),
        Column("state", str),
        Column("text", str),
    ),
)


def case_row(case: CaseContents, n_readers: int) -> Row:
    """Return a case as a row of `CASES`."""
    days = [one.exam_on for one in case.file.reports if one.exam_on]
    result = case.result
    return (
        *(case.case_id, case.patient_id, case.round, case.is_complete),
        *(case.n_reads, n_readers - case.n_reads),
        *(case.origin or None, case.rank, case.tier or None, case.score),
        len(case.file.reports) if case.is_complete else None,
        min(days, default=None),
        max(days, default=None),
        *((result.verdict, result.percent, result.status, result.basis) if result else (None,) * 4),
    )


def read_rows(case: CaseContents) -> Iterator[Row]:
    """Give the records of a case as rows of `READS`."""
    standing = case.standing
    for read in case.reads:
        seconds = round((read.locked_at - read.opened_at).total_seconds())
        yield (
            *(case.case_id, case.patient_id, case.round, read.reader, read.position, read.kind),
            standing.get(read.reader) == read,
            *form_cells(read.form),
            *(read.opened_at.isoformat(), read.locked_at.isoformat(), seconds),
            *(read.amends, read.amendment_reason, read.tool_version),
            *(read.pack_sha256, read.charter_sha256, read.hash),
        )


def form_cells(form: ReadForm | None) -> Row:
    """Return what was entered as the cells of `FORM`; without a form all are empty."""
    return tuple(None if form is None else getattr(form, one.name) for one in FORM)


def settlement_row(case: CaseContents, n_readers: int) -> Row:
    """Return what became of a case as a row of `SETTLEMENTS`."""
    n_missing = n_readers - case.n_reads
    result = case.result
    told: tuple[Cell, ...] = (False, *(None,) * 4)
    why = f"{n_missing} reads are missing"
    if result is not None:
        is_settled = result.verdict is not None
        told = (is_settled, result.verdict, result.percent, result.status, result.basis)
        why = result.why_open
    who = (case.case_id, case.patient_id, case.origin or None)
    return (*who, *told, case.n_reads, n_missing, why)


def patient_row(case: CaseContents) -> Row:
    """Return the patient of a case as a row of `STUDY_PATIENTS`."""
    is_confirmed = case.verdict == "yes" if case.verdict else None
    who = (case.patient_id, case.case_id, case.is_complete, is_confirmed)
    return (*who, case.entered_on, case.left_on, case.tier or None, case.score)


def report_rows(case: CaseContents, contents: StudyContents) -> Iterator[Row]:
    """Give the reports of a case as rows of `STUDY_REPORTS`."""
    for one in case.file.reports:
        said = contents.assessments.get(one.report_id)
        low, high = said.stated_percent if said and said.stated_percent else (None, None)
        told: Row = (None,) * 8
        if said:
            evidence = EVIDENCE_SEPARATOR.join(said.evidence)
            told = (said.burden, said.is_candidate, said.certainty, low, high)
            told = (*told, said.score, said.rule_id, evidence)
        yield (
            *(one.report_id, case.patient_id, case.case_id, one.place, one.exam_on),
            *(one.modality, one.exam, one.site, one.status, one.accession),
            None if contents.is_deidentified else len(one.text),
            *told,
        )


def evidence_rows(case: CaseContents) -> Iterator[Row]:
    """Give what the screen found in the reports of a case as rows of `EVIDENCE`."""
    reports = {one.place: one for one in case.file.reports}
    for found in case.file.finds:
        report = reports[found.place]
        words = report.text[found.start : found.end]
        where = (report.report_id, case.patient_id, case.case_id, found.start, found.end)
        yield (*where, found.concept, found.state, words)


def wide_table(contents: StudyContents) -> Table:
    """Return the table with one row a case: `CASES`, then what stands of each reader."""
    theirs = [
        Column(f"{column.name}_{reader}", column.kind)
        for reader in contents.readers
        for column in FORM
    ]
    return Table("cases", (*CASES.columns, *theirs))


def wide_row(case: CaseContents, contents: StudyContents) -> Row:
    """Return a case as a row of `wide_table`."""
    standing = case.standing
    cells: Row = case_row(case, len(contents.primaries))
    for reader in contents.readers:
        read = standing.get(reader)
        cells = (*cells, *form_cells(read.form if read else None))
    return cells


def agreement_tables(contents: StudyContents) -> tuple[Table, Table]:
    """Return the tables that `screener agree` reads: one column a primary reader."""
    readers = contents.primaries
    verdicts = (Column("case_id", str), *(Column(reader, str) for reader in readers))
    percents = (Column("case_id", str), *(Column(reader, float) for reader in readers))
    return Table("agreement_verdict", verdicts), Table("agreement_percent", percents)


def agreement_rows(contents: StudyContents, name: str) -> Iterator[Row]:
    """Give the first reads of the complete cases of the main round; `name` is that of a field."""
    for case in contents.complete:
        if case.round == "main":
            first = case.first
            said = (getattr(first[reader].form, name) for reader in contents.primaries)
            yield (case.case_id, *said)


def reader_of(read: Read, contents: StudyContents) -> int:
    """Return the number of a read's reader, from 1 in the order of the charter."""
    return contents.readers.index(read.reader) + 1
