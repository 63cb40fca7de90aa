"""Follow-up and responses, read: the last day a patient was seen, the death, and assessments."""

from __future__ import annotations

from collections import abc, defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from screener.outcome_inputs.cells import Cells
from screener.outcome_inputs.fields import FOLLOW_UP, RESPONSES
from screener.outcomes.follow_up import FollowedPatient
from screener.outcomes.responses import Response, best_response, read_response
from screener.outcomes.results import Course, Place, RejectedRow
from screener.reports import Rejected
from screener.sources.dates import DateOrder
from screener.sources.records import Record, open_records

_DEAD = frozenset("dead died deceased d 1 yes y true death".split())
_ALIVE = frozenset("alive living a 0 no n false lost censored".split())
NO_TREATMENT = "the patient has no treatment"


@dataclass(slots=True)
class FollowUps:
    """Patients with their time under observation, and what could not be used."""

    patients: list[FollowedPatient] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    n_rows: int = 0


def read_follow_up(
    path: Path,
    courses: abc.Mapping[str, Course],
    responses: abc.Mapping[str, abc.Sequence[Response]],
    *,
    column_map: abc.Mapping[str, str] | None = None,
    date_order: DateOrder | None = None,
) -> FollowUps:
    """Read the table of follow-up: one row a patient.

    Rows with two ends of one patient that differ are both rejected.

    Raises
    ------
    SourceError
        When the table cannot be read as a whole.
    """
    records = open_records(path, FOLLOW_UP, column_map)
    found = FollowUps()
    ends: defaultdict[str, list[tuple[Place, date, bool]]] = defaultdict(list)
    for row in records.rows:
        found.n_rows += 1
        place = Place(records.name, row.line)
        if isinstance(row, Rejected):
            found.rejected.append(RejectedRow(place, row.reason))
            continue
        cells = Cells(row, date_order)
        patient_id = cells.needed("patient_id")
        end = _end(cells, courses.get(patient_id), patient_id)
        if end is None or cells.problems:
            found.rejected.append(RejectedRow(place, cells.reason(), patient_id))
        else:
            ends[patient_id].append((place, *end))
    for patient_id, rows in ends.items():
        _take(found, courses[patient_id], rows, responses.get(patient_id, ()))
    return found


def _end(cells: Cells, course: Course | None, patient_id: str) -> tuple[date, bool] | None:
    """Return the last day of a patient, and whether the patient died on it."""
    seen_on = cells.day("last_seen_on", is_needed=False)
    died_on = cells.day("died_on", is_needed=False)
    is_dead = _status(cells)
    if course is None or course.first_on is None:
        if patient_id:
            cells.problems.append(course.problem if course else NO_TREATMENT)
        return None
    ended_on = died_on or seen_on
    if ended_on is None:
        if not cells.problems:
            cells.refuse("last_seen_on", "and died_on are empty")
        return None
    if ended_on < course.first_on:
        cells.refuse("died_on" if died_on else "last_seen_on", "is before the first cycle")
    if died_on and seen_on and seen_on > died_on:
        cells.refuse("last_seen_on", "is after died_on")
    if died_on and is_dead is False:
        cells.refuse("status", "says alive, and died_on has a day")
    return ended_on, died_on is not None or is_dead is True


def _status(cells: Cells) -> bool | None:
    word = cells.text("status").casefold()
    if word in _DEAD:
        return True
    if word and word not in _ALIVE:
        cells.refuse("status", "is neither dead nor alive")
    return False if word in _ALIVE else None


def _take(
    found: FollowUps,
    course: Course,
    rows: abc.Sequence[tuple[Place, date, bool]],
    responses: abc.Sequence[Response],
) -> None:
    ends = {(ended_on, has_died) for _, ended_on, has_died in rows}
    if len(ends) > 1:
        told = "the patient's rows end on different days, and none is taken"
        found.rejected += [RejectedRow(place, told, course.patient_id) for place, _, _ in rows]
        return
    ((ended_on, has_died),) = ends
    if course.first_on is None or course.last_on is None:
        return
    found.patients.append(
        FollowedPatient(
            course.patient_id,
            course.first_on,
            course.last_on,
            course.n_cycles,
            ended_on,
            has_died,
            best_response(responses, course.first_on),
        )
    )


def read_responses(
    path: Path,
    courses: abc.Mapping[str, Course],
    *,
    column_map: abc.Mapping[str, str] | None = None,
    date_order: DateOrder | None = None,
) -> tuple[dict[str, list[Response]], list[RejectedRow]]:
    """Read the table of responses: one row for each assessment of a patient.

    Raises
    ------
    SourceError
        When the table cannot be read as a whole.
    """
    records = open_records(path, RESPONSES, column_map)
    found: defaultdict[str, list[Response]] = defaultdict(list)
    rejected: list[RejectedRow] = []
    for row in records.rows:
        place = Place(records.name, row.line)
        response = _response(row, place, courses, date_order)
        if isinstance(response, Response):
            found[response.patient_id].append(response)
        else:
            rejected.append(response)
    return dict(found), rejected


def _response(
    row: Record | Rejected,
    place: Place,
    courses: abc.Mapping[str, Course],
    date_order: DateOrder | None,
) -> Response | RejectedRow:
    if isinstance(row, Rejected):
        return RejectedRow(place, row.reason)
    cells = Cells(row, date_order)
    patient_id, written = cells.needed("patient_id"), cells.needed("response")
    response = read_response(written)
    if written and response is None:
        cells.refuse("response", "is none that is known (CR, PR, SD, PD, NE, improvement)")
    if patient_id and patient_id not in courses:
        cells.problems.append(NO_TREATMENT)
    assessed_on = cells.day("assessed_on", is_needed=False)
    if cells.problems or response is None:
        return RejectedRow(place, cells.reason(), patient_id)
    return Response(patient_id, response, assessed_on, place)
