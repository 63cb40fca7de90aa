"""All grades of a cohort: every patient treated, every term that was measured, every rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from screener.outcomes.charters import OutcomesCharter
from screener.outcomes.criteria import Criteria, Term
from screener.outcomes.grading import RULES, BaselineRule
from screener.outcomes.results import Course, Event, LabResult, RejectedRow, UnusableResult
from screener.outcomes.term_grades import TermGrade, TermResults, grade_term, select_results


@dataclass(frozen=True, slots=True)
class Cohort:
    """What is known of all patients.

    Attributes
    ----------
    courses
        By patient; these are the patients.
    results, events
        Of these patients.
    unusable
        Rows that could not be used, by patient and analyte.
    """

    courses: Mapping[str, Course]
    results: Sequence[LabResult]
    events: Sequence[Event] = ()
    unusable: Mapping[tuple[str, str], Sequence[UnusableResult]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GradedCohort:
    """The grades of a cohort.

    Attributes
    ----------
    charter, criteria
        What it was graded by.
    cohort
        What was graded.
    terms
        The laboratory terms of which there is a result in the cohort.
    selected
        The results that each patient and term is graded by.
    grades
        By rule: every patient with every one of these terms, in their order.
    """

    charter: OutcomesCharter
    criteria: Criteria
    cohort: Cohort
    terms: tuple[Term, ...]
    selected: tuple[TermResults, ...]
    grades: Mapping[BaselineRule, tuple[TermGrade, ...]]

    @property
    def chosen(self) -> tuple[TermGrade, ...]:
        """The grades by the charter's rule."""
        return self.grades[self.charter.baseline_rule]

    def clashing_baselines(self) -> Iterator[RejectedRow]:
        """Give the baselines that differ on the same day: neither of them is taken."""
        for grade in self.chosen:
            for one in grade.baselines if len(grade.baselines) > 1 else ():
                others = ", ".join(str(o.place.line) for o in grade.baselines if o is not one)
                told = (
                    f"two baselines the same day: the value of {one.drawn_on} differs from that "
                    f"in line {others}, and neither is taken"
                )
                yield RejectedRow(one.place, told, grade.patient_id, one.analyte_id)


def grade_cohort(cohort: Cohort, criteria: Criteria, charter: OutcomesCharter) -> GradedCohort:
    """Grade every patient by every rule.

    Parameters
    ----------
    cohort
        Results of patients without a course do not count.
    criteria, charter
        What to grade by.
    """
    by_patient: defaultdict[str, list[LabResult]] = defaultdict(list)
    for result in cohort.results:
        by_patient[result.patient_id].append(result)
    terms = _measured(cohort, criteria)
    selected = tuple(
        _select(cohort, course, term, by_patient[course.patient_id], charter)
        for course in cohort.courses.values()
        for term in terms
    )
    grades = {
        rule: tuple(grade_term(results, rule, charter) for results in selected) for rule in RULES
    }
    return GradedCohort(charter, criteria, cohort, terms, selected, grades)


def _measured(cohort: Cohort, criteria: Criteria) -> tuple[Term, ...]:
    measured = {result.analyte_id for result in cohort.results}
    measured |= {analyte_id for _, analyte_id in cohort.unusable}
    return tuple(term for term in criteria.laboratory_terms if term.analyte in measured)


def _select(
    cohort: Cohort,
    course: Course,
    term: Term,
    results: Iterable[LabResult],
    charter: OutcomesCharter,
) -> TermResults:
    unusable = tuple(cohort.unusable.get((course.patient_id, term.analyte), ()))
    return select_results(term, course, results, charter, unusable)
