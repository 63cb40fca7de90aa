"""``screener eligible``: who had therapy and the examinations round it, and why others are out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from screener.cli.diagnostics import say
from screener.cli.options import DateOrder, Json
from screener.cli.outcomes import TREATMENTS_HELP
from screener.cli.outcomes_view import say_rejected
from screener.cli.screen import SOURCES_HELP
from screener.errors import SourceError

if TYPE_CHECKING:
    from screener.eligibility import EligibilityCharter
    from screener.eligibility_runs import EligiblePatients

Sources = Annotated[list[str], typer.Argument(metavar="SOURCE...", help=SOURCES_HELP)]
Treatments = Annotated[Path, typer.Option("--treatments", metavar="FILE", help=TREATMENTS_HELP)]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to make.")]
Study = Annotated[
    Path | None, typer.Option("--study", metavar="STUDY", help="Take it from a study's charter.")
]
Before = Annotated[
    str | None,
    typer.Option("--before", metavar="SPAN", help="How long before cycle 1 an exam may be; 6mo."),
]
After = Annotated[
    str | None,
    typer.Option("--after", metavar="SPAN", help="How long after cycle 1 an exam may be; 3mo."),
]
MinCycles = Annotated[
    int | None, typer.Option("--min-cycles", min=1, help="Cycles that must be given; 1.")
]
NeedsPet = Annotated[
    bool | None, typer.Option("--pet/--no-pet", help="Ask for a PET with a somatostatin ligand.")
]
NeedsContrast = Annotated[
    bool | None, typer.Option("--contrast/--no-contrast", help="Ask for a CT or MR with contrast.")
]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=COLUMN", help="Take COLUMN of the reports for FIELD."),
]
Dates = Annotated[
    DateOrder | None,
    typer.Option("--date-order", help="How to read 03/04/2021: day or month first."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace what is at DIR.")]


def eligible(
    source: Sources,
    *,
    treatments: Treatments,
    out: Out,
    study: Study = None,
    before: Before = None,
    after: After = None,
    min_cycles: MinCycles = None,
    pet: NeedsPet = None,
    contrast: NeedsContrast = None,
    map_: Map = None,
    date_order: Dates = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Tell who is eligible: therapy, a somatostatin PET, a CT or MR with contrast round cycle 1."""
    from screener.eligibility_runs import find_eligible, write_eligible
    from screener.outcome_folders import is_empty_folder
    from screener.outcome_inputs.treatments import read_treatments
    from screener.run_folders import refuse_existing
    from screener.sources import open_sources, parse_column_map

    try:
        columns = parse_column_map(map_ or [])
    except SourceError as error:
        raise typer.BadParameter(str(error)) from None
    if not is_empty_folder(out):
        refuse_existing(out, replace=force)
    order = cast('Literal["dmy", "mdy"] | None', date_order and date_order.value)
    said = {"min_cycles": min_cycles, "before": before, "after": after}
    asked = {"somatostatin_pet": pet, "contrast": contrast}
    charter = _charter(study, {**said, **asked})
    opened = open_sources(source, column_map=columns, date_order=order, stdin=sys.stdin.buffer)
    given = read_treatments(treatments, date_order=order)
    found = find_eligible(opened, given, charter)
    more = {"charter": charter.to_dict(), "sources": source}
    write_eligible(found, out, more, replace=force)
    _say(found, out)
    if as_json:
        typer.echo(json.dumps(found.to_dict()))


def _charter(study: Path | None, said: dict[str, Any]) -> EligibilityCharter:
    """Return what is asked for: by the command line, else by the study, else as usual."""
    from screener.outcome_charters import ExamsOfStudy
    from screener.outcomes.windows import parse_span
    from screener.study_folders import charter_of

    exams = charter_of(study).exams if study else ExamsOfStudy()
    stated = {name: value for name, value in said.items() if value is not None}
    for name in {"before", "after"} & stated.keys():
        parse_span(stated[name])
    return exams.model_copy(update=stated).charter()


def _say(found: EligiblePatients, out: Path) -> None:
    from screener.eligibility import REASONS

    say_rejected(found.rejected)
    told = found.to_dict()
    say(f"{told['n_patients']:,} patients, {told['n_reports']:,} reports.")
    say(f"{told['eligible']:,} eligible.")
    for reason, n in told["excluded"].items():
        say(f"{n:,} excluded: {REASONS[reason]}.")
    say(f"Who is eligible is in {out}; for the draw, in {out / 'eligible.txt'}.")
