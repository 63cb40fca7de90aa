"""What help tells: every key of a screen, and what the study asks."""

from __future__ import annotations

from textual.binding import Binding
from textual.screen import Screen

from screener.studies import Charter
from screener.tui.key_bar import own_bindings, told_key
from screener.tui.report_view import ReportView

_FIELDS = (
    "In a field: Enter or Esc leaves it; digits and letters are text there, not commands.",
    "Tab and Shift+Tab go through the fields; in a choice, ← → change it.",
    "The mouse does it too: click a choice, a field, a report, or a key at the foot.",
    "Every change is saved at once; closing the terminal loses nothing.",
)


def help_lines(screen: Screen[object], charter: Charter) -> list[str]:
    """Return the help of a screen in lines."""
    lines = [f"Question: {charter.question}", f"Yes means more than {charter.cut_percent:g}%.", ""]
    lines += [_told(one) for one in own_bindings(screen)]
    if screen.query(ReportView):
        lines += ["", "In the report:"]
        lines += [_told(one) for one in ReportView.BINDINGS if isinstance(one, Binding)]
        lines += ["", *_FIELDS]
    return lines


def _told(binding: Binding) -> str:
    return f"{told_key(binding):<14}{binding.tooltip or binding.description}"
