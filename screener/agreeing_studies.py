"""The use case of a study's figures: how far its readers agree, and how many were missed.

Only first locked reads of complete cases of the main round are compared: no amendment, no second
look, no adjudication, no calibration case. The result of a case is the consensus of the charter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from screener.adjudication import open_study
from screener.agreement.measures import Resampling, measure_agreement
from screener.agreement.ratings import Reading, make_ratings
from screener.agreement.scales import Level
from screener.errors import StudyError
from screener.missed import Audit, Missed, estimate_missed
from screener.reads import CANNOT_ASSESS, NO, YES

if TYPE_CHECKING:
    from pathlib import Path

    from screener.agreement.records import Agreement
    from screener.settlements import Ratings


RESULT = "the result\n"
"""Among the columns of readers; no reader's name has the end of a line."""


@dataclass(frozen=True, slots=True)
class StudyFigures:
    """What a study says of its readers and of its screen.

    Attributes
    ----------
    verdicts
        Agreement on the verdict, nominal.
    percents
        On the percent involved, interval; ``None`` where no case has two.
    missed
        What the audit sample says; ``None`` without one.
    notes
        What is left out, one sentence each.
    """

    verdicts: Agreement
    percents: Agreement | None
    missed: Missed | None
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the document: that of the verdicts, with the percents and the missed beside it.

        The intraclass correlations among the coefficients are those of the percents.
        """
        told = self.verdicts.to_dict()
        percents = None if self.percents is None else self.percents.to_dict()
        if percents is not None:
            correlations = {
                name: value
                for name, value in percents["coefficients"].items()
                if name.startswith("icc")
            }
            told["coefficients"] = {**told["coefficients"], **correlations}
        missed = None if self.missed is None else self.missed.to_dict()
        return {**told, "notes": list(self.notes), "percents": percents, "missed": missed}


def figures_of_study(where: str | Path, resampling: Resampling) -> StudyFigures:
    """Measure the agreement of a study's readers, and bound what its screen missed.

    Parameters
    ----------
    where
        The study's folder or the URL of its store.
    resampling
        How intervals are made.

    Raises
    ------
    StudyError
        When no case of the main round is complete.
    """
    with open_study(where) as session:
        ratings, results = session.ratings(), session.results()
        status = session.status()
    if not ratings.opinions:
        raise StudyError(
            f"No case of the main round is complete yet: {status.n_cases} are being read."
            " Agreement is of cases that all readers have locked."
        )
    notes = []
    if n_open := status.n_cases - len(ratings.opinions):
        notes.append(f"{n_open} of {status.n_cases} cases are not complete and left out.")
    missed = _missed(ratings, results, notes) if status.n_audit else None
    return StudyFigures(
        _verdicts(ratings, results, resampling),
        _percents(ratings, resampling),
        missed,
        tuple(notes),
    )


def _verdicts(
    ratings: Ratings, results: Mapping[str, str | None], resampling: Resampling
) -> Agreement:
    """Two categories, unless a reader could not assess a case; overruled is who the result is not.

    By majority these are the same; with two readers and an adjudicator no majority tells it.
    """
    columns: dict[str, list[str | None]] = {
        reader: [opinions[place].verdict for opinions in ratings.opinions.values()]
        for place, reader in enumerate(ratings.readers)
    }
    is_all_assessed = all(CANNOT_ASSESS not in column for column in columns.values())
    categories = (NO, YES) if is_all_assessed else (NO, YES, CANNOT_ASSESS)
    settled = [results.get(case_id) for case_id in ratings.opinions]
    columns[RESULT] = [one if one in categories else None for one in settled]
    reading = Reading(Level.NOMINAL, categories, YES if is_all_assessed else "", settled=RESULT)
    return measure_agreement(make_ratings(columns, reading), resampling=resampling)


def _percents(ratings: Ratings, resampling: Resampling) -> Agreement | None:
    columns = {
        reader: [opinions[place].percent for opinions in ratings.opinions.values()]
        for place, reader in enumerate(ratings.readers)
    }
    n_of_case = [sum(one is not None for one in row) for row in zip(*columns.values(), strict=True)]
    if max(n_of_case, default=0) < 2:  # noqa: PLR2004 - two agree or not, one does not
        return None
    made = make_ratings(columns, Reading(Level.INTERVAL))
    return measure_agreement(made, resampling=resampling)


def _missed(ratings: Ratings, results: Mapping[str, str | None], notes: list[str]) -> Missed | None:
    """Count by the consensus; what is not settled as yes or no was not read."""
    of = {
        origin: [results[case_id] for case_id, one in ratings.origins.items() if one == origin]
        for origin in ("flagged", "audit")
    }
    flagged, audit = ([one for one in of[o] if one in (YES, NO)] for o in ("flagged", "audit"))
    if left := sum(map(len, of.values())) - len(flagged) - len(audit):
        notes.append(f"{left} complete cases have no yes or no, and count as not read.")
    if not audit:
        notes.append("No case of the audit sample is settled: nothing bounds the missed yet.")
        return None
    return estimate_missed(
        Audit(
            n_unflagged=ratings.n_unflagged,
            n_read=len(audit),
            n_found=audit.count(YES),
            n_flagged=len(flagged),
            n_confirmed=flagged.count(YES),
        )
    )
