"""What a study lays down beforehand of its outcomes: windows, and the rule for the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from screener.errors import OutcomeError
from screener.outcomes.grading import RULES, BaselineRule
from screener.outcomes.windows import Span, parse_span

FirstDay = Literal["therapy", "baseline"]
NoBaseline = Literal["normal", "ungradable"]
_ONE_MONTH, _THREE_MONTHS = Span(1, "months"), Span(3, "months")
_T = TypeVar("_T", bound=str)


@dataclass(frozen=True, slots=True)
class OutcomesCharter:
    """The charter's fields on laboratory outcomes.

    Attributes
    ----------
    baseline_rule
        ``v5_baseline_adjusted``: CTCAE v5.0 as printed, multiples of the baseline where it is
        abnormal. ``absolute_uln``: the laboratory's limits, whatever the baseline.
        ``worsening_only``: the same, counted where it exceeds the grade at baseline, or else 0.
    baseline_window
        How long before the first cycle a baseline may be; its ends count.
    therapy_window
        How long after the last cycle results count as on therapy; its end counts.
    first_day
        Whether a sample of the day of the first cycle is on therapy or may be the baseline.
    no_baseline
        What is made of a term that needs a baseline where there is none: graded as if it were
        normal, as is the custom (and said), or ungradable.
    """

    baseline_rule: BaselineRule = "v5_baseline_adjusted"
    baseline_window: Span = _ONE_MONTH
    therapy_window: Span = _THREE_MONTHS
    first_day: FirstDay = "therapy"
    no_baseline: NoBaseline = "normal"

    def to_dict(self) -> dict[str, str]:
        """Return the fields as text."""
        return {
            "baseline_rule": self.baseline_rule,
            "baseline_window": str(self.baseline_window),
            "therapy_window": str(self.therapy_window),
            "first_day": self.first_day,
            "no_baseline": self.no_baseline,
        }


def make_charter(
    *,
    baseline_rule: str = "v5_baseline_adjusted",
    baseline_window: str = "1 month",
    therapy_window: str = "3 months",
    first_day: str = "therapy",
    no_baseline: str = "normal",
) -> OutcomesCharter:
    """Make a charter of text, as a command line or a file gives it.

    Raises
    ------
    OutcomeError
        For a rule, window or choice that there is not.

    Examples
    --------
    >>> make_charter(baseline_window="30d").baseline_window.n
    30
    >>> make_charter(**OutcomesCharter().to_dict()) == OutcomesCharter()
    True
    """
    return OutcomesCharter(
        _one_of(baseline_rule, RULES, "baseline rule"),
        parse_span(baseline_window),
        parse_span(therapy_window),
        _one_of(first_day, get_args(FirstDay), "first day"),
        _one_of(no_baseline, get_args(NoBaseline), "choice for a missing baseline"),
    )


def _one_of(written: str, known: tuple[_T, ...], what: str) -> _T:
    for one in known:
        if written == one:
            return one
    raise OutcomeError(f"There is no {what} {written!r}. Known: {', '.join(known)}.")
