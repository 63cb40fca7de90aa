"""One exported radiology report, as it came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

REQUIRED_FIELDS = ("report_id", "patient_id", "text")
OPTIONAL_FIELDS = ("exam_on", "modality", "exam", "site", "status", "accession")
FIELDS = REQUIRED_FIELDS + OPTIONAL_FIELDS


@dataclass(frozen=True, slots=True)
class Report:
    """One exported report.

    Attributes
    ----------
    report_id
        Identifies the report within a run; never empty.
    patient_id
        Identifies the patient; never empty.
    text
        The text exactly as exported. Every offset in this package counts characters of it.
    exam_on
        Day of the examination, where known.
    modality, exam, site, status, accession
        As exported, stripped of surrounding white space; empty where not known. Of messages and
        resources the status is preliminary, final, corrected or addendum.
    """

    report_id: str
    patient_id: str
    text: str
    exam_on: date | None = None
    modality: str = ""
    exam: str = ""
    site: str = ""
    status: str = ""
    accession: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row of an input that could not become a report.

    Attributes
    ----------
    source
        Name of the input (a path as given, or ``-``).
    line
        Line of the file where the row begins (text formats, from 1), or number of the row (from 1,
        the header not counted) where a format has no lines.
    reason
        What is wrong, without any of the row's text.
    """

    source: str
    line: int
    reason: str
