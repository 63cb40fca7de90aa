"""Laboratory results, read, with the limits of normal that hold for each."""

from __future__ import annotations

from collections import abc
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from screener.outcome_inputs.cells import Cells
from screener.outcome_inputs.events import read_event
from screener.outcome_inputs.fields import LABS
from screener.outcome_inputs.limits import factor_of, limits_of
from screener.outcome_inputs.treatments import Patient, Treatments
from screener.outcomes.criteria import Analyte, Criteria
from screener.outcomes.limits import LimitRow, Subject, find_limits
from screener.outcomes.results import Event, LabResult, Place, RejectedRow, UnusableResult
from screener.outcomes.units import Units
from screener.outcomes.values import EXACT
from screener.reports import Rejected
from screener.sources.dates import DateOrder
from screener.sources.records import Record, open_records

NO_TREATMENT = "the patient has no treatment"


@dataclass(slots=True)
class Labs:
    """All results, and what could not be used.

    Attributes
    ----------
    results, events
        In order of the table; a clinical term among the analytes is an event.
    rejected
        Rows that could not be used.
    unusable
        The same by patient and analyte, where both are known.
    n_rows, mapping
        Rows of the table, and what was taken for what.
    """

    results: list[LabResult] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    unusable: dict[tuple[str, str], list[UnusableResult]] = field(default_factory=dict)
    n_rows: int = 0
    mapping: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabReader:
    """What rows are read with.

    Attributes
    ----------
    criteria, units
        What analytes and units are called.
    treatments
        A result of a patient who is not among them is rejected.
    limits
        Rows of the declared table, for results without limits of their own.
    analytes
        Names of analytes that the user gave: short name by what the table calls it.
    date_order
        How to read numeric days and months.
    has_decimal_comma
        Whether numbers are written as ``1,2``.
    """

    criteria: Criteria
    units: Units
    treatments: Treatments
    limits: abc.Sequence[LimitRow] = ()
    analytes: abc.Mapping[str, str] = field(default_factory=dict)
    date_order: DateOrder | None = None
    has_decimal_comma: bool = False

    def read(self, path: Path, column_map: abc.Mapping[str, str] | None = None) -> Labs:
        """Read a table of results: one row for each value.

        Raises
        ------
        SourceError
            When the table cannot be read as a whole.
        """
        records = open_records(path, LABS, column_map)
        labs = Labs(mapping=records.mapping.lines())
        for row in records.rows:
            labs.n_rows += 1
            place = Place(records.name, row.line)
            if isinstance(row, Rejected):
                labs.rejected.append(RejectedRow(place, row.reason))
            else:
                self._add(row, place, labs)
        return labs

    def _add(self, row: Record, place: Place, labs: Labs) -> None:
        cells = Cells(row, self.date_order, has_decimal_comma=self.has_decimal_comma)
        patient_id = cells.needed("patient_id")
        analyte = self._analyte(cells)
        if analyte is None and (term := self.criteria.clinical_term(_name(cells))):
            event = read_event(
                cells, term, patient_id, place, grade_field="value", day_field="drawn_on"
            )
            if event and not self._refuse_untreated(cells, patient_id):
                labs.events.append(event)
                return
        else:
            result = self._result(cells, analyte, patient_id, place)
            is_refused = self._refuse_untreated(cells, patient_id)
            if result and not is_refused and not cells.problems:
                labs.results.append(self._with_limits(result, cells))
                return
        name = analyte.id if analyte else _name(cells)
        labs.rejected.append(RejectedRow(place, cells.reason(), patient_id, name))
        if patient_id and analyte:
            lost = UnusableResult(place, cells.day("drawn_on", is_needed=False))
            labs.unusable.setdefault((patient_id, analyte.id), []).append(lost)

    def _refuse_untreated(self, cells: Cells, patient_id: str) -> bool:
        is_untreated = bool(patient_id) and patient_id not in self.treatments.courses
        if is_untreated:
            cells.problems.append(NO_TREATMENT)
        return is_untreated

    def _analyte(self, cells: Cells) -> Analyte | None:
        name, loinc = cells.text("analyte"), cells.text("loinc")
        given = self.analytes.get(name) or self.analytes.get(loinc)
        by_name = self.criteria.analyte(given or name)
        by_loinc = None if given else self.criteria.analyte(loinc)
        if by_name and by_loinc and by_name.id != by_loinc.id:
            cells.refuse("loinc", f"is of {by_loinc.id}, and analyte says {by_name.id}")
        return by_name or by_loinc

    def _result(
        self, cells: Cells, analyte: Analyte | None, patient_id: str, place: Place
    ) -> LabResult | None:
        if analyte is None:
            field = "analyte" if cells.text("analyte") or not cells.text("loinc") else "loinc"
            cells.refuse_shown(field, "is not known" if _name(cells) else "is empty")
        value, drawn_on = cells.value("value"), cells.day("drawn_on")
        uln, lln = limits_of(cells)
        factor = factor_of(cells, analyte, self.units)
        if value is None or drawn_on is None or analyte is None or factor is None:
            return None
        unit = self.units.name(analyte, cells.text("unit"))
        written = " ".join(cells.text("value").split())
        return LabResult(
            patient_id, analyte.id, written, unit, value, uln, lln, factor, drawn_on, place
        )

    def _with_limits(self, result: LabResult, cells: Cells) -> LabResult:
        """Fill limits that a result does not have itself from the declared table."""
        if not self.limits or (result.uln is not None and result.lln is not None):
            return result
        patient = self.treatments.patients.get(result.patient_id, Patient())
        told = patient.subject(result.drawn_on)
        own = Subject(cells.sex("sex"), cells.age("age"), cells.text("site"))
        age = told.age if own.age is None else own.age
        subject = Subject(own.sex or told.sex, age, own.site or told.site)
        found = find_limits(self.limits, result.analyte_id, subject, result.drawn_on)
        if isinstance(found, str):
            return replace(result, limits_note=found)
        uln = result.uln if result.uln is not None else _converted(found.uln, found, result)
        lln = result.lln if result.lln is not None else _converted(found.lln, found, result)
        if uln is not None and lln is not None and uln < lln:
            return replace(result, limits_note=f"its limits contradict those of {found.place}")
        return replace(result, uln=uln, lln=lln)


def _converted(limit: Decimal | None, of: LimitRow, result: LabResult) -> Decimal | None:
    """Return a limit of the table in the unit of a result."""
    if limit is None or of.factor == result.factor:
        return limit
    return EXACT.divide(EXACT.multiply(limit, of.factor), result.factor)


def _name(cells: Cells) -> str:
    return cells.text("analyte") or cells.text("loinc")
