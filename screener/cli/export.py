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
Deidentify = Annotated[
    bool,
    typer.Option("--deidentify", help="Replace ids, shift days, drop texts; needs a key."),
]
Key = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE", help="Who is who; else beside OUT, as OUT.key.json."),
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
    deidentify: Deidentify = False,
    key: Key = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Every table of a run or a study: cases, reads, settlements, evidence, agreement."""
    from screener.export_folders import EXPORT_FILE
    from screener.run_contents import RunContents
    from screener.run_folders import refuse_existing
    from screener.table_exports import TableOptions, export_run_tables, export_study_tables

    refuse_existing(out, replace=force, marker=EXPORT_FILE)
    contents = _contents(what, run, out, _key_file(deidentify, key, out))
    options = TableOptions(format.value, shape.value, force)
    if isinstance(contents, RunContents):
        _tell(export_run_tables(contents, out, options), out, as_json)
    else:
        _tell(export_study_tables(contents, out, options), out, as_json)


def redcap(
    study: Study,
    *,
    out: Out,
    run: Run = None,
    deidentify: Deidentify = False,
    key: Key = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """A REDCap import of the complete cases, and the data dictionary that makes its project."""
    from screener.export_folders import EXPORT_FILE
    from screener.redcap_exports import export_redcap
    from screener.run_folders import refuse_existing

    refuse_existing(out, replace=force, marker=EXPORT_FILE)
    contents = _study(study, run, out, _key_file(deidentify, key, out))
    _tell(export_redcap(contents, out, replace=force), out, as_json)


def omop(
    what: What,
    *,
    out: Out,
    ids: Annotated[
        Path | None,
        typer.Option(
            "--ids", metavar="FILE", help="Numbers of ids that are none; kept for the next time."
        ),
    ] = None,
    concepts: Annotated[
        Path | None,
        typer.Option(
            "--concepts",
            metavar="FILE",
            help="concept_id of the pack's concepts and sections.",
        ),
    ] = None,
    cohort_id: Annotated[int, typer.Option("--cohort-id", min=1, help="cohort_definition_id.")] = 1,
    run: Run = None,
    deidentify: Deidentify = False,
    key: Key = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """NOTE_NLP and COHORT of OMOP CDM 5.4, of a run or of a study's complete cases."""
    from screener.export_folders import EXPORT_FILE
    from screener.omop_exports import OmopOptions, export_omop
    from screener.run_folders import refuse_existing

    refuse_existing(out, replace=force, marker=EXPORT_FILE)
    contents = _contents(what, run, out, _key_file(deidentify, key, out))
    options = OmopOptions(cohort_id, ids, concepts, force)
    _tell(export_omop(contents, out, options), out, as_json)


def fhir(
    study: Study,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The Bundle to make.")],
    run: Run = None,
    deidentify: Deidentify = False,
    key: Key = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """A FHIR R4 Bundle: reads, assessments and results as Observations, and the confirmed."""
    from screener.export_folders import refuse_file
    from screener.fhir_exports import export_fhir

    refuse_file(out, replace=force)
    contents = _study(study, run, out, _key_file(deidentify, key, out))
    _tell(export_fhir(contents, out, replace=force), out, as_json)


def _contents(
    what: str, run: Path | None, out: Path, key_file: Path | None
) -> RunContents | StudyContents:
    """A run where there is one, else a study; with a key, without what tells whose it is."""
    from screener.run_folders import RUN_FILE

    if "://" in what or not (Path(what) / RUN_FILE).is_file():
        return _study(what, run, out, key_file)
    from screener.deidentifying import deidentified_run
    from screener.pseudonyms import read_key, write_key
    from screener.run_contents import gather_run

    contents = gather_run(Path(what))
    if key_file is None:
        return contents
    key = read_key(key_file, out)
    contents = deidentified_run(contents, key)
    write_key(key, key_file)
    return contents


def _study(what: str, run: Path | None, out: Path, key_file: Path | None) -> StudyContents:
    from screener.content_gathering import gather_study
    from screener.deidentifying import deidentified_study
    from screener.pseudonyms import read_key, write_key

    contents = gather_study(what, run)
    if key_file is None:
        return contents
    key = read_key(key_file, out)
    contents = deidentified_study(contents, key)
    write_key(key, key_file)
    return contents


def _key_file(deidentify: bool, key: Path | None, out: Path) -> Path | None:
    """Where the key is; ``None`` where nothing is replaced."""
    if key is not None and not deidentify:
        raise typer.BadParameter("--key is for --deidentify only.")
    if not deidentify:
        return None
    file = key or out.with_name(f"{out.name}.key.json")
    say(f"Who is who stands in {file}: keep it, and never give it out.")
    return file


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
app.command("omop")(omop)
app.command("fhir")(fhir)
