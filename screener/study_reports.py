"""The use case of a study's report: a study and its tables in, a folder with one HTML file out.

Nothing is computed here that has a home elsewhere. While a case of the main round is open, the
report has counts only: nothing that a reader said, and nothing that follows from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from screener.adjudication import open_study
from screener.agreeing_studies import figures_of_study
from screener.agreement.measures import Resampling
from screener.eligibility import REASONS
from screener.errors import RunError, StudyError
from screener.evaluating import evaluate_run
from screener.exports.outcome_tables import ELIGIBILITY
from screener.exports.tables import PATIENTS
from screener.flows import make_flow
from screener.follow_up_runs import FollowUpRequest, read_follow_ups
from screener.outcome_inputs.characteristics import read_characteristics
from screener.outcome_inputs.treatments import Treatments, read_treatments
from screener.outcome_runs import OutcomesRequest, read_outcomes
from screener.reads import YES
from screener.report.contents import CaseEstimates, Contents, Evidence
from screener.report.manifests import make_manifest
from screener.run_tables import read_record, read_table
from screener.study_folders import find_study

if TYPE_CHECKING:
    from screener.eligibility import Reason
    from screener.flows import Flow
    from screener.follow_up_runs import FollowUp
    from screener.outcome_runs import Outcomes
    from screener.settlements import Ratings, StudyStatus
    from screener.sources.dates import DateOrder
    from screener.studies import Charter


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What to report on.

    Attributes
    ----------
    study
        Its folder, or the URL of its store.
    run
        The run that its cases are from, where it is not where the study says.
    truth
        Gold labels of reports or patients.
    treatments, labs, limits, events, follow_up, responses
        Tables of outcomes; all need the treatments.
    eligible
        A folder that ``screener eligible`` made.
    has_evidence
        Whether patients and the words of their reports are told.
    resampling
        Of the intervals of agreement.
    date_order
        How to read numeric days and months.
    patients
        A table of patients with further columns for Table 1.
    """

    study: str | Path
    run: Path | None = None
    truth: Path | None = None
    treatments: Path | None = None
    labs: Path | None = None
    limits: Path | None = None
    events: Path | None = None
    follow_up: Path | None = None
    responses: Path | None = None
    eligible: Path | None = None
    has_evidence: bool = False
    resampling: Resampling = field(default_factory=Resampling)
    date_order: DateOrder | None = None
    patients: Path | None = None

    @property
    def files(self) -> Mapping[str, Path]:
        """The tables that there are, by their option."""
        named = {
            "truth": self.truth,
            "treatments": self.treatments,
            "labs": self.labs,
            "limits": self.limits,
            "events": self.events,
            "follow-up": self.follow_up,
            "responses": self.responses,
            "patients": self.patients,
            "eligible": self.eligible and self.eligible / "eligibility.csv",
        }
        return {name: path for name, path in named.items() if path is not None}


def collect_report(request: ReportRequest) -> Contents:
    """Collect all that a report tells.

    Raises
    ------
    StudyError
        When there is no study, or no case was drawn.
    RunError
        When its run is gone, or what is given as eligible is not.
    SourceError
        When a table cannot be read.
    """
    return _Collecting(request).contents()


@dataclass(frozen=True, slots=True)
class _Reads:
    """What the study's store gives; nothing of reads while a case is open."""

    charter: Charter
    status: StudyStatus
    patient_of: Mapping[str, str]
    ratings: Ratings
    results: Mapping[str, str | None]


class _Collecting:
    """One report under way."""

    def __init__(self, request: ReportRequest) -> None:
        self.request = request
        self.reads = _read_study(request.study)
        self.run = request.run or _run_of(request.study, self.reads.charter)
        self.patients = list(read_table(self.run, PATIENTS))
        self.treatments = self._treatments()
        self.excluded = self._excluded()

    def contents(self) -> Contents:
        request, reads = self.request, self.reads
        record = read_record(self.run)
        confirmed = self._confirmed() if self._is_complete else {}
        courses = self.treatments.courses if self.treatments else {}
        known = frozenset(confirmed) & courses.keys()
        return Contents(
            charter=reads.charter,
            status=reads.status,
            record=record,
            flow=self._flow(record["counts"]["n_screened"]),
            has_treatments=self.treatments is not None,
            has_eligibility=request.eligible is not None,
            confirmed=confirmed,
            figures=figures_of_study(request.study, request.resampling)
            if self._is_complete
            else None,
            estimates=tuple(self._estimates()) if self._is_complete else (),
            evaluation=evaluate_run(self.run, request.truth) if request.truth else None,
            treatments=self.treatments,
            characteristics=read_characteristics(request.patients) if request.patients else None,
            grades=self._grades(known),
            follow_up=self._follow_up(known),
            evidence=tuple(self._evidence()) if request.has_evidence and self._is_complete else (),
            manifest=make_manifest(record, reads.charter, request.files, request.resampling),
        )

    @property
    def _is_complete(self) -> bool:
        status = self.reads.status
        return 0 < status.n_cases == status.n_complete

    # --- the flow --------------------------------------------------------------------------------

    @property
    def _flagged(self) -> set[str]:
        return {str(row["patient_id"]) for row in self.patients if row["n_candidate_reports"]}

    @property
    def _screened(self) -> set[str]:
        return {str(row["patient_id"]) for row in self.patients}

    def _flow(self, n_reports: int) -> Flow:
        verdicts = {p: _is_yes(result) for p, (_, result) in self._of_patient().items()}
        return make_flow(
            treated=self._treated,
            screened=self._screened,
            flagged=self._flagged,
            excluded=self.excluded,
            verdicts=verdicts if self._is_complete else None,
            n_reports=n_reports,
        )

    @property
    def _treated(self) -> set[str]:
        return set(self.treatments.courses) if self.treatments else self._screened

    def _of_patient(self) -> dict[str, tuple[str, str | None]]:
        """Case and result of every patient who was read in full."""
        of = self.reads.patient_of
        return {of[case_id]: (case_id, result) for case_id, result in self.reads.results.items()}

    def _confirmed(self) -> dict[str, str]:
        """The patients of the last box of the flow, each with the case."""
        boxes = (self._treated & self._screened & self._flagged) - self.excluded.keys()
        read = sorted(self._of_patient().items(), key=lambda one: one[1][0])
        return {p: case_id for p, (case_id, said) in read if p in boxes and _is_yes(said)}

    # --- the tables ------------------------------------------------------------------------------

    def _treatments(self) -> Treatments | None:
        asked = self.request
        if asked.treatments is None:
            return None
        return read_treatments(asked.treatments, date_order=asked.date_order)

    def _excluded(self) -> dict[str, str]:
        folder = self.request.eligible
        if folder is None:
            return {}
        if not (folder / "eligibility.csv").is_file():
            raise RunError(f"{folder} has no eligibility.csv. Make it by screener eligible --out.")
        rows = read_table(folder, ELIGIBILITY)
        return {
            str(row["patient_id"]): REASONS[cast("Reason", row["reason"])]
            for row in rows
            if not row["eligible"]
        }

    def _grades(self, patients: frozenset[str]) -> Outcomes | None:
        asked = self.request
        if asked.labs is None or asked.treatments is None or not patients:
            return None
        charter = self.reads.charter.outcomes.charter()
        return read_outcomes(
            OutcomesRequest(
                asked.labs,
                asked.treatments,
                asked.limits,
                asked.events,
                charter=charter,
                date_order=asked.date_order,
                patients=patients,
            )
        )

    def _follow_up(self, patients: frozenset[str]) -> FollowUp | None:
        asked = self.request
        if asked.follow_up is None or asked.treatments is None or not patients:
            return None
        return read_follow_ups(
            FollowUpRequest(
                asked.treatments,
                asked.follow_up,
                asked.responses,
                date_order=asked.date_order,
                patients=patients,
            )
        )

    # --- the reads -------------------------------------------------------------------------------

    def _estimates(self) -> Iterator[CaseEstimates]:
        ratings = self.reads.ratings
        for case_id, opinions in ratings.opinions.items():
            percents = tuple(one.percent for one in opinions)
            result = self.reads.results[case_id]
            yield CaseEstimates(case_id, ratings.origins[case_id], percents, result)

    def _evidence(self) -> Iterator[Evidence]:
        of_patient = self._of_patient()
        for row in self.patients:
            patient_id = str(row["patient_id"])
            if row["n_candidate_reports"] and patient_id in of_patient:
                case_id, result = of_patient[patient_id]
                yield Evidence(case_id, patient_id, result or "open", str(row["evidence"]))


def _is_yes(result: str | None) -> bool | None:
    return None if result is None else result == YES


def _read_study(where: str | Path) -> _Reads:
    with open_study(where) as session:
        status = session.status()
        if not status.n_cases:
            raise StudyError(f"No case of {where} is drawn yet: there is nothing to report.")
        patient_of = {row.case_id: row.patient_id for row in session.office.origins()}
        return _Reads(session.charter, status, patient_of, session.ratings(), session.results())


def _run_of(where: str | Path, charter: Charter) -> Path:
    folder = find_study(where).folder
    if folder is None:
        raise RunError(f"{charter.name} was named by its store. Name its run by --run.")
    return (folder / charter.run).resolve()
