"""The grade that one value has: by the laboratory's limits, and against the baseline.

Everything is exact, and a grade is a range: one grade where it is sure, and all that it may be
where the value is a bound, or a limit is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, get_args

from screener.outcomes.criteria import Step, Term
from screener.outcomes.results import LabResult
from screener.outcomes.values import EXACT, Value, exactly, maybe_above, surely_above

BaselineRule = Literal["v5_baseline_adjusted", "absolute_uln", "worsening_only"]
RULES: tuple[BaselineRule, ...] = get_args(BaselineRule)

_ONE = exactly(Decimal(1))


@dataclass(frozen=True, slots=True)
class GradeRange:
    """The grades that a value may have, from `low` to `high`; `why` says how they come about."""

    low: int
    high: int
    why: str = ""

    @property
    def grade(self) -> int | None:
        """The grade, where it is sure."""
        return self.low if self.low == self.high else None

    def with_why(self, why: str) -> GradeRange:
        """Return the same range with another reason."""
        return GradeRange(self.low, self.high, why)

    def __or__(self, other: GradeRange) -> GradeRange:
        """Return what it may be where either may be so."""
        same = self.why == other.why
        why = self.why if same else f"{self.why}; or {other.why}"
        return GradeRange(min(self.low, other.low), max(self.high, other.high), why)


def worse_of(one: GradeRange, other: GradeRange) -> GradeRange:
    """Return the grade where the worse of two counts."""
    worse = max((one, other), key=lambda some: (some.low, some.high))
    why = worse.why if worse.low >= min(one.high, other.high) else f"{one.why}; and {other.why}"
    return GradeRange(max(one.low, other.low), max(one.high, other.high), why)


def grade_by_limits(term: Term, result: LabResult) -> GradeRange:
    """Return the grade of a value by the limits of normal or the fixed amounts of the criteria.

    Examples
    --------
    575 against 5 times 115 does not exceed it:

    >>> from datetime import date
    >>> from screener.outcomes.criteria import load_criteria
    >>> from screener.outcomes.results import Place
    >>> alp = load_criteria().terms["alp"]
    >>> value, uln, one = exactly(Decimal(575)), Decimal(115), Decimal(1)
    >>> row = ("p", "ALP", "575", "U/L", value, uln, None, one, date(2021, 3, 1), Place("a", 2))
    >>> grade_by_limits(alp, LabResult(*row))
    GradeRange(low=2, high=2, why='5 x ULN (115)')
    """
    if term.of_uln:
        if result.uln is None:
            return GradeRange(0, term.top_grade, f"the ULN is not known{_note(result)}")
        uln = exactly(result.uln)
        why = f"{_multiple(result.reported, uln)} x ULN ({_text(result.uln)})"
        return _range(term.of_uln, result.reported, uln).with_why(why)
    if result.unit in term.fixed_in:
        steps, value, lln = term.fixed_in[result.unit], result.reported, result.lln
    else:
        steps, value = term.fixed, result.value
        lln = None if result.lln is None else EXACT.multiply(result.lln, result.factor)
    known = tuple(
        replace(s, bound=lln) if s.bound is None and lln is not None else s for s in steps
    )
    found = _range(known, value, _ONE)
    unit = "" if value is result.reported else f" {term.unit}"
    return found.with_why(f"{_why_fixed(known, found, lln, _note(result))}{unit}")


def grade_of_baseline_multiple(term: Term, result: LabResult, baseline: LabResult) -> GradeRange:
    """Return the grade of a value in multiples of the baseline."""
    why = f"{_multiple(result.value, baseline.value)} x baseline ({baseline})"
    return _range(term.of_baseline, result.value, baseline.value).with_why(why)


def grade_v5(
    term: Term, result: LabResult, baseline: LabResult | None, *, is_anticoagulated: bool | None
) -> GradeRange:
    """Return the grade by CTCAE v5.0 as it is printed, with its branch for abnormal baselines.

    Parameters
    ----------
    term, result
        What is graded.
    baseline
        ``None`` takes the branch for a normal baseline.
    is_anticoagulated
        ``None`` where nothing is told, which is taken as no.
    """
    by_limits = grade_by_limits(term, result)
    if not term.of_baseline or (term.baseline_when == "anticoagulated" and not is_anticoagulated):
        return by_limits
    if baseline is None:
        is_needed = term.baseline_when == "anticoagulated"
        unknown = GradeRange(0, term.top_grade, "on anticoagulation, and no baseline")
        return unknown if is_needed else by_limits
    by_baseline = grade_of_baseline_multiple(term, result, baseline)
    if term.baseline_when == "also":
        return worse_of(by_limits, by_baseline)
    if term.baseline_when == "anticoagulated":
        return by_baseline.with_why(f"{by_baseline.why}, on anticoagulation")
    return _branch(by_limits, by_baseline, baseline)


def _branch(by_limits: GradeRange, by_baseline: GradeRange, baseline: LabResult) -> GradeRange:
    """Take the branch of a normal or of an abnormal baseline, or both where that is not sure."""
    if baseline.uln is None:
        unsure = by_limits | by_baseline
        return unsure.with_why(f"whether the baseline is abnormal is not known: {unsure.why}")
    uln = exactly(baseline.uln)
    above = f"abnormal: above its ULN ({_text(baseline.uln)})"
    abnormal = by_baseline.with_why(f"{by_baseline.why}, {above}")
    normal = by_limits.with_why(f"{by_limits.why}; baseline normal ({baseline})")
    if surely_above(baseline.reported, uln):
        return abnormal
    return normal | abnormal if maybe_above(baseline.reported, uln) else normal


def _range(steps: Sequence[Step], value: Value, unit: Value) -> GradeRange:
    """Return the grades that steps may give; a step whose bound is not known may hold."""
    surely = (step.grade for step in steps if _holds(step, value, unit, surely=True))
    maybe = (step.grade for step in steps if _holds(step, value, unit, surely=False))
    low = max(surely, default=0)
    return GradeRange(low, max(low, max(maybe, default=0)))


def _holds(step: Step, value: Value, unit: Value, *, surely: bool) -> bool:
    if step.bound is None:
        return not surely
    bound = unit.times(step.bound)
    compare = surely_above if surely else maybe_above
    if step.comparison == "below":
        return compare(bound, value)
    return compare(value, bound, or_equal=step.comparison == "from")


def _multiple(value: Value, unit: Value) -> str:
    """Say how many times a unit a value is, to three decimals."""
    if not (value.is_exact and unit.is_exact):
        sign = "over" if value.high is None else "at most"
        amount = value.low if value.high is None else value.high
        known = unit.high if unit.high else unit.low
        return f"{sign} {_text(_rounded(amount, known))}"
    return _text(_rounded(value.low, unit.low))


def _rounded(amount: Decimal, of: Decimal) -> Decimal:
    return round(amount / of, 3) if of else Decimal("Infinity")


def _text(number: Decimal) -> str:
    """Write a number without an exponent and without zeros at its end.

    >>> _text(Decimal("1E+3")), _text(Decimal("2.50"))
    ('1000', '2.5')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _why_fixed(steps: Sequence[Step], found: GradeRange, lln: Decimal | None, note: str) -> str:
    """Say which bound is crossed, or that none is."""
    crossed = [step for step in steps if step.grade == found.low]
    lowest = min(steps, key=lambda step: step.grade)
    is_unknown = lowest.bound is None and found.high > found.low
    said = [_said_of(step, lln) for step in crossed] or [f"not {_said_of(lowest, lln)}"]
    if is_unknown:
        said = [*(s for s in said if "LLN" not in s), f"the LLN is not known{note}"]
    return ", ".join(said)


def _said_of(step: Step, lln: Decimal | None) -> str:
    if step.bound is None:
        return "below the LLN"
    name = f"the LLN ({_text(step.bound)})" if step.bound == lln else _text(step.bound)
    return f"{step.comparison} {name}"


def _note(result: LabResult) -> str:
    return f" ({result.limits_note})" if result.limits_note else ""
