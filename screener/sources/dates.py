"""The day of an examination, from the forms that exports write it in; never a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

DateOrder = Literal["dmy", "mdy"]

_TIME = (
    r"(?:[T,\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*[AaPp]\.?[Mm]\.?)?"
    r"(?:\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}(?:\[\w+/\w+\])?))?)?"
)
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{2,6}(?:\.\d+)?(?:Z|[+-]\d{4})?)?", re.ASCII)
_DAY_MONTH = re.compile(
    rf"(\d{{1,2}})[-\s./]{{0,2}}([A-Za-z]{{3,9}})\.?[-\s,./]*(\d{{4}}){_TIME}", re.ASCII
)
_MONTH_DAY = re.compile(rf"([A-Za-z]{{3,9}})\.?[-\s]*(\d{{1,2}})[-\s,]+(\d{{4}}){_TIME}", re.ASCII)
_NUMERIC = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_TIME}", re.ASCII)

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_YEARS_OF_COMPACT = range(1900, 2300)  # other eight digits are a number, not a day
_MONTHS_IN_YEAR = 12
_LONGEST_KEPT = 40
_DAYS_KEPT = 1 << 13  # some twenty years of days; reports of one day come together


def read_date(value: object, order: DateOrder | None = None) -> date | None:
    """Read the day of a date or date-time.

    Read are dates of Excel, Arrow and pandas, ``2021-03-03`` with or without a time, ``20210303``,
    ``3-Mar-2021``, ``Mar 3, 2021``; and numeric day and month when one is over 12 or both are the
    same, or by `order`. Two-digit years, epochs and serial numbers are not guessed.

    Returns
    -------
    The day as written (a time zone does not shift it), or ``None`` for anything else.

    Examples
    --------
    >>> read_date("2021-03-04T09:30:00Z"), read_date("04/03/2021"), read_date("04/03/2021", "dmy")
    (datetime.date(2021, 3, 4), None, datetime.date(2021, 3, 4))
    """
    if isinstance(value, date):
        return _day_of(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    written = str(value).strip() if isinstance(value, (str, int)) else ""
    return (_known if len(written) <= _LONGEST_KEPT else _read_written)(written, order)


def read_dates(values: Sequence[str], order: DateOrder | None = None) -> list[date | None]:
    """Read the days of many texts, as `read_date` does."""
    known = _KNOWN[order]
    if len(known) > _DAYS_KEPT:
        known.clear()
    return [known[value] for value in values]


class _Known(dict[str, "date | None"]):
    """The days of texts that were met."""

    def __init__(self, order: DateOrder | None) -> None:
        super().__init__()
        self._order = order

    def __missing__(self, value: str) -> date | None:
        day = self[value] = read_date(value, self._order)
        return day


def _read_written(written: str, order: DateOrder | None) -> date | None:
    for parse in (_year_first, _compact, _day_month, _month_day):
        if (parts := parse(written)) is not None:
            return _valid(*parts)
    return _numeric(written, order)


_KNOWN: Mapping[DateOrder | None, _Known] = {o: _Known(o) for o in ("dmy", "mdy", None)}
_known = lru_cache(maxsize=_DAYS_KEPT)(_read_written)


def _day_of(value: date) -> date | None:
    if value != value:  # pandas' NaT is a date unlike itself  # noqa: PLR0124
        return None
    return value.date() if isinstance(value, datetime) else value


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year_first(written: str) -> tuple[int, int, int] | None:
    found = _YEAR_FIRST.fullmatch(written)
    return (int(found[1]), int(found[3]), int(found[4])) if found else None


def _compact(written: str) -> tuple[int, int, int] | None:
    found = _COMPACT.fullmatch(written)
    if not found or int(found[1]) not in _YEARS_OF_COMPACT:
        return None
    return int(found[1]), int(found[2]), int(found[3])


def _day_month(written: str) -> tuple[int, int, int] | None:
    found = _DAY_MONTH.fullmatch(written)
    return (int(found[3]), _month(found[2]), int(found[1])) if found else None


def _month_day(written: str) -> tuple[int, int, int] | None:
    found = _MONTH_DAY.fullmatch(written)
    return (int(found[3]), _month(found[1]), int(found[2])) if found else None


def _month(name: str) -> int:
    """Give the number of a month by its English name, or 0."""
    short = {"sept": "september"}.get(name.lower(), name.lower())
    fitting = (number for number, month in enumerate(_MONTHS, 1) if month.startswith(short))
    whole = short in _MONTHS or len(short) == 3  # noqa: PLR2004
    return next(fitting, 0) if whole else 0


def _numeric(written: str, order: DateOrder | None) -> date | None:
    found = _NUMERIC.fullmatch(written)
    if not found:
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if first > _MONTHS_IN_YEAR or second > _MONTHS_IN_YEAR or first == second:
        order = "dmy" if first > _MONTHS_IN_YEAR else "mdy"
    if order is None:
        return None
    return _valid(year, second, first) if order == "dmy" else _valid(year, first, second)
