"""``screener outcomes``: what happened to the patients, graded by CTCAE v5.0."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from screener.cli.diagnostics import say
from screener.cli.options import DateOrder, Json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screener.follow_up_runs import FollowUp
    from screener.outcome_runs import Outcomes
    from screener.outcomes.results import RejectedRow

N_TOLD = 20
N_STEPS = 4
NEAR = 1.25
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
Rule = Annotated[BaselineRule, typer.Option("--baseline-rule", help="What a baseline changes.")]
BaselineWindow = Annotated[
    str, typer.Option("--baseline-window", metavar="SPAN", help="Before cycle 1: 30d, 6w, 1mo.")
]
TherapyWindow = Annotated[
    str, typer.Option("--therapy-window", metavar="SPAN", help="After the last cycle.")
]
First = Annotated[
    FirstDay, typer.Option("--first-day", help="What a sample of the day of cycle 1 counts as.")
]
Missing = Annotated[
    NoBaseline, typer.Option("--no-baseline", help="Grade as if normal, or not at all.")
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


@app.command()
def grade(
    *,
    labs: Labs,
    treatments: Treatments,
    out: Out,
    limits: Limits = None,
    events: Events = None,
    cohort: Cohort = None,
    baseline_rule: Rule = BaselineRule.V5_BASELINE_ADJUSTED,
    baseline_window: BaselineWindow = "1mo",
    therapy_window: TherapyWindow = "3mo",
    first_day: First = FirstDay.THERAPY,
    no_baseline: Missing = NoBaseline.NORMAL,
    analyte: Analytes = None,
    map_: Map = None,
    date_order: Dates = None,
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

    charter = make_charter(
        baseline_rule=baseline_rule.value,
        baseline_window=baseline_window,
        therapy_window=therapy_window,
        first_day=first_day.value,
        no_baseline=no_baseline.value,
    )
    request = OutcomesRequest(labs, treatments, limits, events, cohort, charter, named, maps, order)
    if not is_empty_folder(out):
        refuse_existing(out, replace=force)
    read = read_outcomes(request)
    write_outcomes(read, request, out, replace=force)
    _say(read, out)
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
    _say_follow_up(found, out)
    if as_json:
        typer.echo(json.dumps(found.to_dict(), allow_nan=False))


def _say_follow_up(found: FollowUp, out: Path) -> None:
    say_rejected(found.rejected)
    told = found.to_dict()
    n_without = told["n_without_follow_up"]
    say(f"{told['n_patients']:,} patients, {n_without:,} without follow-up.")
    say(f"Median follow-up (reverse Kaplan-Meier): {_median(told['follow_up'])}.")
    say(f"Deaths: {told['deaths']['n']}/{told['deaths']['N']}; median survival: {_median(told)}.")
    best = [f"{name} {one['n']}/{one['N']}" for name, one in told["responses"]["best"].items()]
    say(f"Best response: {', '.join(best) or 'none is told'}.")
    say(f"The follow-up is in {out}.")


def _median(told: dict[str, Any]) -> str:
    curve = told.get("reverse_kaplan_meier") or told["survival"]
    if curve["median_days"] is None:
        return f"not reached ({curve['why']})"
    low, high = ("not reached" if b is None else f"{b:.0f}" for b in curve["interval"])
    return f"{curve['median_days']:.0f} days ({low} to {high}), {curve['median_months']:.1f} months"


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


def _say(read: Outcomes, out: Path) -> None:
    for table, lines in read.mappings.items():
        say(f"{table}: {'; '.join(lines)}")
    say_rejected(read.rejected)
    summary = read.summary
    n_results = len(read.graded.cohort.results)
    n_rejected = len(read.rejected)
    say(f"{summary['n_patients']:,} patients, {n_results:,} results, {n_rejected:,} rows rejected.")
    for rule, groups in summary["rules"].items():
        chosen = " (chosen)" if rule == summary["charter"]["baseline_rule"] else ""
        say(f"Hepatotoxicity of grade 2 or more, {rule}{chosen}: {_headline(groups)}")
    for one in summary["limits"].values():
        if told := _hangs_on(one):
            say(told)
    say(f"{len(summary['changes']):,} grades depend on the rule for the baseline.")
    say(f"The grades are in {out}.")


def _hangs_on(limits: dict[str, Any]) -> str:
    """Tell how the headline depends on a limit, up to a quarter less or more than declared."""
    low, high = limits["declared"][0] / NEAR, limits["declared"][1] * NEAR
    near = [one for one in limits["steps"] if one["from"] < high and one["below"] > low]
    if len(near) == 1:
        return ""
    told = [
        f"{one['n']}/{one['N']} from {max(one['from'], low):.4g} "
        f"to {min(one['below'], high):.4g} {limits['unit']}"
        for one in (near if len(near) <= N_STEPS else (near[0], near[-1]))
    ]
    between = "; " if len(near) <= N_STEPS else "; ... "
    return f"It hangs on the ULN of {limits['analyte']}: {between.join(told)}."


def _headline(groups: dict[str, Any]) -> str:
    group = groups["hepatotoxicity"]
    found = group["grade_2_or_more"]
    if not found["N"]:
        return "nobody's grade is sure"
    low, high = (100 * bound for bound in found["interval"])
    percent = 100 * found["n"] / found["N"]
    told = f"{found['n']}/{found['N']} ({percent:.1f}%; {low:.1f} to {high:.1f})"
    unsure = f"; {group['ungradable']} ungradable" if group["ungradable"] else ""
    return f"{told}{unsure}"


def say_rejected(rejected: Sequence[RejectedRow]) -> None:
    """Say what is wrong with rows, each with its file and line."""
    for row in rejected[:N_TOLD]:
        say(f"{row.place}: {row.reason}.")
    if len(rejected) > N_TOLD:
        say(f"and {len(rejected) - N_TOLD:,} more rows; all are in rejected.csv.")
