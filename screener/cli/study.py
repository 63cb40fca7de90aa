"""``screener study``: make a study, draw its cases, see how far it is, settle and verify it."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from screener.cli import study_acts
from screener.cli.diagnostics import say
from screener.cli.options import Json

app = typer.Typer(help="Put candidates before blind readers, and settle.", no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(metavar="STUDY", help="The study's folder.")]
Run = Annotated[Path, typer.Option("--run", metavar="RUN", help="The run to draw from.")]
Readers = Annotated[
    list[str] | None, typer.Option("--reader", metavar="NAME", help="A reader; give one for each.")
]


class Rule(StrEnum):
    """Names of `screener.studies.Rule`."""

    MAJORITY = "majority"
    UNANIMOUS = "unanimous"
    UNANIMOUS_ELSE_MEETING = "unanimous_else_meeting"
    TWO_PLUS_ONE = "two_plus_one"
    MEDIAN_PERCENT = "median_percent"


class Highlights(StrEnum):
    """When readers may see the screen's words."""

    NEVER = "never"
    AFTER_LOCK = "after_lock"
    ALWAYS = "always"


class Percent(StrEnum):
    """Whether a form asks for the percent."""

    OFF = "off"
    ASKED = "asked"
    REQUIRED = "required"


def init(
    study: Folder,
    *,
    run: Run,
    reader: Readers = None,
    store: Annotated[
        str,
        typer.Option("--store", metavar="URL", help="A PostgreSQL database; else SQLite in STUDY."),
    ] = "",
    question: Annotated[str, typer.Option("--question", help="What each reader answers.")] = "",
    cut: Annotated[
        float, typer.Option("--cut", metavar="PERCENT", min=0, max=99.999, help="Yes is above it.")
    ] = 75.0,
    rule: Annotated[Rule, typer.Option("--rule", help="Rule of consensus.")] = Rule.MAJORITY,
    adjudicator: Annotated[
        str, typer.Option("--adjudicator", metavar="NAME", help="Who decides, with two_plus_one.")
    ] = "",
    highlights: Annotated[
        Highlights, typer.Option("--highlights", help="When readers see the screen's words.")
    ] = Highlights.AFTER_LOCK,
    percent: Annotated[
        Percent, typer.Option("--percent", help="Whether a read needs the percent.")
    ] = Percent.ASKED,
    eligibility: Annotated[
        str, typer.Option("--eligibility", metavar="TEXT", help="Who is eligible, in words.")
    ] = "",
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Of every random choice; else drawn.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a study from a run: a folder with its charter, study.toml, and its store."""
    from screener.study_making import READERS, StudyOptions, make_study

    options = StudyOptions(
        question=question,
        readers=tuple(reader or READERS),
        rule=rule.value,
        adjudicator=adjudicator,
        cut_percent=cut,
        seed=seed,
        highlights=highlights.value,
        percent=percent.value,
        eligibility=eligibility,
        store=store,
    )
    charter = make_study(study, run, options)
    if reader is None:
        say(f"No --reader was given: {', '.join(charter.readers)}. Edit {study / 'study.toml'}.")
    say(
        f"The study is in {study}. Look through {study / 'study.toml'}:"
        " it holds once cases are drawn."
    )
    if charter.store.url != store:
        say("The password is not kept: set PGPASSWORD or SCREENER_STORE, or use .pgpass.")
    if as_json:
        typer.echo(json.dumps({"study": str(study), **charter.model_dump(mode="json")}))


def draw(
    study: Folder,
    *,
    top: Annotated[
        int | None, typer.Option("--top", metavar="N", min=1, help="The first N by rank.")
    ] = None,
    tier: Annotated[
        list[str] | None, typer.Option("--tier", metavar="TIER", help="Those of a tier.")
    ] = None,
    audit: Annotated[
        int, typer.Option("--audit", metavar="K", min=0, help="Add K at random of all the others.")
    ] = 0,
    eligible: Annotated[
        Path | None,
        typer.Option("--eligible", metavar="FILE", help="Only patients listed there, one a line."),
    ] = None,
    calibration: Annotated[
        bool, typer.Option("--calibration", help="A round apart from the statistics.")
    ] = False,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--source", metavar="FILE", help="Where the run's input is now; one for each."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Draw the cases: all whom the screen flags, or --top, or --tier; and --audit of the others."""
    from dataclasses import asdict

    from screener.drawing import DrawOptions, draw_cases
    from screener.draws import Cut

    summary = draw_cases(
        study,
        DrawOptions(
            cut=Cut(top, tuple(tier or ()), audit),
            is_calibration=calibration,
            eligible=None if eligible is None else _listed(eligible),
            sources=tuple(source or ()),
        ),
    )
    say(
        f"{summary.n_cases} cases drawn: {summary.n_flagged} flagged, {summary.n_audit} at random"
        f" of {summary.n_unflagged} not flagged; {summary.n_reports} reports."
    )
    if summary.is_extension:
        say("All of these are of the audit sample, which readers may guess as they come later.")
    if as_json:
        typer.echo(json.dumps(asdict(summary)))


def _listed(file: Path) -> frozenset[str]:
    """Patients from a list, one a line, or from the column patient_id of a CSV file."""
    import csv

    from screener.errors import StudyError

    try:
        rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise StudyError(f"{file}: cannot be read as a list of patients. Check it.") from fault
    header = rows[0] if rows else []
    column = header.index("patient_id") if "patient_id" in header else 0
    if "eligible" in header:
        flag = header.index("eligible")
        rows = [row for row in rows if len(row) > flag and row[flag].lower() != "false"]
    body = rows[1:] if "patient_id" in header else rows
    return frozenset(row[column].strip() for row in body if len(row) > column and row[column])


# Every command of a study, in the order in which help lists them.
app.command("init")(init)
app.command("draw")(draw)
app.command("status")(study_acts.status)
app.command("settle")(study_acts.settle)
app.command("meeting")(study_acts.meeting)
app.command("reads")(study_acts.reads)
app.command("verify")(study_acts.verify)
app.command("unblind")(study_acts.unblind)
app.command("grant")(study_acts.grant)
app.command("upgrade")(study_acts.upgrade)
