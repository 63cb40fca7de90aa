"""What is known of a patient's course: laboratory results, cycles of therapy, events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from screener.outcomes.values import Value


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: its file, and its line there."""

    source: str
    line: int

    def __str__(self) -> str:
        return f"{self.source}:{self.line}"


@dataclass(frozen=True, slots=True)
class LabResult:
    """One laboratory value with the limits of the laboratory that measured it.

    Attributes
    ----------
    patient_id
        Identifies the patient.
    analyte_id
        Short name of what was measured.
    written, unit
        The value as exported, and its unit as it is called here.
    reported, uln, lln
        Value and limits of normal in that unit; a limit that is not known is ``None``.
    factor
        What they are multiplied by to be in the analyte's own unit.
    drawn_on
        Day of the sample.
    place
        Where the row stands.
    limits_note
        Why the table of limits has none for it; empty where it has, or there is no such table.
    """

    patient_id: str
    analyte_id: str
    written: str
    unit: str
    reported: Value
    uln: Decimal | None
    lln: Decimal | None
    factor: Decimal
    drawn_on: date
    place: Place
    limits_note: str = ""

    @property
    def value(self) -> Value:
        """The value in the analyte's own unit."""
        return self.reported if self.factor == 1 else self.reported.times(self.factor)

    def __str__(self) -> str:
        return f"{self.written} {self.unit}".removesuffix(" ratio")


@dataclass(frozen=True, slots=True)
class Cycle:
    """One cycle of therapy: its number, where it is known, and its day."""

    patient_id: str
    number: int | None
    given_on: date
    place: Place


@dataclass(frozen=True, slots=True)
class Course:
    """A patient's therapy.

    Attributes
    ----------
    patient_id
        Identifies the patient.
    first_on, last_on
        Days of the first and the last cycle; ``None`` where they are not sure.
    n_cycles
        How many cycles.
    is_anticoagulated
        Whether the patient is told to be on anticoagulation; ``None`` where nothing is told.
    problem
        Why the days are not sure; empty where they are.
    """

    patient_id: str
    first_on: date | None
    last_on: date | None
    n_cycles: int
    is_anticoagulated: bool | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A clinical finding, or its absence, on a day.

    Attributes
    ----------
    term_id
        Short name of a clinical term.
    grade
        0 where it is absent, 1 to 5; ``None`` where it is present and not graded.
    seen_on
        Day on which it was looked for.
    """

    patient_id: str
    term_id: str
    grade: int | None
    seen_on: date
    place: Place


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that could not be used, and why, without more of it than the patient's id."""

    place: Place
    reason: str
    patient_id: str = ""
    analyte: str = ""


@dataclass(frozen=True, slots=True)
class UnusableResult:
    """A result that could not be used: where it stands, and its day where that is known."""

    place: Place
    drawn_on: date | None = None


def make_course(
    patient_id: str,
    cycles: Sequence[Cycle],
    *,
    n_unreadable: int = 0,
    is_anticoagulated: bool | None = None,
) -> tuple[Course, tuple[RejectedRow, ...]]:
    """Put the cycles of one patient in order; tell the rows that contradict one another.

    Rows that say the same are one cycle. Where a row of the patient could not be read, the numbers
    do not begin with 1 or the days contradict the numbers, the first day is not sure, and is not
    given.

    Examples
    --------
    >>> rows = [Cycle("p", 1, date(2021, 1, 4), Place("t.csv", 2))]
    >>> course, rejected = make_course("p", rows)
    >>> course.first_on, course.n_cycles, rejected
    (datetime.date(2021, 1, 4), 1, ())
    """
    unique = list({(cycle.number, cycle.given_on): cycle for cycle in reversed(cycles)}.values())
    ordered = sorted(unique, key=lambda c: (c.number or 0, c.given_on))
    problem, wrong = _contradiction(ordered)
    if n_unreadable and not problem:
        problem = f"{n_unreadable} of the patient's treatment rows could not be read"
    rejected = tuple(RejectedRow(cycle.place, problem, patient_id) for cycle in wrong)
    if problem or not ordered:
        why = problem or "the patient has no cycle"
        return Course(patient_id, None, None, len(ordered), is_anticoagulated, why), rejected
    days = [cycle.given_on for cycle in ordered]
    return Course(patient_id, min(days), max(days), len(ordered), is_anticoagulated), rejected


def _contradiction(ordered: Sequence[Cycle]) -> tuple[str, Sequence[Cycle]]:
    """Say what does not fit together, and which rows."""
    numbered = [cycle for cycle in ordered if cycle.number is not None]
    if not numbered:
        return "", ()
    if len(numbered) < len(ordered):
        return "some of the patient's cycles have a number and some have none", ordered
    for one, next_ in pairwise(numbered):
        if one.number == next_.number:
            return f"cycle {one.number} has two days", (one, next_)
        if one.given_on >= next_.given_on:
            said = f"cycle {next_.number} is not after cycle {one.number}"
            return said, (one, next_)
    if numbered[0].number and numbered[0].number > 1:
        return f"the first cycle is number {numbered[0].number}: when was cycle 1?", numbered[:1]
    return "", ()
