"""The first sheet of an XLSX workbook, a row at a time.

The strings of a workbook are one table, which openpyxl holds in memory; the rows are streamed.
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Generator, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from screener.errors import SourceError
from screener.sources.bytestreams import examine
from screener.sources.mappings import Mapping
from screener.sources.packed import BOMB_RATIO, is_implausible
from screener.sources.rows import Fault, Row, Tally
from screener.sources.tables import Request, Source, Table, open_table, unreadable

_AT_ONCE = 64
_ESCAPED_CONTROL = re.compile(r"_x00([01][0-9A-Fa-f])_")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    EOFError,
    OSError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
)
"""What openpyxl and zipfile raise on a file that is not what it says."""

_Cells = Sequence[object]


def read_workbook(request: Request) -> Source:
    """Open the first sheet of a workbook; its first row with a value in it is the header.

    Raises
    ------
    SourceError
        If it is no workbook, is damaged, is empty, or its columns are unclear.
    """
    return open_table(request, *workbook_table(request))


def workbook_table(request: Request) -> tuple[str, Table, Tally]:
    """Open it as a table of anything: its format, its columns and rows, its size and hash."""
    examined = examine(request.open)
    check_workbook(request)
    rows = rows_of_sheet(request)
    header_at, header = next(rows, (0, ()))
    rows.close()
    if not header:
        raise unreadable(request, "has an empty first sheet", "Put the table on the first sheet.")
    columns = tuple("" if value is None else str(value) for value in header)
    table = Table(columns, partial(_read, request, header_at, len(columns)))
    return "xlsx", table, examined.tally()


def check_workbook(request: Request) -> None:
    """Read every part against its checksum, so that damage shows before the first row.

    Raises
    ------
    SourceError
        If it is no workbook, or is damaged.
    """
    try:
        with zipfile.ZipFile(request.seekable()) as archive:
            is_bomb = any(map(is_implausible, archive.infolist()))
            damaged = None if is_bomb else archive.testzip()
    except _BROKEN as error:
        raise _no_workbook(request) from error
    if is_bomb:
        what = f"unpacks to over {BOMB_RATIO} times its size"
        raise unreadable(request, what, "Save it again from a spreadsheet.")
    if damaged:
        raise _no_workbook(request)


def _no_workbook(request: Request) -> SourceError:
    would_do = "Save it again as .xlsx, without a password."
    return unreadable(request, "is not a readable XLSX workbook", would_do)


def _read(
    request: Request, header_at: int, n_columns: int, mapping: Mapping
) -> Iterator[Row | Fault]:
    wanted = mapping.wanted
    for number, cells in islice(rows_of_sheet(request), 1, None):
        line = number - header_at
        if len(cells) > n_columns:
            yield Fault(line, f"too many fields: {len(cells)} for {n_columns} columns")
        else:
            padded = [*cells, *[None] * (n_columns - len(cells))]
            yield Row(line, [padded[place] for place in wanted])


def rows_of_sheet(request: Request) -> Generator[tuple[int, _Cells], None, None]:
    """Give the number and the cells of each row that has a value, to its last value.

    Raises
    ------
    SourceError
        If it is no workbook, or is damaged.
    """
    try:
        for number, row in enumerate(_quietly(request), 1):
            cells = [_value(cell) for cell in row]
            while cells and cells[-1] in (None, ""):
                cells.pop()
            if cells:
                yield number, cells
    except _BROKEN as error:
        raise _no_workbook(request) from error


def _opened_file(request: Request) -> BinaryIO:
    found = request.seekable()
    return found.open("rb") if isinstance(found, Path) else found


def _quietly(request: Request) -> Iterator[_Cells]:
    """Read the first sheet without openpyxl's warnings, which are about styles and the like."""
    with _opened_file(request) as file:
        workbook = _opened(file)
        try:
            sheet = workbook.worksheets[0]
            sheet.reset_dimensions()  # some writers state wrong ones
            rows = sheet.iter_rows(values_only=True)
            while some := _next_rows(rows):
                yield from some
        finally:
            workbook.close()


def _opened(file: Any) -> Any:  # noqa: ANN401  openpyxl's read-only classes are not in its stubs
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_workbook(file, read_only=True, data_only=True, keep_links=False)


def _next_rows(rows: Iterator[_Cells]) -> list[_Cells]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(islice(rows, _AT_ONCE))


def _value(cell: object) -> object:
    """Give a cell's value with its control characters, which the format writes ``_x000D_``."""
    if isinstance(cell, str) and "_x00" in cell:
        return _ESCAPED_CONTROL.sub(lambda found: chr(int(found[1], 16)), cell)
    return cell
