"""How a headline hangs on a limit of normal: what it would be, were one ULN the limit of all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Context, Decimal
from itertools import groupby
from typing import Any

from screener.outcomes.cohorts import GradedCohort
from screener.outcomes.criteria import Term
from screener.outcomes.grading import GradeRange
from screener.outcomes.results import LabResult
from screener.outcomes.term_grades import TermResults, grade_term

HEADLINE_GRADE = 2
_NEAR, _MOST_STEPS = 1.25, 4
_UPWARDS = Context(prec=28, rounding=ROUND_CEILING)
_HALF, _TWICE = Decimal("0.5"), Decimal(2)


@dataclass(frozen=True, slots=True)
class LimitStep:
    """A range of limits that give the same headline.

    Attributes
    ----------
    low, high
        The ULN in the analyte's own unit; the low end counts, the high one does not, but for the
        last.
    n, of
        Patients with grade 2 or more, among those of whom that is sure.
    """

    low: Decimal
    high: Decimal
    n: int
    of: int


@dataclass(frozen=True, slots=True)
class LimitSteps:
    """The headline as a function of the limit of one term.

    Attributes
    ----------
    term
        Whose limit is changed.
    analyte, unit
        Name of what is measured, and the unit of the limits.
    declared
        The lowest and the highest limit that the results have.
    steps
        From half the lowest to twice the highest, in order.
    """

    term: Term
    analyte: str
    unit: str
    declared: tuple[Decimal, Decimal]
    steps: tuple[LimitStep, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "term": self.term.term,
            "analyte": self.analyte,
            "unit": self.unit,
            "declared": [float(limit) for limit in self.declared],
            "steps": [
                {"from": float(one.low), "below": float(one.high), "n": one.n, "N": one.of}
                for one in self.steps
            ],
        }


def limit_steps(graded: GradedCohort, group: str) -> tuple[LimitSteps, ...]:
    """Tell, for each term of a group that is graded by the ULN, how the headline depends on it.

    The headline is the number of patients with grade 2 or more in any term of the group, by the
    charter's rule. One limit at a time is taken to be the same for all results.
    """
    ids = graded.criteria.groups[group]
    terms = [term for term in graded.terms if term.id in ids and term.of_uln]
    found = (_steps_of(graded, term, ids) for term in terms)
    return tuple(one for one in found if one is not None)


def _steps_of(graded: GradedCohort, term: Term, ids: Sequence[str]) -> LimitSteps | None:
    results = [r for one in graded.selected if one.term is term for r in _all(one)]
    declared = [r.uln * r.factor for r in results if r.uln is not None]
    if not declared:
        return None
    low, high = min(declared) * _HALF, max(declared) * _TWICE
    others = _other_ranges(graded, term, ids)
    curves = [
        _PatientCurve(graded, one, others.get(one.course.patient_id, ()))
        for one in graded.selected
        if one.term is term
    ]
    counted = list(_sweep(curves, low, high))
    ends = [*(cut for cut, _ in counted[1:]), high]
    steps = (LimitStep(cut, end, *count) for (cut, count), end in zip(counted, ends, strict=True))
    analyte = graded.criteria.analytes[term.analyte]
    return LimitSteps(
        term, analyte.name, analyte.unit, (min(declared), max(declared)), tuple(steps)
    )


def _sweep(
    curves: Sequence[_PatientCurve], low: Decimal, high: Decimal
) -> Iterable[tuple[Decimal, tuple[int, int]]]:
    """Give each limit from which on the headline is another, and the headline there."""
    verdicts = [curve.at(low) for curve in curves]
    last = _count(verdicts)
    yield low, last
    cuts = ((cut, n) for n, curve in enumerate(curves) for cut in curve.cuts if low < cut < high)
    n_true, n_sure = last
    for cut, some in groupby(sorted(cuts), key=lambda one: one[0]):
        for _, n in some:
            before, verdicts[n] = verdicts[n], curves[n].at(cut)
            n_true += (verdicts[n] is True) - (before is True)
            n_sure += (verdicts[n] is not None) - (before is not None)
        if (n_true, n_sure) != last:
            last = (n_true, n_sure)
            yield cut, last


def _all(one: TermResults) -> Iterable[LabResult]:
    return (*one.baselines, *one.on_therapy)


def _other_ranges(
    graded: GradedCohort, term: Term, ids: Sequence[str]
) -> Mapping[str, Sequence[GradeRange]]:
    """The grades of each patient in the other terms of the group, which stay as they are."""
    ranges: defaultdict[str, list[GradeRange]] = defaultdict(list)
    for grade in graded.chosen:
        if grade.term.id in ids and grade.term is not term and grade.range is not None:
            ranges[grade.patient_id].append(grade.range)
    return ranges


class _PatientCurve:
    """Whether one patient has grade 2 or more, as a function of the limit of one term."""

    def __init__(
        self, graded: GradedCohort, results: TermResults, others: Sequence[GradeRange]
    ) -> None:
        self._graded = graded
        self._results = results = _that_matter(results)
        self._others = others
        bounds = [step.bound for step in results.term.of_uln if step.bound]
        ends = {
            end for r in _all(results) for end in (r.value.low, r.value.high) if end is not None
        }
        self.cuts = sorted({_UPWARDS.divide(end, b) for end in ends for b in bounds if end})

    def at(self, limit: Decimal) -> bool | None:
        """Whether it is so under a limit; ``None`` where that is not sure."""
        baselines, on_therapy = (
            tuple(replace(r, uln=_UPWARDS.divide(limit, r.factor)) for r in some)
            for some in (self._results.baselines, self._results.on_therapy)
        )
        changed = replace(self._results, baselines=baselines, on_therapy=on_therapy)
        charter = self._graded.charter
        found = grade_term(changed, charter.baseline_rule, charter).range
        ranges = [*self._others, *([found] if found else [])]
        if any(one.low >= HEADLINE_GRADE for one in ranges):
            return True
        is_sure = ranges and all(one.high < HEADLINE_GRADE for one in ranges)
        return False if is_sure else None


def told_limit(limits: Mapping[str, Any]) -> str:
    """Tell in a sentence how the headline hangs on a limit, as `LimitSteps.to_dict` has it.

    Told is what a limit of up to a quarter less or more than declared would give; nothing where
    the headline is the same for all of these.

    Examples
    --------
    >>> steps = [
    ...     {"from": 0.5, "below": 1.0667, "n": 1, "N": 15},
    ...     {"from": 1.0667, "below": 2.0, "n": 0, "N": 15},
    ... ]
    >>> bilirubin = {"analyte": "total bilirubin", "unit": "mg/dL", "declared": [1.0, 1.0]}
    >>> told_limit({**bilirubin, "steps": steps}).partition(": ")[2]
    '1/15 (6.7%) from 0.8 to 1.067 mg/dL; 0/15 (0.0%) from 1.067 to 1.25 mg/dL.'
    """
    low, high = limits["declared"][0] / _NEAR, limits["declared"][1] * _NEAR
    near = [one for one in limits["steps"] if one["from"] < high and one["below"] > low]
    if len(near) == 1:
        return ""
    told = [
        f"{_share(one['n'], one['N'])} from {max(one['from'], low):.4g} "
        f"to {min(one['below'], high):.4g} {limits['unit']}"
        for one in (near if len(near) <= _MOST_STEPS else (near[0], near[-1]))
    ]
    between = "; " if len(near) <= _MOST_STEPS else "; ... "
    return f"It hangs on the ULN of {limits['analyte']}: {between.join(told)}."


def _share(n: int, of: int) -> str:
    return f"{n}/{of} ({100 * n / of:.1f}%)" if of else f"{n}/{of}"


def _that_matter(results: TermResults) -> TermResults:
    """Leave out what is surely below the highest: under one limit for all it has no say."""
    highest = max((r.value.low for r in results.on_therapy), default=Decimal(0))
    matters = (r for r in results.on_therapy if r.value.low == highest or not r.value.is_exact)
    return replace(results, on_therapy=tuple(matters))


def _count(verdicts: Iterable[bool | None]) -> tuple[int, int]:
    sure = [one for one in verdicts if one is not None]
    return sum(sure), len(sure)
