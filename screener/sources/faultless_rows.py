"""The rows of a delimited table up to its first fault, read by the C parser alone."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from screener.sources.row_blocks import MOST_CHARACTERS, MOST_ROWS


@dataclass(frozen=True, slots=True)
class Done:
    """What was read when a fault came: lines, those of the header too, and the last row."""

    n_lines: int
    good: Sequence[str] | None


class FaultlessRows:
    """The rows of a table up to the first fault, some at a time.

    Parameters
    ----------
    stream, delimiter
        What is read, after the header.
    n_columns
        Fields of a row.
    n_before
        Lines before, the header's too.
    widest
        The column by which the rows at a time are bounded in characters.
    """

    def __init__(
        self, stream: TextIO, delimiter: str, n_columns: int, n_before: int, widest: int
    ) -> None:
        self._reader = csv.reader(stream, delimiter=delimiter, strict=True)
        self._n_columns = n_columns
        self._widest = widest
        self._n_before = self._n_lines = n_before
        self._good: Sequence[str] | None = None
        self.starts: list[int] = []
        """Where each of the last rows begins."""
        self.done: Done | None = None
        """Where the fault is, once it has been met."""

    def some(self) -> list[list[str]]:
        """Return the next rows; none at the end and from a fault on."""
        rows: list[list[str]] = []
        self.starts = []
        if self.done is None:
            try:
                self._take(rows)
            except csv.Error:
                self.done = Done(self._n_lines, rows[-1] if rows else self._good)
        self._good = rows[-1] if rows else self._good
        return rows

    def _take(self, rows: list[list[str]]) -> None:
        reader, n_before, n_columns, widest = (
            self._reader,
            self._n_before,
            self._n_columns,
            self._widest,
        )
        n_characters, n_lines = 0, self._n_lines
        for row in reader:
            if len(row) == n_columns:
                rows.append(row)
                self.starts.append(n_lines + 1)
                n_characters += len(row[widest])
            elif not is_no_row(row, n_columns):
                self.done = Done(self._n_lines, rows[-1] if rows else self._good)
                return
            self._n_lines = n_lines = n_before + reader.line_num
            if len(rows) >= MOST_ROWS or n_characters >= MOST_CHARACTERS:
                return


def is_no_row(values: Sequence[str], n_columns: int) -> bool:
    """Whether a line is blank."""
    return not values or (n_columns > 1 and len(values) == 1 and not values[0].strip())
