"""The reports of a case: their time line, the text of one, and the search in all of them."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList

from screener.candidates import Case, CaseReport
from screener.tui.fields import WordField
from screener.tui.report_view import ReportView
from screener.tui.searches import Hit, find_hits
from screener.tui.timeline import TimeLine, told_report
from screener.tui.words import Words


class ReportPane(Vertical):
    """The left of a case's screen; it opens with the latest report."""

    def __init__(self, case: Case) -> None:
        super().__init__(id="left")
        self._case = case
        self._place = 0
        self._hits: tuple[Hit, ...] = ()
        self._hit = 0

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield TimeLine(self._case)
        with Vertical(id="text"):
            yield ReportView()
            yield Words(id="found")
            yield WordField("words", "search, then Enter; Esc leaves")

    def on_mount(self) -> None:
        """Show the latest report."""
        self.query_one("#words").display = False
        self.query_one("#found").display = False
        if self._case.reports:
            self.show_report(len(self._case.reports) - 1)

    @property
    def report(self) -> CaseReport | None:
        """The shown report."""
        return self._case.reports[self._place] if self._case.reports else None

    def show_report(self, place: int) -> None:
        """Show a report, counted from 0."""
        self._place = place
        self.query_one(TimeLine).highlighted = place
        view = self.query_one(ReportView)
        view.show_report(self._case.reports[place])
        view.border_title = Content(told_report(self._case.reports[place]))

    def step(self, by: int) -> None:
        """Show the report before or after."""
        if 0 <= self._place + by < len(self._case.reports):
            self.show_report(self._place + by)

    @on(OptionList.OptionHighlighted)
    def choose_report(self, event: OptionList.OptionHighlighted) -> None:
        """Show the chosen report."""
        # the list tells of its first option late, when another one is chosen already
        is_now = event.option_index == event.option_list.highlighted
        if is_now and event.option_index != self._place:
            self.show_report(event.option_index)

    # --- search ----------------------------------------------------------------------------------

    def ask_words(self) -> None:
        """Ask for the words to search for."""
        words = self.query_one("#words", Input)
        words.display = True
        words.value = ""
        self.screen.set_focus(words)

    @on(Input.Submitted)
    def search(self, event: Input.Submitted) -> None:
        """Find the words in all reports; start in the shown one."""
        event.stop()
        self._hits = find_hits(self._case.reports, event.value)
        here = [n for n, hit in enumerate(self._hits) if hit.place > self._place]
        self._hit = here[0] if here else 0
        self.close_search()
        self.query_one("#found").display = bool(event.value.strip())
        self._show_hit()

    def close_search(self) -> None:
        """Go back to the text."""
        self.query_one("#words").display = False
        self.screen.set_focus(self.query_one(ReportView))

    def step_hit(self, by: int) -> None:
        """Go to the next place that was found, or the one before."""
        if self._hits:
            self._hit = (self._hit + by) % len(self._hits)
            self._show_hit()

    def _show_hit(self) -> None:
        hit = self._hits[self._hit] if self._hits else None
        if hit is not None and hit.place != self._place + 1:
            self.show_report(hit.place - 1)
        self.query_one(ReportView).show_hits(self._hits, hit)
        told = f"found {self._hit + 1} of {len(self._hits)}" if hit else "not found in any report"
        self.query_one("#found", Words).tell(told)
