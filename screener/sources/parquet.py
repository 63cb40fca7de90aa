"""Parquet, a batch of rows at a time, and of its columns only those that hold a field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any

from screener.errors import SourceError
from screener.sources.bytestreams import examine
from screener.sources.mappings import Mapping
from screener.sources.row_blocks import MOST_ROWS, RowBlock
from screener.sources.rows import Fault, Row, Tally
from screener.sources.tables import Request, Source, Table, open_table, unreadable


class _Unreadable:
    """Stands for a value that Arrow cannot give; a row with it in a field is rejected."""


def read_parquet(request: Request) -> Source:
    """Open a Parquet file.

    Memory is bounded by the file's largest row group, not by the file.

    Raises
    ------
    SourceError
        If it is no Parquet file, is damaged, or its columns are unclear.
    """
    return open_table(request, *parquet_table(request))


def parquet_table(request: Request) -> tuple[str, Table, Tally]:
    """Open it as a table of anything: its format, its columns and rows, its size and hash."""
    import pyarrow as pa

    examined = examine(request.open)
    try:
        with _opened(request) as file:
            columns = tuple(file.schema_arrow.names)
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise _no_parquet(request) from error
    read_blocks = partial(_read_blocks, request, columns)
    table = Table(columns, partial(_read, request, columns), read_blocks=read_blocks)
    return "parquet", table, examined.tally()


def _opened(request: Request) -> Any:  # noqa: ANN401  pyarrow has no types
    from pyarrow import parquet

    return parquet.ParquetFile(request.seekable(), pre_buffer=False)


def _no_parquet(request: Request) -> SourceError:
    return unreadable(request, "is not a readable Parquet file", "Write it again.")


def _read(request: Request, columns: Sequence[str], mapping: Mapping) -> Iterator[Row | Fault]:
    return chain.from_iterable(_read_blocks(request, columns, mapping))


def _read_blocks(request: Request, columns: Sequence[str], mapping: Mapping) -> Iterator[RowBlock]:
    """Read all batches once, so that damage shows before the first row; then give the rows."""
    for _ in _batches(request, columns, mapping):
        pass
    return _blocks(request, columns, mapping)


def _batches(request: Request, columns: Sequence[str], mapping: Mapping) -> Iterator[Any]:
    import pyarrow as pa

    names = [columns[place] for place in mapping.wanted]
    try:
        with _opened(request) as file:
            for batch in file.iter_batches(MOST_ROWS, columns=names):
                yield batch.select(names)
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise _no_parquet(request) from error


def _blocks(request: Request, columns: Sequence[str], mapping: Mapping) -> Iterator[RowBlock]:
    first = 1
    for batch in _batches(request, columns, mapping):
        numbers = range(first, first + batch.num_rows)
        yield RowBlock(numbers, tuple(map(_values, batch.columns)))
        first += batch.num_rows


def _values(column: Any) -> list[object]:  # noqa: ANN401
    """Give a column's values; where one is out of Python's range, the others all the same."""
    try:
        values: list[object] = column.to_pylist()
    except (ValueError, OverflowError):
        return [_value(scalar) for scalar in column]
    return values


def _value(scalar: Any) -> object:  # noqa: ANN401
    try:
        value: object = scalar.as_py()
    except (ValueError, OverflowError):
        return _Unreadable()
    return value
