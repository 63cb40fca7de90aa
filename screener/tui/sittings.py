"""A reader's sitting over one case: what is being entered, saved at every change.

Contract: `form` is on the disk whenever `fault` is empty. Nothing here knows a screen.
"""

from __future__ import annotations

from typing import Literal

from screener.candidates import Highlight, WorkItem
from screener.errors import BlindingError, ScreenerError
from screener.reading import Locked, Reading
from screener.reads import DraftKind, Read, ReadForm
from screener.tui.histories import FormHistory

Mode = Literal["first", "locked", "amendment", "second_look"]


class Sitting:
    """One case as its reader works on it.

    Parameters
    ----------
    reading
        The reader's session.
    item
        The case's line of the worklist.

    Attributes
    ----------
    mode
        ``first``: not locked yet; ``locked``; or what is being added after the lock.
    fault
        Why the last change could not be saved; empty when it is on the disk.
    """

    def __init__(self, reading: Reading, item: WorkItem) -> None:
        self.item = item
        self.case = reading.open_case(item.case_id)
        self.fault = ""
        self._reading = reading
        self._reads = reading.reads(item.case_id)
        self.mode: Mode = "locked" if self._reads else "first"
        self._history = FormHistory(self._start())

    @property
    def form(self) -> ReadForm:
        """What stands on the screen's form."""
        return self._history.form

    @property
    def reads(self) -> tuple[Read, ...]:
        """The reader's own records of the case."""
        return self._reads

    @property
    def is_editable(self) -> bool:
        """Whether the form takes changes."""
        return self.mode != "locked"

    @property
    def is_locked(self) -> bool:
        """Whether the reader's read of the case is locked."""
        return bool(self._reads)

    @property
    def can_look_again(self) -> bool:
        """Whether a second look can begin."""
        had = any(read.kind == "second_look" for read in self._reads)
        return self.mode == "locked" and self._reading.has_second_look and not had

    def highlights(self) -> tuple[Highlight, ...]:
        """Return the screen's words if they may be seen now; else nothing."""
        try:
            return self._reading.highlights(self.item.case_id)
        except BlindingError:
            return ()

    def problems(self) -> tuple[str, ...]:
        """Tell what keeps the form from being locked."""
        return self._reading.problems(self.form)

    def edit(self, form: ReadForm, typing: str = "") -> None:
        """Take a change and save it; `typing` names the field of a keystroke."""
        if self.is_editable:
            self._keep(self._history.changed(form, typing))

    def undo(self) -> bool:
        """Take the last change back; whether there was one."""
        return self._step(self._history.undone())

    def redo(self) -> bool:
        """Make the last undone change again; whether there was one."""
        return self._step(self._history.redone())

    def settle(self) -> None:
        """Say that a field was left."""
        self._history = self._history.settled()

    def save(self) -> None:
        """Save the form; where that fails, `fault` tells why."""
        try:
            if self.mode == "first" and self.form.is_empty:
                self._reading.discard_draft(self.item.case_id)
            else:
                self._reading.save_draft(self.item.case_id, self.form, self._kind)
        except ScreenerError as error:
            self.fault = str(error)
        else:
            self.fault = ""

    def begin(self, mode: Literal["amendment", "second_look"]) -> None:
        """Go on to add something to a locked case, from what stands or was being entered."""
        start = self._reading.draft(self.item.case_id, mode) or self._start()
        self.mode = mode
        self._history = FormHistory(start)

    def put_back(self) -> None:
        """Give up what was being added to a locked case."""
        self._reading.discard_draft(self.item.case_id, self._kind)
        self._return()

    def lock(self, reason: str = "") -> Locked:
        """Lock what is on the form; `reason` is for an amendment.

        Raises
        ------
        ScreenerError
            When it cannot be locked; the form is as it was.
        """
        case_id = self.item.case_id
        if self.mode == "amendment":
            locked = self._reading.amend(case_id, self.form, reason)
        elif self.mode == "second_look":
            locked = self._reading.second_look(case_id, self.form)
        else:
            locked = self._reading.lock(case_id, self.form)
        self._reads = (*self._reads, locked.read)
        self._return()
        return locked

    @property
    def _kind(self) -> DraftKind:
        return "first" if self.mode == "locked" else self.mode

    def _return(self) -> None:
        self.mode, self.fault = "locked", ""
        self._history = FormHistory(self._start())

    def _start(self) -> ReadForm:
        if self.mode == "first":
            return self._reading.draft(self.item.case_id) or ReadForm()
        standing = self._reading.standing(self.item.case_id)
        return standing.form if standing else ReadForm()

    def _step(self, history: FormHistory) -> bool:
        is_step = history.form != self.form
        if is_step and self.is_editable:
            self._keep(history)
        return is_step

    def _keep(self, history: FormHistory) -> None:
        self._history = history
        self.save()
