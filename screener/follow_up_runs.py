"""The use case of follow-up: treatments, last days and responses in, survival and response out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screener.exports.formats import FORMATS
from screener.exports.outcome_tables import (
    CURVES,
    FOLLOW_UP,
    REJECTED_ROWS,
    curve_rows,
    follow_up_row,
    rejected_row,
)
from screener.outcome_folders import new_outcome_folder, record_of, write_json
from screener.outcome_inputs.cohorts import read_patient_ids
from screener.outcome_inputs.follow_up import read_follow_up, read_responses
from screener.outcome_inputs.treatments import read_treatments
from screener.outcomes.follow_up import FollowUpSummary, summarise_follow_up
from screener.outcomes.responses import Response
from screener.run_folders import RUN_FILE, open_tables

if TYPE_CHECKING:
    from screener.outcomes.results import RejectedRow
    from screener.sources.dates import DateOrder

SUMMARY_FILE = "summary.json"


@dataclass(frozen=True, slots=True)
class FollowUpRequest:
    """What to read.

    Attributes
    ----------
    treatments, follow_up, responses
        Tables of cycles, of last days and deaths, and of responses.
    cohort
        Table of the patients; all who are treated where there is none.
    column_maps
        Columns given by the user: by table and field.
    date_order
        How to read numeric days and months.
    patients
        The patients themselves, where no table names them.
    """

    treatments: Path
    follow_up: Path
    responses: Path | None = None
    cohort: Path | None = None
    column_maps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    date_order: DateOrder | None = None
    patients: frozenset[str] | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """The tables that there are."""
        some = (self.treatments, self.follow_up, self.responses, self.cohort)
        return tuple(path for path in some if path is not None)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What came of it.

    Attributes
    ----------
    summary
        Follow-up, survival and response.
    without
        Patients who were treated and of whom no last day is known.
    rejected
        Rows that could not be used.
    """

    summary: FollowUpSummary
    without: tuple[str, ...]
    rejected: tuple[RejectedRow, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the summary as plain data."""
        return {
            **self.summary.to_dict(),
            "n_without_follow_up": len(self.without),
            "n_rejected": len(self.rejected),
        }


def read_follow_ups(request: FollowUpRequest) -> FollowUp:
    """Read the tables and summarise the cohort.

    Raises
    ------
    SourceError
        When a table cannot be read as a whole.
    """
    order, maps = request.date_order, request.column_maps
    treatments = read_treatments(
        request.treatments, column_map=maps.get("treatments"), date_order=order
    )
    courses = treatments.courses
    responses: dict[str, list[Response]] = {}
    rejected: list[RejectedRow] = []
    if request.responses:
        responses, rejected = read_responses(
            request.responses, courses, column_map=maps.get("responses"), date_order=order
        )
    found = read_follow_up(
        request.follow_up,
        courses,
        responses,
        column_map=maps.get("follow_up"),
        date_order=order,
    )
    named = read_patient_ids(request.cohort) if request.cohort else request.patients
    only = courses.keys() if named is None else named
    patients = [one for one in found.patients if one.patient_id in only]
    followed = {one.patient_id for one in patients}
    without = tuple(pid for pid in courses if pid in only and pid not in followed)
    all_rejected = (*treatments.rejected, *found.rejected, *rejected)
    return FollowUp(summarise_follow_up(patients), without, all_rejected)


def write_follow_up(
    found: FollowUp, request: FollowUpRequest, out: Path, *, replace: bool = False
) -> None:
    """Write ``follow_up.csv``, ``curves.csv``, ``rejected.csv``, ``summary.json``, ``run.json``.

    Raises
    ------
    RunError
        When the folder is there already (and may not be replaced), or cannot be written.
    """
    tables = (FOLLOW_UP, CURVES, REJECTED_ROWS)
    with new_outcome_folder(out, replace=replace) as folder:
        with open_tables(folder, tables, FORMATS["csv"]) as write:
            for patient in found.summary.patients:
                write[FOLLOW_UP.name]([follow_up_row(patient)])
            for row in curve_rows(found.summary):
                write[CURVES.name]([row])
            for rejected in found.rejected:
                write[REJECTED_ROWS.name]([rejected_row(rejected)])
        write_json(folder / SUMMARY_FILE, found.to_dict())
        libraries = ("screener", "lifelines")
        more = {"n_rejected": len(found.rejected)}
        write_json(folder / RUN_FILE, record_of("follow_up", libraries, request.files, more))
