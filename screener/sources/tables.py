"""An input that was opened: what it was asked for, what was found, and its reports as a stream."""

from __future__ import annotations

import io
from collections import abc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import BinaryIO, TextIO

from screener.errors import SourceError
from screener.report_columns import Block
from screener.reports import Rejected, Report
from screener.sources.columns import find_columns
from screener.sources.dates import DateOrder
from screener.sources.mappings import Mapping
from screener.sources.row_blocks import RowBlock, report_blocks
from screener.sources.rows import Fault, ReportMaker, Row, Tally, with_accession_as_id
from screener.sources.versions import Versions

MOST_HELD = 1 << 28
"""Bytes of a packed Parquet file or workbook, which are held to be read."""


@dataclass(frozen=True, slots=True)
class Request:
    """One input to open.

    Attributes
    ----------
    name
        As the user gave it: a path, or ``-``.
    path
        Where it is.
    stem
        Short name, different for each input of a run; names reports that nothing else names.
    column_map
        Columns given by the user, by field.
    date_order
        How to read numeric days and months.
    versions
        All versions of reports in the inputs of the run.
    opener
        Opens it where it is within an archive; `path` then is but its name.
    """

    name: str
    path: Path
    stem: str
    column_map: abc.Mapping[str, str] = field(default_factory=dict)
    date_order: DateOrder | None = None
    versions: Versions = field(default_factory=Versions)
    opener: Callable[[], BinaryIO] | None = None

    def open(self) -> BinaryIO:
        """Open it from its beginning."""
        return self.opener() if self.opener else self.path.open("rb")

    def open_text(self, encoding: str, newline: str) -> TextIO:
        """Open it from its beginning as text."""
        return io.TextIOWrapper(self.open(), encoding=encoding, newline=newline)

    def seekable(self) -> Path | BinaryIO:
        """Give it so that it can be read in any order: a path, or if it is packed its content.

        Raises
        ------
        SourceError
            If it is packed and too large to be held.
        """
        if self.opener is None:
            return self.path
        with self.open() as stream:
            content = stream.read(MOST_HELD + 1)
        if len(content) > MOST_HELD:
            what = f"has over {MOST_HELD} bytes within the archive"
            raise unreadable(self, what, "Unpack it first: this format is not read in one go.")
        return io.BytesIO(content)


@dataclass(frozen=True, slots=True)
class Source:
    """One input that was opened.

    Attributes
    ----------
    name
        As the user gave it: a path, or ``-``.
    format
        Name of its format.
    rows
        Reports and rejected rows, in order of the input, read as they are asked for; once only.
    mapping
        What was taken for what; ``None`` where the format has no columns or the input no rows.
    notes
        What the user should know of how it is read, one sentence each.
    tally
        Counts, size and hash; complete when `rows` is exhausted.
    blocks
        The same rows, many at a time, where the format is read so; to be read in place of `rows`.
    """

    name: str
    format: str
    rows: Iterator[Report | Rejected]
    mapping: Mapping | None
    notes: tuple[str, ...]
    tally: Tally
    blocks: Iterator[Block] | None = None

    @property
    def sha256(self) -> str | None:
        """Hash of the input, once its rows have been read."""
        return self.tally.sha256

    @property
    def n_bytes(self) -> int:
        """Size of the input, once its rows have been read."""
        return self.tally.n_bytes

    @property
    def n_undated(self) -> int:
        """Reports without a day of the examination so far."""
        return self.tally.n_undated

    @property
    def n_unclear_dates(self) -> int:
        """Reports so far with something written for a day that could not be read as one."""
        return self.tally.n_unclear_dates


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns and a way to read the rows of some of them.

    Attributes
    ----------
    columns
        Names as exported; ``None`` where not one row has any.
    read
        Given what was taken for what, checks what can be checked before the first row, then gives
        the rows with the values of `Mapping.wanted`.
    notes
        How it is read.
    read_blocks
        The same as `read`, many rows at a time where that is faster.
    """

    columns: tuple[str, ...] | None
    read: Callable[[Mapping], Iterator[Row | Fault]]
    notes: tuple[str, ...] = ()
    read_blocks: Callable[[Mapping], Iterator[RowBlock | Row | Fault]] | None = None


def open_table(request: Request, format_name: str, table: Table, tally: Tally) -> Source:
    """Find the columns of a table and set up its stream of reports.

    Raises
    ------
    SourceError
        If the columns are unclear, or the table cannot be read as a whole.
    """
    if table.columns is None:
        mapping = Mapping(())
    else:
        found = find_columns(table.columns, request.column_map, request.name)
        mapping = with_accession_as_id(found)
    maker = ReportMaker(request.name, request.stem, mapping, request.date_order, tally)
    blocks = report_blocks(maker, table.read_blocks(mapping)) if table.read_blocks else None
    return Source(
        name=request.name,
        format=format_name,
        rows=maker.reports(table.read(mapping)) if blocks is None else chain.from_iterable(blocks),
        mapping=mapping if mapping.choices else None,
        notes=(*table.notes, *_notes(mapping, request)),
        tally=tally,
        blocks=blocks,
    )


def unreadable(request: Request, what: str, would_do: str) -> SourceError:
    """Say that an input as a whole cannot be read."""
    return SourceError(f"{request.name}: {what}. {would_do}")


def columns_notes(request: Request) -> Iterator[str]:
    """Say that columns given by the user do not apply, of an input that has none."""
    if request.column_map:
        given = ", ".join(request.column_map)
        yield f"It has no columns: what was given by --map ({given}) does not apply to it."


def _notes(mapping: Mapping, request: Request) -> Iterator[str]:
    if not mapping.choices:
        yield "There are no reports in it."
        return
    report_id, accession = mapping.choice("report_id"), mapping.choice("accession")
    if report_id is None:
        yield f"No column names the reports: they are called {request.stem}:1 and so on by row."
    elif accession and report_id.positions == accession.positions:
        yield "No column names the reports: they are called by their accession."
    if mapping.choice("patient_id") is None:
        yield "No column names the patients: each report is taken as a patient of its own."
    text = mapping.choice("text")
    if text and text.headings:
        yield f"The text is joined from {len(text.columns)} columns, each under its heading."
