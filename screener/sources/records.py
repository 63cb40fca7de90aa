"""Tables of anything: the columns that hold the wanted fields, and the rows as records.

The formats and their care for broken rows are those of reports; the fields are the caller's. A
column is found by a name of its field's, or given by the user, and never by likeness.
"""

from __future__ import annotations

from collections import abc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from screener.errors import SourceError
from screener.reports import Rejected
from screener.sources.delimited import delimited_table
from screener.sources.fields import key_of
from screener.sources.formats import format_of
from screener.sources.listings import listed
from screener.sources.mappings import Choice, How, Mapping
from screener.sources.objects import jsonl_table
from screener.sources.parquet import parquet_table
from screener.sources.rows import Fault, Row, Tally
from screener.sources.tables import Request, Table
from screener.sources.workbooks import workbook_table

_TABLES = MappingProxyType(
    {
        "csv": delimited_table,
        "tsv": delimited_table,
        "xlsx": workbook_table,
        "parquet": parquet_table,
        "jsonl": jsonl_table,
    }
)


@dataclass(frozen=True, slots=True)
class RecordField:
    """A field that a table may have: its name, other names of it, and whether it must be there."""

    name: str
    aliases: tuple[str, ...] = ()
    is_needed: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One row: where it stands, and its cells by field; fields without a column are left out."""

    line: int
    cells: abc.Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Records:
    """A table that was opened.

    Attributes
    ----------
    name
        As the user gave it.
    mapping
        What was taken for what.
    rows
        Records and rejected rows, in order, read as they are asked for; once only.
    tally
        Size and hash.
    """

    name: str
    mapping: Mapping
    rows: Iterator[Record | Rejected]
    tally: Tally = field(default_factory=Tally)


def open_records(
    path: Path,
    fields: Sequence[RecordField],
    column_map: abc.Mapping[str, str] | None = None,
    *,
    has_more: bool = False,
) -> Records:
    """Open a table in CSV, TSV, XLSX, Parquet or JSON Lines.

    Parameters
    ----------
    path
        The file; its format is told by the end of its name.
    fields
        What may be in it.
    column_map
        Columns that the user gave, by field; an empty one says that there is none.
    has_more
        Whether every further column is a field of its own, called as it is.

    Raises
    ------
    SourceError
        When it cannot be read as a whole, a needed field has no column, or a field has several;
        all problems of the columns at once.
    """
    form = format_of(path)
    if not path.is_file():
        raise SourceError(f"{path}: no such file. Check the path.")
    if form is None or form.name not in _TABLES:
        known = "CSV, TSV, XLSX, Parquet and JSONL"
        raise SourceError(f"{path}: is of no format that is read. Read are {known}.")
    request = Request(str(path), path, path.stem)
    try:
        _, table, tally = _TABLES[form.name](request)
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}). Check it.") from error
    mapping = find_fields(table.columns or (), fields, column_map or {}, str(path))
    if has_more:
        mapping = Mapping((*mapping.choices, *_further(table.columns or (), mapping)))
    return Records(str(path), mapping, _records(str(path), table, mapping), tally)


def find_fields(
    columns: Sequence[str],
    fields: Sequence[RecordField],
    given: abc.Mapping[str, str],
    where: str,
) -> Mapping:
    """Find the columns of a table that hold some fields.

    Raises
    ------
    SourceError
        When a needed field has no column, or a field has several.

    Examples
    --------
    >>> fields = [RecordField("patient_id", ("mrn",)), RecordField("value")]
    >>> find_fields(["MRN", "Value", "x"], fields, {}, "labs.csv").lines()
    ("patient_id <- 'MRN' (alias)", "value <- 'Value' (exact)")
    """
    known = [one.name for one in fields]
    problems = [
        f"no field {name!r}. Fields: {', '.join(known)}." for name in given if name not in known
    ]
    choices: list[Choice] = []
    for one in fields:
        found = _find(columns, one, given.get(one.name))
        if isinstance(found, Choice):
            choices.append(found)
        elif found:
            problems.append(found)
    if problems:
        problems.append(f"Columns: {listed(columns)}.")
        raise SourceError("\n".join(f"{where}: {problem}" for problem in problems))
    return Mapping(tuple(choices))


def _find(columns: Sequence[str], wanted: RecordField, given: str | None) -> Choice | str | None:
    """Return the column of a field, what is wrong, or ``None`` where there is none."""
    if given:
        places = [place for place, name in enumerate(columns) if name == given]
        if len(places) != 1:
            return f"{len(places) or 'no'} column{'s' * (len(places) > 1)} {given!r}."
        return Choice(wanted.name, (given,), tuple(places), "given")
    keys = [key_of(name) for name in columns]
    names: tuple[tuple[How, Sequence[str]], ...] = (
        ("exact", (wanted.name,)),
        ("alias", wanted.aliases),
    )
    for how, some in () if given == "" else names:
        fitting = {key_of(name) for name in some}
        places = [place for place, key in enumerate(keys) if key in fitting]
        if len(places) > 1:
            several = listed([columns[place] for place in places])
            return f"several columns could be {wanted.name!r}: {several}. Name one by --map."
        if places:
            return Choice(wanted.name, (columns[places[0]],), (places[0],), how)
    if not wanted.is_needed:
        return None
    others = f" (or {', '.join(wanted.aliases[:4])})" if wanted.aliases else ""
    return f"no column {wanted.name!r}{others}. Rename one, or name it by --map."


def _further(columns: Sequence[str], mapping: Mapping) -> Iterator[Choice]:
    """Give the columns that have a name of their own and hold none of the fields."""
    taken = {place for choice in mapping.choices for place in choice.positions}
    names = {choice.field for choice in mapping.choices}
    for place, name in enumerate(columns):
        if place not in taken and name.strip() and name not in names:
            names.add(name)
            yield Choice(name, (name,), (place,), "exact")


def _records(name: str, table: Table, mapping: Mapping) -> Iterator[Record | Rejected]:
    slots = {place: slot for slot, place in enumerate(mapping.wanted)}
    of_field = {choice.field: slots[choice.positions[0]] for choice in mapping.choices}
    for row in table.read(mapping):
        match row:
            case Fault(line, reason):
                yield Rejected(name, line, reason)
            case Row(line, values):
                yield Record(line, {field: values[slot] for field, slot in of_field.items()})
