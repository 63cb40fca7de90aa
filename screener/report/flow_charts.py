"""The flow diagram, as STARD and PRISMA draw it: boxes downwards, those left out to the right."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from screener.report.canvases import BLUE, GREY, INK, Chart, canvas, finish
from screener.report.screen_tables import BOXES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from screener.flows import FlowStep
    from screener.report.contents import Contents

_BOX, _SIDE = (0.02, 0.40), (0.52, 0.47)  # left edge and width, of the axes
_HEIGHT, _GAP, _LINE = 0.5, 0.35, 0.2  # inches
_WIDTH = 50  # characters of a side box


def flow_chart(contents: Contents) -> Chart:
    """Draw the flow of the patients; the audit sample is told beside those not flagged."""
    steps = contents.flow.steps[0 if contents.has_treatments else 1 :]
    sides = [_left_out(contents, step) for step in steps]
    gaps = [max(_GAP, _LINE * (len(side) + 1)) if side else _GAP for side in sides]
    total = _HEIGHT * len(steps) + sum(gaps[1:]) + 0.2
    with canvas(7.2, total) as figure:
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, 1), ylim=(-total, 0))
        axes.axis("off")
        top = -0.1
        for number, step in enumerate(steps):
            if number:
                _arrow(axes, top, gaps[number], sides[number])
                top -= gaps[number]
            _box(axes, _BOX, top, _HEIGHT, f"{BOXES[step.name]}\nn = {step.n}", edge=BLUE)
            top -= _HEIGHT
        told = ", then ".join(f"{step.n} {BOXES[step.name].lower()}" for step in steps)
        return finish(figure, "flow", "Flow of patients through the study", f"Patients: {told}.")


def _left_out(contents: Contents, step: FlowStep) -> list[str]:
    lines = [f"{n}: {reason}" for reason, n in step.left_out.items()]
    status = contents.status
    if step.name == "flagged" and status.n_audit:
        lines.append(
            f"of these {status.n_audit} at random were drawn for the audit{_found(contents)}"
        )
    return [line for one in lines for line in wrap(one, _WIDTH)]


def _found(contents: Contents) -> str:
    """What the audit found; nothing while cases are open."""
    missed = contents.figures.missed if contents.figures else None
    return "" if missed is None else f": {missed.audit.n_found} of {missed.audit.n_read} are true"


def _box(
    axes: Axes, at: tuple[float, float], top: float, height: float, text: str, *, edge: str
) -> None:
    from matplotlib.patches import Rectangle

    left, width = at
    axes.add_patch(
        Rectangle((left, top - height), width, height, fill=False, edgecolor=edge, linewidth=1.2)
    )
    middle = (left + width / 2, top - height / 2)
    axes.text(*middle, text, ha="center", va="center", color=INK)


def _arrow(axes: Axes, top: float, gap: float, side: list[str]) -> None:
    middle = _BOX[0] + _BOX[1] / 2
    style = {"arrowstyle": "-|>", "color": GREY, "linewidth": 1.0}
    axes.annotate("", (middle, top - gap), (middle, top), arrowprops=style)
    if side:
        axes.annotate("", (_SIDE[0], top - gap / 2), (middle, top - gap / 2), arrowprops=style)
        height = _LINE * len(side) + 0.06
        _box(axes, _SIDE, top - gap / 2 + height / 2, height, "\n".join(side), edge=GREY)
