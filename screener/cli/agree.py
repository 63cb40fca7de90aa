"""``screener agree``: how far readers agree, of any table with one column a reader."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from screener.agreement.scales import Level
from screener.cli import diagnostics
from screener.cli.options import Json

if TYPE_CHECKING:
    from screener.agreement.disagreements import Weights
    from screener.agreement.measures import Resampling

Table = Annotated[
    str,
    typer.Argument(
        metavar="STUDY|TABLE",
        help="A study's folder or URL; or CSV, TSV or XLSX: one row a case, one column a reader; "
        "blank: not read. - is stdin.",
    ),
]
LevelOf = Annotated[
    Level | None,
    typer.Option("--level", help="What may be said of two reads that differ; tables need it."),
]
Categories = Annotated[
    str | None,
    typer.Option(
        "--categories",
        metavar="A,B,...",
        help="All categories on offer, low to high if they have an order; else those that occur.",
    ),
]
Positive = Annotated[
    str, typer.Option("--positive", metavar="CATEGORY", help="The positive one of two categories.")
]
WeightsOf = Annotated[
    str | None,
    typer.Option(
        "--weights",
        metavar="identity|linear|quadratic|ordinal|ratio",
        help="How disagreement is weighed: by default identity at nominal, quadratic at ordinal "
        "and interval, ratio at ratio level. Krippendorff's alpha has its own metric.",
    ),
]
Readers = Annotated[
    str | None,
    typer.Option("--readers", metavar="A,B,...", help="The columns of the readers."),
]
CaseId = Annotated[
    str | None,
    typer.Option("--case-id", metavar="COLUMN", help="The column that names the cases."),
]
NoCaseId = Annotated[
    bool, typer.Option("--no-case-id", help="No column names the cases: all are readers.")
]
Settled = Annotated[
    str,
    typer.Option(
        "--settled",
        metavar="COLUMN",
        help="The column of the settled verdicts, which is no reader: who is overruled by them?",
    ),
]
NoHeader = Annotated[bool, typer.Option("--no-header", help="The first row is a case.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of the bootstrap.")]
Resamples = Annotated[
    int, typer.Option("--resamples", min=0, max=1_000_000, help="Resamples; 0: no intervals.")
]
Confidence = Annotated[
    float, typer.Option("--confidence", min=0.5, max=0.9999, help="Of the intervals.")
]


def agree(
    table: Table,
    *,
    level: LevelOf = None,
    categories: Categories = None,
    positive: Positive = "",
    weights: WeightsOf = None,
    readers: Readers = None,
    case_id: CaseId = None,
    no_case_id: NoCaseId = False,
    settled: Settled = "",
    no_header: NoHeader = False,
    seed: Seed = 0,
    resamples: Resamples = 2000,
    confidence: Confidence = 0.95,
    as_json: Json = False,
) -> None:
    """Tell how far readers agree: kappas, AC1, alpha, ICC and more, with intervals."""
    from screener.agreeing import TableOptions, agree_on_table
    from screener.agreement.measures import Resampling
    from screener.agreement.tables import Choice

    if _is_study(table):
        _agree_on_study(table, Resampling(resamples, seed, confidence), as_json=as_json)
        return
    if level is None:
        raise typer.BadParameter("a table needs it", param_hint="--level")
    if case_id is not None and no_case_id:
        raise typer.BadParameter("not together with --case-id", param_hint="--no-case-id")
    options = TableOptions(
        level,
        _listed(categories) or None,
        positive,
        Choice(_listed(readers), case_id, not no_case_id, settled, not no_header),
        _weights(weights),
    )
    agreement = agree_on_table(table, options, Resampling(resamples, seed, confidence))
    for note in agreement.notes:
        diagnostics.say(note)
    if as_json:
        typer.echo(json.dumps(agreement.to_dict(), allow_nan=False))
        return
    from rich.console import Console

    from screener.cli.agree_view import show_agreement

    show_agreement(agreement, Console(file=sys.stdout, highlight=False, markup=False, emoji=False))


def _is_study(what: str) -> bool:
    from pathlib import Path

    from screener.studies import CHARTER_FILE

    return "://" in what or (Path(what) / CHARTER_FILE).is_file()


def _agree_on_study(study: str, resampling: Resampling, *, as_json: bool) -> None:
    """Tell of a study how far its readers agree and how many the screen missed."""
    from screener.agreeing_studies import figures_of_study

    figures = figures_of_study(study, resampling)
    for note in figures.notes:
        diagnostics.say(note)
    if as_json:
        typer.echo(json.dumps(figures.to_dict(), allow_nan=False))
        return
    from rich.console import Console

    from screener.cli.agree_view import show_agreement
    from screener.cli.missed import show_missed

    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    console.print("The verdict", style="bold underline")
    show_agreement(figures.verdicts, console)
    if figures.percents is not None:
        console.print("\nThe percent involved", style="bold underline")
        show_agreement(figures.percents, console)
    if figures.missed is not None:
        console.print("\nThe screen", style="bold underline")
        show_missed(figures.missed, console)


def _listed(names: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (names or "").split(",") if name.strip())


def _weights(name: str | None) -> Weights | None:
    from screener.agreement.disagreements import Weights

    if name is None:
        return None
    try:
        return Weights(name)
    except ValueError:
        known = ", ".join(Weights)
        raise typer.BadParameter(f"{name!r} is none of {known}", param_hint="--weights") from None
