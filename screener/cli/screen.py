"""``screener screen``: exported reports in, a RUN folder with ranked patients out."""

from __future__ import annotations

from typing import Annotated

import typer


def screen(
    source: Annotated[list[str], typer.Argument(metavar="SOURCE...")],
) -> None:
    """Screen exported reports and rank the patients."""
