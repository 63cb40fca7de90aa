"""Cells of a row, read one by one; all that is wrong with a row is told at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypeVar

from screener.outcomes.values import Value, ValueUnreadableError, parse_value, point_for_comma
from screener.sources.dates import DateOrder, read_date
from screener.sources.records import Record
from screener.sources.rows import UnreadableValueError, identifier

_YES = frozenset("y yes true 1 present positive pos seen on".split())
_NO = frozenset("n no false 0 absent negative neg none off".split())
_SEXES = {"m": "male", "male": "male", "f": "female", "female": "female"}
_OLDEST = 130
_LONGEST_SHOWN, _MOST_DIGITS = 30, 6
_T = TypeVar("_T", str, bool)


class Cells:
    """The cells of one row by field, and what is wrong with those that were asked for."""

    def __init__(
        self,
        record: Record,
        date_order: DateOrder | None = None,
        *,
        has_decimal_comma: bool = False,
    ) -> None:
        self._cells = record.cells
        self._date_order = date_order
        self._has_decimal_comma = has_decimal_comma
        self.problems: list[str] = []

    def has(self, field: str) -> bool:
        """Whether something is written."""
        return self.text(field) != ""

    def text(self, field: str) -> str:
        """Return a cell as text, empty where there is none."""
        try:
            return identifier(self._cells.get(field, ""))
        except UnreadableValueError as error:
            return self._refuse(field, str(error), "")

    def needed(self, field: str) -> str:
        """Return a cell that may not be empty."""
        n_problems = len(self.problems)
        text = self.text(field)
        if not text and len(self.problems) == n_problems:
            self._refuse(field, "is empty", "")
        return text

    def value(self, field: str) -> Value | None:
        """Return a value or a bound."""
        text = self.text(field)
        is_text = isinstance(self._cells.get(field), str)  # a workbook's numbers have no comma
        try:
            return parse_value(
                point_for_comma(text) if self._has_decimal_comma and is_text else text
            )
        except ValueUnreadableError as error:
            self._refuse(field, str(error), "")
            return None

    def number(self, field: str, *, is_positive: bool = False) -> Decimal | None:
        """Return a number; ``None`` where nothing is written or what is written is none."""
        if not self.has(field):
            return None
        value = self.value(field)
        if value is None:
            return None
        if not value.is_exact:
            self._refuse(field, "is a bound, not a number", "")
            return None
        if is_positive and not value.low:
            self._refuse(field, "is 0", "")
            return None
        return value.low

    def day(self, field: str, *, is_needed: bool = True) -> date | None:
        """Return a day."""
        day = read_date(self._cells.get(field), self._date_order)
        if day is None and self.has(field):
            unclear = "" if self._date_order else " (or is unclear: see --date-order)"
            self._refuse(field, f"is no day{unclear}", "")
        elif day is None and is_needed:
            self._refuse(field, "is empty", "")
        return day

    def sex(self, field: str) -> str:
        """Return ``male`` or ``female``; empty where neither is written."""
        text = self.text(field).casefold()
        if not text or text in _SEXES:
            return _SEXES.get(text, "")
        return self._refuse(field, "is neither male nor female", "")

    def age(self, field: str) -> Decimal | None:
        """Return years."""
        number = self.number(field)
        if number is not None and number > _OLDEST:
            self._refuse(field, f"is over {_OLDEST}", "")
        return number

    def yes_or_no(self, field: str) -> bool | None:
        """Return whether a cell says yes; ``None`` where it is empty."""
        found = as_yes_or_no(self.text(field))
        if found is None and self.has(field):
            self._refuse(field, "is neither yes nor no", "")
        return found

    def refuse(self, field: str, why: str) -> None:
        """Say what is wrong with a field."""
        self._refuse(field, why, "")

    def refuse_shown(self, field: str, why: str) -> None:
        """Say what is wrong with a name or a unit, and show it where it looks like one."""
        text = self.text(field)
        n_digits = sum(map(str.isdigit, text))
        is_shown = 0 < len(text) <= _LONGEST_SHOWN and n_digits <= _MOST_DIGITS
        self._refuse(f"{field} {text!r}" if is_shown else field, why, "")

    def reason(self) -> str:
        """All that is wrong, as one reason; empty where nothing is."""
        return "; ".join(dict.fromkeys(self.problems))

    def _refuse(self, field: str, why: str, instead: _T) -> _T:
        self.problems.append(f"{field} {why}")
        return instead


def as_yes_or_no(text: str) -> bool | None:
    """Return whether a text says yes or no; ``None`` where it says neither.

    >>> as_yes_or_no("Y"), as_yes_or_no("absent"), as_yes_or_no("?")
    (True, False, None)
    """
    word = text.casefold()
    return True if word in _YES else False if word in _NO else None
