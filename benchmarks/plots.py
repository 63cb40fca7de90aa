"""The rates as bars on a scale of powers of ten, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import log10

from benchmarks.measures import Figure

_ROW, _LEFT, _DECADE = 22, 330, 80


def bars(figures: Sequence[Figure]) -> str:
    """Return an SVG with one bar a figure: reports a second."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + 7 * _DECADE}" '
        f'height="{_ROW * (len(figures) + 1)}" font-family="sans-serif" font-size="12">'
    ]
    for i, figure in enumerate(figures):
        y = _ROW * i + 4
        width = max(1.0, _DECADE * log10(max(1.0, figure.rate)))
        label = escape(f"{figure.mix}: {figure.what} ({figure.n:,})")
        lines += [
            f'<text x="{_LEFT - 6}" y="{y + 12}" text-anchor="end">{label}</text>',
            f'<rect x="{_LEFT}" y="{y}" width="{width:.0f}" height="15" fill="#4477aa"/>',
            f'<text x="{_LEFT + width + 5:.0f}" y="{y + 12}">{figure.rate:,.0f}/s</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])
