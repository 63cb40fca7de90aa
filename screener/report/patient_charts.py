"""Figures of the confirmed patients: shifts of grade, the headline by limit, survival."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from matplotlib.ticker import MaxNLocator

from screener.report.canvases import BLUE, GREY, INK, ORANGE, Chart, canvas, finish

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from screener.outcomes.follow_up import FollowUpSummary

N_COLUMNS = 3
_DARK = 0.55


def shift_chart(summary: Mapping[str, Any]) -> Chart:
    """Draw, for each term, how many patients went from which grade to which."""
    terms = list(summary["shifts"])
    n_rows = (len(terms) + N_COLUMNS - 1) // N_COLUMNS
    with canvas(7.2, 2.7 * n_rows) as figure:
        every = figure.subplots(n_rows, N_COLUMNS, squeeze=False).ravel()
        for axes, term in zip(every, terms, strict=False):
            _draw_shift(axes, summary["shifts"][term], summary["terms"][term]["term"])
        for axes in every[len(terms) :]:
            axes.axis("off")
        told = (
            f"Counts of {summary['n_patients']} patients by grade at baseline and worst grade on"
            " therapy, one square for each term; the numbers are in the tables of shifts."
        )
        return finish(figure, "shifts", "Shifts from baseline to worst grade", told)


def _draw_shift(axes: Axes, table: Mapping[str, Mapping[str, int]], title: str) -> None:
    names = list(table)
    counts = [list(row.values()) for row in table.values()]
    most = max(1, *(n for row in counts for n in row))
    axes.imshow(counts, cmap="Blues", vmin=0, vmax=most, origin="lower")
    for y, row in enumerate(counts):
        for x, n in enumerate(row):
            if n:
                colour = "white" if n / most > _DARK else INK
                axes.text(x, y, str(n), ha="center", va="center", color=colour, fontsize=8)
    shown = [name if name.isdigit() else "n.g." for name in names]
    axes.set_xticks(range(len(names)), shown, fontsize=7)
    axes.set_yticks(range(len(names)), shown, fontsize=7)
    axes.plot((-0.5, len(names) - 0.5), (-0.5, len(names) - 0.5), color=GREY, linewidth=0.6)
    axes.set_xlabel("Worst grade", fontsize=8)
    axes.set_ylabel("Baseline grade", fontsize=8)
    axes.set_title(title, fontsize=8)


def limit_chart(summary: Mapping[str, Any]) -> Chart | None:
    """Draw the headline as a function of the limit of bilirubin; without results, nothing."""
    found = summary["limits"].get("bili")
    if found is None:
        return None
    steps = found["steps"]
    edges = [step["from"] for step in steps] + [steps[-1]["below"]]
    with canvas(7.2, 2.8) as figure:
        axes = figure.add_subplot()
        axes.stairs([step["n"] for step in steps], edges, color=BLUE, linewidth=2, baseline=None)
        for declared in sorted(set(found["declared"])):
            axes.axvline(declared, color=ORANGE, linestyle="--", label=f"as reported, {declared:g}")
        axes.set_ylim(bottom=-0.3)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel(f"Upper limit of normal of {found['analyte']}, {found['unit']}")
        axes.set_ylabel("Patients, grade 2 or more")
        axes.legend(frameon=False)
        told = "; ".join(
            f"{step['n']}/{step['N']} from {step['from']:.4g} to {step['below']:.4g}"
            for step in steps
        )
        title = "Hepatotoxicity of grade 2 or more by the limit of bilirubin"
        return finish(figure, "limit", title, f"{told} {found['unit']}.")


def survival_chart(summary: FollowUpSummary) -> Chart | None:
    """Draw the curve of survival with its interval and those at risk; without anybody, nothing."""
    points = summary.survival.points
    if not points:
        return None
    days = [one.day for one in points]
    with canvas(7.2, 3.6) as figure:
        axes = figure.add_subplot()
        axes.step(days, [one.share for one in points], where="post", color=BLUE, linewidth=2)
        sure = [one for one in points if one.low is not None and one.high is not None]
        axes.fill_between(
            [one.day for one in sure],
            [one.low or 0.0 for one in sure],
            [one.high or 0.0 for one in sure],
            step="post",
            color=BLUE,
            alpha=0.15,
            linewidth=0,
        )
        lost = [one for one in points if one.n_censored]
        axes.plot([one.day for one in lost], [one.share for one in lost], "|", color=INK, ms=9)
        axes.axhline(0.5, color=GREY, linestyle=":", linewidth=1)
        axes.set(ylim=(0, 1.03), xlim=(0, max(days) or 1), ylabel="Share alive")
        ticks = [int(tick) for tick in axes.get_xticks() if 0 <= tick <= max(days)]
        at_risk = [sum(one.days >= tick for one in summary.patients) for tick in ticks]
        labels = [f"{tick}\n{n}" for tick, n in zip(ticks, at_risk, strict=True)]
        axes.set_xticks(ticks, labels)
        axes.set_xlabel("Days from the first cycle (below: patients at risk)")
        told = (
            f"{summary.survival.n} patients, {summary.survival.n_events} deaths. Bars mark the end"
            " of observation of patients alive; the band is the 95% interval."
        )
        return finish(figure, "survival", "Survival from the first cycle (Kaplan-Meier)", told)
