"""Clinical events of a cohort: those that are new on therapy, among the patients at risk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from screener.accuracy import Figure, proportion
from screener.outcomes.cohorts import GradedCohort
from screener.outcomes.results import Course, Event

AT_RISK = "nobody was looked at before and on therapy and had none before"


@dataclass(frozen=True, slots=True)
class NewEvents:
    """One clinical term, before and on therapy.

    Attributes
    ----------
    new
        Patients in whom it is seen on therapy, among those at risk: looked at before the first
        cycle, never seen then, and looked at on therapy.
    resolved
        Patients in whom it is never seen on therapy, among those in whom it was the last time
        before, and who were looked at on therapy.
    before, on_therapy
        Patients in whom it is seen, among those looked at.
    new_by_grade
        The new ones by their highest grade; under "ungradable" those of whom none is told.
    """

    new: Figure
    resolved: Figure
    before: Figure
    on_therapy: Figure
    new_by_grade: dict[str, int]


def new_events(graded: GradedCohort, term_id: str) -> NewEvents:
    """Count the patients with a new event of a term."""
    seen: defaultdict[str, list[Event]] = defaultdict(list)
    for event in graded.cohort.events:
        if event.term_id == term_id:
            seen[event.patient_id].append(event)
    split = [_split(graded, graded.cohort.courses[pid], some) for pid, some in seen.items()]
    pairs = [(before, after) for before, after in split if before and after]
    at_risk = [after for before, after in pairs if not any(map(_is_there, before))]
    had = [after for before, after in pairs if _is_there(before[-1])]
    new = [after for after in at_risk if any(map(_is_there, after))]
    return NewEvents(
        new=proportion(len(new), len(at_risk), AT_RISK),
        resolved=proportion(_count_none(had), len(had), "nobody had any before"),
        before=_seen([before for before, _ in split if before]),
        on_therapy=_seen([after for _, after in split if after]),
        new_by_grade=_by_grade(new),
    )


def _split(
    graded: GradedCohort, course: Course, events: Sequence[Event]
) -> tuple[list[Event], list[Event]]:
    """Part the events of a patient into those before and those on therapy, in order of time."""
    if course.first_on is None or course.last_on is None:
        return [], []
    end = graded.charter.therapy_window.after(course.last_on)
    ordered = sorted(events, key=lambda event: event.seen_on)
    before = [event for event in ordered if event.seen_on < course.first_on]
    return before, [event for event in ordered if course.first_on <= event.seen_on <= end]


def _is_there(event: Event) -> bool:
    return event.grade != 0


def _count_none(some: Sequence[Sequence[Event]]) -> int:
    return sum(not any(map(_is_there, events)) for events in some)


def _seen(some: Sequence[Sequence[Event]]) -> Figure:
    return proportion(len(some) - _count_none(some), len(some), "nobody was looked at")


def _by_grade(new: Sequence[Sequence[Event]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for events in new:
        grades = [event.grade for event in events if event.grade]
        name = str(max(grades)) if grades else "ungradable"
        counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items()))


def summarise_events(graded: GradedCohort) -> dict[str, Any]:
    """Return ascites and the other clinical events as plain data."""
    told = {event.term_id for event in graded.cohort.events} | {"ascites"}
    counted = {
        term_id: new_events(graded, term_id) for term_id in graded.criteria.terms if term_id in told
    }
    found = {term_id: _to_dict(events) for term_id, events in counted.items()}
    return {
        "ascites": {**found["ascites"], "at_risk": counted["ascites"].new.of},
        "events": found,
    }


def _to_dict(events: NewEvents) -> dict[str, Any]:
    figures = {name: getattr(events, name) for name in ("new", "resolved", "before", "on_therapy")}
    told = {
        name: {
            "n": figure.n,
            "N": figure.of,
            "interval": None if figure.low is None else [figure.low, figure.high],
        }
        for name, figure in figures.items()
    }
    return {**told, "new_by_grade": events.new_by_grade}
