"""The tables of a study's charter on eligibility and outcomes, as ``study.toml`` states them."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from screener.eligibility import EligibilityCharter
from screener.errors import OutcomeError
from screener.outcomes.charters import FirstDay, NoBaseline, OutcomesCharter, make_charter
from screener.outcomes.grading import BaselineRule
from screener.outcomes.windows import parse_span


def _is_span(written: str) -> str:
    try:
        parse_span(written)
    except OutcomeError as error:
        raise ValueError(str(error)) from None
    return written


SpanText = Annotated[str, AfterValidator(_is_span)]


class ExamsOfStudy(BaseModel):
    """Who is eligible by therapy and examinations; see `screener.eligibility`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    min_cycles: Annotated[int, Field(ge=1)] = 1
    before: SpanText = "6 months"
    after: SpanText = "3 months"
    somatostatin_pet: bool = True
    contrast: bool = True

    def charter(self) -> EligibilityCharter:
        """Return it as the charter that patients are assessed by.

        Examples
        --------
        >>> ExamsOfStudy().charter() == EligibilityCharter()
        True
        """
        window = parse_span(self.before), parse_span(self.after)
        return EligibilityCharter(self.min_cycles, *window, self.somatostatin_pet, self.contrast)


class OutcomesOfStudy(BaseModel):
    """How laboratory outcomes are graded; see `screener.outcomes.charters`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    baseline_rule: BaselineRule = "v5_baseline_adjusted"
    baseline_window: SpanText = "1 month"
    therapy_window: SpanText = "3 months"
    first_day: FirstDay = "therapy"
    no_baseline: NoBaseline = "normal"

    def charter(self) -> OutcomesCharter:
        """Return it as the charter that outcomes are graded by.

        Examples
        --------
        >>> OutcomesOfStudy().charter() == OutcomesCharter()
        True
        """
        return make_charter(**self.model_dump())
