"""Rows of a table by columns, made into reports many at a time.

What comes out is what `screener.sources.rows.ReportMaker` makes of each row by itself: values that
need a closer look are given to it, and all that is done here is to find out which do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from screener.report_columns import Block, ReportColumns
from screener.reports import FIELDS, Rejected
from screener.sources.dates import read_date, read_dates
from screener.sources.rows import Fault, ReportMaker, Row, identifier, is_blank, names_nothing

MOST_ROWS = 512
MOST_CHARACTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class RowBlock:
    """Some rows of a table, one after the other.

    Attributes
    ----------
    lines
        Where each begins.
    columns
        The values of the wanted columns in their order, all as long as `lines`.
    """

    lines: Sequence[int]
    columns: tuple[Sequence[object], ...]

    def __iter__(self) -> Iterator[Row]:
        return map(self.row, range(len(self.lines)))

    def row(self, place: int) -> Row:
        """Return one of them."""
        return Row(self.lines[place], [column[place] for column in self.columns])


def report_blocks(maker: ReportMaker, items: Iterable[RowBlock | Row | Fault]) -> Iterator[Block]:
    """Make blocks of reports of the rows of a table."""
    single: list[Row | Fault] = []
    for item in items:
        if not isinstance(item, RowBlock):
            single.append(item)
        if single and (isinstance(item, RowBlock) or len(single) >= MOST_ROWS):
            yield Block.of(maker.reports(single))
            single = []
        if isinstance(item, RowBlock):
            yield _by_columns(maker, item) or Block.of(maker.reports(item))
    if single:
        yield Block.of(maker.reports(single))


def _by_columns(maker: ReportMaker, rows: RowBlock) -> Block | None:
    """The reports of a block by columns; ``None`` where some value is out of the ordinary."""
    slots = maker.slots()
    found = _fields(maker, rows, slots)
    if found is None:
        return None
    maker.tally.n_read += len(rows.lines)
    missing = _missing(found)
    rejected = (maker.report(rows.row(place), slots) for place in missing)
    told = [(place - i, row) for i, (place, row) in enumerate(zip(missing, rejected, strict=True))]
    kept = sorted(set(range(len(rows.lines))).difference(missing))
    reports = ReportColumns(tuple(found.get(field) for field in FIELDS)).kept(kept)
    days = rows.columns[slots["exam_on"][0]] if "exam_on" in slots else [None] * len(rows.lines)
    exam_on = _days(maker, [days[place] for place in kept] if missing else days)
    columns = zip(FIELDS, reports.columns, strict=True)
    dated = tuple(exam_on if field == "exam_on" else column for field, column in columns)
    return Block(ReportColumns(dated), tuple((n, r) for n, r in told if isinstance(r, Rejected)))


def _fields(
    maker: ReportMaker, rows: RowBlock, slots: Mapping[str, tuple[int, ...]]
) -> dict[str, Sequence[str]] | None:
    """All fields but the day, where each has ordinary values."""
    found: dict[str, Sequence[str]] = {}
    if "report_id" not in slots:
        numbers = range(maker.tally.n_read + 1, maker.tally.n_read + len(rows.lines) + 1)
        found["report_id"] = [f"{maker.stem}:{number}" for number in numbers]
    for field, own in slots.items():
        if field != "exam_on":
            columns = [rows.columns[slot] for slot in own]
            values = _texts(maker, columns) if field == "text" else _identifiers(columns[0])
            if values is None:
                return None
            found[field] = values
    found.setdefault("patient_id", found["report_id"])
    return found


def _missing(found: Mapping[str, Sequence[str]]) -> list[int]:
    """The places of the rows that lack what a report must have."""
    blank: set[int] = set()
    bare = list(map(str.strip, found["text"]))
    if "" in bare or any(text[0] == "\0" for text in bare):
        blank.update(place for place, text in enumerate(bare) if is_blank(text))
    for field in ("report_id", "patient_id"):
        if "" in found[field]:
            blank.update(place for place, value in enumerate(found[field]) if not value)
    return sorted(blank)


def _texts(maker: ReportMaker, columns: Sequence[Sequence[object]]) -> Sequence[str] | None:
    """The texts of some rows, if all are text that can be written as UTF-8."""
    for values in columns:
        joined = _joined("", values)
        if joined is None or not _is_encodable(joined):
            return None
    if len(columns) == 1:
        return cast("Sequence[str]", columns[0])
    return [maker.text(values) for values in zip(*columns, strict=True)]


def _identifiers(values: Sequence[object]) -> Sequence[str] | None:
    """The ids or short fields of some rows, if all are text that can be written as UTF-8."""
    joined = _joined("\n", values)
    if joined is None or not _is_encodable(joined):
        return None
    texts = cast("Sequence[str]", values)
    if "\0" not in joined and joined.split() == list(texts) and not names_nothing(texts):
        return texts  # no white space in them or around them
    known = {text: identifier(text) for text in set(texts)}
    return [known[text] for text in texts]


def _joined(between: str, values: Sequence[object]) -> str | None:
    try:
        return between.join(cast("Sequence[str]", values))
    except TypeError:
        return None


def _is_encodable(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _days(maker: ReportMaker, values: Sequence[object]) -> list[date | None]:
    """The days of some rows; those that lack one are counted."""
    if all(type(value) is str for value in values):
        days = read_dates(cast("Sequence[str]", values), maker.date_order)
    else:
        days = [read_date(value, maker.date_order) for value in values]
    if None in days:
        each = zip(values, days, strict=True)
        maker.count_undated([value for value, day in each if day is None])
    return days
