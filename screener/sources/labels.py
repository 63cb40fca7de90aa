"""A table of labels: ids and what is true of them, from CSV, JSON Lines or Parquet.

Only the columns that are asked for are kept, so a table may hold whole texts beside its labels.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from screener.errors import SourceError
from screener.sources.bytestreams import examine
from screener.sources.delimited import LONGEST_FIELD
from screener.sources.formats import format_of
from screener.sources.objects import parse_lines
from screener.sources.rows import Fault, UnreadableValueError, identifier
from screener.sources.tables import Request

IDS = ("report_id", "id", "patient_id")
_ROWS_AT_ONCE = 1024

Row = tuple[int, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Labels:
    """A table as read: its columns in small letters, and its rows with their line numbers.

    Ids are made text as those of reports are, so that both tables spell them alike.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_labels(path: Path, wanted: Collection[str]) -> Labels:
    """Read a table of labels.

    Parameters
    ----------
    path
        A file in CSV, TSV, JSON Lines or Parquet, told by the end of its name.
    wanted
        Columns to keep, in small letters.

    Raises
    ------
    SourceError
        When it cannot be read, or with all lines that cannot be.
    """
    form = format_of(path)
    if not path.is_file():
        raise SourceError(f"{path}: no such file. Check the path.")
    if form is None or form.name not in _READERS:
        raise SourceError(f"{path}: is of no format that is read. Read are CSV, JSONL and Parquet.")
    try:
        columns, rows = _READERS[form.name](path, wanted)
        kept = [_with_ids(row, path) for row in rows]
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror}). Check it.") from error
    if not kept:
        raise SourceError(f"{path}: there are no labels in it.")
    return Labels(tuple(columns), tuple(kept))


def _with_ids(row: Row, path: Path) -> Row:
    line, cells = row
    try:
        ids = {name: identifier(cells[name]) for name in IDS if name in cells}
    except UnreadableValueError as error:
        raise SourceError(f"{path}: line {line}: an id {error}.") from None
    return line, {**cells, **ids}


def _read_delimited(path: Path, wanted: Collection[str]) -> tuple[Sequence[str], Iterator[Row]]:
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_FIELD))
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as stream:
        header = stream.readline()
    delimiter = max(",;\t|", key=header.count)
    columns = [_key(name) for name in next(csv.reader([header], delimiter=delimiter), [])]
    return columns, _delimited_rows(path, encoding, delimiter, columns, wanted)


def _delimited_rows(
    path: Path, encoding: str, delimiter: str, columns: Sequence[str], wanted: Collection[str]
) -> Iterator[Row]:
    with path.open(encoding=encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        next(reader)
        line = reader.line_num + 1
        try:
            for values in reader:
                if values and len(values) != len(columns):
                    message = f"{len(values)} fields for {len(columns)} columns"
                    raise SourceError(f"{path}: line {line}: {message}.")
                if values:
                    cells = zip(columns, values, strict=True)
                    yield line, {name: value for name, value in cells if name in wanted}
                line = reader.line_num + 1
        except csv.Error:
            raise SourceError(f"{path}: line {line}: its quotes do not add up.") from None


def _read_jsonl(path: Path, wanted: Collection[str]) -> tuple[Sequence[str], Iterator[Row]]:
    rows: list[Row] = []
    columns: dict[str, None] = {}
    with path.open(encoding=_encoding(path), newline="\n") as lines:
        for item in parse_lines(lines):
            if isinstance(item, Fault):
                raise SourceError(f"{path}: line {item.line}: {item.reason}.")
            line, record = item
            columns.update(dict.fromkeys(map(_key, record)))
            rows.append((line, {_key(k): v for k, v in record.items() if _key(k) in wanted}))
    return list(columns), iter(rows)


def _read_parquet(path: Path, wanted: Collection[str]) -> tuple[Sequence[str], Iterator[Row]]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file:
            names = [name for name in file.schema_arrow.names if _key(name) in wanted]
            records = [
                record
                for batch in file.iter_batches(_ROWS_AT_ONCE, columns=names)
                for record in batch.to_pylist()
            ]
    except pa.ArrowException as error:
        told = f"{path}: is not a readable Parquet file. Write it again."
        raise SourceError(told) from error
    rows = enumerate(records, start=1)
    return [*map(_key, names)], ((n, {_key(k): v for k, v in r.items()}) for n, r in rows)


def _encoding(path: Path) -> str:
    encoding = examine(Request(str(path), path, path.stem).open).encoding
    if encoding is None:
        raise SourceError(f"{path}: is in no encoding that is read. Save it as UTF-8.")
    return encoding


def _key(name: str) -> str:
    return name.strip().lower()


_READERS = {
    "csv": _read_delimited,
    "tsv": _read_delimited,
    "jsonl": _read_jsonl,
    "parquet": _read_parquet,
}
