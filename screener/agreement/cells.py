"""Cells of a table of reads: what counts as not read, and what counts as a number."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from screener.agreement.scales import number_label, numeral

NOT_READ = frozenset({"na", "n/a", "#n/a", "<na>", "nan", "null", "nil", "nat", ".", "\\n"})
"""Words that programs write for an empty cell. ``none`` is not one: it is a burden."""

_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text on one line, or ``None`` where nothing was read, and by which word."""

    text: str | None
    word: str = ""


def read_cell(value: object, categories: Collection[str] = ()) -> Cell:
    """Return what a cell holds.

    Parameters
    ----------
    value
        Text, a number, a truth value, or nothing (``None``, NaN).
    categories
        Words that are categories, whatever they look like.

    Examples
    --------
    >>> read_cell(" yes "), read_cell("NA")
    (Cell(text='yes', word=''), Cell(text=None, word='na'))
    >>> read_cell(None).text, read_cell(2.0).text
    (None, '2')
    """
    if value is None or value != value:  # noqa: PLR0124  NaN is unlike itself
        return Cell(None)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Cell(number_label(float(value)))
    text = _SPACES.sub(" ", str(value)).strip()
    word = text.casefold()
    if word in NOT_READ and word not in {label.casefold() for label in categories}:
        return Cell(None, word)
    return Cell(text or None)


class Numbers:
    """Reads numbers, and remembers how they were written."""

    def __init__(self, *, has_decimal_comma: bool) -> None:
        self._has_decimal_comma = has_decimal_comma
        self._n_percent_signs = 0
        self._n_without = 0
        self._largest_without = 0.0
        self._largest_with = 0.0
        self._n_commas = 0

    def read(self, text: str) -> float | None:
        """Return the number that a cell holds, or ``None``; a percent sign is dropped."""
        bare = text.removesuffix("%").rstrip()
        if self._has_decimal_comma and _DECIMAL_COMMA.fullmatch(bare):
            self._n_commas += 1
            bare = bare.replace(",", ".")
        number = numeral(bare)
        if number is not None:
            has_sign = text.endswith("%")
            self._n_percent_signs += has_sign
            self._n_without += not has_sign
            if has_sign:
                self._largest_with = max(self._largest_with, abs(number))
            else:
                self._largest_without = max(self._largest_without, abs(number))
        return number

    def mixes_shares_with_percents(self) -> bool:
        """Whether some numbers have a percent sign, and those without one may be shares of 1."""
        is_mixed = self._n_percent_signs > 0 and self._n_without > 0
        return is_mixed and self._largest_without <= 1 < self._largest_with

    def notes(self) -> Iterator[str]:
        """Tell what was taken for what."""
        if self._n_percent_signs and self._n_without:
            yield (
                f"{self._n_percent_signs:,} numbers with a percent sign and {self._n_without:,} "
                "without one are taken as on the same scale."
            )
        if self._n_commas:
            yield f"{self._n_commas:,} numbers with a decimal comma taken as such."
