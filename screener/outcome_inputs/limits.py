"""The table of limits of normal, read."""

from __future__ import annotations

from collections import abc
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from screener.outcome_inputs.cells import Cells
from screener.outcome_inputs.fields import LIMITS
from screener.outcomes.criteria import Analyte, Criteria
from screener.outcomes.limits import LimitRow
from screener.outcomes.results import Place, RejectedRow
from screener.outcomes.units import Units, UnitUnknownError
from screener.reports import Rejected
from screener.sources.dates import DateOrder
from screener.sources.records import open_records


@dataclass(frozen=True, slots=True)
class DeclaredLimits:
    """The rows of the table, and those that could not be used."""

    rows: tuple[LimitRow, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()
    n_rows: int = 0


def read_limits(
    path: Path,
    criteria: Criteria,
    units: Units,
    *,
    column_map: abc.Mapping[str, str] | None = None,
    date_order: DateOrder | None = None,
    has_decimal_comma: bool = False,
) -> DeclaredLimits:
    """Read a table of limits: analyte, ULN, LLN and unit, and to whom and when they apply.

    Raises
    ------
    SourceError
        When the table cannot be read as a whole.
    """
    records = open_records(path, LIMITS, column_map)
    rows: list[LimitRow] = []
    rejected: list[RejectedRow] = []
    n_rows = 0
    for n_rows, row in enumerate(records.rows, start=1):  # noqa: B007  counts what is read
        place = Place(records.name, row.line)
        if isinstance(row, Rejected):
            rejected.append(RejectedRow(place, row.reason))
            continue
        cells = Cells(row, date_order, has_decimal_comma=has_decimal_comma)
        limit = _limit(cells, place, criteria, units)
        if limit is None or cells.problems:
            rejected.append(RejectedRow(place, cells.reason(), analyte=cells.text("analyte")))
        else:
            rows.append(limit)
    return DeclaredLimits(tuple(rows), tuple(rejected), n_rows)


def _limit(cells: Cells, place: Place, criteria: Criteria, units: Units) -> LimitRow | None:
    name = cells.needed("analyte")
    analyte = criteria.analyte(name)
    if analyte is None and name:
        cells.refuse_shown("analyte", "is not known")
    uln, lln = limits_of(cells)
    if uln is None and lln is None:
        cells.refuse("uln", "and lln are empty")
    ages = cells.age("age_from"), cells.age("age_to")
    days = (
        cells.day("valid_from", is_needed=False),
        cells.day("valid_to", is_needed=False),
    )
    factor = factor_of(cells, analyte, units)
    if analyte is None or factor is None:
        return None
    who = cells.sex("sex"), cells.text("site")
    return LimitRow(analyte.id, uln, lln, factor, place, *who, *ages, *days)


def limits_of(cells: Cells) -> tuple[Decimal | None, Decimal | None]:
    """Read ULN and LLN of a row; a ULN below its LLN is wrong."""
    uln, lln = cells.number("uln", is_positive=True), cells.number("lln")
    if uln is not None and lln is not None and uln < lln:
        cells.refuse("uln", "is below lln")
    return uln, lln


def factor_of(cells: Cells, analyte: Analyte | None, units: Units) -> Decimal | None:
    """Return the factor of a row's unit; a unit that is not known is wrong."""
    if analyte is None:
        return None
    try:
        return units.factor(analyte, cells.text("unit"))
    except UnitUnknownError as error:
        cells.refuse_shown("unit", str(error))
        return None
