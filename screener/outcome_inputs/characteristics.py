"""What a table says of patients beside the therapy, read: any columns, one row a patient.

What could tell who a patient is (days, texts that each patient has another of) is no
characteristic.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from screener.outcome_inputs.cells import Cells
from screener.outcome_inputs.fields import PATIENT
from screener.outcomes.results import Place, RejectedRow
from screener.outcomes.values import ValueUnreadableError, parse_value
from screener.reports import Rejected
from screener.sources.dates import read_date
from screener.sources.records import open_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_CATEGORIES = 12
FEWEST_NUMBERS = 6
"""Different numbers from which on a column is one of amounts; fewer are grades or codes."""


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One column: its name, and what it says of each patient; who is not in it is not told."""

    name: str
    values: Mapping[str, str]

    def of(self, patient_ids: Iterable[str]) -> list[str]:
        """Return what is said of some patients; empty where nothing is."""
        return [self.values.get(one, "") for one in patient_ids]


@dataclass(frozen=True, slots=True)
class Characteristics:
    """All columns of a table, and the rows that could not be used."""

    columns: tuple[Characteristic, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()


def read_characteristics(path: Path) -> Characteristics:
    """Read a table of patients: ``patient_id``, and any further columns.

    A second row of a patient that says otherwise is rejected, and the first one counts.

    Raises
    ------
    SourceError
        When the table cannot be read as a whole.
    """
    records = open_records(path, [PATIENT], has_more=True)
    names = [choice.field for choice in records.mapping.choices if choice.field != PATIENT.name]
    told: dict[str, dict[str, str]] = {}
    rejected = []
    for row in records.rows:
        place = Place(records.name, row.line)
        if isinstance(row, Rejected):
            rejected.append(RejectedRow(place, row.reason))
            continue
        cells = Cells(row)
        patient_id = cells.needed(PATIENT.name)
        said = {name: " ".join(cells.text(name).split()) for name in names}
        if told.setdefault(patient_id, said) != said and patient_id:
            cells.problems.append("an earlier row says otherwise of the patient")
        if cells.problems:
            rejected.append(RejectedRow(place, cells.reason(), patient_id))
    told.pop("", None)
    columns = (Characteristic(n, {p: one[n] for p, one in told.items() if one[n]}) for n in names)
    return Characteristics(tuple(columns), tuple(rejected))


def amounts(values: Iterable[str]) -> list[Decimal] | None:
    """Return values as amounts; ``None`` where one is none, or they are few enough to be codes.

    Examples
    --------
    >>> amounts(["1", "2", "1"]) is None, amounts(["1", "2", "x"]) is None
    (True, True)
    >>> [str(one) for one in amounts("1 2 3 4.5 5 6".split())]
    ['1', '2', '3', '4.5', '5', '6']
    """
    found = []
    for value in values:
        try:
            read = parse_value(value)
        except ValueUnreadableError:
            return None
        if not read.is_exact:
            return None
        found.append(read.low)
    return found if len(set(found)) >= FEWEST_NUMBERS else None


def is_telling(values: list[str]) -> bool:
    """Whether texts may stand in a report: few categories, shared by patients, and no days.

    >>> is_telling(["G1", "G2", "G1"]), is_telling(["Ann", "Bob", "Cy"])
    (True, False)
    """
    n_different = len(set(values))
    is_shared = n_different < len(values) or n_different == 1
    is_day = any(read_date(value) is not None and not value.isdigit() for value in values)
    return 0 < n_different <= MOST_CATEGORIES and is_shared and not is_day
