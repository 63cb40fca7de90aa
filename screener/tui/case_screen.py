"""One case a screen: the time line of its reports, the text, and the form."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.events import Resize
from textual.screen import Screen

from screener.reads import CANNOT_ASSESS
from screener.tui.case_keys import CASE_BINDINGS, is_possible
from screener.tui.case_words import lock_told, said_told, task_told
from screener.tui.dialogs import LockQuestion, Notice, ReasonQuestion
from screener.tui.form_panel import FormPanel, form_lines
from screener.tui.key_bar import KeyBar
from screener.tui.report_pane import ReportPane
from screener.tui.report_view import ReportView
from screener.tui.sittings import Sitting
from screener.tui.words import Words

if TYPE_CHECKING:
    from screener.tui.app import ReadingRoom

RETRY_SECONDS = 3.0
WIDE_CELLS = 132


class CaseScreen(Screen[None]):
    """One case of the worklist.

    Parameters
    ----------
    sitting
        The case as its reader works on it.
    n_cases
        Cases of the worklist.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*CASE_BINDINGS]

    def __init__(self, sitting: Sitting, n_cases: int) -> None:
        super().__init__()
        self.sitting = sitting
        self._n_cases = n_cases
        self._shows_highlights = False

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield Words(id="bar")
        yield Words(self._room.reading.charter.question, id="question")
        with Horizontal(id="body"):
            yield ReportPane(self.sitting.case)
            yield FormPanel(self._room.reading.charter)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the form as it was left."""
        self._shows_highlights = bool(self._room.reading.charter.reading.highlights == "always")
        self._show_form()
        self.query_one(ReportView).focus()
        self.set_interval(RETRY_SECONDS, self._retry)

    def on_resize(self, event: Resize) -> None:
        """Put the time line beside the text where there is room."""
        self.set_class(event.size.width >= WIDE_CELLS, "wide")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether an action does something now."""
        del parameters
        return is_possible(action, self.sitting, self._room.reading.charter)

    # --- reports ---------------------------------------------------------------------------------

    def action_report(self, by: int) -> None:
        """Show the report before or after."""
        self._pane.step(by)

    def action_section(self, by: int) -> None:
        """Go to the section before or after."""
        self.query_one(ReportView).go_section(by)

    def action_search(self) -> None:
        """Ask for words."""
        self._pane.ask_words()

    def action_hit(self, by: int) -> None:
        """Go to the next place that was found, or the one before."""
        self._pane.step_hit(by)

    def action_accession(self) -> None:
        """Copy the accession of the shown report."""
        report = self._pane.report
        accession = report.accession if report else ""
        if not accession:
            self.notify("This report has no accession.", severity="warning", markup=False)
            return
        self.app.copy_to_clipboard(accession)
        self.notify(f"Accession {accession} is sent to the clipboard.", markup=False)

    @property
    def _pane(self) -> ReportPane:
        return self.query_one(ReportPane)

    # --- the form --------------------------------------------------------------------------------

    def action_choose(self, name: str, value: str) -> None:
        """Choose a verdict or a confidence."""
        self._edit({name: value})

    def action_enter(self, name: str) -> None:
        """Go into a field."""
        self._panel.enter(name)

    def action_modality(self) -> None:
        """Choose the next modality, or go into its field where anything may be named."""
        names = self._room.reading.charter.modalities
        if names:
            here = self.sitting.form.modality
            at = names.index(here) + 1 if here in names else 0
            self._edit({"modality": names[at % len(names)]})
        else:
            self._panel.enter("modality")

    def action_undo(self) -> None:
        """Take the last change back."""
        self._tell_step("Nothing to undo.", is_step=self.sitting.undo())

    def action_redo(self) -> None:
        """Make the last undone change again."""
        self._tell_step("Nothing to redo.", is_step=self.sitting.redo())

    def _tell_step(self, words: str, *, is_step: bool) -> None:
        if not is_step:
            self.notify(words, markup=False)
        self._show_form()

    @on(FormPanel.Edited)
    def take(self, event: FormPanel.Edited) -> None:
        """Take a change, and save it."""
        self._edit(event.changes, event.typing)

    def _edit(self, changes: dict[str, Any], typing: str = "") -> None:
        verdict = changes.get("verdict")
        if verdict and verdict != CANNOT_ASSESS:
            changes = {**changes, "reason": ""}
        self.sitting.edit(replace(self.sitting.form, **changes), typing)
        self._show_form(typing=typing)
        if verdict == CANNOT_ASSESS and not self.sitting.form.reason:
            self._panel.enter("reason")

    @on(FormPanel.Left)
    def leave_field(self) -> None:
        """Go back to the report."""
        self.sitting.settle()
        self.set_focus(self.query_one(ReportView))
        self._show_form()

    def _retry(self) -> None:
        if self.sitting.fault:
            self.sitting.save()
            self._show_form()

    def _show_form(self, faults: tuple[str, ...] = (), typing: str = "") -> None:
        sitting = self.sitting
        self._panel.show(sitting.form, is_editable=sitting.is_editable, typing=typing)
        self._panel.say(
            said_told(sitting, faults),
            task=task_told(sitting),
            lock=lock_told(sitting),
        )
        self._show_highlights()
        item = sitting.item
        parts = [f"{item.place} of {self._n_cases}", item.case_id, item.patient_id]
        parts += ["calibration"] if item.round == "calibration" else []
        shown = " · ".join(filter(None, [self._room.reading.reader, *parts]))
        self.query_one("#bar", Words).tell(shown)
        self.query_one(KeyBar).tell()

    @property
    def _panel(self) -> FormPanel:
        return self.query_one(FormPanel)

    # --- the lock --------------------------------------------------------------------------------

    @on(FormPanel.LockAsked)
    def ask_lock(self) -> None:
        """Ask by the button."""
        self.action_lock()

    def action_lock(self) -> None:
        """Lock, after a question; what is missing is told first."""
        if not self.sitting.is_editable:
            return
        faults = (*self._panel.unclear(), *self.sitting.problems())
        if faults:
            self._show_form(faults)
            self.query_one("#said").scroll_visible(animate=False)
            return
        if self.sitting.mode == "amendment":
            self.app.push_screen(ReasonQuestion(), self._lock_with)
            return
        kind = "Lock this second look?" if self.sitting.mode == "second_look" else "Lock this read?"
        told = "A lock is for good. A change of mind is an amendment, with a reason."
        question = LockQuestion(kind, form_lines(self.sitting.form), told)
        self.app.push_screen(question, lambda answer: self._lock() if answer else None)

    def _lock_with(self, reason: str | None) -> None:
        if reason:
            self._lock(reason)

    def _lock(self, reason: str = "") -> None:
        was = self.sitting.mode
        locked = self._room.attempt(lambda: self.sitting.lock(reason))
        if locked is None:
            return
        self.notify(f"Locked. Receipt: {locked.receipt}", markup=False)
        self._show_form()
        if was == "first" and not self.sitting.can_look_again:
            self._room.open_next(self.sitting.item.case_id)

    # --- after the lock --------------------------------------------------------------------------

    def action_amend(self) -> None:
        """Begin an amendment."""
        self._room.attempt(lambda: self.sitting.begin("amendment"))
        self._show_form()

    def action_look_again(self) -> None:
        """Begin the second look: the screen's words are shown."""
        self._shows_highlights = True
        self._room.attempt(lambda: self.sitting.begin("second_look"))
        self._show_form()

    def action_put_back(self) -> None:
        """Give up what was being added."""
        self._room.attempt(self.sitting.put_back)
        self._show_form()

    def action_marks(self) -> None:
        """Show or hide the screen's words."""
        self._shows_highlights = not self._shows_highlights
        self._show_highlights()

    def action_others(self) -> None:
        """Show the others' reads of a case that all have locked."""
        reads = self._room.attempt(lambda: self._room.reading.others(self.sitting.item.case_id))
        lines: list[str] = []
        for read in reads or ():
            lines += [f"{read.reader} ({read.kind.replace('_', ' ')})", *form_lines(read.form), ""]
        if lines:
            self.app.push_screen(Notice("The other readers", lines))

    def _show_highlights(self) -> None:
        found = self.sitting.highlights() if self._shows_highlights else ()
        self.query_one(ReportView).show_highlights(found)

    # --- ways out --------------------------------------------------------------------------------

    def action_beside(self, by: int) -> None:
        """Open the case before or after."""
        self._room.open_beside(self.sitting.item.case_id, by)

    def action_next(self) -> None:
        """Open the next case that is not locked."""
        self._room.open_next(self.sitting.item.case_id)

    def action_worklist(self) -> None:
        """Go back to the worklist."""
        self.app.pop_screen()

    @property
    def _room(self) -> ReadingRoom:
        return cast("ReadingRoom", self.app)
