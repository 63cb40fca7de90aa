"""One command measures this checkout: `python -m benchmarks --out DIR`.

Every figure of one table comes from one run of it, medians of some repeats; ratios hold between
rows of one table and not between machines. Whole processes are timed from their start, with the
import of everything; in-process rates are of a warm process, one core, CPU seconds.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
from pathlib import Path

from benchmarks import measures, plots
from benchmarks.measures import Figure
from benchmarks.mixes import write_mix
from benchmarks.ratios import Compared, compared, markdown

SMALL, LARGE = 2_000, 200_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for table, CSV and plot")
    parser.add_argument("--reports", type=int, default=20_000, help="reports of a mix")
    parser.add_argument("--medspacy", type=int, default=300, help="reports that medspaCy is given")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--large", type=int, default=LARGE, help="reports of the largest archive")
    chosen = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a start-up would compile everything anew
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        figures = list(_measure(Path(folder), chosen))
    rows = compared(figures)
    print(f"\n{markdown(rows)}")
    (chosen.out / "figures.md").write_text(markdown(rows), encoding="utf-8")
    with (chosen.out / "figures.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow((*Figure._fields, *Compared._fields[1:]))
        writer.writerows((*row.figure, *row[1:]) for row in rows)
    (chosen.out / "figures.svg").write_text(plots.bars(figures), encoding="utf-8")


def _measure(folder: Path, chosen: argparse.Namespace):  # noqa: ANN202
    sizes = sorted({SMALL, chosen.reports, chosen.large})
    archives = {n: write_mix(folder / f"archive{n}.csv", "archive", n) for n in sizes}
    cohort = write_mix(folder / "cohort.csv", "cohort", chosen.reports)
    mixes = {"cohort": cohort, "archive": archives[chosen.reports]}
    for mix, path in mixes.items():
        for figure in (
            *measures.in_process(mix, path, chosen.medspacy, chosen.repeats),
            *measures.whole_runs(mix, path, chosen.reports, chosen.repeats),
        ):
            print(_line(figure), flush=True)
            yield figure
    for figure in (
        *measures.growth(archives, chosen.repeats),
        *measures.limits(archives[chosen.large], chosen.large),
        *measures.patterns(mixes["cohort"], chosen.repeats),
        measures.start_up(chosen.repeats),
    ):
        print(_line(figure), flush=True)
        yield figure


def _line(figure: Figure) -> str:
    return (
        f"{figure.mix:8} {figure.what:42} {figure.n:>9,} {figure.seconds:>10.3f} s "
        f"{figure.rate:>12,.0f}/s {figure.megabytes:>7.0f} MB"
    )


if __name__ == "__main__":
    sys.exit(main())
