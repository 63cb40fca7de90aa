"""The response of the tumour: what was said of it, and the best of a patient."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from screener.accuracy import Figure, proportion
from screener.outcomes.results import Place

RESPONSES = MappingProxyType(
    {
        "complete": "cr,complete,complete response,complete remission",
        "partial": "pr,partial,partial response,partial remission",
        "improvement": "improvement,improved,response,responding,better,mixed response favourable",
        "stable": "sd,stable,stable disease,no change,unchanged,nc",
        "progression": "pd,progression,progressive,progressive disease,progressed,worse",
        "not_evaluable": "ne,not evaluable,not assessable,inevaluable,unknown,na",
    }
)
"""The responses, best first, and how they are written."""

RESPONDED = ("complete", "partial", "improvement")
CONTROLLED = (*RESPONDED, "stable")
NOBODY = "nobody has a response that can be evaluated"
_KEYS = {name: key for key, names in RESPONSES.items() for name in (key, *names.split(","))}


@dataclass(frozen=True, slots=True)
class Response:
    """What one assessment says, by a name of `RESPONSES`."""

    patient_id: str
    response: str
    assessed_on: date | None
    place: Place


@dataclass(frozen=True, slots=True)
class BestResponses:
    """Best responses of a cohort.

    Attributes
    ----------
    counts
        Patients by best response, among those who have one, in order of `RESPONSES`.
    by_cycles
        The same by the number of cycles that the patients had.
    responded, controlled
        Complete, partial or other improvement; the same or stable; among those whose best response
        can be evaluated.
    n_without
        Patients of whom no response is told.
    """

    counts: Mapping[str, Figure]
    by_cycles: Mapping[int, Mapping[str, Figure]]
    responded: Figure
    controlled: Figure
    n_without: int

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "best": {name: _share(figure) for name, figure in self.counts.items()},
            "by_cycles": {
                str(n): {name: _share(figure) for name, figure in counts.items()}
                for n, counts in self.by_cycles.items()
            },
            "responded": _share(self.responded),
            "controlled": _share(self.controlled),
            "n_without": self.n_without,
        }


def read_response(written: str) -> str | None:
    """Return the response that is written; ``None`` for none that is known.

    >>> read_response("PR"), read_response("Stable disease"), read_response("no-change")
    ('partial', 'stable', 'stable')
    """
    return _KEYS.get(re.sub(r"[\s_-]+", " ", written.strip().casefold()))


def best_response(responses: Iterable[Response], since: date) -> str | None:
    """Return the best response of a patient from a day on; ``None`` where there is none.

    A response without a day counts; one that cannot be evaluated counts only where there is no
    other.
    """
    order = list(RESPONSES)
    told = [one.response for one in responses if one.assessed_on is None or one.assessed_on > since]
    return min(told, key=order.index) if told else None


def summarise_responses(best: Sequence[tuple[str | None, int]]) -> BestResponses:
    """Count the best responses.

    Parameters
    ----------
    best
        Best response and number of cycles of each patient.

    Examples
    --------
    >>> some = [("partial", 4), ("stable", 4), ("progression", 3), (None, 4)]
    >>> summary = summarise_responses(some)
    >>> summary.responded.n, summary.responded.of, summary.n_without
    (1, 3, 1)
    """
    known = [(name, n) for name, n in best if name is not None]
    evaluable = [name for name, _ in known if name != "not_evaluable"]
    cycles = sorted({n for _, n in known}, reverse=True)
    return BestResponses(
        counts=_counts([name for name, _ in known]),
        by_cycles={n: _counts([name for name, m in known if m == n]) for n in cycles},
        responded=_among(evaluable, RESPONDED),
        controlled=_among(evaluable, CONTROLLED),
        n_without=len(best) - len(known),
    )


def _counts(names: Sequence[str]) -> dict[str, Figure]:
    return {name: _among(names, (name,)) for name in RESPONSES if name in names}


def _among(names: Sequence[str], wanted: Sequence[str]) -> Figure:
    return proportion(sum(name in wanted for name in names), len(names), NOBODY)


def _share(figure: Figure) -> dict[str, Any]:
    interval = None if figure.low is None else [figure.low, figure.high]
    return {"n": figure.n, "N": figure.of, "interval": interval}
