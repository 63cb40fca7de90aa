"""How long patients were followed from the first cycle, and who died: what survival is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from screener.accuracy import proportion
from screener.outcomes.responses import BestResponses, summarise_responses
from screener.outcomes.survival import Curve, Observed, kaplan_meier, reverse_kaplan_meier

DAYS_A_MONTH = 30.4375
"""365.25 / 12."""
EARLY_DAYS = 100


@dataclass(frozen=True, slots=True)
class FollowedPatient:
    """A patient's time under observation.

    Attributes
    ----------
    first_on, last_on
        Days of the first and the last cycle.
    n_cycles
        How many cycles.
    ended_on
        Day of death, or the last day on which the patient is known to be alive.
    has_died
        Whether the patient died on that day.
    response
        Best response, by a name of `screener.outcomes.responses.RESPONSES`; ``None`` for none.
    """

    patient_id: str
    first_on: date
    last_on: date
    n_cycles: int
    ended_on: date
    has_died: bool
    response: str | None = None

    @property
    def days(self) -> int:
        """Days from the first cycle."""
        return (self.ended_on - self.first_on).days

    @property
    def days_from_last(self) -> int:
        """Days from the last cycle; below 0 where the patient died between planned cycles."""
        return (self.ended_on - self.last_on).days


@dataclass(frozen=True, slots=True)
class FollowUpSummary:
    """Follow-up, survival and response of a cohort.

    Attributes
    ----------
    patients
        In order.
    survival
        Time from the first cycle to death.
    follow_up
        Time that patients could have been followed, by reverse Kaplan-Meier.
    responses
        Best responses.
    """

    patients: tuple[FollowedPatient, ...]
    survival: Curve
    follow_up: Curve
    responses: BestResponses

    def to_dict(self) -> dict[str, Any]:
        """Return the summary as plain data; its keys are a contract."""
        return {
            "n_patients": len(self.patients),
            "follow_up": {
                "reverse_kaplan_meier": _with_months(self.follow_up.to_dict()),
                "observed_days": _spread([one.days for one in self.patients]),
            },
            "survival": _with_months(self.survival.to_dict()),
            "deaths": self._deaths(),
            "responses": self.responses.to_dict(),
            "origin": "first cycle",
        }

    def _deaths(self) -> dict[str, Any]:
        died = [one for one in self.patients if one.has_died]
        share = proportion(len(died), len(self.patients), "there is nobody")
        since_last = [one.days_from_last for one in died]
        return {
            "n": share.n,
            "N": share.of,
            "interval": None if share.low is None else [share.low, share.high],
            "days_from_last_cycle": _spread(since_last),
            f"within_{EARLY_DAYS}_days_of_last_cycle": {
                "before_that_day": sum(days < EARLY_DAYS for days in since_last),
                "that_day_included": sum(days <= EARLY_DAYS for days in since_last),
            },
        }


def summarise_follow_up(patients: Sequence[FollowedPatient]) -> FollowUpSummary:
    """Estimate survival and follow-up from the first cycle, and count the best responses."""
    observed = [Observed(one.days, one.has_died) for one in patients]
    return FollowUpSummary(
        tuple(patients),
        kaplan_meier(observed),
        reverse_kaplan_meier(observed),
        summarise_responses([(one.response, one.n_cycles) for one in patients]),
    )


def _spread(days: Sequence[int]) -> dict[str, float | int | None]:
    if not days:
        return {"n": 0, "median": None, "low": None, "high": None}
    return {"n": len(days), "median": float(median(days)), "low": min(days), "high": max(days)}


def _with_months(told: dict[str, Any]) -> dict[str, Any]:
    days = told["median_days"]
    return {**told, "median_months": None if days is None else days / DAYS_A_MONTH}
