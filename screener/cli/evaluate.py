"""``screener evaluate``: how right a run is, held against a table of truth."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

TRUTH_HELP = (
    "CSV, JSONL or Parquet with report_id (or id) and candidate and/or burden, optionally "
    "certainty, stated_percent and patient_id; with patient_id and candidate (or exceeds_75) only, "
    "truth of patients."
)

Run = Annotated[Path, typer.Argument(metavar="RUN", help="The run's folder.")]
TruthFile = Annotated[Path, typer.Option("--truth", metavar="FILE", help=TRUTH_HELP)]
PackOf = Annotated[
    str | None,
    typer.Option("--pack", metavar="NAME|FOLDER", help="The rule pack, if not the run's own."),
]
Errors = Annotated[
    int, typer.Option("--errors", metavar="N", min=0, help="List up to N errors of each kind.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the evaluation as JSON on stdout.")]


def evaluate(
    run: Run, *, truth: TruthFile, pack: PackOf = None, errors: Errors = 10, as_json: AsJson = False
) -> None:
    """Tell how right a run is: recall, PPV and more with intervals, and its errors."""
    from screener.evaluating import evaluate_run

    evaluation = evaluate_run(run, truth, pack=pack, n_errors=errors)
    if as_json:
        typer.echo(json.dumps(evaluation.to_dict(), allow_nan=False))
        return
    from rich.console import Console

    from screener.cli.evaluate_view import show_evaluation

    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    show_evaluation(evaluation, console)
