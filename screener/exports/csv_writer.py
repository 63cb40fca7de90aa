r"""Write a table as CSV (RFC 4180 in UTF-8, lines end in ``\n``).

For people it is safe to open in a spreadsheet; what a database imports has the texts as they are.
``None`` is an empty cell, booleans are ``true`` and ``false``, days ISO 8601, numbers the shortest
text that reads back as the same number.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from screener.exports.tables import Cell, Row, Table

# What a spreadsheet takes for the start of a formula, full-width forms included, also after
# apostrophes of ours, white space and invisible characters that an import may strip.
_FORMULA = re.compile(r"'*(?:[\t\r]|[\s\x00\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20])")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_QUOTED = re.compile(r'[",\r\n]')
_PLAIN = re.compile(r'(?:[A-Za-z0-9][^",\r\n]*)?')
"""What neither a spreadsheet nor a reader of CSV takes for more than it is; most cells are."""


@contextmanager
def open_table(file: BinaryIO, table: Table) -> Iterator[Callable[[Row], None]]:
    """Write the header, then give the function that writes one row."""
    is_plain = _PLAIN.fullmatch

    def write_row(row: Row) -> None:
        cells = [c if c.__class__ is str and is_plain(c) else _safe_cell(c) for c in row]
        file.write(f"{','.join(cells)}\n".encode())

    write_row(table.column_names)
    yield write_row


@contextmanager
def open_raw_table(file: BinaryIO, table: Table) -> Iterator[Callable[[Row], None]]:
    """Write the header, then give the function that writes one row with its texts as they are."""

    def write_row(row: Row) -> None:
        file.write(f"{','.join(map(_cell, row))}\n".encode())

    write_row(table.column_names)
    yield write_row


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
