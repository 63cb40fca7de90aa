"""``screener outcomes``: what happened to the patients, graded by CTCAE v5.0."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from screener.cli.options import DateOrder, Json
from screener.cli.outcomes_view import say_follow_up, say_outcomes

if TYPE_CHECKING:
    from collections.abc import Sequence


TABLES = ("labs", "treatments", "limits", "events", "follow_up", "responses")


class BaselineRule(StrEnum):
    """Names of `screener.outcomes.grading.RULES`."""

    V5_BASELINE_ADJUSTED = "v5_baseline_adjusted"
    ABSOLUTE_ULN = "absolute_uln"
    WORSENING_ONLY = "worsening_only"


class FirstDay(StrEnum):
    """What a sample of the day of the first cycle counts as."""

    THERAPY = "therapy"
    BASELINE = "baseline"


class NoBaseline(StrEnum):
    """What is made of a term that needs a baseline where there is none."""

    NORMAL = "normal"
    UNGRADABLE = "ungradable"


app = typer.Typer(
    help="Grade laboratory outcomes, and tell follow-up, response and survival.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

LABS_HELP = (
    "CSV, TSV, XLSX, Parquet or JSONL, one row a result: patient_id, analyte (name or LOINC), "
    "value, unit, drawn_on, and uln and lln where the laboratory states them."
)
TREATMENTS_HELP = (
    "One row a cycle: patient_id, cycle, given_on; and where known sex, born_on, site, "
    "anticoagulated."
)
LIMITS_HELP = (
    "Limits for results without their own: analyte, uln, lln, unit, and where they depend on it "
    "sex, age_from, age_to, site, valid_from, valid_to."
)
FOLLOW_UP_HELP = "One row a patient: patient_id, last_seen_on, died_on (or status)."
RESPONSES_HELP = "Assessments: patient_id, response (CR, PR, SD, PD, NE, ...), assessed_on."
EVENTS_HELP = "Clinical findings: patient_id, term (such as ascites), grade or yes/no, seen_on."

Labs = Annotated[Path, typer.Option("--labs", metavar="LABS", help=LABS_HELP)]
Treatments = Annotated[Path, typer.Option("--treatments", metavar="FILE", help=TREATMENTS_HELP)]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to make.")]
Limits = Annotated[Path | None, typer.Option("--limits", metavar="FILE", help=LIMITS_HELP)]
Events = Annotated[Path | None, typer.Option("--events", metavar="FILE", help=EVENTS_HELP)]
Cohort = Annotated[
    Path | None,
    typer.Option("--cohort", metavar="FILE", help="A table of the patients to grade; else all."),
]
Study = Annotated[
    Path | None,
    typer.Option("--study", metavar="STUDY", help="Take rule and windows from a study's charter."),
]
Rule = Annotated[
    BaselineRule | None,
    typer.Option(
        "--baseline-rule", help="What a baseline changes; by default v5_baseline_adjusted."
    ),
]
BaselineWindow = Annotated[
    str | None,
    typer.Option("--baseline-window", metavar="SPAN", help="Before cycle 1: 30d, 6w, 1mo."),
]
TherapyWindow = Annotated[
    str | None,
    typer.Option("--therapy-window", metavar="SPAN", help="After the last cycle; 3mo."),
]
First = Annotated[
    FirstDay | None,
    typer.Option("--first-day", help="What a sample of the day of cycle 1 counts as."),
]
Missing = Annotated[
    NoBaseline | None, typer.Option("--no-baseline", help="Grade as if normal, or not at all.")
]
Analytes = Annotated[
    list[str] | None,
    typer.Option("--analyte", metavar="NAME=ANALYTE", help="What LABS calls an analyte."),
]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="TABLE.FIELD=COLUMN", help="Take COLUMN for FIELD of TABLE."),
]
Dates = Annotated[
    DateOrder | None,
    typer.Option("--date-order", help="How to read 03/04/2021: day or month first."),
]
FollowUpFile = Annotated[Path, typer.Option("--follow-up", metavar="FILE", help=FOLLOW_UP_HELP)]
Responses = Annotated[Path | None, typer.Option("--responses", metavar="FILE", help=RESPONSES_HELP)]
Force = Annotated[bool, typer.Option("--force", help="Replace the outcomes that are at DIR.")]


@app.callback()
def outcomes() -> None:
    """Grade laboratory outcomes, and tell follow-up, response and survival."""


DecimalComma = Annotated[
    bool,
    typer.Option("--decimal-comma", help="Numbers of LABS and of the limits are written as 1,2."),
]


@app.command()
def grade(
    *,
    labs: Labs,
    treatments: Treatments,
    out: Out,
    limits: Limits = None,
    events: Events = None,
    cohort: Cohort = None,
    study: Study = None,
    baseline_rule: Rule = None,
    baseline_window: BaselineWindow = None,
    therapy_window: TherapyWindow = None,
    first_day: First = None,
    no_baseline: Missing = None,
    analyte: Analytes = None,
    map_: Map = None,
    date_order: Dates = None,
    decimal_comma: DecimalComma = False,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Grade laboratory results by CTCAE v5.0, against baseline and limits of normal."""
    maps, named = _maps(map_ or []), _pairs(analyte or [], "--analyte", "NAME=ANALYTE")
    order = cast('Literal["dmy", "mdy"] | None', date_order and date_order.value)
    from screener.outcome_folders import is_empty_folder
    from screener.outcome_runs import OutcomesRequest, read_outcomes, write_outcomes
    from screener.outcomes.charters import make_charter
    from screener.run_folders import refuse_existing

    said = {
        "baseline_rule": baseline_rule,
        "baseline_window": baseline_window,
        "therapy_window": therapy_window,
        "first_day": first_day,
        "no_baseline": no_baseline,
    }
    stated = {name: str(value) for name, value in said.items() if value is not None}
    charter = make_charter(**{**_of_study(study), **stated})
    request = OutcomesRequest(
        *(labs, treatments, limits, events, cohort, charter, named, maps, order),
        has_decimal_comma=decimal_comma,
    )
    if not is_empty_folder(out):
        refuse_existing(out, replace=force)
    read = read_outcomes(request)
    write_outcomes(read, request, out, replace=force)
    say_outcomes(read, out)
    if as_json:
        typer.echo(json.dumps(read.summary, allow_nan=False))


@app.command("follow-up")
def follow_up(
    *,
    treatments: Treatments,
    follow_up: FollowUpFile,
    out: Out,
    responses: Responses = None,
    cohort: Cohort = None,
    map_: Map = None,
    date_order: Dates = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Tell follow-up, survival (Kaplan-Meier) and best response from the first cycle."""
    maps = _maps(map_ or [])
    order = cast('Literal["dmy", "mdy"] | None', date_order and date_order.value)
    from screener.follow_up_runs import FollowUpRequest, read_follow_ups, write_follow_up
    from screener.outcome_folders import is_empty_folder
    from screener.run_folders import refuse_existing

    if not is_empty_folder(out):
        refuse_existing(out, replace=force)
    request = FollowUpRequest(treatments, follow_up, responses, cohort, maps, order)
    found = read_follow_ups(request)
    write_follow_up(found, request, out, replace=force)
    say_follow_up(found, out)
    if as_json:
        typer.echo(json.dumps(found.to_dict(), allow_nan=False))


def _of_study(study: Path | None) -> dict[str, str]:
    """What the charter of a study says of outcomes; nothing where there is no study."""
    if study is None:
        return {}
    from screener.study_folders import charter_of

    return charter_of(study).outcomes.charter().to_dict()


def _pairs(items: Sequence[str], option: str, form: str) -> dict[str, str]:
    pairs = {}
    for item in items:
        name, equals, value = item.partition("=")
        if not (name.strip() and equals):
            raise typer.BadParameter(f"{option} {item!r} is not {form}.")
        pairs[name.strip()] = value.strip()
    return pairs


def _maps(items: Sequence[str]) -> dict[str, dict[str, str]]:
    maps: dict[str, dict[str, str]] = {}
    for name, column in _pairs(items, "--map", "TABLE.FIELD=COLUMN").items():
        table, dot, field = name.partition(".")
        if not dot or table not in TABLES:
            known = ", ".join(TABLES)
            raise typer.BadParameter(f"--map {name!r} names no table and field. Tables: {known}.")
        maps.setdefault(table, {})[field] = column
    return maps
