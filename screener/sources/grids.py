"""A small table as it stands: a header and rows of cells, from CSV, TSV or the first XLSX sheet.

Nothing is taken for anything yet. What is wrong with rows is told at once, never with a cell.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from screener.errors import SourceError
from screener.sources.bytestreams import CP1252_NOTE, marked_encoding
from screener.sources.delimited import LONGEST_FIELD
from screener.sources.formats import format_of
from screener.sources.opening import STDIN
from screener.sources.tables import Request
from screener.sources.workbooks import check_workbook, rows_of_sheet

MAX_TOLD = 20
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: its line (in a workbook its row), and one cell a column."""

    line: int
    cells: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table.

    Attributes
    ----------
    name
        As the user gave it.
    header
        The first row with a value in it.
    rows
        The others; rows without a delimiter and a value are no rows.
    delimiter
        Of the fields; empty in a workbook.
    notes
        How it was read, one sentence each.
    """

    name: str
    header: GridRow
    rows: tuple[GridRow, ...]
    delimiter: str
    notes: tuple[str, ...] = ()


def read_grid(name: str) -> Grid:
    """Read a small table, all of it into memory.

    Parameters
    ----------
    name
        A path, or ``-`` for CSV on standard input.

    Raises
    ------
    SourceError
        If it cannot be read, is empty, or rows have not as many cells as the header.
    """
    path = Path(name)
    form = format_of(path)
    if path.is_dir():
        raise SourceError(f"{name}: is a folder. Name a table in CSV, TSV or XLSX.")
    if name != STDIN and not path.is_file():
        raise SourceError(f"{name}: no such file. Check the path.")
    if name != STDIN and (form is None or form.name not in {"csv", "tsv", "xlsx"}):
        raise SourceError(f"{name}: is of no format that is read. Read are CSV, TSV and XLSX.")
    try:
        if form is not None and form.name == "xlsx":
            return _read_workbook(name)
        raw = sys.stdin.buffer.read() if name == STDIN else path.read_bytes()
    except OSError as error:
        raise SourceError(f"{name}: cannot be read ({error.strerror}). Check it.") from error
    return _read_delimited(name, raw, form.name if form else "csv")


def _read_workbook(name: str) -> Grid:
    request = Request(name, Path(name), Path(name).stem)
    check_workbook(request)
    rows = [GridRow(number, tuple(cells)) for number, cells in rows_of_sheet(request)]
    if not rows:
        raise SourceError(f"{name}: has an empty first sheet. Put the table on the first sheet.")
    width = len(rows[0].cells)
    padded = [GridRow(row.line, (*row.cells, *[None] * (width - len(row.cells)))) for row in rows]
    return _checked(name, padded, "", ())


def _read_delimited(name: str, raw: bytes, form: str) -> Grid:
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_FIELD))
    text, notes = _decoded(name, raw)
    lines = text.splitlines(keepends=True)
    first = next((n for n, line in enumerate(lines) if line.strip("\r\n\t ;,|")), None)
    if first is None:
        raise SourceError(f"{name}: is empty. The first line must name the columns.")
    delimiter = ""
    if lines[first].startswith("sep=") and len(lines[first].strip()) == len("sep=;"):
        delimiter, first = lines[first][4], first + 1
    order = "\t,;|" if form == "tsv" else _DELIMITERS
    delimiter = delimiter or max(order, key=lambda each: _n_fields(lines[first], each))
    rows = list(_rows(name, lines[first:], first + 1, delimiter))
    return _checked(name, rows, delimiter, notes)


def _decoded(name: str, raw: bytes) -> tuple[str, tuple[str, ...]]:
    encoding = marked_encoding(raw)
    try:
        return raw.decode(encoding), ()
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp1252"), (CP1252_NOTE,)
    except UnicodeDecodeError:
        told = f"{name}: is in no encoding that is read. Save it as UTF-8."
        raise SourceError(told) from None


def _n_fields(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 1


def _rows(name: str, lines: list[str], start: int, delimiter: str) -> Iterator[GridRow]:
    reader = csv.reader(io.StringIO("".join(lines), newline=""), delimiter=delimiter, strict=True)
    line = start
    try:
        for cells in reader:
            if cells:
                yield GridRow(line, tuple(cells))
            line = start + reader.line_num
    except csv.Error:
        told = f"{name}: line {line}: its quotes do not add up. Check that line."
        raise SourceError(told) from None


def _checked(name: str, rows: list[GridRow], delimiter: str, notes: tuple[str, ...]) -> Grid:
    """Make the grid, or tell all rows that have not as many cells as the header."""
    if not rows:
        raise SourceError(f"{name}: is empty. The first line must name the columns.")
    header, *others = rows
    width = len(header.cells)
    wrong = [row for row in others if len(row.cells) != width]
    if wrong:
        told = [
            f"{name}: line {row.line}: {len(row.cells)} fields for {width} columns."
            for row in wrong[:MAX_TOLD]
        ]
        more = len(wrong) - len(told)
        told += [f"{name}: and {more} more such lines."] if more else []
        raise SourceError("\n".join(told))
    return Grid(name, header, tuple(others), delimiter, notes)
