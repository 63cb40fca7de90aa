"""The use case of tables: every table of a run or a study, long or wide, in a format of choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from screener.export_folders import Exported, new_export
from screener.exports.formats import EXPORT_FORMATS
from screener.exports.study_tables import (
    CASES,
    EVIDENCE,
    READS,
    SETTLEMENTS,
    STUDY_PATIENTS,
    STUDY_REPORTS,
    agreement_rows,
    agreement_tables,
    case_row,
    evidence_rows,
    patient_row,
    read_rows,
    report_rows,
    settlement_row,
    wide_row,
    wide_table,
)
from screener.exports.wide_runs import wide_run_rows, wide_run_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from screener.exports.tables import Row, Table
    from screener.run_contents import RunContents
    from screener.study_contents import StudyContents

Shape = Literal["long", "wide"]


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How tables are written: a name of `EXPORT_FORMATS`, and the shape."""

    format: str = "csv"
    shape: Shape = "long"
    replace: bool = False


def export_study_tables(contents: StudyContents, out: Path, options: TableOptions) -> Exported:
    """Write the tables of a study to a new folder.

    Raises
    ------
    RunError
        When `out` exists and may not be replaced, or a table does not fit the format.
    """
    made = _wide(contents) if options.shape == "wide" else _long(contents)
    n_open = len(contents.cases) - len(contents.complete)
    notes = [] if contents.assessments else [_NO_RUN]
    if n_open:
        notes.append(f"{n_open} of {len(contents.cases)} cases are not complete: counts only.")
    return _export(made, out, options, contents.is_deidentified, tuple(notes))


def export_run_tables(contents: RunContents, out: Path, options: TableOptions) -> Exported:
    """Write the tables of a run to a new folder; wide: one row a patient with all reports.

    Raises
    ------
    RunError
        As `export_study_tables`.
    """
    made: list[tuple[Table, Iterable[Row]]] = []
    for table in contents.tables:
        if table.name == "patients" and options.shape == "wide":
            made.append((wide_run_table(contents), wide_run_rows(contents)))
        elif table.name != "reports" or options.shape == "long":
            made.append((table, contents.rows(table)))
    notes = (_NO_REJECTED,) if contents.is_deidentified else ()
    return _export(made, out, options, contents.is_deidentified, notes)


_NO_RUN = "The study's run is not at hand, so that no report has an assessment: name it by --run."
_NO_REJECTED = "Rejected rows are left out: their ids and reasons may tell whose they are."


def _export(
    made: Iterable[tuple[Table, Iterable[Row]]],
    out: Path,
    options: TableOptions,
    is_deidentified: bool,
    notes: tuple[str, ...],
) -> Exported:
    with new_export(out, replace=options.replace) as folder:
        for table, rows in made:
            folder.write(table, rows, EXPORT_FORMATS[options.format])
        return folder.finish(Exported("tables", is_deidentified, folder.counts, notes))


def _long(contents: StudyContents) -> Iterator[tuple[Table, Iterable[Row]]]:
    yield CASES, (case_row(case, len(contents.primaries)) for case in contents.cases)
    yield READS, (row for case in contents.complete for row in read_rows(case))
    yield from _in_every_shape(contents)


def _wide(contents: StudyContents) -> Iterator[tuple[Table, Iterable[Row]]]:
    yield wide_table(contents), (wide_row(case, contents) for case in contents.cases)
    yield from _in_every_shape(contents)


def _in_every_shape(contents: StudyContents) -> Iterator[tuple[Table, Iterable[Row]]]:
    n_readers = len(contents.primaries)
    main = [case for case in contents.cases if case.round == "main"]
    yield SETTLEMENTS, (settlement_row(case, n_readers) for case in main)
    yield STUDY_PATIENTS, map(patient_row, contents.cases)
    yield STUDY_REPORTS, (row for case in contents.complete for row in report_rows(case, contents))
    yield EVIDENCE, (row for case in contents.complete for row in evidence_rows(case))
    verdicts, percents = agreement_tables(contents)
    yield verdicts, agreement_rows(contents, "verdict")
    yield percents, agreement_rows(contents, "involved_percent")
