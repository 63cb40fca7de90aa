"""One reader's session: what the reading room calls, and all that it may see.

Contract (what a room can rely on, and what it cannot get):

* Everything is about the session's own reader. No method takes a reader's name.
* A case is its reports and nothing of why it is there: no score, no tier, no word of the screen.
  The import contract ``blinding`` keeps this module and the desk from everything that knows.
* `Reading.highlights` and `Reading.others` raise `BlindingError` before they may be seen.
* What was saved or locked when a method returned is on the disk: closing the terminal, or ``kill
  -9``, loses nothing. `Reading.last_case` is where to go on.
* A lock is for good. A change of mind is `Reading.amend`, with a reason.
* A fault of the store is a `StoreError`, a form that cannot be locked a `ReadError` with all its
  `faults`; both are `ScreenerError` and safe to show. After a `StoreError` the session may go on.
* A session may be used from several threads; two sessions of one reader are safe, too: a case is
  locked once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from screener.candidates import Progress
from screener.errors import BlindingError, ReadError, StudyError
from screener.form_checks import form_problems
from screener.reads import DECIDING, Read, ReadForm, normalized
from screener.run_records import version_of
from screener.studies import Charter, read_charter
from screener.study_folders import find_study

if TYPE_CHECKING:
    from types import TracebackType

    from screener.candidates import Case, Highlight, WorkItem
    from screener.reads import DraftKind, Kind
    from screener.store.desks import Desk


@dataclass(frozen=True, slots=True)
class Locked:
    """What a lock gives back: the read, and what the reader may note down of it.

    Attributes
    ----------
    read
        As it is in the store.
    receipt
        Reader, position and the first 12 characters of the hash: held against the store by
        ``screener study verify --receipt``.
    """

    read: Read
    receipt: str


class Reading:
    """A reader's session; a context manager. Made by `open_reading`."""

    def __init__(self, desk: Desk, reader: str, charter: Charter) -> None:
        self._desk = desk
        self._reader = reader
        self._charter = charter
        self._charter_sha256 = charter.sha256
        self._version = version_of("screener")

    def __enter__(self) -> Reading:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; nothing is lost by not calling it."""
        self._desk.close()

    # --- the study -------------------------------------------------------------------------------

    @property
    def reader(self) -> str:
        """Whose session it is."""
        return self._reader

    @property
    def charter(self) -> Charter:
        """The study's charter: name, question, cut, and what a form is asked."""
        return self._charter

    # --- the worklist ----------------------------------------------------------------------------

    def worklist(self) -> tuple[WorkItem, ...]:
        """Return the reader's cases in the reader's order; the first that is not locked is next."""
        return self._desk.worklist()

    def progress(self) -> Progress:
        """Return how far this reader has come."""
        states = [item.state for item in self.worklist()]
        return Progress(len(states), states.count("locked"), states.count("draft"))

    def last_case(self) -> str | None:
        """Return the case that was opened last, in any session of this reader; else ``None``."""
        return self._desk.last_case()

    # --- one case --------------------------------------------------------------------------------

    def open_case(self, case_id: str) -> Case:
        """Return a case of this reader's worklist, and remember that it was opened now."""
        self._desk.open_case(case_id, _now())
        return self._desk.case(case_id)

    def draft(self, case_id: str, kind: DraftKind = "first") -> ReadForm | None:
        """Return what was entered and not locked; a read, an amendment, a second look each its own.

        An adjudicator's draft is ``first``, too.
        """
        return self._desk.draft(case_id, kind)

    def save_draft(self, case_id: str, form: ReadForm, kind: DraftKind = "first") -> None:
        """Keep a form as it is, complete or not; call it at every change."""
        self._desk.save_draft(case_id, form, _now(), kind)

    def discard_draft(self, case_id: str, kind: DraftKind = "first") -> None:
        """Forget what was entered and not locked."""
        self._desk.discard_draft(case_id, kind)

    def problems(self, form: ReadForm) -> tuple[str, ...]:
        """Tell all that keeps a form from being locked; empty where nothing does."""
        return form_problems(normalized(form), self._charter)

    # --- reads -----------------------------------------------------------------------------------

    def reads(self, case_id: str) -> tuple[Read, ...]:
        """Return this reader's own records of a case, oldest first."""
        return self._desk.own_reads(case_id)

    def standing(self, case_id: str) -> Read | None:
        """Return what stands: the locked read or its latest amendment; ``None`` before the lock."""
        counted = [read for read in self.reads(case_id) if read.kind != "second_look"]
        return counted[-1] if counted else None

    def lock(self, case_id: str, form: ReadForm) -> Locked:
        """Lock a case for good; its draft is gone then.

        Raises
        ------
        ReadError
            When the form cannot be locked as it is.
        StudyError
            When the case is not on the worklist or was locked before.
        """
        is_primary = self._desk.task(case_id) == "primary"
        return self._lock(case_id, form, "first" if is_primary else "adjudication")

    def amend(self, case_id: str, form: ReadForm, reason: str) -> Locked:
        """Supersede what stands by another form; both are kept, and the reason.

        Raises
        ------
        ReadError
            When the form cannot be locked, or no reason is given.
        StudyError
            When nothing is locked yet.
        """
        if not reason.strip():
            raise ReadError("An amendment needs a reason.", ("Say why the read is amended.",))
        standing = self.standing(case_id)
        amends = None if standing is None else standing.position
        return self._lock(case_id, form, "amendment", amends, reason.strip())

    # --- after the lock --------------------------------------------------------------------------

    @property
    def has_second_look(self) -> bool:
        """Whether the charter offers a second look with the screen's highlights."""
        return self._charter.reading.highlights == "after_lock"

    def highlights(self, case_id: str) -> tuple[Highlight, ...]:
        """Return the words of a case's reports that the screen found.

        Raises
        ------
        BlindingError
            When the charter keeps them back, or back until this reader has locked the case.
        """
        when = self._charter.reading.highlights
        if when == "never":
            raise BlindingError("This study shows no highlights of the screen.")
        if when == "after_lock" and not self._is_locked(case_id):
            raise BlindingError(f"The screen's highlights of {case_id} come after your lock.")
        self._desk.task(case_id)
        return self._desk.highlights(case_id)

    def second_look(self, case_id: str, form: ReadForm) -> Locked:
        """Record what the reader says after seeing the highlights; it changes no read.

        Raises
        ------
        StudyError
            When the charter has none, the case is not locked yet, or had its second look.
        """
        if not self.has_second_look:
            raise BlindingError("This study has no second look.")
        return self._lock(case_id, form, "second_look")

    def others(self, case_id: str) -> tuple[Read, ...]:
        """Return the others' reads of a case that all have locked.

        Raises
        ------
        BlindingError
            In every other case, with one and the same message, so that nothing follows from it.
        """
        self._desk.task(case_id)
        may = self._charter.reading.others == "when_complete" and self._is_locked(case_id)
        found = self._desk.other_reads(case_id) if may else ()
        if not found:
            raise BlindingError(f"The others' reads of {case_id} cannot be seen.")
        return found

    # --- parts -----------------------------------------------------------------------------------

    def _is_locked(self, case_id: str) -> bool:
        return any(read.kind in DECIDING for read in self.reads(case_id))

    def _lock(
        self,
        case_id: str,
        form: ReadForm,
        kind: Kind,
        amends: int | None = None,
        reason: str = "",
    ) -> Locked:
        form = normalized(form)
        if faults := form_problems(form, self._charter):
            raise ReadError(f"{case_id} cannot be locked yet.", faults)
        at = _now()
        read = self._desk.lock(
            Read(
                reader=self._reader,
                position=0,
                case_id=case_id,
                kind=kind,
                form=form,
                opened_at=at,
                locked_at=at,
                tool_version=self._version,
                pack_sha256=self._charter.pack.sha256,
                charter_sha256=self._charter_sha256,
                amends=amends,
                amendment_reason=reason,
            )
        )
        return Locked(read, receipt_of(read))


def open_reading(where: str | Path, reader: str) -> Reading:
    """Open a reader's session on a study.

    Parameters
    ----------
    where
        The study's folder, the URL of its store, or a packet.
    reader
        A reader of its charter.

    Raises
    ------
    StudyError
        When there is no such study or reader, or the packet is another reader's.
    StoreError
        When the store cannot be reached.
    """
    from screener.store.desks import Desk
    from screener.store.doors import reader_role, study_of

    place = find_study(where)
    database = place.open()
    try:
        charter = read_charter(study_of(database))
        role = reader_role(database, reader)
    finally:
        database.close()
    if role is None:
        readers = "this packet's reader" if place.is_packet else ", ".join(charter.everybody)
        raise StudyError(f"No reader {reader!r} in this study. Readers: {readers}.")
    return Reading(Desk(place.open(role), reader, place.key), reader, charter)


def receipt_of(read: Read) -> str:
    """Return what a reader may note down to prove later that a read is still there."""
    return f"{read.reader}:{read.position}:{read.hash[:12]}"


def _now() -> datetime:
    return datetime.now(UTC)
