"""The use case of laboratory outcomes: results and treatments in, grades and their summary out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screener.exports.formats import FORMATS
from screener.exports.outcome_tables import GRADES, REJECTED_ROWS, grade_row, rejected_row
from screener.outcome_folders import new_outcome_folder, record_of, sha256_of, write_json
from screener.outcome_inputs.cohorts import read_patient_ids
from screener.outcome_inputs.events import Events, read_events
from screener.outcome_inputs.labs import LabReader, Labs
from screener.outcome_inputs.limits import DeclaredLimits, read_limits
from screener.outcome_inputs.treatments import Treatments, read_treatments
from screener.outcomes.charters import OutcomesCharter
from screener.outcomes.cohorts import Cohort, GradedCohort, grade_cohort
from screener.outcomes.criteria import Criteria, load_criteria, toxicity_folder
from screener.outcomes.summaries import summarise
from screener.outcomes.units import Units
from screener.run_folders import RUN_FILE, open_tables

if TYPE_CHECKING:
    from screener.outcomes.results import RejectedRow
    from screener.sources.dates import DateOrder

SUMMARY_FILE = "summary.json"
LIBRARIES = ("screener", "pint")


@dataclass(frozen=True, slots=True)
class OutcomesRequest:
    """What to grade, and how.

    Attributes
    ----------
    labs, treatments
        Tables of laboratory results and of treatments.
    limits
        Table of limits of normal, for results without limits of their own.
    events
        Table of clinical events.
    cohort
        Table of the patients to grade; all who are treated where there is none.
    charter
        Windows and rule.
    analytes
        What the tables call analytes, by the user: name there to name or LOINC code.
    column_maps
        Columns given by the user: by table (``labs``, ``treatments``, ``limits``, ``events``) and
        field.
    date_order
        How to read numeric days and months.
    patients
        The patients themselves, where no table names them.
    has_decimal_comma
        Whether numbers of `labs` and `limits` are written as ``1,2``.
    """

    labs: Path
    treatments: Path
    limits: Path | None = None
    events: Path | None = None
    cohort: Path | None = None
    charter: OutcomesCharter = field(default_factory=OutcomesCharter)
    analytes: Mapping[str, str] = field(default_factory=dict)
    column_maps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    date_order: DateOrder | None = None
    patients: frozenset[str] | None = None
    has_decimal_comma: bool = False

    @property
    def files(self) -> tuple[Path, ...]:
        """The tables that there are."""
        some = (self.labs, self.treatments, self.limits, self.events, self.cohort)
        return tuple(path for path in some if path is not None)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The grades of a cohort as read from tables.

    Attributes
    ----------
    graded
        The grades.
    rejected
        Rows that could not be used, in order of the tables.
    n_rows
        Rows by table.
    mappings
        What was taken for what in each table.
    summary
        The summary as plain data; see `screener.outcomes.summaries`.
    """

    graded: GradedCohort
    rejected: tuple[RejectedRow, ...]
    n_rows: Mapping[str, int]
    mappings: Mapping[str, tuple[str, ...]]
    summary: Mapping[str, Any]


def read_outcomes(request: OutcomesRequest) -> Outcomes:
    """Read the tables and grade the cohort.

    Raises
    ------
    SourceError
        When a table cannot be read as a whole.
    """
    criteria = load_criteria()
    reading = _Reading(request, criteria, Units(criteria))
    treatments = reading.treatments()
    limits = reading.limits()
    labs = reading.labs(treatments, limits)
    events = reading.events(treatments)
    only = read_patient_ids(request.cohort) if request.cohort else request.patients
    courses = {
        pid: course for pid, course in treatments.courses.items() if only is None or pid in only
    }
    cohort = Cohort(
        courses,
        [result for result in labs.results if result.patient_id in courses],
        [e for e in (*labs.events, *events.events) if e.patient_id in courses],
        labs.unusable,
    )
    graded = grade_cohort(cohort, criteria, request.charter)
    rejected = (
        *treatments.rejected,
        *limits.rejected,
        *labs.rejected,
        *events.rejected,
        *dict.fromkeys(graded.clashing_baselines()),
    )
    n_rows = {
        "treatments": treatments.n_rows,
        "limits": limits.n_rows,
        "labs": labs.n_rows,
        "events": events.n_rows,
    }
    mappings = {"labs": labs.mapping, "treatments": treatments.mapping}
    summary = {**summarise(graded), "n_rejected": len(rejected)}
    return Outcomes(graded, rejected, n_rows, mappings, summary)


@dataclass(frozen=True, slots=True)
class _Reading:
    request: OutcomesRequest
    criteria: Criteria
    units: Units

    def treatments(self) -> Treatments:
        asked = self.request
        return read_treatments(
            asked.treatments, column_map=self._map("treatments"), date_order=asked.date_order
        )

    def limits(self) -> DeclaredLimits:
        asked = self.request
        if asked.limits is None:
            return DeclaredLimits()
        return read_limits(
            asked.limits,
            self.criteria,
            self.units,
            column_map=self._map("limits"),
            date_order=asked.date_order,
            has_decimal_comma=asked.has_decimal_comma,
        )

    def labs(self, treatments: Treatments, limits: DeclaredLimits) -> Labs:
        asked = self.request
        reader = LabReader(
            self.criteria,
            self.units,
            treatments,
            limits.rows,
            asked.analytes,
            asked.date_order,
            asked.has_decimal_comma,
        )
        return reader.read(asked.labs, self._map("labs"))

    def events(self, treatments: Treatments) -> Events:
        asked = self.request
        if asked.events is None:
            return Events()
        return read_events(
            asked.events,
            self.criteria,
            known_patients=treatments.courses,
            column_map=self._map("events"),
            date_order=asked.date_order,
        )

    def _map(self, table: str) -> Mapping[str, str]:
        return self.request.column_maps.get(table, {})


def write_outcomes(
    outcomes: Outcomes, request: OutcomesRequest, out: Path, *, replace: bool = False
) -> None:
    """Write ``grades.csv``, ``rejected.csv``, ``summary.json`` and ``run.json`` to a new folder.

    Raises
    ------
    RunError
        When the folder is there already (and may not be replaced), or cannot be written.
    """
    with new_outcome_folder(out, replace=replace) as folder:
        with open_tables(folder, (GRADES, REJECTED_ROWS), FORMATS["csv"]) as write:
            for grade in outcomes.graded.chosen:
                write[GRADES.name]([grade_row(grade)])
            for rejected in outcomes.rejected:
                write[REJECTED_ROWS.name]([rejected_row(rejected)])
        write_json(folder / SUMMARY_FILE, outcomes.summary)
        write_json(folder / RUN_FILE, _record(outcomes, request))


def _record(outcomes: Outcomes, request: OutcomesRequest) -> dict[str, Any]:
    rules = [toxicity_folder() / name for name in ("ctcae_v5.yaml", "analytes.yaml")]
    more = {
        "rules": {path.name: sha256_of(path) for path in rules},
        "columns": {table: list(lines) for table, lines in outcomes.mappings.items()},
        "charter": request.charter.to_dict(),
        "rows": dict(outcomes.n_rows),
        "n_rejected": len(outcomes.rejected),
    }
    return record_of("outcomes", LIBRARIES, request.files, more)
