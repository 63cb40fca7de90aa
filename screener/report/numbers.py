"""How numbers are written where a person reads them: every percent beside its n/N."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from screener.accuracy import Figure
    from screener.agreement.records import Estimate

UNDEFINED = "undefined"


def share_text(n: int, of: int, interval: Sequence[float] | None = None) -> str:
    """Write a share with its counts, and its interval in percent where there is one.

    >>> share_text(1, 15, (0.0119, 0.2982)), share_text(0, 0)
    ('1/15 (6.7%; 1.2 to 29.8)', '0/0')
    """
    if not of:
        return f"{n}/{of}"
    bounds = "" if interval is None else f"; {100 * interval[0]:.1f} to {100 * interval[1]:.1f}"
    return f"{n}/{of} ({100 * n / of:.1f}%{bounds})"


def told_share(told: Mapping[str, Any]) -> str:
    """Write a share that a summary tells as ``{"n", "N", "interval"}``."""
    return share_text(told["n"], told["N"], told["interval"])


def figure_text(figure: Figure) -> str:
    """Write a figure of accuracy; where it is undefined, why."""
    if figure.value is None:
        return f"{UNDEFINED}: {figure.why}"
    if figure.n is not None and figure.of is not None and _is_share(figure):
        interval = _interval(figure)
        return share_text(figure.n, figure.of, interval)
    bounds = "" if figure.low is None else f" ({figure.low:.2f} to {_upper(figure.high)})"
    return f"{figure.value:.2f}{bounds}"


def _is_share(figure: Figure) -> bool:
    """Whether a figure lies in [0, 1]; a number needed to read is never below 1."""
    highest = figure.value if figure.high is None else figure.high
    return highest is not None and highest <= 1


def _interval(figure: Figure) -> tuple[float, float] | None:
    return None if figure.low is None or figure.high is None else (figure.low, figure.high)


def _upper(high: float | None) -> str:
    return "no upper bound" if high is None else f"{high:.2f}"


def estimate_text(estimate: Estimate, decimals: int = 2) -> str:
    """Write a coefficient with its interval; where it is undefined, so."""
    if estimate.value is None:
        return UNDEFINED
    value = f"{estimate.value:.{decimals}f}"
    if estimate.interval is None:
        return value
    low, high = estimate.interval
    return f"{value} ({low:.{decimals}f} to {high:.{decimals}f})"


def days_text(days: float | None, why: str = "") -> str:
    """Write a time in days, or that it is not reached."""
    return f"{days:.0f} days" if days is not None else f"not reached{f' ({why})' if why else ''}"
