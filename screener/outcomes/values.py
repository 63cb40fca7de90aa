"""Laboratory values as laboratories write them: a number, or a bound such as ``<0.2``.

A value is an interval of exact decimals, and what follows from a bound is computed, not guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal

_WRITTEN = re.compile(r"(<=|>=|=<|=>|≤|≥|<|>|=)?\s*((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?)")
_COMMA = re.compile(r"[<>=≤≥\s]*\d+(?:,\d+)+(?:\.\d+)?")
EXACT = Context(prec=60)
"""Products of laboratory values, factors and limits are exact in it."""


class ValueUnreadableError(ValueError):
    """What is written is no value; the message says why, without what is written."""


@dataclass(frozen=True, slots=True)
class Value:
    """An amount, known exactly or between bounds.

    Attributes
    ----------
    low, high
        The bounds; `high` is ``None`` where there is none. Equal for an exact value.
    low_open, high_open
        Whether the bound itself is left out.
    """

    low: Decimal
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    def times(self, factor: Decimal) -> Value:
        """Return the value multiplied by a positive factor.

        Examples
        --------
        >>> parse_value("<20").times(Decimal("1.5"))
        Value(low=Decimal('0.0'), high=Decimal('30.0'), low_open=False, high_open=True)
        """
        high = None if self.high is None else EXACT.multiply(self.high, factor)
        return Value(EXACT.multiply(self.low, factor), high, self.low_open, self.high_open)


def exactly(number: Decimal) -> Value:
    """Return an exact value."""
    return Value(number, number)


def parse_value(written: str) -> Value:
    """Read a value as laboratories write it.

    Raises
    ------
    ValueUnreadableError
        For anything else than a number of 0 or more with one of ``<``, ``<=``, ``>``, ``>=`` or
        none before it. Commas are refused: they part thousands in one country and decimals in
        another.

    Examples
    --------
    >>> parse_value("1.20"), parse_value("> 1000").low, parse_value("<0.2").high
    (Value(low=Decimal('1.20'), high=Decimal('1.20'), low_open=False, high_open=False), Decimal('1000'), Decimal('0.2'))
    """  # noqa: E501  an example is one line
    text = written.strip()
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueUnreadableError(_why_unreadable(text))
    number = Decimal(found[2])
    match found[1]:
        case "<":
            return Value(Decimal(0), number, high_open=True)
        case "<=" | "=<" | "≤":
            return Value(Decimal(0), number)
        case ">":
            return Value(number, None, low_open=True)
        case ">=" | "=>" | "≥":
            return Value(number, None)
        case _:
            return exactly(number)


def point_for_comma(written: str) -> str:
    """Return a value that is written with a decimal comma as one with a point.

    Raises
    ------
    ValueUnreadableError
        Where a point is in it, which may part thousands, or several commas are.

    Examples
    --------
    >>> point_for_comma("<0,2"), point_for_comma("1200")
    ('<0.2', '1200')
    """
    if "." in written or written.count(",") > 1:
        raise ValueUnreadableError("has a point or several commas: write 1,2 or 1200")
    return written.replace(",", ".")


def _why_unreadable(text: str) -> str:
    if not text:
        return "is empty"
    if _COMMA.fullmatch(text):
        return "is written with a comma: write 1.2 or 1200, or grade with --decimal-comma"
    if text.startswith("-") and _WRITTEN.fullmatch(text[1:]):
        return "is negative"
    return "is no number such as 1.2, <0.2 or >1000"


def surely_above(value: Value, bound: Value, *, or_equal: bool = False) -> bool:
    """Whether every amount that `value` may be exceeds every amount that `bound` may be.

    Examples
    --------
    >>> two = exactly(Decimal(2))
    >>> surely_above(two, two), surely_above(two, two, or_equal=True)
    (False, True)
    >>> surely_above(parse_value(">2"), two), surely_above(parse_value(">=2"), two)
    (True, False)
    """
    if bound.high is None:
        return False
    is_apart = or_equal or value.low_open or bound.high_open
    return value.low > bound.high or (value.low == bound.high and is_apart)


def maybe_above(value: Value, bound: Value, *, or_equal: bool = False) -> bool:
    """Whether some amount that `value` may be exceeds some amount that `bound` may be.

    Examples
    --------
    >>> two = exactly(Decimal(2))
    >>> maybe_above(parse_value("<2"), two, or_equal=True), maybe_above(parse_value("<3"), two)
    (False, True)
    """
    if value.high is None:
        return True
    meets = or_equal and not value.high_open and not bound.low_open
    return value.high > bound.low or (value.high == bound.low and meets)
