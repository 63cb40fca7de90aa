"""The formats that are read: one record each in one dict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from screener.sources.archives import read_zip
from screener.sources.delimited import read_delimited
from screener.sources.feeds import FEEDS, open_lines, open_text
from screener.sources.folders import read_folder
from screener.sources.packed import within_gzip
from screener.sources.parquet import read_parquet
from screener.sources.tables import Request, Source, unreadable
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


def _read_gzip(request: Request) -> Source:
    inner = within_gzip(request)
    form = _by_suffix(inner.path)
    if form is None or form.name in {"gzip", "zip"}:
        what = "holds a file of no format that is read"
        raise unreadable(request, what, "Name it after what it holds, such as reports.csv.gz.")
    return form.reader(inner)


def _read_zip(request: Request) -> Source:
    return read_zip(request, _read_member)


def _read_member(request: Request) -> Source | None:
    form = _by_suffix(request.path)
    return form.reader(request) if form else None


FORMATS = MappingProxyType(
    {
        form.name: form
        for form in (
            Format("csv", (".csv", ".txt"), open_text),
            Format("tsv", (".tsv", ".tab"), read_delimited),
            Format("xlsx", (".xlsx", ".xlsm"), read_workbook),
            Format("parquet", (".parquet", ".pq"), read_parquet),
            Format("jsonl", (".jsonl", ".ndjson"), open_lines),
            *(Format(feed.name, feed.suffixes, feed.open) for feed in FEEDS),
            Format("gzip", (".gz",), _read_gzip),
            Format("zip", (".zip",), _read_zip),
            Format("folder", (), read_folder),
        )
    }
)


def format_of(path: Path) -> Format | None:
    """Tell the format of a file from the end of its name, or ``None``."""
    if path.is_dir():
        return FORMATS["folder"]
    return _by_suffix(path)


def _by_suffix(path: Path) -> Format | None:
    name = path.name.lower()
    fitting = (form for form in FORMATS.values() if name.endswith(form.suffixes or ("/",)))
    return next(fitting, None)
