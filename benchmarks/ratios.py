"""Figures of one run set against one another: how many times as fast, or as slow as a word search.

>>> default = Figure("archive", DEFAULT, 100, 2.0)
>>> splitter, grep = Figure("archive", SPLITTER, 100, 0.5), Figure("archive", GREP, 1_000, 0.1)
>>> run = Figure("archive", "whole run, 1 worker", 1_000, 1.0)
>>> compared([default, splitter, run, grep])[2][1:]
(20.0, 5.0, 10.0)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.measures import DEFAULT, GREP, SPLITTER, Figure

HEADER = (
    *("mix", "what", "reports", "seconds", "a second", "µs a report", "MB"),
    *("x medspaCy default", "x same splitter", "times grep"),
)


class Compared(NamedTuple):
    """A figure, its rate over medspaCy's (default and with a fast splitter), its time over grep's.

    ``None`` where there is nothing to set it against.
    """

    figure: Figure
    over_default: float | None
    over_splitter: float | None
    times_grep: float | None

    def cells(self) -> tuple[str, ...]:
        """Return the figure as cells under `HEADER`."""
        figure = self.figure
        return (
            figure.mix,
            figure.what,
            f"{figure.n:,}",
            f"{figure.seconds:.2f}",
            f"{figure.rate:,.0f}",
            f"{1e6 / figure.rate:,.1f}",
            f"{figure.megabytes:.0f}" if figure.megabytes else "",
            *map(_shown, self[1:]),
        )


def compared(figures: Sequence[Figure]) -> list[Compared]:
    """Set each figure against medspaCy on the same mix, and against grep on the same reports."""
    known = {(figure.mix, figure.what): figure for figure in figures}
    grep = next((figure for figure in figures if figure.what == GREP), None)

    def over(figure: Figure, what: str) -> float | None:
        other = known.get((figure.mix, what))
        return figure.rate / other.rate if other else None

    return [
        Compared(
            figure,
            over(figure, DEFAULT),
            over(figure, SPLITTER),
            figure.seconds / grep.seconds
            if grep and (figure.mix, figure.n) == (grep.mix, grep.n)
            else None,
        )
        for figure in figures
    ]


def markdown(rows: Sequence[Compared]) -> str:
    """Return the figures as a table in Markdown."""
    lines = [HEADER, ("---",) * len(HEADER), *(row.cells() for row in rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _shown(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:,.1f}"
