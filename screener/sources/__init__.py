"""Exported reports from files, folders, streams, records and frames.

Every reader streams. What is wrong with an input as a whole is a `SourceError` before its first
row; what is wrong with a row is a `Rejected` row, and reading goes on.
"""

from screener.sources.columns import find_columns
from screener.sources.databases import open_database, shown_database
from screener.sources.dates import DateOrder, read_date
from screener.sources.formats import FORMATS, Format
from screener.sources.frames import from_frame, from_records
from screener.sources.mappings import Choice, Mapping, parse_column_map
from screener.sources.opening import STDIN, open_sources
from screener.sources.rows import Tally
from screener.sources.tables import Request, Source

__all__ = [
    "FORMATS",
    "STDIN",
    "Choice",
    "DateOrder",
    "Format",
    "Mapping",
    "Request",
    "Source",
    "Tally",
    "find_columns",
    "from_frame",
    "from_records",
    "open_database",
    "open_sources",
    "parse_column_map",
    "read_date",
    "shown_database",
]
