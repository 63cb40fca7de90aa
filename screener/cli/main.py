"""The command line: ``screener COMMAND``. Heavy imports happen inside the commands."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import screener.cli.agree
import screener.cli.check_numbers
import screener.cli.demo
import screener.cli.eligibility
import screener.cli.evaluate
import screener.cli.explain
import screener.cli.export
import screener.cli.missed
import screener.cli.outcomes
import screener.cli.packet
import screener.cli.packs
import screener.cli.read
import screener.cli.report
import screener.cli.screen
import screener.cli.study
from screener.cli import diagnostics

app = typer.Typer(
    name="screener",
    help="Screen exported radiology reports for a research question and rank the patients.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: importing rich costs a third of the answer's time
    context_settings={"help_option_names": ["-h", "--help"]},
)

# Every command is registered here, in the order in which help lists them.
app.command("screen")(screener.cli.screen.screen)
app.command("explain")(screener.cli.explain.explain)
app.command("evaluate")(screener.cli.evaluate.evaluate)
app.command("agree")(screener.cli.agree.agree)
app.command("missed")(screener.cli.missed.missed)
app.add_typer(screener.cli.packs.app, name="pack")
app.add_typer(screener.cli.study.app, name="study")
app.command("read")(screener.cli.read.read)
app.add_typer(screener.cli.packet.app, name="packet")
app.add_typer(screener.cli.export.app, name="export")
app.command("eligible")(screener.cli.eligibility.eligible)
app.add_typer(screener.cli.outcomes.app, name="outcomes")
app.command("check-numbers")(screener.cli.check_numbers.check_numbers)
app.command("report")(screener.cli.report.report)
app.command("demo")(screener.cli.demo.demo)


def _show_version(wanted: bool) -> None:
    if not wanted:
        return
    from screener.run_records import version_of

    typer.echo(f"screener {version_of('screener')}")
    raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Screen exported radiology reports for a research question and rank the patients."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(diagnostics.run(lambda: app(prog_name="screener")))


if __name__ == "__main__":
    main()
