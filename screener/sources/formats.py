"""The formats that are read: one record each in one dict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from screener.sources.delimited import read_delimited
from screener.sources.feeds import FEEDS, open_lines
from screener.sources.folders import read_folder
from screener.sources.parquet import read_parquet
from screener.sources.tables import Request, Source
from screener.sources.workbooks import read_workbook


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes
    ----------
    name
        What it is called.
    suffixes
        Ends of file names, in lower case, by which it is known; none for the folder.
    reader
        Opens an input of it; raises `SourceError` before the first row or not at all, if it can.
    """

    name: str
    suffixes: tuple[str, ...]
    reader: Callable[[Request], Source]


FORMATS = MappingProxyType(
    {
        form.name: form
        for form in (
            Format("csv", (".csv", ".txt"), read_delimited),
            Format("tsv", (".tsv", ".tab"), read_delimited),
            Format("xlsx", (".xlsx", ".xlsm"), read_workbook),
            Format("parquet", (".parquet", ".pq"), read_parquet),
            Format("jsonl", (".jsonl", ".ndjson"), open_lines),
            *(Format(feed.name, feed.suffixes, feed.open) for feed in FEEDS),
            Format("folder", (), read_folder),
        )
    }
)


def format_of(path: Path) -> Format | None:
    """Tell the format of a file from the end of its name, or ``None``."""
    if path.is_dir():
        return FORMATS["folder"]
    name = path.name.lower()
    fitting = (form for form in FORMATS.values() if name.endswith(form.suffixes or ("/",)))
    return next(fitting, None)
