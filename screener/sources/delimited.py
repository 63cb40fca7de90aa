"""CSV and its kin: any of four delimiters, quoted fields kept to the character.

Text keeps its line ends (CRLF too) and NUL characters as exported, so offsets hold. A row whose
quotes do not add up is rejected; the rows that it would have swallowed are read all the same.

Rows without a fault are read by the C parser of the standard library alone, which tells a broken
quote and the line of each row; Arrow's tells neither, and is no faster into Python's strings. From
the first faulty row on each line is looked at.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TextIO

from screener.sources.bytestreams import examine
from screener.sources.faultless_rows import Done, FaultlessRows, is_no_row
from screener.sources.mappings import Mapping
from screener.sources.row_blocks import RowBlock
from screener.sources.rows import Fault, Row, Tally
from screener.sources.tables import Request, Source, Table, open_table, unreadable

LONGEST_FIELD = 1 << 24
"""Characters that a field may have; a longer one is a quote that was never closed."""

_OUT_OF_STEP = "it follows a broken quote and does not look like a row"
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class _Layout:
    """How one file is written."""

    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    n_skipped: int
    """Lines above the header's: blank ones and Excel's ``sep=;``."""


def read_delimited(request: Request) -> Source:
    """Open a table with delimited fields and a header; the delimiter is told from the header.

    Raises
    ------
    SourceError
        If it is empty, in no known encoding, or its columns are unclear.
    """
    return open_table(request, *delimited_table(request))


def delimited_table(request: Request) -> tuple[str, Table, Tally]:
    """Open it as a table of anything: its format, its columns and rows, its size and hash."""
    examined = examine(request.open)
    if examined.encoding is None:
        raise unreadable(
            request,
            "is in no encoding that is read",
            "Save it as UTF-8, UTF-16 with a mark, or cp1252.",
        )
    layout = _layout(request, examined.encoding)
    if layout is None:
        raise unreadable(request, "is empty", "The first line must name the columns.")
    table = Table(
        layout.columns,
        partial(_read, request, layout),
        examined.notes,
        partial(_read_blocks, request, layout),
    )
    name = "tsv" if layout.delimiter == "\t" else "csv"
    return name, table, examined.tally()


def _layout(request: Request, encoding: str) -> _Layout | None:
    _raise_field_limit()
    with request.open_text(encoding, "") as stream:
        delimiter = ""
        for n_skipped, line in enumerate(stream):
            if line.startswith("sep=") and len(line.rstrip("\r\n")) == len("sep=;"):
                delimiter = line[4]
            elif line.strip("\r\n\t ;,|"):
                delimiter = delimiter or _delimiter_of(line, request.path.suffix)
                header = _header(line, stream, delimiter)
                return _Layout(encoding, delimiter, header, n_skipped)
    return None


def _header(line: str, rest: Iterator[str], delimiter: str) -> tuple[str, ...]:
    def lines() -> Iterator[str]:
        yield line
        yield from rest

    try:
        return tuple(next(csv.reader(lines(), delimiter=delimiter)))
    except csv.Error:
        return tuple(line.split(delimiter))


def _delimiter_of(line: str, suffix: str) -> str:
    """Take the delimiter that gives the header most columns; on a tie, the one of the suffix."""
    order = "\t,;|" if suffix.lower() in {".tsv", ".tab"} else _DELIMITERS
    return max(order, key=lambda delimiter: len(next(csv.reader([line], delimiter=delimiter))))


def _raise_field_limit() -> None:
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_FIELD))


def _read(request: Request, layout: _Layout, mapping: Mapping) -> Iterator[Row | Fault]:
    for item in _read_blocks(request, layout, mapping):
        if isinstance(item, RowBlock):
            yield from item
        else:
            yield item


def _read_blocks(
    request: Request, layout: _Layout, mapping: Mapping
) -> Iterator[RowBlock | Row | Fault]:
    wanted = mapping.wanted
    try:
        with request.open_text(layout.encoding, "") as stream:
            done = yield from _faultless(stream, layout, mapping)
        if done is None:
            return
        with request.open_text(layout.encoding, "") as stream:
            for row in _Records(stream, layout, mapping, done):
                if isinstance(row, Row):
                    yield Row(row.line, [row.values[place] for place in wanted])
                else:
                    yield row
    except (UnicodeDecodeError, OSError) as error:
        would_do = "Nothing may write to it during a run."
        raise unreadable(request, "could not be read to its end", would_do) from error


def _faultless(
    stream: TextIO, layout: _Layout, mapping: Mapping
) -> Generator[RowBlock, None, Done | None]:
    """Give the rows before the first fault; return where that is, or ``None`` at the end."""
    lines = _NumberedLines(stream)
    _skip_header(lines, layout)
    text = mapping.choice("text")
    widest = text.positions[0] if text else len(layout.columns) - 1
    n_columns = len(layout.columns)
    rows = FaultlessRows(stream, layout.delimiter, n_columns, len(lines.taken), widest)
    while some := rows.some():
        columns = list(zip(*some, strict=True))
        yield RowBlock(rows.starts, tuple(columns[place] for place in mapping.wanted))
    return rows.done


def _skip_header(lines: _NumberedLines, layout: _Layout) -> None:
    for _ in range(layout.n_skipped):
        next(lines)
    _header(next(lines), lines, layout.delimiter)


def _telling_places(mapping: Mapping, n_columns: int) -> tuple[int, ...]:
    """Columns by which a row is told from a line of prose: ids, or else all but the text."""
    ids = [mapping.choice("report_id"), mapping.choice("patient_id")]
    text = mapping.choice("text")
    text_places = text.positions if text else ()
    found = tuple(choice.positions[0] for choice in ids if choice)
    return found or tuple(place for place in range(n_columns) if place not in text_places)


def _has_space(value: str) -> bool:
    return any(map(str.isspace, value))


def _has_digit(value: str) -> bool:
    return any(map(str.isdigit, value))


class _NumberedLines:
    """Lines with their numbers; those that the row at hand took can be put back but its first."""

    def __init__(self, stream: TextIO, n_before: int = 0) -> None:
        self._ahead = enumerate(islice(stream, n_before, None), n_before + 1)
        self._back: deque[tuple[int, str]] = deque()
        self.taken: list[tuple[int, str]] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        numbered = self._back.popleft() if self._back else next(self._ahead)
        self.taken.append(numbered)
        return numbered[1]

    def put_back_all_but_first(self) -> None:
        """Give the lines of the row at hand again, from its second on."""
        self._back.extendleft(reversed(self.taken[1:]))


class _Records:
    """All rows with all their fields.

    A row with a broken quote is a fault at its first line. Of the further lines that it took, those
    that look like rows are rows, the others are what is left of it. From there to the next line
    that looks like a row, each line is a fault: prose must not become a report.
    """

    def __init__(self, stream: TextIO, layout: _Layout, mapping: Mapping, done: Done) -> None:
        self._lines = _NumberedLines(stream, done.n_lines)
        self._layout = layout
        self._telling = _telling_places(mapping, len(layout.columns))
        self._good = done.good
        self._broken_to = 0
        self._is_in_step = True

    def __iter__(self) -> Iterator[Row | Fault]:
        reader = csv.reader(self._lines, delimiter=self._layout.delimiter, strict=True)
        while True:
            values, reason = _next_record(reader, self._lines, len(self._layout.columns))
            if not self._lines.taken:
                return
            if row := self._judge(values, reason):
                yield row

    def _judge(self, values: Sequence[str], reason: str) -> Row | Fault | None:
        """Say what the lines just taken are; ``None`` for a blank line or the rest of a row."""
        (start, first), (end, _) = self._lines.taken[0], self._lines.taken[-1]
        is_left_over = start <= self._broken_to
        is_doubtful = is_left_over or not self._is_in_step
        if values and (not is_doubtful or self._is_like(values)):
            self._good, self._is_in_step = values, True
            return Row(start, values)
        if not (values or reason):
            return None
        self._lines.put_back_all_but_first()
        if is_left_over and not self._is_like(_loosely(first, self._layout)):
            return None
        self._broken_to = max(self._broken_to, end)
        self._is_in_step = self._is_in_step and not _is_broken(reason, start, end)
        return Fault(start, reason or _OUT_OF_STEP)

    def _is_like(self, values: Sequence[str]) -> bool:
        """Whether the ids of a line are like those of the last good row: one word, with digits."""
        good = self._good
        return all(
            place < len(values)
            and _is_like(values[place].strip("\r\n"), good[place] if good else None)
            for place in self._telling
        )


def _is_like(value: str, good: str | None) -> bool:
    """Whether an id has no white space, and digits, if one that is known to be good does so too."""
    may_have_space = good is not None and _has_space(good)
    needs_digit = good is not None and _has_digit(good)
    return (
        bool(value.strip())
        and (may_have_space or not _has_space(value))
        and (not needs_digit or _has_digit(value))
    )


def _is_broken(reason: str, start: int, end: int) -> bool:
    """Whether what follows may be the rest of the row: its quotes do not add up."""
    return "quote" in reason or end > start


def _next_record(
    reader: Iterator[list[str]], lines: _NumberedLines, n_columns: int
) -> tuple[list[str], str]:
    """Read one row: its fields, and what is wrong with it; a blank line has neither."""
    lines.taken.clear()
    try:
        values = next(reader, [])
    except csv.Error as error:
        return [], _fault_of(str(error))
    if is_no_row(values, n_columns):
        return [], ""
    if len(values) != n_columns:
        few_or_many = "few" if len(values) < n_columns else "many"
        return [], f"too {few_or_many} fields: {len(values)} for {n_columns} columns"
    return values, ""


def _fault_of(message: str) -> str:
    """Put the fault that the csv module found in our words."""
    if "unexpected end" in message:
        return "a quote is opened and never closed"
    if "field larger" in message:
        return f"a field has over {LONGEST_FIELD} characters: a quote may never be closed"
    return "a quoted field goes on after its closing quote"


def _loosely(line: str, layout: _Layout) -> Sequence[str]:
    try:
        return next(csv.reader([line], delimiter=layout.delimiter), [])
    except csv.Error:
        return []
