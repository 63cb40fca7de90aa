"""Candidates as readers see them: cases with their reports, and nothing of why they are there.

Contract: nothing here carries a score, a rank, a tier, a burden, or whether the screen flagged the
patient. What knows such things (`screener.draws`, `screener.ranking`) may not be imported here nor
by anything that a reader's session is made of; an import contract holds that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Round = Literal["calibration", "main"]
Task = Literal["primary", "adjudication"]
State = Literal["unread", "draft", "locked"]

CALIBRATION: Round = "calibration"
MAIN: Round = "main"


@dataclass(frozen=True, slots=True)
class Section:
    """A section heading in a report's text; the section goes on to the next one.

    Attributes
    ----------
    start, end
        The heading, in characters of the text, half-open.
    kind
        What the pack calls the section: ``findings``, ``impression``, ...
    """

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Highlight:
    """Words of a report that the screen found; shown only when the charter allows it.

    Attributes
    ----------
    place
        Which of the case's reports.
    start, end
        Characters of its text, half-open.
    concept
        What the pack calls the words.
    state
        ``asserted``, or what was said of them: ``negated``, ``historical``, ``hypothetical``,
        ``family``, ``uncertain``.
    """

    place: int
    start: int
    end: int
    concept: str
    state: str


@dataclass(frozen=True, slots=True)
class CaseReport:
    """One report of a case, in the study for good.

    Attributes
    ----------
    place
        From 1 in order of time; reports without a day come first.
    report_id, exam_on, modality, exam, site, status, accession
        As exported; empty where not known, or where the charter does not show it.
    text
        As exported.
    sections
        Its headings in order.
    """

    place: int
    report_id: str
    text: str
    exam_on: date | None = None
    modality: str = ""
    exam: str = ""
    site: str = ""
    status: str = ""
    accession: str = ""
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One candidate: a patient put before the readers.

    Attributes
    ----------
    case_id
        Drawn at random; its order says nothing.
    patient_id
        As exported; empty where the charter does not show it.
    round
        ``calibration`` cases are kept apart from the statistics.
    reports
        In order of time.
    """

    case_id: str
    patient_id: str
    round: Round
    reports: tuple[CaseReport, ...]


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One line of a reader's worklist.

    Attributes
    ----------
    place
        From 1, in this reader's own random order; calibration cases come first.
    task
        ``adjudication``: the readers differed, and this reader decides.
    state
        ``draft`` where something was entered and not locked.
    n_reports
        Reports of the case.
    """

    place: int
    case_id: str
    patient_id: str
    round: Round
    task: Task
    state: State
    n_reports: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one reader has come: counts of the reader's own cases only."""

    n_cases: int
    n_locked: int
    n_drafts: int
