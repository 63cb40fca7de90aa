"""Treatments, read into one course a patient."""

from __future__ import annotations

import re
from collections import abc, defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from screener.outcome_inputs.cells import Cells
from screener.outcome_inputs.fields import TREATMENTS
from screener.outcomes.limits import Subject
from screener.outcomes.results import Course, Cycle, Place, RejectedRow, make_course
from screener.reports import Rejected
from screener.sources.dates import DateOrder
from screener.sources.records import Record, open_records

_CYCLE = re.compile(r"(?:cycle|course|dose|c)?[\s#_-]*0*(\d{1,3})", re.IGNORECASE)
_DAYS_A_YEAR = Decimal("365.25")


@dataclass(frozen=True, slots=True)
class Patient:
    """What the treatments say of a patient beside the therapy; what is not known is empty."""

    sex: str = ""
    born_on: date | None = None
    site: str = ""

    def subject(self, day: date) -> Subject:
        """Return what limits depend on, on a day."""
        age = None if self.born_on is None else age_on(self.born_on, day)
        return Subject(self.sex, age, self.site)


@dataclass(frozen=True, slots=True)
class Treatments:
    """All courses, and what could not be used.

    Attributes
    ----------
    courses, patients
        By patient, in order of the table.
    rejected
        Rows that could not be read or contradict others.
    n_rows
        Rows of the table.
    mapping
        What was taken for what, one line a field.
    """

    courses: abc.Mapping[str, Course]
    patients: abc.Mapping[str, Patient]
    rejected: tuple[RejectedRow, ...]
    n_rows: int
    mapping: tuple[str, ...]


def read_treatments(
    path: Path,
    *,
    column_map: abc.Mapping[str, str] | None = None,
    date_order: DateOrder | None = None,
) -> Treatments:
    """Read a table of treatments: one row for each cycle of a patient.

    Raises
    ------
    SourceError
        When the table cannot be read as a whole.
    """
    records = open_records(path, TREATMENTS, column_map)
    reading = _Reading(records.name, date_order)
    for row in records.rows:
        reading.add(row)
    return reading.treatments(records.mapping.lines())


def age_on(born_on: date, day: date) -> Decimal:
    """Return the age in whole years.

    >>> age_on(date(1960, 5, 2), date(2020, 5, 1)), age_on(date(1960, 5, 2), date(2020, 5, 2))
    (Decimal('59'), Decimal('60'))
    """
    had_birthday = (day.month, day.day) >= (born_on.month, born_on.day)
    return Decimal(day.year - born_on.year - (not had_birthday))


@dataclass(slots=True)
class _OfPatient:
    """The rows of one patient."""

    cycles: list[Cycle] = field(default_factory=list)
    n_unreadable: int = 0
    told: dict[str, object] = field(default_factory=dict)


class _Reading:
    def __init__(self, name: str, date_order: DateOrder | None) -> None:
        self.name = name
        self.date_order = date_order
        self.of: defaultdict[str, _OfPatient] = defaultdict(_OfPatient)
        self.rejected: list[RejectedRow] = []
        self.n_rows = 0

    def add(self, row: Record | Rejected) -> None:
        """Take one row."""
        self.n_rows += 1
        place = Place(self.name, row.line)
        if isinstance(row, Rejected):
            self.rejected.append(RejectedRow(place, row.reason))
            return
        cells = Cells(row, self.date_order)
        patient_id = cells.needed("patient_id")
        number, given_on = _number(cells), cells.day("given_on")
        told = self._told(cells, patient_id)
        if cells.problems or given_on is None:
            self.rejected.append(RejectedRow(place, cells.reason(), patient_id))
            if patient_id:
                self.of[patient_id].n_unreadable += 1
            return
        of_patient = self.of[patient_id]
        of_patient.told.update(told)
        of_patient.cycles.append(Cycle(patient_id, number, given_on, place))

    def _told(self, cells: Cells, patient_id: str) -> dict[str, object]:
        """Give what a row says of its patient; what contradicts an earlier row is wrong."""
        told: dict[str, object] = {
            "sex": cells.sex("sex"),
            "born_on": cells.day("born_on", is_needed=False),
            "site": cells.text("site"),
            "anticoagulated": cells.yes_or_no("anticoagulated"),
        }
        told = {name: value for name, value in told.items() if value not in ("", None)}
        before = self.of[patient_id].told if patient_id in self.of else {}
        for name in ("sex", "born_on"):
            if before.get(name, told.get(name)) != told.get(name, before.get(name)):
                cells.refuse(name, "is another than in an earlier row of the patient")
        if before.get("anticoagulated") is True:
            told.pop("anticoagulated", None)
        return told

    def treatments(self, mapping: tuple[str, ...]) -> Treatments:
        """Give what was read."""
        courses, patients = {}, {}
        for patient_id, rows in self.of.items():
            told = rows.told
            anticoagulated = told.get("anticoagulated")
            course, rejected = make_course(
                patient_id,
                rows.cycles,
                n_unreadable=rows.n_unreadable,
                is_anticoagulated=anticoagulated if isinstance(anticoagulated, bool) else None,
            )
            courses[patient_id] = course
            born_on = told.get("born_on")
            patients[patient_id] = Patient(
                str(told.get("sex", "")),
                born_on if isinstance(born_on, date) else None,
                str(told.get("site", "")),
            )
            self.rejected += rejected
        return Treatments(courses, patients, tuple(self.rejected), self.n_rows, mapping)


def _number(cells: Cells) -> int | None:
    """Read the number of a cycle: ``2``, ``C2`` or ``Cycle 2``."""
    text = cells.text("cycle")
    if not text:
        return None
    found = _CYCLE.fullmatch(text)
    if found is None:
        cells.refuse("cycle", "is no number of a cycle")
        return None
    return int(found[1])
