"""Which columns of a table hold reads: one row a case, one column a reader.

A column whose name is that of an id is none. Nor is the first column where its cells are all
filled, all different, and no read: none of them occurs in another column, or they count the rows;
where reads are numbers, where some are none, or they count the rows. What was taken for what is
told, and the user may say otherwise. With a column of ids, rows without any cell are no cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from screener.agreement.cells import read_cell
from screener.agreement.scales import METRIC, Level, numeral
from screener.errors import SourceError

MIN_ROWS = 3
"""With fewer rows, all different says nothing."""

MAX_NAMED = 12
"""So many readers are named in a note."""

_ID_NAME = re.compile(
    r"(?:(?:case|patient|pat|subject|report|exam|accession|study|record|lesion|participant|image|target)"
    r"(?:[ _-]?(?:id|ids|no|nr|num|number))?s?|id|ids|uid|mrn|accession|unit|item|nr|no|index|row"
    r"|\#|unnamed: 0|.*[ _-]ids?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user says of the columns; what is not said is found out.

    Attributes
    ----------
    readers
        The columns that hold reads; empty: all that are no id.
    case_id
        The column that names the cases; ``None``: to be found out.
    has_case_id
        Whether there may be such a column.
    settled
        The column of the settled verdicts, which is no reader; empty: there is none.
    has_header
        Whether the first row names the columns.
    """

    readers: tuple[str, ...] = ()
    case_id: str | None = None
    has_case_id: bool = True
    settled: str = ""
    has_header: bool = True


@dataclass(frozen=True, slots=True)
class TableReads:
    """The reads of a table by reader, with the settled verdicts, and where each case stands."""

    reads: Mapping[str, Sequence[object]]
    places: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    cells: tuple[object, ...]

    @property
    def texts(self) -> list[str | None]:
        return [read_cell(cell).text for cell in self.cells]


def reads_of_table(
    header: Sequence[object],
    rows: Sequence[tuple[int, Sequence[object]]],
    level: Level,
    choice: Choice,
    where: str,
) -> TableReads:
    """Tell which columns hold reads, and take them.

    Parameters
    ----------
    header
        Names of the columns.
    rows
        The line and the cells of each case.
    level
        Of measurement.
    choice
        What the user says of the columns.
    where
        Name of the table, for errors.

    Raises
    ------
    SourceError
        Where a name is missing, given twice or not there, or no column is left.

    Examples
    --------
    >>> rows = [(2, ["p1", "yes", "no"]), (3, ["p2", "no", ""])]
    >>> table = reads_of_table(["case", "a", "b"], rows, Level.NOMINAL, Choice(), "t.csv")
    >>> dict(table.reads)
    {'a': ('yes', 'no'), 'b': ('no', '')}
    >>> table.notes
    ("Column 'case' names the cases: its name says so.", "Readers: 'a', 'b'.")
    """
    if choice.has_case_id and any(_is_id_name(_name(title)) for title in header if _name(title)):
        rows = [row for row in rows if any(read_cell(cell).text for cell in row[1])]
    columns = [
        _Column(_name(title), tuple(cells[place] for _, cells in rows))
        for place, title in enumerate(header)
    ]
    kept = _named(columns, where) if choice.has_header else _numbered(columns)
    notes: list[str] = []
    readers = _readers(kept, level, choice, where, notes)
    notes.append(_told([column.name for column in readers]))
    settled = [column for column in kept if choice.settled and column.name == choice.settled]
    return TableReads(
        {column.name: column.cells for column in (*readers, *settled)},
        tuple(f"line {line}" for line, _ in rows),
        tuple(notes),
    )


def _told(names: Sequence[str]) -> str:
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return f"Readers: {', '.join(map(repr, names[:MAX_NAMED]))}{more}."


def _name(title: object) -> str:
    return read_cell(title, {"na", "n/a", "nan", "null", "nil", "."}).text or ""


def _numbered(columns: Sequence[_Column]) -> list[_Column]:
    return [_Column(f"column {n}", column.cells) for n, column in enumerate(columns, 1)]


def _named(columns: Sequence[_Column], where: str) -> list[_Column]:
    """Columns with names, without those that have neither name nor cell; names must differ."""
    kept, problems, seen = [], [], set()
    for number, column in enumerate(columns, 1):
        if not column.name and not any(column.texts):
            continue
        if not column.name and number > 1:
            problems.append(f"column {number} has no name")
        elif column.name.casefold() in seen:
            problems.append(f"column {number}: the name {column.name!r} is given twice")
        seen.add(column.name.casefold())
        kept.append(column)
    if problems:
        told = "; ".join(problems)
        raise SourceError(
            f"{where}: {told}. The first row must name the readers, each once; "
            "if it holds reads, use --no-header."
        )
    return kept


def _readers(
    columns: list[_Column], level: Level, choice: Choice, where: str, notes: list[str]
) -> list[_Column]:
    by_name = {column.name: column for column in columns}
    wanted = [*choice.readers, *filter(None, [choice.case_id, choice.settled])]
    missing = [name for name in wanted if name not in by_name]
    if missing:
        there = ", ".join(map(repr, by_name))
        raise SourceError(
            f"{where}: there is no column {', '.join(map(repr, missing))}. Its columns are {there}."
        )
    if choice.readers:
        others = {choice.case_id, choice.settled}
        return [by_name[name] for name in dict.fromkeys(choice.readers) if name not in others]
    columns = [column for column in columns if column.name != choice.settled or not column.name]
    readers = columns
    if choice.case_id is not None:
        readers = [column for column in columns if column.name != choice.case_id]
    elif choice.has_case_id:
        readers = list(_without_ids(columns, level, notes))
    if not readers:
        needed = "It needs one row a case and one column a reader."
        raise SourceError(f"{where}: no column holds reads. {needed}")
    return readers


def _without_ids(columns: list[_Column], level: Level, notes: list[str]) -> Iterator[_Column]:
    others = columns[1:]
    for place, column in enumerate(columns):
        why = "its name says so" if _is_id_name(column.name) else ""
        if place == 0 and not why:
            why = _why_id(column, others, level)
        if not why:
            yield column
            continue
        named = f"Column {column.name!r}" if column.name else "The column without a name"
        notes.append(f"{named} names the cases: {why}.")
        texts = [text for text in column.texts if text]
        if len(set(texts)) < len(texts):
            notes.append(f"Some cells of {column.name!r} repeat: each row is taken as a case.")


def _is_id_name(name: str) -> bool:
    return name == "" or _ID_NAME.fullmatch(name) is not None


def _why_id(first: _Column, others: Sequence[_Column], level: Level) -> str:
    """Why the cells of the first column are no reads; empty where they may be."""
    texts = [text for text in first.texts if text is not None]
    if not others or len(texts) < max(MIN_ROWS, len(first.cells)) or len(set(texts)) < len(texts):
        return ""
    if [numeral(text) for text in texts] in (
        [float(n) for n in range(len(texts))],
        [float(n) for n in range(1, len(texts) + 1)],
    ):
        return "its cells count the rows"
    if level in METRIC:
        has_numbers_only = all(numeral(text.removesuffix("%")) is not None for text in texts)
        return "" if has_numbers_only else "its cells all differ and are no numbers"
    elsewhere = {text for column in others for text in column.texts}
    return "" if elsewhere & set(texts) else "its cells all differ and are in no other column"
