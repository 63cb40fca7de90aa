"""Rows of a table made into reports; a row that cannot be one is rejected with its reason."""

from __future__ import annotations

import dataclasses
import operator
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite, isnan
from numbers import Integral, Real
from uuid import UUID

from screener.reports import FIELDS, Rejected, Report
from screener.sources.dates import DateOrder, read_date
from screener.sources.mappings import Choice, Mapping

EMPTY_TEXT = "text is empty"
_NOTHING = frozenset({"null", "nan", "none", "nil", "n/a", "#n/a", "<na>", "nat", "\\n"})
_LONGEST_NOTHING = max(map(len, _NOTHING))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: where it begins, and the values of the wanted columns in their order."""

    line: int
    values: Sequence[object]


@dataclass(frozen=True, slots=True)
class Fault:
    """One row that could not be read, and why."""

    line: int
    reason: str


@dataclass(slots=True)
class Tally:
    """What is known of an input when its rows have been read.

    Attributes
    ----------
    n_read
        Rows, each a report or a rejected one.
    n_undated
        Reports without a day of the examination.
    n_unclear_dates
        Those of them in which something is written that could not be read as a day.
    n_bytes, sha256
        Size and hash of the input; the hash of a folder is that of the lines ``path NUL hash LF``
        of its files in order; ``None`` where nothing was read from a file or stream.
    n_superseded, n_joined
        What is neither a report nor rejected: versions that a later one supersedes, and addenda of
        their own that were put with their reports.
    skipped
        How many messages were no report of radiology, by what they were.
    """

    n_read: int = 0
    n_undated: int = 0
    n_unclear_dates: int = 0
    n_bytes: int = 0
    sha256: str | None = None
    n_superseded: int = 0
    n_joined: int = 0
    skipped: Counter[str] = dataclasses.field(default_factory=Counter)


class UnreadableValueError(ValueError):
    """A value that is no text, number or date; the row is rejected."""


@dataclass(frozen=True, slots=True)
class ReportMaker:
    """Makes reports of the rows of one table.

    Attributes
    ----------
    source
        Name of the input, for rejected rows.
    stem
        What a report is named by, with its row number, where no column names it.
    mapping
        Which columns hold which fields.
    date_order
        How to read numeric days and months.
    tally
        Counted along.
    """

    source: str
    stem: str
    mapping: Mapping
    date_order: DateOrder | None
    tally: Tally

    def reports(self, rows: Iterable[Row | Fault]) -> Iterator[Report | Rejected]:
        """Make one report, or one rejected row, of each row."""
        slots = self.slots()
        for row in rows:
            self.tally.n_read += 1
            if isinstance(row, Fault):
                yield Rejected(self.source, row.line, row.reason)
            else:
                yield self.report(row, slots)

    def slots(self) -> dict[str, tuple[int, ...]]:
        """Where the columns of each field are among the wanted ones."""
        places = {place: slot for slot, place in enumerate(self.mapping.wanted)}
        found = {
            choice.field: tuple(places[p] for p in choice.positions)
            for choice in self.mapping.choices
        }
        return {field: found[field] for field in FIELDS if field in found}

    def report(self, row: Row, slots: dict[str, tuple[int, ...]]) -> Report | Rejected:
        """Make a report of one row, which has been counted, or say why it is rejected."""
        cells, problems = self._cells(row, slots)
        for field, is_empty, reason in _NEEDED:
            if field in cells and is_empty(cells[field]):
                problems[field] = reason
        if problems:
            return Rejected(self.source, row.line, "; ".join(problems.values()))
        cells.setdefault("patient_id", cells["report_id"])
        return Report(exam_on=self._exam_on(row, slots), **cells)

    def _cells(
        self, row: Row, slots: dict[str, tuple[int, ...]]
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Give the fields that can be read, and what is wrong with those that cannot."""
        cells: dict[str, str] = {}
        problems: dict[str, str] = {}
        if "report_id" not in slots:
            cells["report_id"] = f"{self.stem}:{self.tally.n_read}"
        for field, own in slots.items():
            if field == "exam_on":
                continue
            try:
                if field == "text":
                    cells[field] = self.text([row.values[slot] for slot in own])
                else:
                    cells[field] = identifier(row.values[own[0]])
            except UnreadableValueError as error:
                problems[field] = f"{field} {error}"
        return cells, problems

    def text(self, values: Sequence[object]) -> str:
        """Put a text together from its columns."""
        if len(values) == 1:
            return as_text(values[0])
        choice = self.mapping.choice("text")
        headings = choice.headings if choice else ()
        texts = [as_text(value) for value in values]
        return join_parts(headings, texts) if headings else texts[0]

    def _exam_on(self, row: Row, slots: dict[str, tuple[int, ...]]) -> date | None:
        value = row.values[slots["exam_on"][0]] if "exam_on" in slots else None
        day = read_date(value, self.date_order)
        if day is None:
            self.count_undated([value])
        return day

    def count_undated(self, values: Sequence[object]) -> None:
        """Count what could not be read as a day, written or not."""
        self.tally.n_undated += len(values)
        self.tally.n_unclear_dates += sum(map(_is_written, values))


def with_accession_as_id(mapping: Mapping) -> Mapping:
    """Name reports by their accession where no column names them."""
    accession = mapping.choice("accession")
    if mapping.choice("report_id") or not accession:
        return mapping
    named = Choice("report_id", accession.columns, accession.positions, accession.how)
    return Mapping((named, *mapping.choices), mapping.unused)


def join_parts(headings: Sequence[str], texts: Sequence[str]) -> str:
    r"""Join parts of a report under their headings, leaving out empty ones.

    Examples
    --------
    >>> join_parts(["FINDINGS", "IMPRESSION"], ["Clear.", "Normal."])
    'FINDINGS:\nClear.\nIMPRESSION:\nNormal.'
    """
    parts = zip(headings, texts, strict=True)
    return "\n".join(f"{heading}:\n{text}" for heading, text in parts if not is_blank(text))


def is_blank(text: str) -> bool:
    """Whether there is nothing but white space and NUL characters."""
    bare = text.strip()
    return not bare or ("\0" in bare and not bare.replace("\0", " ").strip())


_NEEDED: tuple[tuple[str, Callable[[str], bool], str], ...] = (
    ("report_id", operator.not_, "report_id is empty"),
    (
        "patient_id",
        operator.not_,
        "patient_id is empty: the report cannot be tied to a patient",
    ),
    ("text", is_blank, EMPTY_TEXT),
)
"""When a field that a report must have is empty, and what is said then."""


def identifier(value: object) -> str:
    """Give a value as an id or a short field: stripped, ``123.0`` as ``123``, ``NULL`` as empty.

    Raises
    ------
    UnreadableValueError
        If it is no text, number or date.
    """
    text = as_text(value)
    if "\0" in text:
        text = text.replace("\0", " ")
    text = text.strip()
    may_be_nothing = len(text) <= _LONGEST_NOTHING  # to fold case makes no text shorter
    return "" if may_be_nothing and text.casefold() in _NOTHING else text


def names_nothing(values: Iterable[str]) -> bool:
    """Whether one of some values is a word for an empty cell, such as ``NULL``."""
    return not _NOTHING.isdisjoint(map(str.casefold, values))


def as_text(value: object) -> str:
    """Give a value as text; text stays exactly as it is.

    Raises
    ------
    UnreadableValueError
        If it is no text, number or date, or cannot be written as UTF-8.
    """
    if isinstance(value, str):
        return value if value.isascii() else _encodable(value)
    if _is_missing(value):
        return ""
    if isinstance(value, (bytes, bytearray)):
        return _decoded(bytes(value))
    if isinstance(value, (Real, Decimal)) and not isinstance(value, bool):
        return _number(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (bool, UUID)):
        return str(value)
    raise UnreadableValueError("is no text, number or date")


def _number(value: Real | Decimal) -> str:
    if isinstance(value, Integral):
        return str(int(value))
    whole = value if isinstance(value, Decimal) else float(value)
    is_whole = isfinite(whole) and whole == int(whole)
    return str(int(whole)) if is_whole else str(value)


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnreadableValueError("has half a character (a lone surrogate)") from None
    return text


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise UnreadableValueError("is not UTF-8") from None


def _is_missing(value: object) -> bool:
    """Whether it is None, NaN, NaT or pandas' NA."""
    if value is None or type(value).__name__ == "NAType":
        return True
    if isinstance(value, date):
        return value != value  # noqa: PLR0124  NaT is a date unlike itself
    return isinstance(value, (float, Decimal)) and isnan(value)


def _is_written(value: object) -> bool:
    try:
        return identifier(value) != ""
    except UnreadableValueError:
        return True
