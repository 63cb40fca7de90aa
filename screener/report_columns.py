"""Reports held as columns, for work that is done on many at once.

An archive is read and written column by column; a report of it becomes a `Report` only where its
text is read. Nothing is known here that the reports themselves do not say.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, repeat
from typing import Any

from screener.reports import FIELDS, Rejected, Report

Column = Sequence[Any] | None
"""The values of a field, one a report; ``None`` where no report has any."""

_REPORT_ID, _PATIENT_ID, _TEXT, _EXAM_ON = map(
    FIELDS.index, ("report_id", "patient_id", "text", "exam_on")
)


@dataclass(frozen=True, slots=True)
class ReportColumns:
    """Some reports, in order, as columns.

    Attributes
    ----------
    columns
        One a field, in the order of `screener.reports.FIELDS`; those of ids and text are there.

    Examples
    --------
    >>> columns = ReportColumns.of([Report("r1", "p1", "a"), Report("r2", "p1", "b")])
    >>> len(columns), columns.texts, columns.report(1).report_id
    (2, ('a', 'b'), 'r2')
    """

    columns: tuple[Column, ...]

    @classmethod
    def of(cls, reports: Iterable[Report]) -> ReportColumns:
        """Put reports in columns."""
        rows = [tuple(getattr(report, field) for field in FIELDS) for report in reports]
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(FIELDS)
        return cls(tuple(map(_or_none, FIELDS, columns)))

    @classmethod
    def joined(cls, parts: Sequence[ReportColumns]) -> ReportColumns:
        """Put the reports of one part after those of another."""
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return cls.of(())
        each = (_joined(field, place, parts) for place, field in enumerate(FIELDS))
        return cls(tuple(each))

    def __len__(self) -> int:
        return len(self.report_ids)

    def __iter__(self) -> Iterator[Report]:
        return map(self.report, range(len(self)))

    @property
    def report_ids(self) -> Sequence[str]:
        """Their ids."""
        return self.columns[_REPORT_ID] or ()

    @property
    def patient_ids(self) -> Sequence[str]:
        """Whose they are."""
        return self.columns[_PATIENT_ID] or ()

    @property
    def texts(self) -> Sequence[str]:
        """Their texts, as exported."""
        return self.columns[_TEXT] or ()

    @property
    def exam_days(self) -> Sequence[date | None]:
        """The days of their examinations."""
        return self.columns[_EXAM_ON] or (None,) * len(self)

    def report(self, place: int) -> Report:
        """Return one of them."""
        each = zip(self.columns, _NOTHING, strict=True)
        values: list[Any] = [column[place] if column else nothing for column, nothing in each]
        return Report(*values)

    def kept(self, places: Sequence[int]) -> ReportColumns:
        """Return some of them, in the order of `places`."""
        if len(places) == len(self):
            return self
        return ReportColumns(
            tuple(column and [column[place] for place in places] for column in self.columns)
        )

    def known_by(self) -> list[int]:
        """Return a number for each that two reports of one id share if they are equal.

        It is Python's keyed hash of all their fields (64 bits) and differs between processes.
        """
        columns = (c or repeat(d) for c, d in zip(self.columns, _NOTHING, strict=True))
        return [hash(row) for row in zip(*columns)] if len(self) else []  # noqa: B905 - endless


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of one source, in order: reports, and what could not become one.

    Attributes
    ----------
    reports
        The reports.
    rejected
        The others, each with the number of reports before it.
    """

    reports: ReportColumns
    rejected: tuple[tuple[int, Rejected], ...] = ()

    @classmethod
    def of(cls, rows: Iterable[Report | Rejected]) -> Block:
        """Put rows in columns."""
        reports: list[Report] = []
        rejected: list[tuple[int, Rejected]] = []
        for row in rows:
            if isinstance(row, Report):
                reports.append(row)
            else:
                rejected.append((len(reports), row))
        return cls(ReportColumns.of(reports), tuple(rejected))

    def kept(self, places: Sequence[int]) -> Block:
        """Return the block with some of its reports, their places in order."""
        if len(places) == len(self.reports):
            return self
        rejected = tuple((bisect_left(places, place), row) for place, row in self.rejected)
        return Block(self.reports.kept(places), rejected)

    def __len__(self) -> int:
        return len(self.reports) + len(self.rejected)

    def __iter__(self) -> Iterator[Report | Rejected]:
        at = 0
        for place, row in self.rejected:
            yield from map(self.reports.report, range(at, place))
            yield row
            at = place
        yield from map(self.reports.report, range(at, len(self.reports)))


_EMPTY = Report("", "", "")
_NOTHING = tuple(getattr(_EMPTY, field) for field in FIELDS)
"""What each field is where nothing is known of it."""
_NEEDED = frozenset((_REPORT_ID, _PATIENT_ID, _TEXT))


def _or_none(field: str, values: Column) -> Column:
    nothing = getattr(_EMPTY, field)
    is_needed = FIELDS.index(field) in _NEEDED
    return values if is_needed or any(v != nothing for v in values or ()) else None


def _joined(field: str, place: int, parts: Sequence[ReportColumns]) -> Column:
    columns = [part.columns[place] for part in parts]
    if not any(columns) and place not in _NEEDED:
        return None
    filled = (c or (getattr(_EMPTY, field),) * len(p) for c, p in zip(columns, parts, strict=True))
    return tuple(chain.from_iterable(filled))
