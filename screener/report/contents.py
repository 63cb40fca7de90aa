"""What a study report holds, before it is drawn or written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from screener.agreeing_studies import StudyFigures
    from screener.evaluations import Evaluation
    from screener.flows import Flow
    from screener.follow_up_runs import FollowUp
    from screener.outcome_inputs.characteristics import Characteristics
    from screener.outcome_inputs.treatments import Treatments
    from screener.outcome_runs import Outcomes
    from screener.settlements import StudyStatus
    from screener.studies import Charter


@dataclass(frozen=True, slots=True)
class CaseEstimates:
    """What the readers of a complete case said of it.

    Attributes
    ----------
    case_id, origin
        Which case, and whether it was flagged or drawn for the audit.
    percents
        By reader, in their order; ``None`` where none was given.
    result
        The consensus; ``None`` where it is open.
    """

    case_id: str
    origin: str
    percents: tuple[float | None, ...]
    result: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that put a confirmed patient on the list; in a report with evidence only."""

    case_id: str
    patient_id: str
    result: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a report tells.

    Attributes
    ----------
    charter, status, record
        Of the study, and of the run that its cases are from.
    flow
        Of the patients; it ends with those eligible while cases are open.
    has_treatments, has_eligibility
        Whether it starts with those who received therapy, and whether eligibility was looked at.
    confirmed
        Case by patient, of the last box of the flow.
    figures, estimates
        Agreement and the missed, and the reads of each case; nothing while cases are open.
    evaluation
        The run against gold labels.
    treatments, characteristics, grades, follow_up
        Of the confirmed patients.
    evidence
        Empty unless asked for.
    manifest
        What the report is made of: pairs of a name and what is so.
    """

    charter: Charter
    status: StudyStatus
    record: Mapping[str, Any]
    flow: Flow
    has_treatments: bool
    has_eligibility: bool
    confirmed: Mapping[str, str]
    figures: StudyFigures | None
    estimates: tuple[CaseEstimates, ...]
    evaluation: Evaluation | None
    treatments: Treatments | None
    characteristics: Characteristics | None
    grades: Outcomes | None
    follow_up: FollowUp | None
    evidence: tuple[Evidence, ...]
    manifest: tuple[tuple[str, str], ...]

    @property
    def is_complete(self) -> bool:
        """Whether every reader has locked every case."""
        return self.status.n_cases > 0 and self.status.n_complete == self.status.n_cases

    @property
    def is_simulated(self) -> bool:
        """Whether the readers are those of the demonstration."""
        return all(name.startswith("simulated-") for name in self.charter.readers)
