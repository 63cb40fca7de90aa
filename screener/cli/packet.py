"""``screener packet``: a reader's cases out to a site without the database, and the reads back."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from screener.cli.diagnostics import say
from screener.cli.options import Json

app = typer.Typer(help="Send cases to a reader elsewhere, and take reads in.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(metavar="STUDY", help="The study's folder.")]


@app.command("export")
def export(
    study: Folder,
    *,
    reader: Annotated[str, typer.Option("--reader", metavar="NAME", help="Whose cases.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="The packet; NAME.packet if none.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Give up the packet of this reader that is out.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write one reader's cases into one sealed file; the reading room opens it."""
    from screener.packets import export_packet

    file = out or Path(f"{reader}.packet")
    summary = export_packet(study, reader, file, again=again)
    say(f"{summary.n_cases} cases of {reader}, {summary.n_open} of them open, are in {file}.")
    say(f"{reader} reads them with: screener read {file} --reader {reader}")
    if as_json:
        typer.echo(json.dumps({"packet": str(file), **asdict(summary)}))


@app.command("import")
def import_(
    study: Folder,
    packet: Annotated[Path, typer.Argument(metavar="PACKET", help="What came back.")],
    *,
    as_json: Json = False,
) -> None:
    """Take the reads of a packet into the study, once, after verifying it."""
    from screener.packets import import_packet

    summary = import_packet(study, packet)
    say(
        f"{summary.n_records} records of {summary.reader} came back;"
        f" {summary.n_open} of {summary.n_cases} cases are open."
    )
    if as_json:
        typer.echo(json.dumps({"packet": str(packet), **asdict(summary)}))
