"""Figures of the readers: coefficients with intervals, estimates of each case, Bland-Altman."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from screener.report.canvases import (
    BLUE,
    COLOURS,
    GREY,
    INK,
    MARKERS,
    ORANGE,
    Chart,
    canvas,
    finish,
)
from screener.report.reader_tables import LABELS, told_coefficients

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from screener.agreeing_studies import StudyFigures
    from screener.agreement.records import Pair
    from screener.report.contents import CaseEstimates, Contents


def forest_chart(figures: StudyFigures) -> Chart:
    """Draw every coefficient that is defined, with its interval."""
    found = told_coefficients(figures)
    shown = [
        (LABELS.get(name, name), one.value, one.interval)
        for name, one in found.items()
        if one.value is not None
    ]
    with canvas(7.2, 0.9 + 0.3 * len(shown)) as figure:
        axes = figure.add_subplot()
        for place, (_, value, interval) in enumerate(shown):
            if interval is not None:
                axes.plot(
                    interval, (place, place), color=BLUE, linewidth=1.8, solid_capstyle="butt"
                )
            axes.plot([value], [place], marker="s", color=INK, markersize=5)
        axes.set_yticks(range(len(shown)), [label for label, _, _ in shown])
        axes.invert_yaxis()
        axes.axvline(0, color=GREY, linewidth=0.8)
        axes.set_xlim(min([-0.05, *(i[0] for _, _, i in shown if i)]), 1.03)
        axes.grid(axis="x", color="#e3e6ea")
        axes.set_axisbelow(True)
        axes.set_xlabel("Value with its interval")
        told = "; ".join(f"{label} {value:.2f}" for label, value, _ in shown)
        return finish(figure, "forest", "Agreement coefficients with intervals", f"{told}.")


def estimates_chart(contents: Contents) -> Chart | None:
    """Draw the readers' percents of each case against the cut; without percents, nothing."""
    cases = sorted(
        (one for one in contents.estimates if any(p is not None for p in one.percents)),
        key=lambda one: (_middle(one), one.case_id),
    )
    if not cases:
        return None
    cut = contents.charter.cut_percent
    with canvas(7.2, 3.8) as figure:
        axes = figure.add_subplot()
        for place, one in enumerate(cases):
            known = [p for p in one.percents if p is not None]
            axes.plot((place, place), (min(known), max(known)), color="#c3c8ce", linewidth=1.5)
        for number, reader in enumerate(contents.charter.primaries):
            points = [(x, one.percents[number]) for x, one in enumerate(cases)]
            known_points = [(x, y) for x, y in points if y is not None]
            axes.scatter(
                [x for x, _ in known_points],
                [y for _, y in known_points],
                s=16,
                color=COLOURS[number % len(COLOURS)],
                marker=MARKERS[number % len(MARKERS)],
                label=reader,
                alpha=0.85,
                linewidths=0,
            )
        axes.axhline(cut, color=INK, linestyle="--", linewidth=1.2, label=f"cut, {cut:g}%")
        axes.set(ylim=(-3, 103), xlabel="Cases, by the median of the estimates")
        axes.set_ylabel("Percent of the liver involved")
        axes.legend(frameon=False, loc="upper left")
        n_above = sum(_middle(one) > cut for one in cases)
        told = (
            f"The estimates of {len(cases)} cases by {len(contents.charter.primaries)} readers;"
            f" in {n_above} the median is above {cut:g}%."
        )
        return finish(
            figure, "estimates", f"Estimates of each case against the {cut:g}% line", told
        )


def _middle(one: CaseEstimates) -> float:
    return median(p for p in one.percents if p is not None)


def bland_altman_chart(contents: Contents, figures: StudyFigures) -> Chart | None:
    """Draw each pair's differences by their mean, with bias and limits; without two, nothing."""
    pairs = [] if figures.percents is None else [p for p in figures.percents.pairwise if p.limits]
    if not pairs:
        return None
    with canvas(7.2, 2.9 * ((len(pairs) + 2) // 3)) as figure:
        n_columns = min(3, len(pairs))
        every = figure.subplots((len(pairs) + 2) // 3, n_columns, sharey=True, squeeze=False)
        told = []
        for axes, pair in zip(every.ravel(), pairs, strict=False):
            _draw_pair(axes, contents, pair)
            limits = pair.limits
            if limits and limits.bias is not None and limits.low is not None:
                told.append(
                    f"{' minus '.join(pair.readers)}: bias {limits.bias:.1f},"
                    f" limits {limits.low:.1f} to {limits.high:.1f} points"
                )
        for axes in every.ravel()[len(pairs) :]:
            axes.axis("off")
        every[0][0].set_ylabel("Difference, points")
        return finish(figure, "bland_altman", "Bland-Altman plots", f"{'; '.join(told)}.")


def _draw_pair(axes: Axes, contents: Contents, pair: Pair) -> None:
    names = contents.charter.primaries
    first, second = (names.index(name) for name in pair.readers)
    both = [
        (a, b)
        for one in contents.estimates
        if (a := one.percents[first]) is not None and (b := one.percents[second]) is not None
    ]
    axes.scatter(
        [(a + b) / 2 for a, b in both],
        [a - b for a, b in both],
        s=12,
        color=BLUE,
        alpha=0.6,
        linewidths=0,
    )
    limits = pair.limits
    if limits is not None and limits.bias is not None:
        axes.axhline(limits.bias, color=INK, linewidth=1)
        for bound in (limits.low, limits.high):
            if bound is not None:
                axes.axhline(bound, color=ORANGE, linestyle="--", linewidth=1)
    axes.set_title("\nminus ".join(pair.readers), fontsize=8)
    axes.set_xlabel("Mean, percent")
