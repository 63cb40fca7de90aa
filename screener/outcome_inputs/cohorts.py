"""The patients of a cohort, read from any table that names them."""

from __future__ import annotations

from pathlib import Path

from screener.errors import SourceError
from screener.outcome_inputs.cells import Cells
from screener.outcome_inputs.fields import PATIENT
from screener.sources.records import Record, open_records


def read_patient_ids(path: Path) -> frozenset[str]:
    """Read the patients that a table names.

    Raises
    ------
    SourceError
        When it cannot be read, or names nobody.
    """
    records = open_records(path, [PATIENT])
    ids = {Cells(row).text("patient_id") for row in records.rows if isinstance(row, Record)}
    if not ids - {""}:
        raise SourceError(f"{path}: names no patient.")
    return frozenset(ids - {""})
