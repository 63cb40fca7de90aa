"""One patient and one term: which value is the baseline, which is the worst, and its grade."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import or_

from screener.outcomes.charters import OutcomesCharter
from screener.outcomes.criteria import Direction, Term
from screener.outcomes.grading import BaselineRule, GradeRange, grade_by_limits, grade_v5
from screener.outcomes.results import Course, LabResult, Place, UnusableResult
from screener.outcomes.values import maybe_above

UNGRADABLE = "ungradable"
_INFINITE = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class TermGrade:
    """The grade of one term in one patient, by one rule.

    Attributes
    ----------
    patient_id, term, rule
        Whose, of what, and by which rule.
    baselines
        The baseline; several where values of the same day differ; none where there is none.
    baseline_grade
        Its grade by the limits of normal; ``None`` where there is no baseline.
    worst
        The worst value on therapy; ``None`` where there is none.
    range
        The grade, or what it may be; ``None`` where nothing was measured on therapy.
    why
        How the grade comes about, or why there is none.
    """

    patient_id: str
    term: Term
    rule: BaselineRule
    baselines: tuple[LabResult, ...]
    baseline_grade: GradeRange | None
    worst: LabResult | None
    range: GradeRange | None
    why: str

    @property
    def grade(self) -> int | None:
        """The grade, where it is sure."""
        return self.range.grade if self.range else None

    @property
    def baseline(self) -> LabResult | None:
        """The baseline, where there is one and only one."""
        return self.baselines[0] if len(self.baselines) == 1 else None


@dataclass(frozen=True, slots=True)
class TermResults:
    """The results of one patient that one term is graded by.

    Attributes
    ----------
    baselines
        Of the last day in the window, those that differ.
    on_therapy
        All of the window.
    unusable
        Rows of the analyte that could not be used.
    may_lack_baseline
        Whether one of them may be the baseline.
    """

    course: Course
    term: Term
    baselines: tuple[LabResult, ...]
    on_therapy: tuple[LabResult, ...]
    unusable: tuple[UnusableResult, ...] = ()
    may_lack_baseline: bool = False


def select_results(
    term: Term,
    course: Course,
    results: Iterable[LabResult],
    charter: OutcomesCharter,
    unusable: tuple[UnusableResult, ...] = (),
) -> TermResults:
    """Take the results of a patient that are the baseline and those that are on therapy."""
    if course.first_on is None or course.last_on is None:
        return TermResults(course, term, (), (), unusable)
    own = [result for result in results if result.analyte_id == term.analyte]
    start, first = charter.baseline_window.before(course.first_on), course.first_on
    end = charter.therapy_window.after(course.last_on)
    is_first_before = charter.first_day == "baseline"
    before = [
        r for r in own if start <= r.drawn_on < first or (r.drawn_on == first and is_first_before)
    ]
    after = (r for r in own if first <= r.drawn_on <= end)
    on_therapy = tuple(r for r in after if r.drawn_on > first or not is_first_before)
    is_lost = any(r.drawn_on is None or start <= r.drawn_on <= first for r in unusable)
    return TermResults(course, term, _last_day(before), on_therapy, unusable, is_lost)


def _last_day(before: Sequence[LabResult]) -> tuple[LabResult, ...]:
    last = max((result.drawn_on for result in before), default=None)
    by_value = {(r.value, r.uln, r.lln): r for r in reversed(before) if r.drawn_on == last}
    return tuple(reversed(by_value.values()))


def grade_term(results: TermResults, rule: BaselineRule, charter: OutcomesCharter) -> TermGrade:
    """Grade one term in one patient.

    The worst value counts (the highest; of counts and the like the lowest). Where a result that is
    only a bound, such as ``>100``, may be worse than it, the grade is what both allow.
    """
    term, course = results.term, results.course
    of_baseline = [grade_by_limits(term, one) for one in results.baselines]
    baseline_grade = reduce(or_, of_baseline) if of_baseline else None
    if not results.on_therapy:
        why = f"{UNGRADABLE}: {course.problem or 'no result on therapy'}{_unusable(results)}"
        return TermGrade(
            course.patient_id, term, rule, results.baselines, baseline_grade, None, None, why
        )
    worst = _worst(results.on_therapy, term.direction)
    grading = _Grading(results, rule, charter, baseline_grade)
    found = grading.of(worst)
    rivals = [r for r in results.on_therapy if r is not worst and _may_be_worse(r, worst, term)]
    high = max([found.high, *(grading.of(rival).high for rival in rivals)])
    found = GradeRange(found.low, high, found.why)
    why = grading.tell(worst, found, rivals)
    return TermGrade(
        course.patient_id, term, rule, results.baselines, baseline_grade, worst, found, why
    )


def _worst(results: Sequence[LabResult], direction: Direction) -> LabResult:
    """Return the worst that is sure; the first day of it."""

    def order(result: LabResult) -> tuple[Decimal, Decimal, int, int]:
        low, high = result.value.low, result.value.high
        high = _INFINITE if high is None else high
        bounds = (-low, -high) if direction == "high" else (high, low)
        return (*bounds, result.drawn_on.toordinal(), result.place.line)

    return min(results, key=order)


def _may_be_worse(result: LabResult, worst: LabResult, term: Term) -> bool:
    if term.direction == "high":
        return maybe_above(result.value, worst.value)
    return maybe_above(worst.value, result.value)


def _unusable(results: TermResults) -> str:
    if not results.unusable:
        return ""
    places = [one.place for one in results.unusable]
    rows = "rows" if len(places) > 1 else "row"
    return f"; {len(places)} {rows} of the analyte not used ({_places(places)})"


def _places(places: Sequence[Place]) -> str:
    shown = ", ".join(map(str, places[:3]))
    return shown if len(places) <= 3 else f"{shown}, ..."  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class _Grading:
    """Grades values of one patient's course by one rule."""

    results: TermResults
    rule: BaselineRule
    charter: OutcomesCharter
    baseline_grade: GradeRange | None

    def of(self, result: LabResult) -> GradeRange:
        """Return the grade of one value."""
        term = self.results.term
        if self.rule == "absolute_uln":
            return grade_by_limits(term, result)
        if self.rule == "worsening_only":
            return self._worsened(grade_by_limits(term, result))
        is_on = self.results.course.is_anticoagulated
        if not self.results.baselines:
            as_normal = grade_v5(term, result, None, is_anticoagulated=is_on)
            return self._without_baseline(as_normal)
        return reduce(
            or_,
            (
                grade_v5(term, result, baseline, is_anticoagulated=is_on)
                for baseline in self.results.baselines
            ),
        )

    @property
    def _takes_as_normal(self) -> bool:
        """Whether a missing baseline is taken as normal; never one that could not be read."""
        return self.charter.no_baseline == "normal" and not self.results.may_lack_baseline

    def _without_baseline(self, as_normal: GradeRange) -> GradeRange:
        term = self.results.term
        needs_none = not term.of_baseline or term.baseline_when == "anticoagulated"
        if needs_none or self._takes_as_normal:
            return as_normal
        if term.baseline_when == "abnormal":
            return GradeRange(0, as_normal.high, f"{as_normal.why} if the baseline was normal")
        top = max(step.grade for step in term.of_baseline)
        return GradeRange(as_normal.low, max(as_normal.high, top), as_normal.why)

    def _worsened(self, absolute: GradeRange) -> GradeRange:
        base = self.baseline_grade
        if base is None:
            return GradeRange(0 if absolute.high else absolute.low, absolute.high, absolute.why)
        may_be = [
            after if after > before else 0
            for after in range(absolute.low, absolute.high + 1)
            for before in range(base.low, base.high + 1)
        ]
        return GradeRange(min(may_be), max(may_be), absolute.why)

    def tell(self, worst: LabResult, found: GradeRange, rivals: Sequence[LabResult]) -> str:
        """Say how the grade comes about."""
        link = ", " if found.why.startswith(("the ", "whether ")) else " is "
        parts = [f"{worst}{link}{found.why}", *self._notes(worst, found)]
        parts += [f"{rival} of {rival.drawn_on} may be worse" for rival in rivals[:1]]
        told = "; ".join(parts) + _unusable(self.results)
        if found.grade is None:
            return f"{UNGRADABLE} (grade {found.low} to {found.high}): {told}"
        return told

    def _notes(self, worst: LabResult, found: GradeRange) -> Iterable[str]:
        baselines, term = self.results.baselines, self.results.term
        if not baselines and (term.of_baseline or self.rule == "worsening_only"):
            as_if = ", graded as if it were normal"
            is_taken = self.rule == "v5_baseline_adjusted" and self._takes_as_normal
            if self.rule != "absolute_uln" and term.baseline_when != "anticoagulated":
                yield f"no baseline{as_if if is_taken else ''}"
        if len(baselines) > 1 and self.rule != "absolute_uln":
            lines = _places([one.place for one in baselines])
            yield f"{len(baselines)} baselines of {baselines[0].drawn_on} differ ({lines})"
        if self.rule == "worsening_only" and self.baseline_grade is not None:
            yield f"grade {told(self.baseline_grade)} at baseline"
        others = (r for r in self.results.on_therapy if _limits(r) != _limits(worst))
        graver = [r for r in others if self.of(r).low > found.high]
        if graver:
            first = graver[0]
            yield f"{first} of {first.drawn_on} is grade {self.of(first).low} by its own limits"


def _limits(result: LabResult) -> tuple[Decimal | None, Decimal | None, str]:
    return result.uln, result.lln, result.unit


def told(range_: GradeRange | None) -> str:
    """Return a grade as it is written: a number, or that it is ungradable.

    >>> told(GradeRange(2, 2)), told(GradeRange(0, 1)), told(None)
    ('2', 'ungradable', 'ungradable')
    """
    return UNGRADABLE if range_ is None or range_.grade is None else str(range_.grade)
