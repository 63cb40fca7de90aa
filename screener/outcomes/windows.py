"""Spans of time in which results count: days, weeks or calendar months."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from screener.errors import OutcomeError

_SPAN = re.compile(r"(\d{1,4})\s*(d|days?|w|wk|weeks?|mo|months?|y|years?)", re.IGNORECASE)
_MONTHS = 12
LAST_YEAR = 9999


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: a number of days, or of calendar months.

    A month from the 31st ends on the last day of a shorter month.

    Examples
    --------
    >>> Span(1, "months").before(date(2021, 3, 31)), Span(3, "months").after(date(2020, 11, 30))
    (datetime.date(2021, 2, 28), datetime.date(2021, 2, 28))
    """

    n: int
    unit: Literal["days", "months"]

    def after(self, day: date) -> date:
        """Return the day so long after another; the last day there is where there is none."""
        if self.unit == "days":
            return day + min(timedelta(self.n), date.max - day)
        return _months_from(day, self.n)

    def before(self, day: date) -> date:
        """Return the day so long before another; the first day there is where there is none."""
        if self.unit == "days":
            return day - min(timedelta(self.n), day - date.min)
        return _months_from(day, -self.n)

    def __str__(self) -> str:
        unit = self.unit if self.n != 1 else self.unit.removesuffix("s")
        return f"{self.n} {unit}"


def parse_span(written: str) -> Span:
    """Read a span such as ``1mo``, ``30d``, ``6 weeks`` or ``3 months``.

    Raises
    ------
    OutcomeError
        For anything else.

    Examples
    --------
    >>> str(parse_span("1mo")), str(parse_span("6w")), str(parse_span("1 year"))
    ('1 month', '42 days', '12 months')
    """
    found = _SPAN.fullmatch(written.strip())
    if found is None:
        raise OutcomeError(f"{written!r} is no span of time. Write it as 30d, 6w or 3mo.")
    n, unit = int(found[1]), found[2].lower()[0]
    if unit in "dw":
        return Span(n * 7 if unit == "w" else n, "days")
    return Span(n * _MONTHS if unit == "y" else n, "months")


def _months_from(day: date, n: int) -> date:
    year, month = divmod(day.year * _MONTHS + day.month - 1 + n, _MONTHS)
    if not 1 <= year <= LAST_YEAR:
        return date.max if n > 0 else date.min
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
