"""Write a table as JSON Lines: one object a row in UTF-8, days as ISO 8601 text."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import BinaryIO

    from screener.exports.tables import Row, Table


@contextmanager
def open_table(file: BinaryIO, table: Table) -> Iterator[Callable[[Sequence[Row]], None]]:
    """Give the function that writes some rows."""
    names = table.column_names

    def write_rows(rows: Sequence[Row]) -> None:
        for row in rows:
            record = dict(zip(names, row, strict=True))
            # str: the only cells that JSON does not know are days
            file.write(f"{json.dumps(record, ensure_ascii=False, default=str)}\n".encode())

    yield write_rows
