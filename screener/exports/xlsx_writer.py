"""Write a table as an XLSX workbook of one sheet; texts are texts, never formulas.

Texts that a spreadsheet would run are guarded as in CSV, so that saving the sheet as CSV is safe,
too. The bytes depend on the rows alone: the workbook has no time of its own.
"""

from __future__ import annotations

import io
import re
import zipfile
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from screener.errors import RunError
from screener.exports.csv_writer import guard_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import BinaryIO

    from screener.exports.tables import Cell, Row, Table

# Limits of the format: Microsoft, "Excel specifications and limits".
MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_CHARACTERS = 32_767
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_EARLIEST = (1980, 1, 1, 0, 0, 0)


@contextmanager
def open_table(file: BinaryIO, table: Table) -> Iterator[Callable[[Sequence[Row]], None]]:
    """Write the header, then give the function that writes some rows.

    Raises
    ------
    RunError
        When the table is larger than a sheet can be.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = datetime(1980, 1, 1, tzinfo=UTC)
    sheet = book.create_sheet(table.name[:31])
    n_rows = 0

    def write_row(row: Row) -> None:
        nonlocal n_rows
        n_rows += 1
        if n_rows > MAX_ROWS or len(row) > MAX_COLUMNS:
            raise RunError(f"The table {table.name!r} is too large for a sheet: take csv.")
        sheet.append([_cell(cell, sheet) for cell in row])

    def write_rows(rows: Sequence[Row]) -> None:
        for row in rows:
            write_row(row)

    write_row(table.column_names)
    yield write_rows
    made = io.BytesIO()
    book.save(made)
    _copy_without_times(made, file)


def _cell(cell: Cell, sheet: Any) -> Any:  # noqa: ANN401 - openpyxl's sheet has no public type
    """A text as a cell of type text; anything else as openpyxl writes it."""
    if not isinstance(cell, str):
        return cell
    from openpyxl.cell import WriteOnlyCell

    text = _NO_XML.sub("\ufffd", guard_text(cell))
    if len(text) > MAX_CHARACTERS:
        text = f"{text[: MAX_CHARACTERS - 1]}\u2026"
    made = WriteOnlyCell(sheet, text)
    made.data_type = "s"
    return made


def _copy_without_times(made: io.BytesIO, file: BinaryIO) -> None:
    """Copy the parts of a workbook in order, each with the earliest time that a zip can have."""
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(file, "w") as copy:
        for part in parts.infolist():
            data = parts.read(part)
            if part.filename == "docProps/core.xml":
                data = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", data
                )
            copy.writestr(zipfile.ZipInfo(part.filename, _EARLIEST), data, zipfile.ZIP_DEFLATED)
