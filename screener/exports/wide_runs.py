"""A run with one row a patient: the ranking, then each report in order of time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Protocol

from screener.exports.tables import PATIENTS, REPORTS, Column, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

_OF_REPORT = ("report_id", "exam_on", "burden", "certainty", "score", "evidence")
_PLACES = tuple(REPORTS.column_names.index(name) for name in _OF_REPORT)
_OWNER = REPORTS.column_names.index("patient_id")
_DAY = REPORTS.column_names.index("exam_on")


class HasRows(Protocol):
    """What gives the rows of a table, anew each time."""

    def rows(self, table: Table) -> Iterator[Row]:
        """Give the rows of a table in order."""
        ...


def wide_run_table(contents: HasRows) -> Table:
    """Return the columns: as many of each kind as the patient with most reports has reports."""
    counts: dict[object, int] = {}
    for row in contents.rows(REPORTS):
        counts[row[_OWNER]] = counts.get(row[_OWNER], 0) + 1
    kinds = {column.name: column.kind for column in REPORTS.columns}
    more = [
        Column(f"{name}_{number}", kinds[name])
        for number in range(1, max(counts.values(), default=0) + 1)
        for name in _OF_REPORT
    ]
    return Table("patients", (*PATIENTS.columns, *more))


def wide_run_rows(contents: HasRows) -> Iterator[Row]:
    """Give one row a patient, in order of rank; reports without a day come first."""
    of_patient: dict[object, list[Row]] = {}
    for row in contents.rows(REPORTS):
        of_patient.setdefault(row[_OWNER], []).append(row)
    width = max(map(len, of_patient.values()), default=0) * len(_OF_REPORT)
    who = PATIENTS.column_names.index("patient_id")
    for patient in contents.rows(PATIENTS):
        own = sorted(of_patient.get(patient[who], []), key=_time)
        cells = tuple(row[place] for row in own for place in _PLACES)
        yield (*patient, *cells, *(None,) * (width - len(cells)))


def _time(row: Row) -> date:
    day = row[_DAY]
    return day if isinstance(day, date) else date.min
