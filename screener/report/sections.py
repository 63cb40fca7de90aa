"""The sections of a report, in order; a section without its inputs says how to give them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screener.outcomes.limit_steps import told_limit
from screener.report.checklists import read_checklists
from screener.report.facts import study_facts
from screener.report.flow_charts import flow_chart
from screener.report.numbers import told_share
from screener.report.patient_charts import limit_chart, shift_chart, survival_chart
from screener.report.patient_tables import (
    change_table,
    follow_up_table,
    limit_table,
    outcome_table,
    patient_table,
    rule_table,
    shift_table,
)
from screener.report.reader_charts import bland_altman_chart, estimates_chart, forest_chart
from screener.report.reader_tables import (
    coefficient_table,
    estimate_table,
    pair_table,
    reader_table,
)
from screener.report.screen_tables import (
    accuracy_tables,
    consensus_table,
    flow_table,
    promise_table,
)
from screener.report.tables import ReportTable

if TYPE_CHECKING:
    from screener.report.canvases import Chart
    from screener.report.contents import Contents


@dataclass(frozen=True, slots=True)
class Section:
    """One section.

    Attributes
    ----------
    id, title
        Of its heading.
    paragraphs
        Before the figures and tables; where something is missing, what and how to give it.
    charts, tables
        In order.
    """

    id: str
    title: str
    paragraphs: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[ReportTable, ...] = ()


def make_sections(contents: Contents) -> tuple[Section, ...]:
    """Return all sections of a report, drawn."""
    return tuple(make(contents) for make in _SECTIONS)


def _flow(contents: Contents) -> Section:
    told = []
    if not contents.has_treatments:
        told.append("Without --treatments the flow starts with the patients screened.")
    if not contents.has_eligibility:
        told.append(
            "Eligibility was not looked at: give the folder of screener eligible by --eligible."
        )
    if not contents.is_complete:
        told.append(_open(contents))
    return Section(
        "flow", "Flow of patients", tuple(told), (flow_chart(contents),), (flow_table(contents),)
    )


def _open(contents: Contents) -> str:
    status = contents.status
    return (
        f"{status.n_cases - status.n_complete} of {status.n_cases} cases are still being read."
        " Until all readers have locked every case this report has counts only."
    )


def _accuracy(contents: Contents) -> Section:
    title = "Accuracy of the screen"
    found = contents.evaluation
    if found is None:
        return Section("accuracy", title, ("No gold labels were given: give a table by --truth.",))
    matching = found.matching
    told = (
        f"Held against gold labels of {matching.n_matched} {found.truth_level}s of the run.",
        *(f"{note.capitalize()}." for note in found.notes),
    )
    return Section("accuracy", title, told, (), tuple(accuracy_tables(found)))


def _missed(contents: Contents) -> Section:
    title = "How many were missed"
    figures = contents.figures
    if figures is None:
        return Section("missed", title, (_open(contents),))
    if figures.missed is None:
        told = "No audit sample was read: draw one by screener study draw --audit N."
        return Section("missed", title, (told,))
    audit = figures.missed.audit
    told = (
        f"{audit.n_found} of {audit.n_read} unflagged patients who were read at random are true."
        f" Of all {audit.n_unflagged} unflagged, at most {figures.missed.missed_at_most} are"
        f" ({100 * figures.missed.confidence:g}%, one-sided)."
    )
    tables = (consensus_table(figures.missed), promise_table(figures.missed))
    return Section("missed", title, (told,), (), tables)


def _agreement(contents: Contents) -> Section:
    title = "Agreement of the readers"
    figures = contents.figures
    if figures is None:
        return Section("agreement", title, (_open(contents),))
    drawn = (
        forest_chart(figures),
        estimates_chart(contents),
        bland_altman_chart(contents, figures),
    )
    tables = (coefficient_table(figures), pair_table(figures), reader_table(figures))
    charts = tuple(one for one in drawn if one is not None)
    return Section("agreement", title, figures.notes, charts, (*tables, estimate_table(contents)))


def _patients(contents: Contents) -> Section:
    title = "Confirmed patients"
    if not contents.is_complete:
        return Section("patients", title, (_open(contents),))
    if contents.treatments is None:
        told = f"{len(contents.confirmed)} are confirmed. Table 1 needs --treatments."
        return Section("patients", title, (told,))
    return Section("patients", title, (), (), (patient_table(contents, contents.treatments),))


def _outcomes(contents: Contents) -> Section:
    title = "Laboratory outcomes"
    if not contents.is_complete:
        return Section("outcomes", title, (_open(contents),))
    if contents.grades is None:
        told = "Nobody was graded: give --labs and --treatments that hold confirmed patients."
        return Section("outcomes", title, (told,))
    summary = contents.grades.summary
    drawn = (shift_chart(summary), limit_chart(summary))
    tables = (
        outcome_table(summary),
        rule_table(summary),
        change_table(summary, contents.confirmed),
        limit_table(summary),
        *(shift_table(summary, term) for term in summary["shifts"]),
    )
    n_changes = len(summary["changes"])
    found = summary["hepatotoxicity"]["grade_2_or_more"]
    paragraphs = [
        f"Hepatotoxicity of grade 2 or more: {told_share(found)}.",
        *filter(None, map(told_limit, summary["limits"].values())),
        f"{n_changes} cells change with the rule for the baseline.",
    ]
    if n_rejected := len(contents.grades.rejected):
        paragraphs.append(f"{n_rejected} rows of the tables could not be used.")
    charts = tuple(one for one in drawn if one is not None)
    return Section("outcomes", title, tuple(paragraphs), charts, tables)


def _survival(contents: Contents) -> Section:
    title = "Follow-up and survival"
    if not contents.is_complete:
        return Section("survival", title, (_open(contents),))
    if contents.follow_up is None:
        told = "Nobody was followed: give --follow-up and --treatments of confirmed patients."
        return Section("survival", title, (told,))
    drawn = survival_chart(contents.follow_up.summary)
    charts = () if drawn is None else (drawn,)
    return Section("survival", title, (), charts, (follow_up_table(contents.follow_up),))


def _evidence(contents: Contents) -> Section:
    title = "Evidence of the flagged"
    if not contents.evidence:
        told = "Patients and the words of their reports are left out; --with-evidence adds them."
        return Section("evidence", title, (told,))
    rows = tuple((e.case_id, e.patient_id, e.result, e.evidence) for e in contents.evidence)
    header = ("Case", "Patient", "Result", "Words of the reports")
    table = ReportTable("evidence", "Patient data: the flagged and why.", header, rows)
    return Section("evidence", title, (), (), (table,))


def _methods(contents: Contents) -> Section:
    facts = study_facts(contents)
    names = ("sampling", "index_test", "readers", "blinding", "reference", "reference_cut")
    more = ("statistics", "missing_data", "limitations")
    told = " ".join(facts[name] for name in (*names, *more) if name in facts)
    if contents.grades is not None:
        summary = contents.grades.summary
        windows = summary["charter"]
        told += (
            f" Laboratory outcomes were graded by {summary['criteria']} with the rule"
            f" {windows['baseline_rule']}: the baseline is the last value within"
            f" {windows['baseline_window']} before the first cycle, the worst value that from the"
            f" first cycle to {windows['therapy_window']} after the last."
        )
    if contents.follow_up is not None:
        told += " Survival is by Kaplan and Meier, follow-up by the reverse of it."
    return Section("methods", "Methods", (told,))


def _checklists(contents: Contents) -> Section:
    facts = study_facts(contents)
    tables = tuple(one.filled(facts) for one in read_checklists())
    told = "Items are in our words; 'not reported' is for the authors to fill."
    return Section("checklists", "Checklists", (told,), (), tables)


def _manifest(contents: Contents) -> Section:
    table = ReportTable(
        "manifest", "What this report is made of.", ("What", "Is"), contents.manifest
    )
    return Section("manifest", "Manifest", (), (), (table,))


_SECTIONS: tuple[Callable[[Contents], Section], ...] = (
    _flow,
    _accuracy,
    _missed,
    _agreement,
    _patients,
    _outcomes,
    _survival,
    _evidence,
    _methods,
    _checklists,
    _manifest,
)
