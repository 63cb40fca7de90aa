"""Options that more than one command has, declared once."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

DEFAULT_PACK = "liver_tumor_burden"


class TableFormat(StrEnum):
    """Names of `screener.exports.formats.FORMATS`, told here so that help need not import them."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


class Engine(StrEnum):
    """Where reports are screened."""

    LOCAL = "local"
    DASK = "dask"


class DateOrder(StrEnum):
    """Names of `screener.sources.dates.DateOrder`."""

    DMY = "dmy"
    MDY = "mdy"


Pack = Annotated[
    str, typer.Option("--pack", metavar="NAME|FOLDER", help="The rule pack: a name or a folder.")
]
Workers = Annotated[
    int, typer.Option("--workers", min=1, help="Processes; the answers do not depend on it.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the summary as JSON on stdout.")]
