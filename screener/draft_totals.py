"""Totals of tables in Markdown, held against the rows above them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_TOTAL = re.compile(r"\s*\**\s*(?:total|sum|all)\b", re.IGNORECASE)
_COUNT = re.compile(r"\s*\**(\d{1,3}(?:,\d{3})+|\d+)(?![\d.])")
_RULER = frozenset("|-: ")
_AT_LEAST_ROWS = 2

_Cell = tuple[int, str]
"""A cell with its place in the line."""


@dataclass(frozen=True, slots=True)
class Total:
    """A cell of a total: where it stands, what the rows add up to, and whether it is that."""

    span: tuple[int, int]
    told: str
    is_right: bool


def find_totals(text: str) -> Iterator[Total]:
    r"""Give the totals of all tables: cells of a row called total, sum or all.

    The counts that begin the cells above, from the head of the table or the total before, are
    added up; a column with fewer than two of them is left alone.

    Examples
    --------
    >>> [total.told for total in find_totals("|a|1|\n|b|2 (67%)|\n|Total|4|")]
    ['the 2 rows above add up to 3']
    """
    above: list[list[int | None]] = []
    start = 0
    for line in text.splitlines(keepends=True):
        cells = _cells(line) if "|" in line else []
        if not cells:
            above = []
        elif _TOTAL.match(cells[0][1]):
            yield from _of_row(start, cells, above)
            above = []
        elif not set(line.strip()) <= _RULER:
            above.append([_count(cell) for _, cell in cells])
        start += len(line)


def _of_row(
    start: int, cells: Sequence[_Cell], above: Sequence[Sequence[int | None]]
) -> Iterator[Total]:
    for place, (offset, cell) in enumerate(cells[1:], start=1):
        stated = _count(cell)
        column = [row[place] for row in above if place < len(row)]
        parts = [part for part in column if part is not None]
        if stated is None or len(parts) < _AT_LEAST_ROWS:
            continue
        begin = start + offset + len(cell) - len(cell.lstrip())
        told = f"the {len(parts)} rows above add up to {sum(parts)}"
        yield Total((begin, start + offset + len(cell.rstrip())), told, sum(parts) == stated)


def _cells(line: str) -> list[_Cell]:
    cells, start = [], 0
    for cell in line.rstrip("\r\n").split("|"):
        cells.append((start, cell))
        start += len(cell) + 1
    inner = cells[1:] if not cells[0][1].strip() else cells
    return inner[:-1] if inner and not inner[-1][1].strip() else inner


def _count(cell: str) -> int | None:
    found = _COUNT.match(cell)
    return int(found[1].replace(",", "")) if found else None
