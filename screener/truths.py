"""What is true of reports or patients, as a table of labels says it.

A table with ids of reports is truth of reports; one with ids of patients only, of patients. All
that is wrong with a table is told at once, by line and column, never with the cell's content.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from screener.errors import SourceError

REPORT_IDS = ("report_id", "id")
PATIENT_ID = "patient_id"
CANDIDATE = ("candidate", "exceeds_75")
COLUMNS = (
    *REPORT_IDS,
    PATIENT_ID,
    *CANDIDATE,
    "burden",
    "certainty",
    "stated_percent",
    "stated_percent_low",
    "stated_percent_high",
)
"""All columns that are read; others are left alone."""
CERTAINTIES = ("definite", "hedged")
MAX_TOLD = 20

_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_EMPTY = frozenset({"", "null", "none", "nan", "n/a", "na", "<na>"})
_PERCENT = re.compile(
    r"\[?\s*(?P<bound>[<>])?\s*(?P<low>\d+(?:\.\d+)?)\s*%?"
    r"(?:\s*(?:-|–|,|to)\s*(?P<high>\d+(?:\.\d+)?)\s*%?)?\s*\]?"
)

Percent = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of one report or patient.

    Attributes
    ----------
    id
        Of the report, or of the patient.
    patient_id
        Where the table names it.
    is_candidate
        Whether it is to be found.
    burden, certainty, percent
        Where the table says so; `percent` as (low, high).
    """

    id: str
    patient_id: str | None
    is_candidate: bool
    burden: str | None = None
    certainty: str | None = None
    percent: Percent | None = None


@dataclass(frozen=True, slots=True)
class Truths:
    """A table of labels.

    Attributes
    ----------
    level
        What its rows are about.
    of
        The truths by id.
    columns
        Those of `COLUMNS` that it has.
    n_unlabelled
        Rows that say nothing of whether it is a candidate.
    n_contradicting
        Rows whose `candidate` and `burden` disagree; the former counts.
    """

    level: Literal["report", "patient"]
    of: Mapping[str, Truth]
    columns: frozenset[str]
    n_unlabelled: int
    n_contradicting: int


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One row: its line, and the cells of the columns that are read."""

    line: int
    cells: Mapping[str, object]


def make_truths(
    rows: Iterable[LabelRow],
    columns: Collection[str],
    levels: Sequence[str],
    candidates: Collection[str],
    where: str,
) -> Truths:
    """Read a table of labels.

    Parameters
    ----------
    rows
        Its rows; ids are text already.
    columns
        Its columns, in small letters.
    levels, candidates
        The burden levels of the question, and those that make a candidate.
    where
        Name of the table, for errors.

    Raises
    ------
    SourceError
        Where columns are missing, cells cannot be read, or one id has two truths.

    Examples
    --------
    >>> rows = [LabelRow(2, {"id": "r1", "burden": "extensive", "stated_percent": [70, 80]})]
    >>> truths = make_truths(rows, rows[0].cells, ["none", "extensive"], ["extensive"], "t.jsonl")
    >>> truths.level, truths.of["r1"].is_candidate, truths.of["r1"].percent
    ('report', True, (70.0, 80.0))
    """
    reading = _Reading(frozenset(columns) & frozenset(COLUMNS), levels, candidates, where)
    return reading.truths(rows)


class _Reading:
    """One pass over a table that gathers every problem before it raises."""

    def __init__(
        self,
        columns: frozenset[str],
        levels: Sequence[str],
        candidates: Collection[str],
        where: str,
    ) -> None:
        self.columns = columns
        self.levels = levels
        self.candidates = candidates
        self.where = where
        self.problems: list[str] = []
        self.n_unlabelled = 0
        self.n_contradicting = 0

    def truths(self, rows: Iterable[LabelRow]) -> Truths:
        id_column = next((c for c in (*REPORT_IDS, PATIENT_ID) if c in self.columns), "")
        if not id_column:
            self.problems.append("no column 'report_id' (or 'id'), and none 'patient_id'")
        if not self.columns & {*CANDIDATE, "burden"}:
            self.problems.append("no column 'candidate', 'exceeds_75' or 'burden'")
        self._raise_problems()
        of: dict[str, Truth] = {}
        for row in rows:
            truth = self._truth(row, id_column)
            if truth is not None and of.setdefault(truth.id, truth) != truth:
                self._tell(row, id_column, f"{truth.id!r} has another truth above")
        self._raise_problems()
        level: Literal["report", "patient"] = "patient" if id_column == PATIENT_ID else "report"
        return Truths(level, of, self.columns, self.n_unlabelled, self.n_contradicting)

    def _truth(self, row: LabelRow, id_column: str) -> Truth | None:
        n_problems = len(self.problems)
        own_id, patient_id = _text(row.cells.get(id_column)), _text(row.cells.get(PATIENT_ID))
        if not own_id:
            self._tell(row, id_column, "is empty")
        burden = self._one_of(row, "burden", self.levels)
        certainty = self._one_of(row, "certainty", CERTAINTIES)
        percent = self._percent(row)
        is_candidate = self._candidate(row, burden)
        if len(self.problems) > n_problems:
            return None
        if is_candidate is None:
            self.n_unlabelled += 1
            return None
        return Truth(own_id, patient_id or None, is_candidate, burden, certainty, percent)

    def _candidate(self, row: LabelRow, burden: str | None) -> bool | None:
        column = next((c for c in CANDIDATE if c in self.columns), "")
        text = _text(row.cells.get(column)).casefold()
        by_burden = None if burden is None else burden in self.candidates
        if text in _EMPTY:
            return by_burden
        if text not in _BOOLEANS:
            self._tell(row, column, "is neither true nor false")
            return None
        if by_burden is not None:
            self.n_contradicting += by_burden != _BOOLEANS[text]
        return _BOOLEANS[text]

    def _one_of(self, row: LabelRow, column: str, known: Sequence[str]) -> str | None:
        text = _text(row.cells.get(column)).lower()
        if text in known:  # "none" is a burden level, and elsewhere an empty cell
            return text
        if text not in _EMPTY:
            self._tell(row, column, f"is none of {', '.join(known)}")
        return None

    def _percent(self, row: LabelRow) -> Percent | None:
        cells = [row.cells.get(f"stated_percent_{bound}") for bound in ("low", "high")]
        column = "stated_percent"
        written = row.cells.get(column)
        if not any(_is_empty(cell) for cell in cells):
            column, written = "stated_percent_low", cells
        elif not all(_is_empty(cell) for cell in cells):
            self._tell(row, "stated_percent_low", "or its high bound is missing")
            return None
        if _is_empty(written):
            return None
        percent = read_percent(written)
        if percent is None:
            self._tell(row, column, "is no percent such as 75, [70, 80] or >75")
        return percent

    def _tell(self, row: LabelRow, column: str, problem: str) -> None:
        self.problems.append(f"line {row.line}: {column} {problem}")

    def _raise_problems(self) -> None:
        if self.problems:
            told = self.problems[:MAX_TOLD]
            more = len(self.problems) - len(told)
            told += [f"and {more} more problems"] if more else []
            raise SourceError("\n".join(f"{self.where}: {problem}." for problem in told))


def read_percent(written: object) -> Percent | None:
    """Return a share in percent as (low, high), or ``None`` where it is none.

    Examples
    --------
    >>> [read_percent(w) for w in (75, [70, 80], "[70, 80]", "70-80%", ">75", "<25", "many")]
    [(75.0, 75.0), (70.0, 80.0), (70.0, 80.0), (70.0, 80.0), (75.0, 100.0), (0.0, 25.0), None]
    """
    if isinstance(written, (list, tuple)):
        written = json.dumps([str(part) for part in written]).replace('"', "")
    found = _PERCENT.fullmatch(str(written).strip())
    if found is None:
        return None
    low = float(found["low"])
    high = float(found["high"] or low)
    if found["bound"]:
        low, high = (low, 100.0) if found["bound"] == ">" else (0.0, low)
    return (low, high) if 0 <= low <= high <= 100 else None  # noqa: PLR2004  percent


def _is_empty(cell: object) -> bool:
    return not isinstance(cell, (list, tuple)) and _text(cell).casefold() in _EMPTY


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
