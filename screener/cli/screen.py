"""``screener screen``: exported reports in, a RUN folder with ranked patients out."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from screener.cli.options import DEFAULT_PACK, DateOrder, Engine, Json, Pack, TableFormat, Workers
from screener.cli.progress import counting, say_leftovers, say_summary, say_ungated, telling
from screener.collecting import CollectingSeldom
from screener.errors import SourceError

if TYPE_CHECKING:
    from screener.run_records import Counts
    from screener.runs import RunSummary

SOURCES_HELP = (
    "CSV, TSV, XLSX, Parquet, JSONL, HL7 v2, FHIR, DICOM SR, .gz and .zip of these, "
    "a folder of text files or messages, or - for JSONL on stdin."
)

Sources = Annotated[list[str] | None, typer.Argument(metavar="SOURCE...", help=SOURCES_HELP)]
Sql = Annotated[
    str | None, typer.Option("--sql", metavar="QUERY", help="Read the rows of a query of --url.")
]
Url = Annotated[
    str | None,
    typer.Option(
        "--url",
        envvar="SCREENER_URL",
        help="The database of --sql: sqlite:///FILE, postgresql://USER@HOST/NAME.",
        show_envvar=True,
    ),
]
Out = Annotated[Path, typer.Option("--out", metavar="RUN", help="The run folder to make.")]
Format = Annotated[TableFormat, typer.Option("--format", help="Format of the tables.")]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=COLUMN", help="Take COLUMN for FIELD; may be repeated."),
]
Dates = Annotated[
    DateOrder | None,
    typer.Option("--date-order", help="How to read 03/04/2021: day or month first."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace the run that is at RUN.")]
NoGate = Annotated[
    bool, typer.Option("--no-gate", help="Run the whole pipeline on every report; same answers.")
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on with the run to RUN that was killed or interrupted.")
]
EngineOption = Annotated[
    Engine, typer.Option("--engine", help="Where to screen: this machine, or a Dask cluster.")
]
Scheduler = Annotated[
    str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Of the Dask cluster.")
]


def screen(
    source: Sources = None,
    *,
    out: Out,
    sql: Sql = None,
    url: Url = None,
    pack: Pack = DEFAULT_PACK,
    workers: Workers = 1,
    format_: Format = TableFormat.CSV,
    map_: Map = None,
    date_order: Dates = None,
    force: Force = False,
    no_gate: NoGate = False,
    resume: Resume = False,
    engine: EngineOption = Engine.LOCAL,
    scheduler: Scheduler = None,
    as_json: Json = False,
) -> None:
    """Screen exported reports and rank the patients."""
    if not source and sql is None:
        raise typer.BadParameter("name an input, or give --sql with --url", param_hint="SOURCE")
    if sql is not None and not url:
        raise typer.BadParameter("needs --url URL, or SCREENER_URL", param_hint="--sql")
    if (engine is Engine.DASK) != (scheduler is not None):
        raise typer.BadParameter("--engine dask and --scheduler ADDRESS go together.")
    columns = _column_map(map_ or [])
    order = cast('Literal["dmy", "mdy"] | None', date_order and date_order.value)
    with CollectingSeldom() as collecting:
        if workers > 1 and engine is Engine.LOCAL:
            from screener.workers import start_server

            start_server()
        from screener.packs import load_pack
        from screener.run_folders import refuse_existing
        from screener.run_records import RunOptions
        from screener.runs import screen_sources
        from screener.sources import open_database, open_sources, shown_database

        refuse_existing(out, replace=force)  # before inputs are read through for their hashes
        say_leftovers(out, resume=resume)
        question = load_pack(pack)
        stdin = sys.stdin.buffer
        opened = open_sources(source or [], column_map=columns, date_order=order, stdin=stdin)
        more = {"pack": pack, "sources": source or [], "map": columns, "date_order": order}
        if sql is not None and url:
            rows = open_database(url, sql, column_map=columns, date_order=order)
            opened = chain(opened, [rows])
            more |= {"sql": sql, "url": shown_database(url)}
        options = RunOptions(
            workers,
            format_.value,
            force,
            not no_gate,
            is_journaled=True,
            resume=resume,
            scheduler=scheduler,
            more=more,
        )
        if not no_gate:
            say_ungated(question)
        with counting() as progress:

            def tell(counts: Counts) -> None:
                collecting.settle()
                if progress is not None:
                    progress(counts)

            summary = screen_sources(telling(opened), question, out, options=options, progress=tell)
    say_summary(summary)
    if as_json:
        typer.echo(json.dumps(_to_dict(summary)))


def _column_map(items: list[str]) -> dict[str, str]:
    from screener.sources import parse_column_map

    try:
        return parse_column_map(items)
    except SourceError as error:
        raise typer.BadParameter(str(error)) from None


def _to_dict(summary: RunSummary) -> dict[str, Any]:
    return {"run": str(summary.out), **asdict(summary.counts), "tiers": dict(summary.tiers)}
