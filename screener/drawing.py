"""The use case that fills a study: draw the cases of its readers from the run.

The texts of the drawn patients' reports are copied into the study, so that readers need nothing
else. What knows why a case was drawn stays on this side of the store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from screener.candidates import CALIBRATION, MAIN
from screener.case_building import CaseBuilder, Finds
from screener.draws import AUDIT, FLAGGED, Cut, Draw, RankedPatient, draw_patients, shuffled
from screener.errors import PackError, RunError, StudyError
from screener.exports.tables import PATIENTS, REPORTS
from screener.nlp.headings import Headings
from screener.packs import load_pack
from screener.run_inputs import reports_of_patients
from screener.run_tables import read_record, read_table
from screener.studies import CHARTER_FILE, Charter, read_charter
from screener.study_folders import find_study

if TYPE_CHECKING:
    from pathlib import Path

    from screener.candidates import Round
    from screener.reports import Report
    from screener.store.offices import Office
    from screener.store.records import Assignment, NewCase


@dataclass(frozen=True, slots=True)
class DrawOptions:
    """How to draw.

    Attributes
    ----------
    cut
        Whom to read.
    is_calibration
        Whether the cases are a calibration round, kept apart from the statistics.
    eligible
        Who may be drawn; ``None``: everybody.
    sources
        Where the run's inputs are now, if not where they were.
    """

    cut: Cut = field(default_factory=Cut)
    is_calibration: bool = False
    eligible: Collection[str] | None = None
    sources: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class DrawSummary:
    """What a draw came to, in counts."""

    n_cases: int
    n_flagged: int
    n_audit: int
    n_unflagged: int
    n_reports: int
    is_calibration: bool
    is_extension: bool


def draw_cases(where: Path, options: DrawOptions) -> DrawSummary:
    """Draw cases from the study's run and put them on every primary reader's worklist.

    After the first draw of the main round only its audit sample can be extended: a later draw takes
    no flagged patient.

    Raises
    ------
    StudyError
        When the draw is not allowed or comes to nothing, or the charter was changed after a draw.
    RunError
        When the run or its inputs are not as they were.
    """
    from screener.store.offices import Office

    place = find_study(where)
    if place.folder is None:
        raise StudyError(
            f"{where} is not a study's folder. Draw from the folder, where the run is."
        )
    office = Office(place.open(), place.key)
    try:
        charter = settled_charter(office, place.folder)
        return _Drawing(office, charter, place.folder, options).draw()
    finally:
        office.close()


def settled_charter(office: Office, folder: Path) -> Charter:
    """Return the study's charter; before the first draw, an edited file takes its place.

    Raises
    ------
    StudyError
        When the file is not the charter under which cases were drawn.
    """
    study = office.study()
    text = (folder / CHARTER_FILE).read_text(encoding="utf-8")
    charter = read_charter(text, str(folder / CHARTER_FILE))
    if charter.sha256 == study.charter_sha256:
        return charter
    if office.rounds():
        raise StudyError(
            f"{folder / CHARTER_FILE} is not the charter under which cases were drawn."
            " A charter holds from the first draw on: put it back, or make a new study."
        )
    office.set_charter(charter, text)
    return charter


class _Drawing:
    """One draw under way."""

    def __init__(
        self, office: Office, charter: Charter, folder: Path, options: DrawOptions
    ) -> None:
        self.office = office
        self.charter = charter
        self.options = options
        self.run = (folder / charter.run).resolve()
        self.record = read_record(self.run)
        self.round: Round = CALIBRATION if options.is_calibration else MAIN
        self.before = {row.patient_id: row for row in office.origins()}
        rounds = office.rounds()
        self.n_draws = len({row.draw for row in self.before.values()})
        self.is_extension = not options.is_calibration and MAIN in rounds.values()

    def draw(self) -> DrawSummary:
        self._check()
        draw = draw_patients(self._patients(), self._cut(), self.charter.seed, self.before)
        ids = [one.patient.patient_id for one in draw.drawn]
        reports = reports_of_patients(self.run, self.record, ids, self.options.sources)
        cases = self._cases(draw, reports)
        summary = self._summary(draw, cases)
        self.office.add_cases(cases, self._assignments(cases), self._said(summary))
        return summary

    def _check(self) -> None:
        if self.record["pack"]["sha256"] != self.charter.pack.sha256:
            raise RunError(f"{self.run} was made with another pack than the charter names.")
        cut, eligible = self.options.cut, _digest(self.options.eligible)
        if self.is_extension and not (cut.is_default and cut.n_audit):
            raise StudyError(
                "Cases of the main round were drawn, so that only its audit sample can grow:"
                " give --audit K and nothing else."
            )
        if self.is_extension and eligible not in self._eligible_before():
            raise StudyError("--eligible: the audit sample can only grow from the same patients.")

    def _eligible_before(self) -> set[str]:
        draws = [record.detail for record in self.office.log() if record.act == "draw"]
        return {str(said["eligible_sha256"]) for said in draws if said["round"] == MAIN}

    def _cut(self) -> Cut:
        """The cut; where the round is there already, one that flags nobody."""
        cut = self.options.cut
        return Cut(top=0, n_audit=cut.n_audit) if self.is_extension else cut

    def _patients(self) -> list[RankedPatient]:
        """The eligible patients of the run."""
        eligible = self.options.eligible
        rows = read_table(self.run, PATIENTS)
        patients = [
            RankedPatient(
                rank=int(str(row["rank"])),
                patient_id=str(row["patient_id"]),
                tier=str(row["tier"]),
                score=float(str(row["score"])),
                is_flagged=bool(row["n_candidate_reports"]),
            )
            for row in rows
            if eligible is None or str(row["patient_id"]) in eligible
        ]
        if not patients:
            raise StudyError("No eligible patient is in the run. Check the list and its ids.")
        return patients

    def _cases(self, draw: Draw, reports: Mapping[str, list[Report]]) -> list[NewCase]:
        """Make the cases; their ids are in a random order, whatever the rank."""
        from screener.store.records import NewCase, OriginRow

        self._check_reports(reports)
        drawn = {one.patient.patient_id: one for one in draw.drawn}
        finds = Finds(self.run, {one.report_id for some in reports.values() for one in some})
        builder = CaseBuilder(self.charter, self._headings(), finds)
        made = []
        for number, patient_id in enumerate(
            shuffled(drawn, self.charter.seed, "case"), start=len(self.before) + 1
        ):
            one, case_id = drawn[patient_id], f"C{number:04d}"
            case, highlights = builder.build(case_id, patient_id, self.round, reports[patient_id])
            patient = one.patient
            why = (one.origin, self.n_draws + 1, patient.rank, patient.tier, patient.score)
            made.append(NewCase(case, highlights, OriginRow(case_id, patient_id, *why)))
        return made

    def _headings(self) -> Headings | None:
        """The headings of the pack, if it is at hand as it was: without, texts have no sections."""
        name = str(self.record["options"].get("pack") or self.record["pack"]["name"])
        try:
            pack = load_pack(name)
        except PackError:
            return None
        return Headings(pack)

    def _check_reports(self, reports: Mapping[str, list[Report]]) -> None:
        """See that every report that was screened was found again."""
        found = {report.report_id for some in reports.values() for report in some}
        for row in read_table(self.run, REPORTS):
            if str(row["patient_id"]) in reports and str(row["report_id"]) not in found:
                raise RunError(
                    f"The inputs of {self.run} no longer hold report {row['report_id']!r}."
                    " Put them back under the names that they had."
                )

    def _assignments(self, cases: Sequence[NewCase]) -> list[Assignment]:
        """Give every primary reader every case, in an order of the reader's own."""
        from screener.store.records import Assignment

        ids = [new.case.case_id for new in cases]
        first = len(self.before) + 1
        return [
            Assignment(reader, case_id, place, "primary")
            for reader in self.charter.primaries
            for place, case_id in enumerate(
                shuffled(ids, self.charter.seed, f"order of {reader}"), start=first
            )
        ]

    def _summary(self, draw: Draw, cases: Sequence[NewCase]) -> DrawSummary:
        origins = [new.origin.origin for new in cases]
        return DrawSummary(
            n_cases=len(cases),
            n_flagged=origins.count(FLAGGED),
            n_audit=origins.count(AUDIT),
            n_unflagged=draw.n_unflagged,
            n_reports=sum(len(new.case.reports) for new in cases),
            is_calibration=self.options.is_calibration,
            is_extension=self.is_extension,
        )

    def _said(self, summary: DrawSummary) -> dict[str, Any]:
        """What the log keeps of the draw."""
        cut = self.options.cut
        asked = {"top": cut.top, "tiers": list(cut.tiers), "n_audit": cut.n_audit}
        return {
            **asdict(summary),
            "cut": asked,
            "eligible_sha256": _digest(self.options.eligible),
            "round": self.round,
        }


def _digest(eligible: Collection[str] | None) -> str:
    """A hash of who may be drawn, so that the audit sample grows from the same patients."""
    if eligible is None:
        return ""
    return hashlib.sha256("\x00".join(sorted(eligible)).encode()).hexdigest()
