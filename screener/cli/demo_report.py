"""The demonstration's end: who was eligible, what happened to the confirmed, and the report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from screener.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screener.eligibility_runs import EligiblePatients
    from screener.report.contents import Contents

TABLES = ("treatments", "labs", "follow_up", "responses", "exams")


def refuse_others(run: Path) -> None:
    """Raise `RunError` where something else is in the way of what the demonstration writes."""
    for folder, kind in ((eligible_folder(run), "eligibility"), (report_folder(run), "report")):
        if folder.exists() and _kind(folder) != kind:
            told = f"{folder} is not the demonstration's, so it is left alone."
            raise RunError(f"{told} Name another run by --out.")


def eligible_folder(run: Path) -> Path:
    """Return where it is told who is eligible: beside the run."""
    return run.with_name(f"{run.name}-eligible")


def report_folder(run: Path) -> Path:
    """Return where the report stands: beside the run."""
    return run.with_name(f"{run.name}-report")


def make_demo_report(cohort: Path, run: Path, study: Path) -> str:
    """Find who is eligible, grade the confirmed, write the report, and tell what came of it."""
    from screener.report_folders import write_report
    from screener.study_reports import ReportRequest, collect_report

    found = _find_eligible(cohort, run)
    file_of = {name: cohort / f"{name}.csv" for name in TABLES}
    contents = collect_report(
        ReportRequest(
            study,
            truth=cohort / "labels.csv",
            treatments=file_of["treatments"],
            labs=file_of["labs"],
            follow_up=file_of["follow_up"],
            responses=file_of["responses"],
            eligible=eligible_folder(run),
        )
    )
    out = report_folder(run)
    write_report(contents, out, replace=True)
    return "\n".join(_told(found, contents, out))


def _find_eligible(cohort: Path, run: Path) -> EligiblePatients:
    from screener.eligibility import EligibilityCharter
    from screener.eligibility_runs import find_eligible, write_eligible
    from screener.outcome_inputs.treatments import read_treatments
    from screener.sources import open_sources

    names = [str(cohort / "reports.csv"), str(cohort / "exams.csv")]
    charter = EligibilityCharter()
    treatments = read_treatments(cohort / "treatments.csv")
    found = find_eligible(open_sources(names, column_map={}), treatments, charter)
    more = {"charter": charter.to_dict(), "sources": names}
    write_eligible(found, eligible_folder(run), more, replace=True)
    return found


def _told(found: EligiblePatients, contents: Contents, out: Path) -> Iterator[str]:
    from screener.report.numbers import share_text, told_share
    from screener.report.patient_tables import RULES

    flow = {step.name: step.n for step in contents.flow.steps}
    counts = found.to_dict()
    yield ""
    yield "Then treatments, laboratory values and follow-up, all of them invented:"
    yield (
        f"{flow['received_therapy']} treated ({counts['eligible']} eligible),"
        f" {flow['screened']} screened, {flow['flagged']} flagged, {flow['eligible']} of these"
        f" eligible, {flow['read']} read, {flow['confirmed']} confirmed."
    )
    if contents.grades is not None:
        yield "Hepatotoxicity of grade 2 or more on therapy, by CTCAE v5.0:"
        for rule, groups in contents.grades.summary["rules"].items():
            shown = told_share(groups["hepatotoxicity"]["grade_2_or_more"])
            yield f"  {RULES[rule]}: {shown}"
    if contents.follow_up is not None:
        survival = contents.follow_up.summary.survival
        yield f"Deaths: {share_text(survival.n_events, survival.n)}; all in the report:"
    yield ""
    yield f"  {out / 'report.html'}"


def _kind(folder: Path) -> object:
    try:
        record = json.loads((folder / "run.json").read_bytes())
    except (OSError, ValueError):
        return None
    return record.get("kind") if isinstance(record, dict) else None
