"""Write a table as Parquet with typed columns, in row groups of a fixed length."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import BinaryIO

    import pyarrow as pa
    import pyarrow.parquet as pq

    from screener.exports.tables import Row, Table

ROWS_A_GROUP = 10_000  # fixed, so that the bytes do not depend on how the rows arrive


@contextmanager
def open_table(file: BinaryIO, table: Table) -> Iterator[Callable[[Sequence[Row]], None]]:
    """Give the function that takes some rows; they are held until they fill a row group."""
    import pyarrow.parquet as pq

    schema = _schema(table)
    rows: list[Row] = []
    with pq.ParquetWriter(file, schema) as writer:

        def write_rows(more: Sequence[Row]) -> None:
            rows.extend(more)
            while len(rows) >= ROWS_A_GROUP:
                _write_group(writer, schema, rows[:ROWS_A_GROUP])
                del rows[:ROWS_A_GROUP]

        yield write_rows
        if rows:
            _write_group(writer, schema, rows)


def _write_group(writer: pq.ParquetWriter, schema: pa.Schema, rows: list[Row]) -> None:
    import pyarrow as pa

    columns = [list(cells) for cells in zip(*rows, strict=True)]
    writer.write_table(pa.table(columns, schema=schema))


def _schema(table: Table) -> pa.Schema:
    import pyarrow as pa

    types = {
        str: pa.string(),
        int: pa.int64(),
        float: pa.float64(),
        bool: pa.bool_(),
        date: pa.date32(),
    }
    return pa.schema([(column.name, types[column.kind]) for column in table.columns])
