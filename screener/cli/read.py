"""``screener read``: the reading room of one reader, in the terminal or a browser."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from screener.errors import StudyError

WEB_DRIVER = "textual.drivers.web_driver:WebDriver"  # what textual-serve runs a room with


def read(
    study: Annotated[
        str,
        typer.Argument(metavar="STUDY", help="The study's folder, its store's URL, or a packet."),
    ],
    *,
    reader: Annotated[str, typer.Option("--reader", metavar="NAME", help="Who reads.")],
    light: Annotated[bool, typer.Option("--light", help="Begin with dark words on white.")] = False,
    web: Annotated[bool, typer.Option("--web", help="Serve it to a browser here.")] = False,
    port: Annotated[
        int, typer.Option("--port", min=1, max=65535, help="With --web: where on 127.0.0.1.")
    ] = 8765,
) -> None:
    """Open a reader's room: the worklist, one case a screen, the form. Keys: ? inside."""
    from screener.reading import open_reading

    with open_reading(study, reader) as reading:
        if web:
            from screener.tui.serving import serve_room

            reading.close()
            serve_room(study, reader, port, is_light=light)
            return
        from screener.tui.app import DARK, LIGHT, run_room
        from screener.tui.terminals import end_with_terminal

        if os.environ.get("TEXTUAL_DRIVER") != WEB_DRIVER:
            _refuse_no_terminal()
            end_with_terminal()
        run_room(reading, LIGHT if light else DARK)


def _refuse_no_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise StudyError(
            "The reading room needs a terminal: input and output must not be redirected."
            " Run it in a terminal (over ssh: ssh -t), or give --web."
        )
