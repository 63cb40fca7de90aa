"""``screener export``: a run or a study in the forms that registries and warehouses take."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screener.cli.diagnostics import say
from screener.cli.options import Json

if TYPE_CHECKING:
    from screener.export_folders import Exported
    from screener.run_contents import RunContents
    from screener.study_contents import StudyContents

app = typer.Typer(help="Give a run or a study to a registry or a warehouse.", no_args_is_help=True)


class ExportFormat(StrEnum):
    """Names of `screener.exports.formats.EXPORT_FORMATS`."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    XLSX = "xlsx"


class Shape(StrEnum):
    """Names of `screener.table_exports.Shape`."""

    LONG = "long"
    WIDE = "wide"


Study = Annotated[
    str, typer.Argument(metavar="STUDY", help="The study's folder, or the URL of its store.")
]
What = Annotated[
    str, typer.Argument(metavar="RUN|STUDY", help="A run's folder, or a study's folder or URL.")
]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to make.")]
Run = Annotated[
    Path | None,
    typer.Option("--run", metavar="RUN", help="Where the study's run is now, if it was moved."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace an earlier export.")]


def tables(
    what: What,
    *,
    out: Out,
    format: Annotated[ExportFormat, typer.Option("--format", help="Of each table.")] = (  # noqa: A002
        ExportFormat.CSV
    ),
    shape: Annotated[
        Shape, typer.Option("--shape", help="long: a row a read; wide: a row a case or patient.")
    ] = Shape.LONG,
    run: Run = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Every table of a run or a study: cases, reads, settlements, evidence, agreement."""
    from screener.run_contents import RunContents
    from screener.table_exports import TableOptions, export_run_tables, export_study_tables

    contents = _contents(what, run)
    options = TableOptions(format.value, shape.value, force)
    if isinstance(contents, RunContents):
        _tell(export_run_tables(contents, out, options), out, as_json)
    else:
        _tell(export_study_tables(contents, out, options), out, as_json)


def redcap(
    study: Study, *, out: Out, run: Run = None, force: Force = False, as_json: Json = False
) -> None:
    """A REDCap import of the complete cases, and the data dictionary that makes its project."""
    from screener.content_gathering import gather_study
    from screener.redcap_exports import export_redcap

    _tell(export_redcap(gather_study(study, run), out, replace=force), out, as_json)


def _contents(what: str, run: Path | None) -> RunContents | StudyContents:
    """A run where there is one, else a study."""
    from screener.content_gathering import gather_study
    from screener.run_contents import gather_run
    from screener.run_folders import RUN_FILE

    if "://" not in what and (Path(what) / RUN_FILE).is_file():
        return gather_run(Path(what))
    return gather_study(what, run)


def _tell(exported: Exported, out: Path, as_json: bool) -> None:
    for name, count in exported.counts.items():
        say(f"{count:>8,}  {name}")
    for note in exported.notes:
        say(note)
    say(f"Written to {out}.")
    if as_json:
        typer.echo(json.dumps({**exported.to_dict(), "out": str(out)}))


# Every form of an export, in the order in which help lists them.
app.command("tables")(tables)
app.command("redcap")(redcap)
