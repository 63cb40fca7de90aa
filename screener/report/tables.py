"""The tables of a report: text in cells, ready for the page, for a spreadsheet and for a paper."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from io import StringIO

from screener.exports.csv_writer import guard_text


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table of a report.

    Attributes
    ----------
    name
        Of its files; unique in the report.
    caption
        One sentence.
    header
        Of its columns; the first column names the rows.
    rows
        As long as the header.
    note
        Below the table; empty for none.
    """

    name: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def to_csv(self) -> str:
        """Return it as CSV; no cell runs as a formula in a spreadsheet."""
        text = StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([[guard_text(cell) for cell in row] for row in (self.header, *self.rows)])
        return text.getvalue()
