r"""Write a table as CSV (RFC 4180 in UTF-8, lines end in ``\n``).

For people it is safe to open in a spreadsheet; what a database imports has the texts as they are.
``None`` is an empty cell, booleans are ``true`` and ``false``, days ISO 8601, numbers the shortest
text that reads back as the same number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from itertools import repeat
from operator import is_
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import BinaryIO

    from screener.exports.tables import Cell, Row, Table

# What a spreadsheet takes for the start of a formula, full-width forms included, also after
# apostrophes of ours, white space and invisible characters that an import may strip.
_FORMULA = re.compile(r"'*(?:[\t\r]|[\s\x00\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20])")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_QUOTED = re.compile(r'[",\r\n]')
_PLAIN = re.compile(r'(?:[A-Za-z0-9][^",\r\n]*)?')
"""What neither a spreadsheet nor a reader of CSV takes for more than it is; most cells are."""


_WRITTEN: dict[type, Callable[[Any], str]] = {date: date.isoformat, int: str, float: str}
"""How values are written whose text needs no care."""


@contextmanager
def open_table(file: BinaryIO, table: Table) -> Iterator[Callable[[Sequence[Row]], None]]:
    """Write the header, then give the function that writes some rows."""
    write_rows = partial(_write, file, _safe_cell)
    write_rows([table.column_names])
    yield write_rows


@contextmanager
def open_raw_table(file: BinaryIO, table: Table) -> Iterator[Callable[[Sequence[Row]], None]]:
    """Write the header, then give the function that writes some rows with texts as they are."""
    write_rows = partial(_write, file, _cell)
    write_rows([table.column_names])
    yield write_rows


def _write(file: BinaryIO, cell: Callable[[Cell], str], rows: Sequence[Row]) -> None:
    """Write rows column by column: most cells of a column are alike."""
    columns = [_column(column, cell) for column in zip(*rows, strict=True)]
    file.write("".join([f"{','.join(cells)}\n" for cells in zip(*columns)]).encode())  # noqa: B905


def _column(column: tuple[Cell, ...], cell: Callable[[Cell], str]) -> Iterable[str]:
    """The cells of a column as they are written; a cell that is the same in all, once."""
    first, is_plain = column[0], _PLAIN.fullmatch
    if len(column) > 1 and all(map(is_, column, repeat(first))):
        return repeat(cell(first), len(column))
    written = _WRITTEN.get(first.__class__)
    if written and all(map(is_, map(type, column), repeat(first.__class__))):
        return map(written, column)
    return [c if c.__class__ is str and is_plain(c) else cell(c) for c in column]


def guard_text(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula.

    Numbers are left alone. A text that already begins with apostrophes before a formula gets one
    more, so that taking one away always gives the text back.

    >>> guard_text("=1+1"), guard_text("-12.5"), guard_text("- two lesions"), guard_text("liver")
    ("'=1+1", '-12.5', "'- two lesions", 'liver')
    """
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _safe_cell(cell: Cell) -> str:
    return _quote(guard_text(cell)) if isinstance(cell, str) else _cell(cell)


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str):
        return _quote(cell)
    return str(cell)  # int, float (shortest repr) and date (ISO 8601)


def _quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
