"""``screener missed``: how many the screen missed, from a sample of those it did not flag."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from screener.cli.options import Json

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from screener.missed import Missed
    from screener.promises import Promise

Unflagged = Annotated[
    int, typer.Option("--unflagged", min=0, help="Patients whom the screen did not flag.")
]
Read = Annotated[
    int, typer.Option("--read", min=0, help="Of them, drawn at random and read by the readers.")
]
Found = Annotated[int, typer.Option("--found", min=0, help="Of those, true ones.")]
Flagged = Annotated[
    int | None, typer.Option("--flagged", min=0, help="Flagged patients who were read.")
]
Confirmed = Annotated[
    int | None, typer.Option("--flagged-confirmed", min=0, help="Of those, true ones.")
]
Confidence = Annotated[
    float, typer.Option("--confidence", min=0.5, max=0.9999, help="Of the bounds, one-sided.")
]
Promised = Annotated[
    list[float] | None,
    typer.Option(
        "--promise",
        metavar="SHARE",
        min=0.01,
        max=1,
        help="A sensitivity to promise: tell how much more to read. May be repeated.",
    ),
]


def missed(
    *,
    unflagged: Unflagged,
    read: Read,
    found: Found,
    flagged: Flagged = None,
    flagged_confirmed: Confirmed = None,
    confidence: Confidence = 0.95,
    promise: Promised = None,
    as_json: Json = False,
) -> None:
    """Tell how many patients the screen missed at most, and what a promise would ask for."""
    from screener.audits import Audit
    from screener.missed import PROMISES, estimate_missed

    try:
        audit = Audit(unflagged, read, found, flagged, flagged_confirmed)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    told = estimate_missed(audit, confidence, promise or PROMISES)
    if as_json:
        typer.echo(json.dumps(told.to_dict(), allow_nan=False))
        return
    from rich.console import Console

    show_missed(told, Console(file=sys.stdout, highlight=False, markup=False, emoji=False))


def show_missed(told: Missed, console: Console) -> None:
    """Print what an audit says; everything is readable without colour."""
    from rich.text import Text

    audit = told.audit
    read = f"{audit.n_read:,} of {audit.n_unflagged:,} unflagged patients read"
    console.print(Text(f"{read}, {audit.n_found:,} of them true", "bold"))
    console.print(_grid([*_bounds(told), *_shares(told)]))
    if told.promises:
        console.print(Text("\nTo promise a sensitivity, if no further one is found", "bold"))
        console.print(_grid([(f"{one.sensitivity:g}", _promise(one)) for one in told.promises]))
    bounds = f"Bounds: {told.confidence * 100:g}% one-sided, exact (hypergeometric)"
    console.print(Text(f"\n{bounds}; intervals: 95% Wilson."))


def _grid(rows: Sequence[tuple[str, str]]) -> Table:
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    for label, line in rows:
        grid.add_row(f"  {label}", line)
    return grid


def _bounds(told: Missed) -> Iterator[tuple[str, str]]:
    estimate = told.missed_estimate
    sample = "" if estimate is None else f" (the sample has it as {estimate:.1f})"
    yield "missed by the screen", f"at most {told.missed_at_most:,}{sample}"
    yield "not yet read of them", f"at most {told.unread_at_most:,}"
    if told.audit.n_confirmed is not None:
        true, least = f"{told.audit.n_confirmed:,} confirmed", told.sensitivity_at_least
        bound = f"undefined: {true}, and none missed" if least is None else f"at least {least:.3f}"
        yield "sensitivity of the screen", bound if least is None else f"{bound} ({true})"
    if told.audit.n_found and told.found_at_least is not None:
        yield "found by screen and audit", f"at least {told.found_at_least:.3f} of all true ones"


def _shares(told: Missed) -> Iterator[tuple[str, str]]:
    from screener.cli.evaluate_view import figure_text

    if told.audit.n_flagged is not None and told.audit.n_confirmed is not None:
        yield "PPV", figure_text(told.ppv)
        needed = figure_text(told.number_needed_to_read, is_share=False)
        yield "number needed to read", needed
    yield "true among unflagged read", figure_text(told.true_among_read)


def _promise(one: Promise) -> str:
    if one.n_read is None or one.n_more is None:
        return f"cannot be promised: {one.why}"
    allows = f"allows {one.n_missed_allowed:,} missed"
    if one.n_more == 0:
        return f"{allows}: promised already"
    return f"{allows}: read {one.n_more:,} more, {one.n_read:,} in all"
