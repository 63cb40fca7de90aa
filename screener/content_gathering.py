"""The use case behind every export of a study: gather what may be given out of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screener.adjudication import open_study
from screener.assessments import Assessment
from screener.casebooks import Casebook
from screener.errors import RunError, StudyError
from screener.exports.tables import EVIDENCE_SEPARATOR, REPORTS
from screener.run_tables import read_record, read_table
from screener.study_contents import CaseContents, StudyContents
from screener.study_folders import charter_of, find_study

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screener.adjudication import Study
    from screener.run_tables import Record
    from screener.studies import Charter
    from screener.study_contents import CaseFile


def gather_study(where: str | Path, run: Path | None = None) -> StudyContents:
    """Gather what may be given out of a study.

    Parameters
    ----------
    where
        The study's folder or the URL of its store.
    run
        Where the study's run is now, if not where the charter says. Without a run there are no
        assessments of reports.

    Raises
    ------
    StudyError
        When there is no study, or no case was drawn yet.
    RunError
        When `run` is not a run, or not that of the study's pack.
    """
    with open_study(where) as session:
        charter, study = session.charter, session.office.study()
        cases = tuple(_cases(session))
    if not cases:
        raise StudyError(f"{where} has no case yet: draw the cases, and let them be read.")
    found = _find_run(where, charter, run)
    record = read_record(found) if found else {}
    wanted = {report.report_id for case in cases for report in case.file.reports}
    return StudyContents(
        study_id=study.study_id,
        name=charter.name,
        question=charter.question,
        cut_percent=charter.cut_percent,
        rule=charter.consensus.rule,
        primaries=charter.primaries,
        adjudicator=charter.adjudicator,
        pack=f"{charter.pack.name} {charter.pack.version}",
        modalities=charter.modalities,
        screened_on=screened_on(record) or datetime.fromisoformat(study.created_at).date(),
        cases=cases,
        assessments=_assessments(found, wanted) if found else {},
    )


def screened_on(record: Mapping[str, Any]) -> date | None:
    """Return the day (UTC) on which a run began, or ``None`` without a record."""
    at = record.get("started_at")
    return datetime.fromisoformat(at).astimezone(UTC).date() if at else None


def _cases(session: Study) -> list[CaseContents]:
    known = Casebook(session.office, session.charter)
    ids = sorted(known.rounds)
    files = session.office.case_files([one for one in ids if known.is_complete(one)])
    return [_case(known, case_id, files.get(case_id)) for case_id in ids]


def _case(known: Casebook, case_id: str, file: CaseFile | None) -> CaseContents:
    """A case; without its file it is not complete."""
    row = known.origins[case_id]
    counted = (case_id, row.patient_id, known.rounds[case_id], file is not None)
    if file is None:
        return CaseContents(*counted, known.n_reads(case_id))
    reads = [read for read in known.reads if read.case_id == case_id]
    return CaseContents(
        *counted,
        known.n_reads(case_id),
        origin=row.origin,
        rank=row.rank,
        tier=row.tier,
        score=row.score,
        file=file,
        reads=tuple(sorted(reads, key=lambda one: (one.reader, one.position))),
        result=known.consensus(case_id),
    )


def _find_run(where: str | Path, charter: Charter, run: Path | None) -> Path | None:
    """The study's run, if it is at hand and was made with the study's pack."""
    if run is not None:
        if read_record(run)["pack"]["sha256"] != charter.pack.sha256:
            raise RunError(f"{run} was made with another pack than the charter names.")
        return run
    folder = find_study(where).folder
    if folder is None:
        return None
    try:
        # the file, not the store's copy: it may say where the run was moved to
        found = folder / charter_of(folder).run
        same = read_record(found)["pack"]["sha256"] == charter.pack.sha256
    except RunError:
        return None
    return found if same else None


def _assessments(run: Path, wanted: set[str]) -> dict[str, Assessment]:
    rows = (row for row in read_table(run, REPORTS) if str(row["report_id"]) in wanted)
    return {str(row["report_id"]): assessment_of(row) for row in rows}


def assessment_of(row: Record) -> Assessment:
    """Return a row of a run's reports as the assessment that it was."""
    low, high = row["stated_percent_low"], row["stated_percent_high"]
    evidence = str(row["evidence"] or "")
    return Assessment(
        report_id=str(row["report_id"]),
        patient_id=str(row["patient_id"]),
        burden=str(row["burden"]),
        is_candidate=bool(row["candidate"]),
        certainty=None if row["certainty"] is None else str(row["certainty"]) or None,
        stated_percent=None if low is None or high is None else (float(str(low)), float(str(high))),
        score=float(str(row["score"])),
        evidence=tuple(evidence.split(EVIDENCE_SEPARATOR)) if evidence else (),
        rule_id=str(row["rule_id"] or ""),
    )
