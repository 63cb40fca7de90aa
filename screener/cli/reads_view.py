"""Reads as rows: one record a line, as a statistician takes them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, TextIO

from screener.exports.csv_writer import guard_text
from screener.reads import Read, ReadForm

if TYPE_CHECKING:
    from datetime import datetime

COLUMNS = (
    *("case_id", "reader", "position", "kind"),
    *ReadForm.__dataclass_fields__,
    *("involved_percent", "suv_ratio", "is_avid", "opened_at", "locked_at"),
    *("tool_version", "pack_sha256", "charter_sha256", "amends", "amendment_reason", "hash"),
)


def read_record(read: Read) -> dict[str, object]:
    """Return a read under the names of the columns."""
    form = read.form
    values: dict[str, object] = {**asdict(read), **asdict(form)}
    values |= {name: getattr(form, name) for name in ("involved_percent", "suv_ratio", "is_avid")}
    values |= {name: _time(getattr(read, name)) for name in ("opened_at", "locked_at")}
    return {name: values[name] for name in COLUMNS}


def write_reads(reads: Iterable[Read], out: TextIO) -> None:
    """Write reads as CSV with a header; nothing entered is an empty cell."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for read in reads:
        writer.writerow([_cell(value) for value in read_record(read).values()])


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return guard_text(value) if isinstance(value, str) else value


def _time(at: datetime) -> str:
    return at.isoformat()
