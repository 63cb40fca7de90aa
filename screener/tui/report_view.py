"""A report's text on the screen: its headings, what was searched for, and the screen's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from screener.candidates import CaseReport, Highlight
from screener.tui.report_lines import Line, lay_out, line_of, shown_text
from screener.tui.searches import Hit

_LOOKS = {"asserted": "asserted", "negated": "negated"}


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters of the text with a look of their own, half-open; later marks lie on top."""

    start: int
    end: int
    look: str


class ReportView(ScrollView, can_focus=True):
    """The text of one report, exactly as exported; only the lines in sight are drawn."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("report--heading", "report--hit", "report--current"),
        *("report--asserted", "report--negated", "report--other"),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_up", "line up"),
        Binding("down,j", "scroll_down", "line down"),
        Binding("pageup,b", "page_up", "page up"),
        Binding("pagedown,space", "page_down", "page down"),
        Binding("home", "scroll_home", "start"),
        Binding("end", "scroll_end", "end"),
    ]

    def __init__(self) -> None:
        super().__init__(id="report")
        self._report: CaseReport | None = None
        self._lines: tuple[Line, ...] = ()
        self._marks: list[Mark] = []
        self._hits: Sequence[Hit] = ()
        self._current: Hit | None = None
        self._highlights: Sequence[Highlight] = ()

    def show_report(self, report: CaseReport) -> None:
        """Show a report from its first line."""
        self._report = report
        self._remark()
        self._fold()
        self.scroll_to(0, 0, animate=False, force=True, immediate=True)

    def show_hits(self, hits: Sequence[Hit], current: Hit | None) -> None:
        """Mark what was found, and bring the current one into sight."""
        self._hits, self._current = hits, current
        self._remark()
        if current is not None and self._lines:
            row = line_of(self._lines, current.start) - self.size.height // 2
            # a report that was just put here has its size after the next drawing
            self.call_after_refresh(
                self.scroll_to, 0, max(row, 0), animate=False, force=True, immediate=True
            )

    def show_highlights(self, highlights: Sequence[Highlight]) -> None:
        """Mark the screen's words; none hides them."""
        if highlights != self._highlights:
            self._highlights = highlights
            self._remark()

    def go_section(self, by: int) -> None:
        """Bring the next heading to the top, or the one before."""
        if self._report is None or not self._lines:
            return
        rows = sorted({line_of(self._lines, one.start) for one in self._report.sections})
        top = round(self.scroll_y)
        found = [row for row in rows if row > top] if by > 0 else [r for r in rows if r < top][::-1]
        if found:
            self.scroll_to(0, found[0], animate=False, force=True, immediate=True)

    def action_page_down(self) -> None:
        """Go on by a screen, at once."""
        self.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        """Go back by a screen, at once."""
        self.scroll_page_up(animate=False)

    def on_resize(self, event: Resize) -> None:
        """Fold the lines anew, and keep the line at the top where it is."""
        del event
        top = self._lines[min(round(self.scroll_y), len(self._lines) - 1)] if self._lines else None
        self._fold()
        if top is not None:
            row = line_of(self._lines, top.start)
            self.scroll_to(0, row, animate=False, force=True, immediate=True)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        row, width = y + round(self.scroll_offset.y), self.size.width
        if self._report is None or row >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        line = self._lines[row]
        strip = Strip(self._segments(self._report.text, line))
        return strip.adjust_cell_length(width, self.rich_style).apply_style(self.rich_style)

    def _segments(self, text: str, line: Line) -> list[Segment]:
        shown, places = shown_text(text[line.start : line.end])
        looks = [""] * (line.end - line.start)
        for mark in self._marks:
            start, end = max(mark.start, line.start), min(mark.end, line.end)
            looks[start - line.start : max(end, start) - line.start] = [mark.look] * (end - start)
        segments, begin = [], 0
        for place in range(1, len(looks) + 1):
            if place == len(looks) or looks[place] != looks[begin]:
                part = shown[places[begin] : places[place]]
                segments.append(Segment(part, self._style(looks[begin])))
                begin = place
        return segments

    def _style(self, look: str) -> Style:
        base = self.rich_style
        if not look:
            return base
        return base + self.get_component_rich_style(f"report--{look}", partial=True)

    def _remark(self) -> None:
        report = self._report
        if report is None:
            return
        marks = [Mark(one.start, one.end, "heading") for one in report.sections]
        marks += [
            Mark(one.start, one.end, _LOOKS.get(one.state, "other"))
            for one in self._highlights
            if one.place == report.place
        ]
        found = [one for one in self._hits if one.place == report.place]
        marks += [Mark(one.start, one.end, "hit") for one in found]
        if self._current is not None and self._current.place == report.place:
            marks.append(Mark(self._current.start, self._current.end, "current"))
        self._marks = marks
        self.refresh()

    def _fold(self) -> None:
        if self._report is not None:
            width = self.scrollable_content_region.width
            self._lines = lay_out(self._report.text, width)
            self.virtual_size = Size(width, len(self._lines))
            self.refresh()
