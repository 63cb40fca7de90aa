"""What may be locked after what: one deciding read a case, then amendments and a second look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from screener.errors import StudyError
from screener.reads import DECIDING, Read

if TYPE_CHECKING:
    from screener.candidates import Task


def check_succession(read: Read, task: Task, own: Sequence[Read]) -> None:
    """Hold a new read against the reader's task and the reader's reads of the case so far.

    Parameters
    ----------
    read
        That is to be locked.
    task
        What the reader has to do with the case.
    own
        The reader's reads of the case, oldest first.

    Raises
    ------
    StudyError
        Saying why it may not be locked.
    """
    deciding = [one for one in own if one.kind in DECIDING]
    due = "first" if task == "primary" else "adjudication"
    if read.kind in DECIDING:
        if read.kind != due:
            raise StudyError(f"Case {read.case_id!r} is not there for {read.kind}.")
        if deciding:
            raise StudyError(f"Case {read.case_id!r} is locked already. Amend it, with a reason.")
        return
    if not deciding:
        raise StudyError(f"Case {read.case_id!r} is not locked yet. Lock it first.")
    if read.kind == "second_look" and any(one.kind == "second_look" for one in own):
        raise StudyError(f"Case {read.case_id!r} has had its second look.")
    standing = [one for one in own if one.kind != "second_look"][-1]
    if read.kind == "amendment" and read.amends != standing.position:
        raise StudyError(f"Case {read.case_id!r} was amended meanwhile. Look at it again.")
