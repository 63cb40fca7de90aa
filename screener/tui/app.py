"""The reading room as an application: its session, its screens, and what it does with faults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType

from screener.errors import ScreenerError
from screener.reading import Reading
from screener.tui.case_screen import CaseScreen
from screener.tui.dialogs import Notice
from screener.tui.help_lines import help_lines
from screener.tui.sittings import Sitting
from screener.tui.typed_keys import OneKeyApp
from screener.tui.worklist import WorklistScreen

DARK, LIGHT = "textual-dark", "textual-light"
_Got = TypeVar("_Got")


class ReadingRoom(OneKeyApp):
    """One reader's room.

    Parameters
    ----------
    reading
        The reader's session; the caller closes it.
    theme
        ``textual-dark`` or ``textual-light``.
    """

    CSS_PATH = Path(__file__).with_name("room.tcss")
    ENABLE_COMMAND_PALETTE = False
    TITLE = "screener"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "turn_theme", "dark/light"),
        Binding("question_mark", "show_help", "help"),
        Binding("q", "quit", "quit"),
    ]

    def __init__(self, reading: Reading, theme: str = DARK) -> None:
        super().__init__()
        self.reading = reading
        self.theme = theme
        self.fault: Exception | None = None

    def on_mount(self) -> None:
        """Go on where the reader was."""
        self.push_screen(WorklistScreen())
        last = self.attempt(self.reading.last_case)
        if last:
            self.call_after_refresh(self.open_case, last)

    def attempt(self, act: Callable[[], _Got]) -> _Got | None:
        """Do something with the session; show a fault of it, and go on."""
        try:
            return act()
        except ScreenerError as error:
            self.push_screen(Notice("That did not work", [str(error), "", "You can go on."]))
            return None

    def open_case(self, case_id: str) -> None:
        """Open a case of the worklist in place of the one that is open."""
        items = self.attempt(self.reading.worklist) or ()
        item = next((one for one in items if one.case_id == case_id), None)
        sitting = self.attempt(lambda: Sitting(self.reading, item)) if item else None
        if sitting is None:
            return
        screen = CaseScreen(sitting, n_cases=len(items))
        if isinstance(self.screen, CaseScreen):
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def open_next(self, after: str | None = None) -> None:
        """Open the first case after one that is not locked; the worklist if there is none."""
        items = self.attempt(self.reading.worklist) or ()
        ids = [item.case_id for item in items]
        at = ids.index(after) + 1 if after in ids else 0
        still = [item for item in (*items[at:], *items[:at]) if item.state != "locked"]
        if still:
            self.open_case(still[0].case_id)
            return
        if isinstance(self.screen, CaseScreen):
            self.pop_screen()
        self.notify("All your cases are locked.", markup=False)

    def open_beside(self, case_id: str, by: int) -> None:
        """Open the next case of the worklist, or the one before."""
        items = self.attempt(self.reading.worklist) or ()
        ids = [item.case_id for item in items]
        if case_id in ids and 0 <= ids.index(case_id) + by < len(ids):
            self.open_case(ids[ids.index(case_id) + by])

    def action_turn_theme(self) -> None:
        """Turn from dark to light or back."""
        self.theme = LIGHT if self.theme == DARK else DARK

    def action_show_help(self) -> None:
        """Tell every key."""
        self.push_screen(
            Notice(
                "Keys (↑ ↓ PgDn scroll, Esc closes)", help_lines(self.screen, self.reading.charter)
            )
        )

    def _fatal_error(self) -> None:
        """End without Textual's traceback, which shows values of variables: report text."""
        self.fault = self._exception
        self._close_messages_no_wait()


def run_room(reading: Reading, theme: str = DARK) -> None:
    """Run a room in the terminal until its reader leaves.

    Raises
    ------
    Exception
        A fault of the program itself, as it was; the caller must not print its message.
    """
    room = ReadingRoom(reading, theme)
    room.run()
    if room.fault is not None:
        raise room.fault
