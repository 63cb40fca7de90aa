"""All that may be given out of a study, as plain records, before it takes any outer form.

Contract: of a case that is not complete there are counts and nothing else: no origin, no report, no
read, no result. Every export is written from these records, so that what is not here is in none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from screener.reads import current_reads

if TYPE_CHECKING:
    from screener.assessments import Assessment
    from screener.candidates import CaseReport, Highlight
    from screener.consensus import Consensus
    from screener.reads import Read


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The reports of a case in order, and what the screen found in them."""

    reports: tuple[CaseReport, ...] = ()
    finds: tuple[Highlight, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseContents:
    """One case.

    Attributes
    ----------
    case_id, patient_id, round
        Whose, and of which round.
    is_complete
        Whether all primary readers have locked it; all that follows but the count is empty if not.
    n_reads
        Primary readers who have locked it.
    origin, rank, tier, score
        Why it was drawn.
    file
        Its reports.
    reads
        Every record, by reader in the order of locking.
    result
        What the rule makes of it; its verdict is ``None`` while the case waits for somebody.
    """

    case_id: str
    patient_id: str
    round: str
    is_complete: bool
    n_reads: int
    origin: str = ""
    rank: int | None = None
    tier: str = ""
    score: float | None = None
    file: CaseFile = field(default_factory=CaseFile)
    reads: tuple[Read, ...] = ()
    result: Consensus | None = None

    @property
    def verdict(self) -> str | None:
        """The settled verdict, or ``None``."""
        return self.result.verdict if self.result else None

    @property
    def standing(self) -> dict[str, Read]:
        """By reader what stands: the deciding read, or its latest amendment."""
        return {reader: read for (reader, _), read in current_reads(self.reads).items()}

    @property
    def first(self) -> dict[str, Read]:
        """By reader the first locked read."""
        return {read.reader: read for read in self.reads if read.kind == "first"}

    @property
    def entered_on(self) -> date | None:
        """Day of the first report in which the screen found something asserted, else `left_on`."""
        places = {found.place for found in self.file.finds if found.state == "asserted"}
        days = [one.exam_on for one in self.file.reports if one.exam_on and one.place in places]
        return min(days, default=self.left_on)

    @property
    def left_on(self) -> date | None:
        """Day of the last report, or ``None`` where no day is known."""
        return max((one.exam_on for one in self.file.reports if one.exam_on), default=None)


@dataclass(frozen=True, slots=True)
class StudyContents:
    """A study.

    Attributes
    ----------
    study_id, name, question, cut_percent, rule
        Of the charter.
    primaries, adjudicator
        Who reads; the adjudicator is empty where nobody decides.
    pack
        Name and version of the rule pack.
    modalities
        What may be named as reviewed; empty: anything.
    screened_on
        Day of the run, or of the study where the run is not at hand.
    cases
        In order of case.
    assessments
        What each report says, by report; empty where the run is not at hand.
    is_deidentified
        Whether ids were replaced, dates shifted and texts dropped.
    """

    study_id: str
    name: str
    question: str
    cut_percent: float
    rule: str
    primaries: tuple[str, ...]
    adjudicator: str
    pack: str
    modalities: tuple[str, ...]
    screened_on: date
    cases: tuple[CaseContents, ...]
    assessments: Mapping[str, Assessment]
    is_deidentified: bool = False

    @property
    def readers(self) -> tuple[str, ...]:
        """The primary readers, and the adjudicator last."""
        return (*self.primaries, *filter(None, [self.adjudicator]))

    @property
    def complete(self) -> tuple[CaseContents, ...]:
        """The complete cases."""
        return tuple(case for case in self.cases if case.is_complete)

    @property
    def confirmed(self) -> tuple[CaseContents, ...]:
        """The cases of the main round that were settled as yes."""
        return tuple(one for one in self.cases if one.round == "main" and one.verdict == "yes")
