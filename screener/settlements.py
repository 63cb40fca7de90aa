"""What a study comes to: how far it is, what is settled, what is open, and what was unblinded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screener.consensus import Opinion
from screener.reads import Read

if TYPE_CHECKING:
    from screener.reads import Verdict
    from screener.store.records import OriginRow


@dataclass(frozen=True, slots=True)
class ReaderStatus:
    """How far one reader has come, in counts; `is_out`: the cases are out in a packet."""

    reader: str
    n_cases: int
    n_locked: int
    n_drafts: int
    n_amendments: int
    is_out: bool


@dataclass(frozen=True, slots=True)
class StudyStatus:
    """How far a study is, in counts.

    Attributes
    ----------
    n_cases, n_calibration
        Cases of the main round and of the calibration round.
    n_flagged, n_audit
        Cases of the main round by why they were drawn.
    n_unflagged
        Patients from whom the audit sample was drawn.
    n_complete
        Cases of the main round that all primary readers have locked.
    n_unblindings
        Acts of unblinding in the log.
    """

    name: str
    question: str
    rule: str
    n_cases: int
    n_calibration: int
    n_flagged: int
    n_audit: int
    n_unflagged: int
    n_complete: int
    n_unblindings: int
    readers: tuple[ReaderStatus, ...]


@dataclass(frozen=True, slots=True)
class SettledCase:
    """One case of the settled list."""

    case_id: str
    patient_id: str
    origin: str
    verdict: Verdict
    percent: float | None
    status: str
    basis: str
    n_reads: int


@dataclass(frozen=True, slots=True)
class OpenCase:
    """One case that is not settled, and why."""

    case_id: str
    n_reads: int
    n_missing: int
    why: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is settled and what is open.

    Attributes
    ----------
    settled
        In order of case; complete cases only, unless early ones were asked for.
    open
        The others.
    n_sent_on
        Cases that went to the adjudicator just now.
    """

    settled: tuple[SettledCase, ...]
    open: tuple[OpenCase, ...]
    n_sent_on: int


@dataclass(frozen=True, slots=True)
class Unblinded:
    """All that a study knows of one case."""

    origin: OriginRow
    is_complete: bool
    reads: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class Ratings:
    """First locked reads of the complete cases of the main round, for the statistics.

    Attributes
    ----------
    readers
        The primary readers.
    opinions
        By case, one for each reader in their order.
    origins
        By case: ``flagged`` or ``audit``.
    n_unflagged
        Patients from whom the audit sample was drawn.
    """

    readers: tuple[str, ...]
    opinions: Mapping[str, tuple[Opinion, ...]]
    origins: Mapping[str, str]
    n_unflagged: int
