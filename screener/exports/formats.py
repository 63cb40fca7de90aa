"""The formats in which a run's tables are written: frozen records in one dict.

Every writer streams. The bytes depend on the rows alone, not on how or when they arrive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from screener.exports import csv_writer, jsonl_writer, parquet_writer, xlsx_writer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from typing import BinaryIO

    from screener.exports.tables import Row, Table

    WriteRows = Callable[[Sequence[Row]], None]
    OpenTable = Callable[[BinaryIO, Table], AbstractContextManager[WriteRows]]


@dataclass(frozen=True, slots=True)
class Format:
    """One file format.

    Attributes
    ----------
    suffix
        Of the file's name, with the dot.
    open_table
        Takes a binary file and a table; a context manager that gives the function to write
        rows with, some at a time. The file is complete when the context ends, and stays open.
    """

    suffix: str
    open_table: OpenTable


FORMATS: dict[str, Format] = {
    "csv": Format(".csv", csv_writer.open_table),
    "jsonl": Format(".jsonl", jsonl_writer.open_table),
    "parquet": Format(".parquet", parquet_writer.open_table),
}
"""In which a run is written, and can be read again."""

EXPORT_FORMATS: dict[str, Format] = {**FORMATS, "xlsx": Format(".xlsx", xlsx_writer.open_table)}
"""In which tables are exported."""

DATABASE_CSV = Format(".csv", csv_writer.open_raw_table)
"""What a database or a registry imports: no apostrophe is put before a text."""
