"""The tables of a run as they may be given out: rows of cells, read anew each time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from screener.content_gathering import screened_on
from screener.exports.tables import TABLES
from screener.run_tables import has_table, read_record, read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from screener.exports.tables import Row, Table

    Change = Callable[[Table, Row], Row]


@dataclass(frozen=True, slots=True)
class RunContents:
    """A run.

    Attributes
    ----------
    run
        Its folder.
    pack
        Name and version of the rule pack.
    screened_on
        The day, in UTC.
    tables
        Those that may be given out.
    change
        Done to every row; ``None``: nothing.
    """

    run: Path
    pack: str
    screened_on: date | None
    tables: tuple[Table, ...]
    change: Change | None = None

    @property
    def is_deidentified(self) -> bool:
        """Whether ids were replaced, dates shifted and texts dropped."""
        return self.change is not None

    def rows(self, table: Table) -> Iterator[Row]:
        """Give the rows of a table in order; columns that an earlier version lacked are empty."""
        for record in read_table(self.run, table):
            row = tuple(record.get(name) for name in table.column_names)
            yield row if self.change is None else self.change(table, row)


def gather_run(run: Path) -> RunContents:
    """Gather what may be given out of a run.

    Raises
    ------
    RunError
        When `run` is not a run.
    """
    record = read_record(run)
    pack = f"{record['pack']['name']} {record['pack'].get('version', '')}".strip()
    tables = tuple(table for table in TABLES if has_table(run, table))
    return RunContents(run, pack, screened_on(record), tables)
