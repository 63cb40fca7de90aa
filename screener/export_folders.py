"""The folder or file of an export: whole or not at all, and readable by its owner only."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING, Any

from screener.errors import RunError
from screener.run_folders import create_file, new_run_folder
from screener.run_records import version_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from screener.exports.formats import Format
    from screener.exports.tables import Row, Table

EXPORT_FILE = "export.json"
ROWS_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export came to.

    Attributes
    ----------
    kind
        ``tables``, ``redcap``, ``omop`` or ``fhir``.
    is_deidentified
        Whether ids were replaced, dates shifted and texts dropped.
    counts
        Rows by file, or resources by type.
    notes
        What is left out, or is still to be done, one sentence each.
    """

    kind: str
    is_deidentified: bool
    counts: Mapping[str, int]
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the record as ``export.json`` has it; it holds no id and no time."""
        return {
            "export": self.kind,
            "version": version_of("screener"),
            "deidentified": self.is_deidentified,
            "counts": dict(self.counts),
            "notes": list(self.notes),
        }


@dataclass(slots=True)
class ExportFolder:
    """A folder under way, and the rows written to each of its files."""

    path: Path
    counts: dict[str, int] = field(default_factory=dict)

    def write(self, table: Table, rows: Iterable[Row], as_: Format) -> None:
        """Write a table to a file of its own."""
        name = f"{table.name}{as_.suffix}"
        n_rows, each = 0, iter(rows)
        with create_file(self.path / name) as file, as_.open_table(file, table) as write_rows:
            while some := tuple(islice(each, ROWS_AT_ONCE)):
                write_rows(some)
                n_rows += len(some)
        self.counts[name] = n_rows

    def finish(self, exported: Exported) -> Exported:
        """Write the record of the export."""
        with create_file(self.path / EXPORT_FILE) as file:
            file.write(f"{json.dumps(exported.to_dict(), indent=2)}\n".encode())
        return exported


@contextmanager
def new_export(out: Path, *, replace: bool = False) -> Iterator[ExportFolder]:
    """Give a working folder that becomes `out` when the block ends well.

    Raises
    ------
    RunError
        When `out` exists and may not be replaced, or cannot be made.
    """
    try:
        with new_run_folder(out, replace=replace, marker=EXPORT_FILE) as folder:
            yield ExportFolder(folder)
    except OSError as fault:
        raise RunError(f"{out} cannot be written: {fault.strerror}. Name another place.") from fault


def refuse_file(out: Path, *, replace: bool = False) -> None:
    """Raise `RunError` where a file exists and may not be replaced."""
    if os.path.lexists(out) and not (replace and out.is_file()):
        raise RunError(f"{out} already exists. Name another file, or replace it with --force.")


def write_file(out: Path, data: bytes, *, replace: bool = False) -> None:
    """Write a file whole or not at all, readable by its owner only.

    Raises
    ------
    RunError
        When `out` exists and may not be replaced, or cannot be written.
    """
    refuse_file(out, replace=replace)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        handle, work = mkstemp(prefix=f".{out.name}.partial-", dir=out.parent)  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(work).replace(out)
        finally:
            Path(work).unlink(missing_ok=True)
    except OSError as fault:
        raise RunError(f"{out} cannot be written: {fault.strerror}. Name another file.") from fault
