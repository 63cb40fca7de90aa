"""The tables of a run, read back as they were written, whatever their format."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from screener.errors import RunError
from screener.exports.csv_writer import guard_text
from screener.exports.formats import FORMATS
from screener.run_folders import RUN_FILE

if TYPE_CHECKING:
    from pathlib import Path

    from screener.exports.tables import Cell, Column, Table

LONGEST_FIELD = 1 << 24
_ROWS_AT_ONCE = 1024

Record = Mapping[str, "Cell"]


def read_record(run: Path) -> dict[str, Any]:
    """Return what ``run.json`` states.

    Raises
    ------
    RunError
        When `run` is not a run.
    """
    record = None
    with suppress(OSError, ValueError):
        record = json.loads((run / RUN_FILE).read_bytes())
    if not isinstance(record, dict) or not {"pack", "options", "counts"} <= record.keys():
        raise RunError(f"{run} is not a run: it has no readable {RUN_FILE}. Name the run's folder.")
    return record


def has_table(run: Path, table: Table) -> bool:
    """Whether a run has a table; runs of earlier versions have fewer."""
    return any((run / f"{table.name}{form.suffix}").is_file() for form in FORMATS.values())


def read_table(run: Path, table: Table) -> Iterator[Record]:
    """Give the rows of one of a run's tables, one at a time, with cells of the columns' types.

    Raises
    ------
    RunError
        When the run has no such table, or it is not as it was written.
    """
    for name, form in FORMATS.items():
        file = run / f"{table.name}{form.suffix}"
        if file.is_file():
            try:
                yield from _READERS[name](file, table)
            except (OSError, ValueError, KeyError, csv.Error) as fault:
                raise _damaged(file) from fault
            return
    raise RunError(f"{run} has no table {table.name!r}. Run the screen again.")


def _damaged(file: Path) -> RunError:
    return RunError(f"{file} is not as the run wrote it. Run the screen again.")


def _from_csv(file: Path, table: Table) -> Iterator[Record]:
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_FIELD))
    kinds = {column.name: column for column in table.columns}
    with file.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines, strict=True)
        header = next(reader, [])
        for row in reader:
            named = zip(header, row, strict=True)
            yield {name: _cell(text, kinds[name]) for name, text in named if name in kinds}


def _cell(text: str, column: Column) -> Cell:
    if not text:
        return None if column.kind is not str else ""
    if column.kind is bool:
        return {"true": True, "false": False}[text]
    if column.kind is date:
        return date.fromisoformat(text)
    if column.kind is str:
        return _unguarded(text)
    return int(text) if column.kind is int else float(text)


def _unguarded(text: str) -> str:
    """Take away the apostrophe that kept a spreadsheet from running the text."""
    is_guarded = text.startswith("'") and guard_text(text[1:]) == text
    return text[1:] if is_guarded else text


def _from_jsonl(file: Path, table: Table) -> Iterator[Record]:
    days = [column.name for column in table.columns if column.kind is date]
    with file.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            record = json.loads(line)
            for name in days:
                record[name] = record[name] and date.fromisoformat(record[name])
            yield record


def _from_parquet(file: Path, table: Table) -> Iterator[Record]:
    from pyarrow import parquet

    names = list(table.column_names)
    with parquet.ParquetFile(file) as opened:
        present = [name for name in names if name in opened.schema_arrow.names]
        for batch in opened.iter_batches(_ROWS_AT_ONCE, columns=present):
            yield from batch.to_pylist()


_READERS = {"csv": _from_csv, "jsonl": _from_jsonl, "parquet": _from_parquet}
