"""What the grades of a cohort come to: shares with intervals, by group of terms and by rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from screener.accuracy import Figure, proportion
from screener.outcomes.cohorts import GradedCohort
from screener.outcomes.grading import RULES, BaselineRule, GradeRange
from screener.outcomes.limit_steps import limit_steps
from screener.outcomes.new_events import summarise_events
from screener.outcomes.term_grades import UNGRADABLE, TermGrade, told
from screener.outcomes.values import surely_above

GRADES = (0, 1, 2, 3, 4)
SHIFT_COLUMNS = (*map(str, GRADES), UNGRADABLE)
NOT_MEASURED = "nobody's grade is sure"


@dataclass(frozen=True, slots=True)
class PatientWorst:
    """The worst grade of a patient among several terms, one event a patient.

    Attributes
    ----------
    patient_id
        Whose.
    range
        The grade, or what it may be; ``None`` where none of the terms was measured on therapy.
    is_complete
        Whether all of the terms were measured.
    """

    patient_id: str
    range: GradeRange | None
    is_complete: bool


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """How many patients have which worst grade among the terms of a group.

    Attributes
    ----------
    terms
        Short names of the terms of the group that were measured in the cohort.
    at_least
        Patients with the grade or a higher one, by grade, among those of whom that is sure.
    by_grade
        Patients with exactly the grade, among those whose grade is sure.
    ungradable, not_measured, incomplete
        Patients whose grade is not sure, without a result on therapy in any of the terms, and with
        results in some of the terms only.
    """

    terms: tuple[str, ...]
    at_least: Mapping[int, Figure]
    by_grade: Mapping[int, Figure]
    ungradable: int
    not_measured: int
    incomplete: int

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        named = {f"grade_{g}_or_more": share(figure) for g, figure in self.at_least.items()}
        return {
            **named,
            "by_grade": {str(grade): share(figure) for grade, figure in self.by_grade.items()},
            "ungradable": self.ungradable,
            "not_measured": self.not_measured,
            "incomplete": self.incomplete,
            "terms": list(self.terms),
        }


def share(figure: Figure) -> dict[str, Any]:
    """Return a share as ``{"n", "N", "interval"}``; the interval is ``None`` where N is 0.

    >>> told = share(proportion(1, 15, ""))
    >>> told["n"], told["N"], [round(bound, 4) for bound in told["interval"]]
    (1, 15, [0.0119, 0.2982])
    """
    interval = None if figure.low is None else [figure.low, figure.high]
    return {"n": figure.n, "N": figure.of, "interval": interval}


def worst_by_patient(grades: Iterable[TermGrade]) -> tuple[PatientWorst, ...]:
    """Return the worst grade of each patient, in order of the grades."""
    of_patient: defaultdict[str, list[TermGrade]] = defaultdict(list)
    for grade in grades:
        of_patient[grade.patient_id].append(grade)
    return tuple(_worst(patient_id, some) for patient_id, some in of_patient.items())


def _worst(patient_id: str, grades: Sequence[TermGrade]) -> PatientWorst:
    ranges = [grade.range for grade in grades if grade.range is not None]
    if not ranges:
        return PatientWorst(patient_id, None, is_complete=False)
    low, high = max(one.low for one in ranges), max(one.high for one in ranges)
    return PatientWorst(patient_id, GradeRange(low, high), len(ranges) == len(grades))


def summarise_group(
    graded: GradedCohort, term_ids: Sequence[str], rule: BaselineRule
) -> GroupSummary:
    """Count the patients by their worst grade among some terms."""
    grades = [grade for grade in graded.grades[rule] if grade.term.id in term_ids]
    worst = worst_by_patient(grades)
    ranges = [one.range for one in worst if one.range is not None]
    sure = [one.low for one in ranges if one.low == one.high]
    n_patients = len(graded.cohort.courses)
    return GroupSummary(
        terms=tuple(term.id for term in graded.terms if term.id in term_ids),
        at_least={grade: _at_least(ranges, grade) for grade in GRADES[1:]},
        by_grade={
            grade: proportion(sure.count(grade), len(sure), NOT_MEASURED) for grade in GRADES
        },
        ungradable=len(ranges) - len(sure),
        not_measured=n_patients - len(ranges),
        incomplete=sum(one.range is not None and not one.is_complete for one in worst),
    )


def _at_least(ranges: Sequence[GradeRange], grade: int) -> Figure:
    """Count those who surely have the grade or more, of those who surely have it or have not."""
    have = sum(one.low >= grade for one in ranges)
    have_not = sum(one.high < grade for one in ranges)
    return proportion(have, have + have_not, NOT_MEASURED)


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A patient's term whose grade depends on the rule for the baseline."""

    patient_id: str
    term: str
    by_rule: Mapping[str, str]

    def to_dict(self) -> dict[str, str]:
        """Return it as plain data."""
        return {"patient_id": self.patient_id, "term": self.term, **self.by_rule}


def changed_cells(graded: GradedCohort) -> tuple[ChangedCell, ...]:
    """Return the cells whose grade is not the same by all rules."""
    cells = []
    for grades in zip(*(graded.grades[rule] for rule in RULES), strict=True):
        by_rule = {str(grade.rule): told(grade.range) for grade in grades}
        if len(set(by_rule.values())) > 1:
            cells.append(ChangedCell(grades[0].patient_id, grades[0].term.term, by_rule))
    return tuple(cells)


def shift_table(grades: Iterable[TermGrade]) -> dict[str, dict[str, int]]:
    """Count patients by the grade at baseline (rows) and the worst grade on therapy (columns).

    The grade at baseline is that by the limits of normal. Patients without a baseline or without
    a result on therapy are counted as ungradable.
    """
    table = {row: dict.fromkeys(SHIFT_COLUMNS, 0) for row in SHIFT_COLUMNS}
    for grade in grades:
        table[told(grade.baseline_grade)][told(grade.range)] += 1
    return table


def worst_below_baseline(grades: Iterable[TermGrade]) -> Figure:
    """Count the cells whose worst value is better than the baseline, among those that have both.

    That is possible only where no sample near the first cycle is in the window: many such cells
    say that the window, or the export, is not what it should be.
    """
    pairs = [(g.term, g.worst.value, g.baseline.value) for g in grades if g.worst and g.baseline]
    better = [
        surely_above(baseline, worst) if term.direction == "high" else surely_above(worst, baseline)
        for term, worst, baseline in pairs
    ]
    return proportion(sum(better), len(better), "no cell has both")


def summarise(graded: GradedCohort) -> dict[str, Any]:
    """Return the summary of a cohort as plain data; its keys are a contract.

    ``hepatotoxicity``, ``cytopenia`` and ``renal`` are by the charter's rule, one event a patient;
    ``rules`` has the same by every rule, ``changes`` the cells that make the difference, and
    ``limits`` how the headline hangs on each limit of normal.
    """
    charter, criteria = graded.charter, graded.criteria
    by_rule = {
        rule: {
            group: summarise_group(graded, ids, rule).to_dict()
            for group, ids in criteria.groups.items()
        }
        for rule in RULES
    }
    return {
        **by_rule[charter.baseline_rule],
        **summarise_events(graded),
        "terms": {term.id: _term(graded, term.id) for term in graded.terms},
        "shifts": {term.id: shift_table(_of(graded, term.id)) for term in graded.terms},
        "rules": by_rule,
        "limits": {one.term.id: one.to_dict() for one in limit_steps(graded, "hepatotoxicity")},
        "worst_below_baseline": share(worst_below_baseline(graded.chosen)),
        "changes": [cell.to_dict() for cell in changed_cells(graded)],
        "n_patients": len(graded.cohort.courses),
        "criteria": f"{criteria.name} v{criteria.version}",
        "charter": charter.to_dict(),
    }


def _term(graded: GradedCohort, term_id: str) -> dict[str, Any]:
    summary = summarise_group(graded, [term_id], graded.charter.baseline_rule).to_dict()
    return {**summary, "term": graded.criteria.terms[term_id].term}


def _of(graded: GradedCohort, term_id: str) -> list[TermGrade]:
    return [grade for grade in graded.chosen if grade.term.id == term_id]
