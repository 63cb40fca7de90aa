"""Clinical events, read: a term, its grade or that it is there, and the day it was looked for."""

from __future__ import annotations

from collections import abc
from dataclasses import dataclass
from pathlib import Path

from screener.outcome_inputs.cells import Cells, as_yes_or_no
from screener.outcome_inputs.fields import EVENTS
from screener.outcomes.criteria import Criteria, Term
from screener.outcomes.results import Event, Place, RejectedRow
from screener.reports import Rejected
from screener.sources.dates import DateOrder
from screener.sources.records import open_records


@dataclass(frozen=True, slots=True)
class Events:
    """All events, and the rows that could not be used."""

    events: tuple[Event, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()
    n_rows: int = 0


def read_events(
    path: Path,
    criteria: Criteria,
    *,
    known_patients: abc.Container[str],
    column_map: abc.Mapping[str, str] | None = None,
    date_order: DateOrder | None = None,
) -> Events:
    """Read a table of clinical events.

    Raises
    ------
    SourceError
        When the table cannot be read as a whole.
    """
    records = open_records(path, EVENTS, column_map)
    events: list[Event] = []
    rejected: list[RejectedRow] = []
    for row in records.rows:
        place = Place(records.name, row.line)
        if isinstance(row, Rejected):
            rejected.append(RejectedRow(place, row.reason))
            continue
        cells = Cells(row, date_order)
        patient_id, name = cells.needed("patient_id"), cells.needed("term")
        term = criteria.clinical_term(name)
        if term is None and name:
            cells.refuse("term", "is no clinical term that is known")
        if patient_id and patient_id not in known_patients:
            cells.problems.append("the patient has no treatment")
        event = term and read_event(
            cells, term, patient_id, place, grade_field="grade", day_field="seen_on"
        )
        if event and not cells.problems:
            events.append(event)
        else:
            rejected.append(RejectedRow(place, cells.reason(), patient_id, name))
    return Events(tuple(events), tuple(rejected), len(events) + len(rejected))


def read_event(
    cells: Cells, term: Term, patient_id: str, place: Place, *, grade_field: str, day_field: str
) -> Event | None:
    """Read one event; ``None`` where something is wrong with the row.

    What is only told to be there has no grade: none is guessed.
    """
    text, seen_on = cells.needed(grade_field), cells.day(day_field)
    grade = _grade(cells, grade_field, text, term)
    if cells.problems or seen_on is None:
        return None
    return Event(patient_id, term.id, grade, seen_on, place)


def _grade(cells: Cells, field: str, text: str, term: Term) -> int | None:
    number = text.casefold().removeprefix("grade").strip()
    if number.isascii() and number.isdigit():
        grade = int(number)
        if grade and grade not in term.clinical_grades:
            known = ", ".join(map(str, term.clinical_grades))
            cells.refuse(field, f"is no grade that {term.term!r} has ({known})")
        return grade
    is_there = as_yes_or_no(text)
    if is_there is None and text:
        cells.refuse(field, "is no grade from 0 to 5, and neither yes nor no")
    return None if is_there else 0
