"""The use case of agreement: a table of reads in, the agreement of its readers out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from screener.agreement.disagreements import Weights
from screener.agreement.measures import Resampling, measure_agreement
from screener.agreement.ratings import Reading, make_ratings
from screener.agreement.records import Agreement
from screener.agreement.scales import Level
from screener.agreement.tables import Choice, reads_of_table
from screener.sources.grids import GridRow, read_grid


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What the user says of a table.

    Attributes
    ----------
    level
        Of measurement.
    categories, positive
        The scale; see `screener.agreement.ratings.Reading`.
    choice
        Which columns hold reads.
    weights
        How disagreement is weighed; ``None``: as the level has it.
    """

    level: Level
    categories: tuple[str, ...] | None = None
    positive: str = ""
    choice: Choice = field(default_factory=Choice)
    weights: Weights | None = None


def agree_on_table(name: str, options: TableOptions, resampling: Resampling) -> Agreement:
    """Measure the agreement of the readers of a table.

    Parameters
    ----------
    name
        A file in CSV, TSV or XLSX with one row a case and one column a reader; ``-`` is CSV on
        standard input.
    options
        What the user says of it.
    resampling
        How intervals are made.

    Raises
    ------
    SourceError
        Where it cannot be read, or with all cells that are no reads.
    """
    grid = read_grid(name)
    header, rows = grid.header.cells, grid.rows
    if not options.choice.has_header:
        header, rows = tuple("" for _ in header), (grid.header, *rows)
    table = reads_of_table(header, _lined(rows), options.level, options.choice, name)
    reading = Reading(
        options.level,
        options.categories,
        options.positive,
        has_decimal_comma=grid.delimiter != ",",
        settled=options.choice.settled,
    )
    ratings = make_ratings(table.reads, reading, table.places, name)
    agreement = measure_agreement(ratings, weights=options.weights, resampling=resampling)
    return replace(agreement, notes=(*grid.notes, *table.notes, *agreement.notes))


def _lined(rows: tuple[GridRow, ...]) -> list[tuple[int, tuple[object, ...]]]:
    return [(row.line, row.cells) for row in rows]
