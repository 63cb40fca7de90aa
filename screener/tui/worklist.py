"""The worklist: one reader's cases in that reader's order, and how far the reader has come."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screener.candidates import Progress, WorkItem
from screener.tui.key_bar import KeyBar
from screener.tui.report_lines import shown_text

if TYPE_CHECKING:
    from screener.tui.app import ReadingRoom

STATES = {"unread": "○ unread", "draft": "◐ draft", "locked": "■ locked"}
_BAR = 20


class WorklistScreen(Screen[None]):
    """All cases; Enter opens one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open"),
        Binding("n", "next", "next open case"),
        Binding("up,down", "none", "choose"),
    ]

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield Static("", id="bar", markup=False)
        yield Static("", id="question", markup=False)
        yield Static("", id="progress", markup=False)
        yield OptionList(id="cases", compact=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the cases."""
        self.fill()

    def on_screen_resume(self) -> None:
        """Show how the cases stand now."""
        self.fill()

    def fill(self, chosen: str | None = None) -> None:
        """Show the cases as they are in the store."""
        room, cases = self._room, self.query_one("#cases", OptionList)
        charter = room.reading.charter
        items = room.attempt(room.reading.worklist) or ()
        self.query_one("#bar", Static).update(Content(f"{charter.name} · {room.reading.reader}"))
        self.query_one("#question", Static).update(Content(charter.question))
        self.query_one("#progress", Static).update(Content(_progress_told(items)))
        here = chosen or (cases.highlighted_option.id if cases.highlighted_option else None)
        cases.clear_options()
        cases.add_options([Option(Content(_told(item)), id=item.case_id) for item in items])
        ids = [item.case_id for item in items]
        if ids:
            cases.highlighted = ids.index(here) if here in ids else _first_open(items)
        cases.focus()

    @on(OptionList.OptionSelected)
    def open_case(self, event: OptionList.OptionSelected) -> None:
        """Open the chosen case."""
        if event.option_id:
            self._room.open_case(event.option_id)

    def action_open(self) -> None:
        """Open the chosen case from the foot."""
        self.query_one("#cases", OptionList).action_select()

    def action_next(self) -> None:
        """Open the first case that is not locked."""
        self._room.open_next()

    def action_none(self) -> None:
        """Told at the foot; the list does it."""

    @property
    def _room(self) -> ReadingRoom:
        return cast("ReadingRoom", self.app)


def _first_open(items: tuple[WorkItem, ...]) -> int:
    return next((place for place, item in enumerate(items) if item.state != "locked"), 0)


def _progress_told(items: tuple[WorkItem, ...]) -> str:
    states = [item.state for item in items]
    own = Progress(len(states), states.count("locked"), states.count("draft"))
    if not own.n_cases:
        return "No cases yet: none are drawn, or none await you."
    done = _BAR * own.n_locked // own.n_cases
    drafts = f", {own.n_drafts} begun" if own.n_drafts else ""
    bar = "█" * done + "░" * (_BAR - done)
    return f"{bar} {own.n_locked} of {own.n_cases} locked{drafts}"


def _told(item: WorkItem) -> str:
    reports = f"{item.n_reports} report{'s' if item.n_reports != 1 else ''}"
    notes = ["calibration"] if item.round == "calibration" else []
    notes += ["readers differed: decide"] if item.task == "adjudication" else []
    patient = _padded(shown_text(item.patient_id)[0], 14)
    case = f"{item.place:>4}  {STATES[item.state]:<9} {_padded(item.case_id, 10)}"
    return f"{case} {patient} {reports:<11} {', '.join(notes)}".rstrip()


def _padded(words: str, width: int) -> str:
    return words + " " * (width - cell_len(words))
