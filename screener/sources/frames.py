"""Reports from what a program already holds: records, or a pandas DataFrame."""

from __future__ import annotations

from collections import abc
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from screener.sources.dates import DateOrder
from screener.sources.mappings import Mapping
from screener.sources.objects import Numbered, open_objects
from screener.sources.rows import Fault, Row, Tally
from screener.sources.tables import Request, Source, Table, open_table

if TYPE_CHECKING:
    import pandas as pd

_ROWS_AT_ONCE = 1024


def from_records(
    records: Iterable[abc.Mapping[str, object]],
    *,
    column_map: abc.Mapping[str, str] | None = None,
    date_order: DateOrder | None = None,
    name: str = "records",
) -> Source:
    """Read reports from records, one at a time as they are asked for.

    Parameters
    ----------
    records
        Mappings from column to value. The keys of the first are the columns; a key that a later
        record lacks is an empty value.
    column_map
        Columns that names do not tell, by field.
    date_order
        How to read numeric days and months, ``dmy`` or ``mdy``.
    name
        What errors and rejected rows call it, and reports without an id.

    Raises
    ------
    SourceError
        If the columns are unclear.

    Examples
    --------
    >>> source = from_records([{"mrn": 7, "note_id": 1, "note_text": "Normal liver."}])
    >>> [(report.report_id, report.patient_id, report.text) for report in source.rows]
    [('1', '7', 'Normal liver.')]
    """
    request = Request(name, Path(name), name, column_map or {}, date_order)
    return open_objects(request, "records", _numbered(records), Tally())


def _numbered(records: Iterable[object]) -> Iterator[Numbered | Fault]:
    for number, record in enumerate(records, 1):
        if isinstance(record, abc.Mapping):
            yield number, record
        else:
            yield Fault(number, "the record is not a mapping")


def from_frame(
    frame: pd.DataFrame,
    *,
    column_map: abc.Mapping[str, str] | None = None,
    date_order: DateOrder | None = None,
    name: str = "frame",
) -> Source:
    """Read reports from the rows of a DataFrame, which is not changed; its index is not read.

    Parameters
    ----------
    frame
        One row a report.
    column_map, date_order, name
        As of `from_records`.

    Raises
    ------
    SourceError
        If the columns are unclear.
    """

    def read(mapping: Mapping) -> Iterator[Row | Fault]:
        wanted = frame.iloc[:, list(mapping.wanted)]
        for start in range(0, len(wanted), _ROWS_AT_ONCE):
            some = wanted.iloc[start : start + _ROWS_AT_ONCE]
            columns = [some.iloc[:, place].tolist() for place in range(some.shape[1])]
            for number, values in enumerate(zip(*columns, strict=True), start + 1):
                yield Row(number, values)

    request = Request(name, Path(name), name, column_map or {}, date_order)
    columns = tuple(str(column) for column in frame.columns)
    return open_table(request, "frame", Table(columns, read), Tally())
