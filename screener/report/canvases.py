"""The canvas that figures are drawn on: one look, and the same bytes for the same figures.

matplotlib is imported here and in the charts only, when a report is made.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

INK, BLUE, ORANGE, GREEN, GREY = "#1b1f24", "#0b5cad", "#b34700", "#1a7f5a", "#6b7280"
COLOURS, MARKERS = (BLUE, ORANGE, GREEN, "#7a3e9d", GREY), ("o", "s", "^", "D", "v")
_STYLE: dict[str, Any] = {
    "svg.hashsalt": "screener",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_FORMATS = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure of a report.

    Attributes
    ----------
    name
        Of its files; unique in the report.
    title
        One line.
    told
        What it shows, in words, for those who do not see it.
    files
        Its bytes by format: ``svg``, ``pdf``, ``png``.
    """

    name: str
    title: str
    told: str
    files: dict[str, bytes]

    @property
    def inline_svg(self) -> str:
        """The SVG for an HTML page: ids of its own, a title and a description."""
        text = self.files["svg"].decode()
        text = text[text.index("<svg") :]
        text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
        text = re.sub(r'\bid="', f'id="{self.name}-', text)
        text = re.sub(r'(href="#|url\(#)', rf"\g<1>{self.name}-", text)
        head = (
            f'<svg role="img" aria-labelledby="{self.name}-name {self.name}-told"'
            f' preserveAspectRatio="xMinYMin meet"'
        )
        names = (
            f'<title id="{self.name}-name">{escape(self.title)}</title>'
            f'<desc id="{self.name}-told">{escape(self.told)}</desc>'
        )
        text = text.replace("<svg", head, 1)
        end = text.index(">") + 1
        return f"{text[:end]}{names}{text[end:]}"


@contextmanager
def canvas(width: float, height: float) -> Iterator[Figure]:
    """Give an empty figure of a size in inches, in the look of the report."""
    with mpl.rc_context(_STYLE):  # type: ignore[arg-type]  # newer stubs know every key
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(figure)
        yield figure


def finish(figure: Figure, name: str, title: str, told: str) -> Chart:
    """Write a figure in all formats; to be called within its canvas."""
    files = {}
    for form, metadata in _FORMATS.items():
        held = BytesIO()
        figure.savefig(held, format=form, metadata=metadata, dpi=200)
        files[form] = held.getvalue()
    return Chart(name, title, told, files)
