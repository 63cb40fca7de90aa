"""The flow of patients through a study, as STARD and PRISMA draw it; it always adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

NO_REPORT = "no report screened"
NOT_FLAGGED = "not flagged by the screen"
NOT_READ = "not read"
NOT_SETTLED = "read, not settled"
NOT_CONFIRMED = "not confirmed"


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One box of the flow.

    Attributes
    ----------
    name
        Of those who are left: ``received_therapy``, ``screened``, ``flagged``, ``eligible``,
        ``read`` or ``confirmed``.
    n
        How many are left.
    left_out
        How many of the box before are not, by reason; with `n` they are the box before.
    """

    name: str
    n: int
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Flow:
    """The boxes in order.

    Attributes
    ----------
    steps
        From those who received therapy to those confirmed.
    n_reports
        Reports that were screened.
    n_not_treated
        Patients with a screened report who received no therapy, and so are in no box.
    """

    steps: tuple[FlowStep, ...]
    n_reports: int = 0
    n_not_treated: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "steps": [
                {"name": one.name, "n": one.n, "left_out": dict(one.left_out)} for one in self.steps
            ],
            "n_reports": self.n_reports,
            "n_not_treated": self.n_not_treated,
        }


def make_flow(
    *,
    treated: Collection[str],
    screened: Collection[str],
    flagged: Collection[str],
    excluded: Mapping[str, str],
    verdicts: Mapping[str, bool | None] | None = None,
    n_reports: int = 0,
) -> Flow:
    """Follow every patient who received therapy through the study.

    Parameters
    ----------
    treated, screened, flagged
        Patients with a cycle of therapy, with a screened report, and those whom the screen flags.
    excluded
        Reason by patient, of those who are not eligible.
    verdicts
        What the readers settled on, by patient who was read: confirmed or not, or ``None`` where it
        is open; without them the flow ends with those eligible.
    n_reports
        Reports that were screened.

    Examples
    --------
    >>> flow = make_flow(
    ...     treated="abcde", screened="abcdx", flagged="abc", excluded={"c": "no PET"},
    ...     verdicts={"a": True},
    ... )
    >>> [(step.name, step.n) for step in flow.steps]  # doctest: +NORMALIZE_WHITESPACE
    [('received_therapy', 5), ('screened', 4), ('flagged', 3), ('eligible', 2), ('read', 1),
     ('confirmed', 1)]
    >>> flow.steps[3].left_out, flow.steps[4].left_out, flow.n_not_treated
    ({'no PET': 1}, {'not read': 1}, 1)
    """
    following = _Following(set(treated))
    following.keep("screened", {p: NO_REPORT for p in treated if p not in set(screened)})
    following.keep("flagged", {p: NOT_FLAGGED for p in treated if p not in set(flagged)})
    following.keep("eligible", excluded)
    if verdicts is not None:
        following.keep("read", {p: NOT_READ for p in treated if p not in verdicts})
        why = {None: NOT_SETTLED, False: NOT_CONFIRMED}
        open_or_not = {p: why[v] for p, v in verdicts.items() if v is not True}
        following.keep("confirmed", open_or_not)
    n_not_treated = len(set(screened) - set(treated))
    return Flow(tuple(following.steps), n_reports, n_not_treated)


class _Following:
    """Those who are left, and the boxes so far."""

    def __init__(self, patients: set[str]) -> None:
        self.left = patients
        self.steps = [FlowStep("received_therapy", len(patients))]

    def keep(self, name: str, left_out: Mapping[str, str]) -> None:
        """Go on with those who are not left out."""
        reasons = Counter(left_out[patient] for patient in sorted(self.left & left_out.keys()))
        self.left = self.left - left_out.keys()
        self.steps.append(FlowStep(name, len(self.left), dict(sorted(reasons.items()))))
