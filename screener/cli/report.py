"""``screener report``: a study's figures and tables in one HTML file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from screener.cli.agree import Resamples, Seed
from screener.cli.diagnostics import say
from screener.cli.options import Json
from screener.cli.outcomes import (
    EVENTS_HELP,
    FOLLOW_UP_HELP,
    LABS_HELP,
    LIMITS_HELP,
    RESPONSES_HELP,
    TREATMENTS_HELP,
    Dates,
)
from screener.cli.outcomes_view import say_rejected

if TYPE_CHECKING:
    from screener.report.contents import Contents

Study = Annotated[
    str, typer.Argument(metavar="STUDY", help="The study's folder, or the URL of its store.")
]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to make.")]
Run = Annotated[
    Path | None, typer.Option("--run", metavar="RUN", help="The study's run, if it was moved.")
]
Truth = Annotated[
    Path | None,
    typer.Option("--truth", metavar="FILE", help="Gold labels, as screener evaluate reads them."),
]
Eligible = Annotated[
    Path | None,
    typer.Option("--eligible", metavar="DIR", help="A folder that screener eligible made."),
]
Treatments = Annotated[
    Path | None, typer.Option("--treatments", metavar="FILE", help=TREATMENTS_HELP)
]
Labs = Annotated[Path | None, typer.Option("--labs", metavar="FILE", help=LABS_HELP)]
Limits = Annotated[Path | None, typer.Option("--limits", metavar="FILE", help=LIMITS_HELP)]
Events = Annotated[Path | None, typer.Option("--events", metavar="FILE", help=EVENTS_HELP)]
FollowUp = Annotated[Path | None, typer.Option("--follow-up", metavar="FILE", help=FOLLOW_UP_HELP)]
Responses = Annotated[Path | None, typer.Option("--responses", metavar="FILE", help=RESPONSES_HELP)]
PatientsFile = Annotated[
    Path | None,
    typer.Option(
        "--patients",
        metavar="FILE",
        help="One row a patient: patient_id and any columns for Table 1.",
    ),
]
WithEvidence = Annotated[
    bool,
    typer.Option("--with-evidence", help="Name the flagged patients and quote their reports."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace the report that is at DIR.")]


def report(
    study: Study,
    *,
    out: Out,
    run: Run = None,
    truth: Truth = None,
    eligible: Eligible = None,
    treatments: Treatments = None,
    labs: Labs = None,
    limits: Limits = None,
    events: Events = None,
    follow_up: FollowUp = None,
    responses: Responses = None,
    patients: PatientsFile = None,
    with_evidence: WithEvidence = False,
    seed: Seed = 0,
    resamples: Resamples = 2000,
    date_order: Dates = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Write a study's report: one HTML file, its figures and its tables."""
    needing = (
        ("--labs", labs, "--treatments", treatments),
        ("--follow-up", follow_up, "--treatments", treatments),
        ("--patients", patients, "--treatments", treatments),
        ("--limits", limits, "--labs", labs),
        ("--events", events, "--labs", labs),
        ("--responses", responses, "--follow-up", follow_up),
    )
    for option, given, needed, other in needing:
        if given is not None and other is None:
            raise typer.BadParameter(f"needs {needed}", param_hint=option)
    from screener.agreement.measures import Resampling
    from screener.outcome_folders import is_empty_folder
    from screener.report_folders import write_report
    from screener.run_folders import refuse_existing
    from screener.study_reports import ReportRequest, collect_report

    if not is_empty_folder(out):
        refuse_existing(out, replace=force)
    order = cast('Literal["dmy", "mdy"] | None', date_order and date_order.value)
    contents = collect_report(
        ReportRequest(
            study,
            run,
            truth,
            treatments,
            labs,
            limits,
            events,
            follow_up,
            responses,
            eligible,
            with_evidence,
            Resampling(resamples, seed),
            order,
            patients,
        )
    )
    write_report(contents, out, replace=force)
    say_report(contents, out)
    if as_json:
        typer.echo(json.dumps(_to_dict(contents, out), allow_nan=False))


def say_report(contents: Contents, out: Path) -> None:
    """Say what could not be read, how far the study is, and where the report is."""
    if contents.grades is None and contents.treatments is not None:
        say_rejected(contents.treatments.rejected)
    for read in (contents.characteristics, contents.grades, contents.follow_up):
        if read is not None:
            say_rejected(read.rejected)
    status = contents.status
    if not contents.is_complete:
        say(f"{status.n_complete} of {status.n_cases} cases are complete: counts only.")
    say(f"The report is {out / 'report.html'}.")


def _to_dict(contents: Contents, out: Path) -> dict[str, object]:
    figures = contents.figures
    return {
        "report": str(out / "report.html"),
        "is_complete": contents.is_complete,
        "n_cases": contents.status.n_cases,
        "n_complete": contents.status.n_complete,
        "flow": contents.flow.to_dict(),
        "agreement": None if figures is None else figures.to_dict(),
        "evaluation": None if contents.evaluation is None else contents.evaluation.to_dict(),
        "outcomes": None if contents.grades is None else dict(contents.grades.summary),
        "follow_up": None if contents.follow_up is None else contents.follow_up.to_dict(),
    }
