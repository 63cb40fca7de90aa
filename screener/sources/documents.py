"""What an exchange format holds: one version of a report, a message that is none, or a fault.

Tables hold one row a report. Feeds and servers hold messages: several versions of one report, parts
of it on their own, and much that is no report of radiology.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum

from screener.sources.rows import is_blank

ADDENDUM_HEADING = "ADDENDUM:"
_STARTS_AS_ADDENDUM = re.compile(r"\W*(?:\w+\s+){0,2}addend(?:um|a|ed)\b", re.IGNORECASE)
_WRITTEN_TIME = re.compile(
    r"(\d{4})-?(\d\d)?-?(\d\d)?[T ]?(\d\d)?:?(\d\d)?:?(\d\d)?(?:[.,]\d*)?(Z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_FARTHEST = timedelta(hours=23, minutes=59)


class Status(Enum):
    """How far a report has come; of two versions, the one that is further supersedes the other."""

    PRELIMINARY = "preliminary"
    FINAL = "final"
    CORRECTED = "corrected"
    ADDENDUM = "addendum"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a report, as an exchange format states it.

    Attributes
    ----------
    line
        Where it begins: line of the file, or number of the resource.
    report_id, patient_id, accession
        What they are called; empty where not known. Versions of one report have patient and
        accession in common, or patient and id if they are whole.
    body
        The text without its addenda; empty where the addenda come on their own.
    addenda
        Texts that were added, in order.
    status
        How far it has come; ``None`` where that is not said.
    is_whole
        Whether it cannot be an addition, as its format never holds parts of a report.
    sent_at
        When it came to be so: a number that grows with time, 0 where not known.
    exam_on, is_date_unclear
        Day of the examination, or whether something is written that could not be read as one.
    modality, exam, site
        As of `screener.reports.Report`.
    """

    line: int
    report_id: str
    patient_id: str
    accession: str
    body: str
    addenda: tuple[str, ...] = ()
    status: Status | None = None
    is_whole: bool = False
    sent_at: int = 0
    exam_on: date | None = None
    is_date_unclear: bool = False
    modality: str = ""
    exam: str = ""
    site: str = ""

    @property
    def is_addition(self) -> bool:
        """Whether it adds to a report that came before, and is not the whole of one."""
        if self.is_withdrawn or self.is_whole:
            return False
        is_apart = is_blank(self.body) and bool(self.addenda)
        return is_apart or (self.status is Status.ADDENDUM and not self.addenda)

    @property
    def is_withdrawn(self) -> bool:
        """Whether it says that there is no such report, or none any more."""
        return self.status is Status.WITHDRAWN

    @property
    def added(self) -> tuple[str, ...]:
        """What an addition adds."""
        return self.addenda or (self.body,)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something read that is no report of radiology, and what it is; it is counted by that."""

    kind: str


def full_text(body: str, addenda: Iterable[str]) -> str:
    r"""Put a report and its addenda together, each addendum under its heading after the report.

    Examples
    --------
    >>> full_text("IMPRESSION: Cyst.", ["No cyst.", "ADDENDUM 2: Called."])
    'IMPRESSION: Cyst.\nADDENDUM:\nNo cyst.\nADDENDUM 2: Called.'
    """
    parts = [] if is_blank(body) else [body]
    parts.extend(
        text if _STARTS_AS_ADDENDUM.match(text) else f"{ADDENDUM_HEADING}\n{text}"
        for text in addenda
        if not is_blank(text)
    )
    return "\n".join(parts)


def holds(text: str, other: str) -> bool:
    """Whether a text holds all of another, but for white space and case.

    Examples
    --------
    >>> holds("FINDINGS: none. ADDENDUM: one.", "Findings:  None.")
    True
    """
    return _squeezed(other) in _squeezed(text)


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()


def read_moment(written: str) -> int:
    """Read when something was sent, as seconds since the year 1; 0 where nothing can be read.

    Read are times of HL7 v2 and FHIR, to any precision; a time zone is allowed for, and a time
    without one is taken as UTC.

    Examples
    --------
    >>> read_moment("20260915120000-0500") == read_moment("2026-09-15T17:00:00Z")
    True
    """
    found = _WRITTEN_TIME.match(written.strip())
    if not found:
        return 0
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        moment = datetime(
            year, month or 1, day or 1, hour, minute, min(second, 59), tzinfo=_zone(found[7])
        )
        return int((moment - datetime(1, 1, 1, tzinfo=UTC)).total_seconds())
    except (ValueError, OverflowError):
        return 0


def _zone(written: str | None) -> timezone:
    if not written or written == "Z":
        return UTC
    digits = written.replace(":", "")
    east = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5]))
    return timezone(min(east, _FARTHEST) * (-1 if digits[0] == "-" else 1))
