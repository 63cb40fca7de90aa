"""``screener explain``: one report, and every step from its words to its burden.

This is the one command that writes report text to standard output, because that is what it is for.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screener.cli.diagnostics import say
from screener.cli.options import DEFAULT_PACK
from screener.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screener.explanations import Explanation
    from screener.reports import Report

WHAT = "TEXT|FILE|-"
WHAT_HELP = "A report's text, a file of text, a table of reports (with --report), or - for stdin."
MAP_HELP = "In a table, take COLUMN for FIELD; may be repeated."

What = Annotated[str | None, typer.Argument(metavar=WHAT, help=WHAT_HELP)]
Run = Annotated[
    Path | None, typer.Option("--run", metavar="RUN", help="The run that screened the report.")
]
ReportId = Annotated[
    str | None, typer.Option("--report", metavar="REPORT_ID", help="Which report of it.")
]
PackOf = Annotated[
    str | None,
    typer.Option(
        "--pack",
        metavar="NAME|FOLDER",
        help=f"The rule pack; the run's own, else {DEFAULT_PACK}.",
    ),
]
Map = Annotated[list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help=MAP_HELP)]
AsJson = Annotated[bool, typer.Option("--json", help="Print the explanation as JSON, one a line.")]


def explain(
    what: What = None,
    *,
    run: Run = None,
    report: ReportId = None,
    pack: PackOf = None,
    map_: Map = None,
    as_json: AsJson = False,
) -> None:
    """Explain what a report says: its words, the rules that fired, how the burden came about."""
    if (what is None) == (run is None):
        raise typer.BadParameter(f"give either {WHAT} or --run RUN with --report REPORT_ID")
    if run is not None and report is None:
        raise typer.BadParameter("--run needs --report REPORT_ID", param_hint="--report")
    if map_ and (run is not None or report is None):
        raise typer.BadParameter("is for one report of a table", param_hint="--map")
    reports, question = _asked(what, run, report, pack, map_ or [])
    explanations = _explained(reports, question)
    if as_json:
        for explanation in explanations:
            typer.echo(json.dumps(explanation.to_dict()))
        return
    from rich.console import Console

    from screener.cli.explain_view import show_explanation

    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    for explanation in explanations:
        show_explanation(explanation, console)


def _asked(
    what: str | None, run: Path | None, report: str | None, pack: str | None, map_: list[str]
) -> tuple[Sequence[Report], str]:
    """Return the reports asked for, and the name or folder of the pack."""
    from screener.cli.explain_inputs import from_run, from_source, from_text, is_table
    from screener.sources import parse_column_map

    if run is not None:
        found = from_run(run, str(report), pack)
        for note in found.notes:
            say(note)
        return found.reports, found.pack
    source = str(what)
    if report is not None:
        try:
            columns = parse_column_map(map_)
        except SourceError as error:
            raise typer.BadParameter(str(error)) from None
        return from_source(source, report, columns), pack or DEFAULT_PACK
    if is_table(source):
        raise typer.BadParameter(
            f"{source} holds several reports; name one by --report REPORT_ID",
            param_hint="--report",
        )
    return [from_text(source, sys.stdin.buffer)], pack or DEFAULT_PACK


def _explained(reports: Sequence[Report], pack: str) -> list[Explanation]:
    from screener.explanations import explain as explain_report
    from screener.packs import load_pack
    from screener.screening import Screener

    question = load_pack(pack)
    screener = Screener(question)
    return [explain_report(report, *screener.read(report), question) for report in reports]
