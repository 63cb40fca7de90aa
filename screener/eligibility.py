"""Who is eligible: therapy, and the examinations round its first cycle; why others are not.

The paper asked for at least one cycle of therapy, a PET/CT with a somatostatin ligand, and a
contrast MRI or CT (Gococo-Benore et al., J Nucl Med 2023;64:880-884).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from screener.exams import ExamKind
from screener.outcomes.results import Course
from screener.outcomes.windows import Span

Reason = Literal[
    "no_therapy",
    "therapy_not_sure",
    "no_somatostatin_pet",
    "somatostatin_pet_outside_window",
    "no_contrast_ct_or_mr",
    "contrast_ct_or_mr_outside_window",
]
REASONS: dict[Reason, str] = {
    "no_therapy": "no cycle of therapy",
    "therapy_not_sure": "the days of therapy are not sure",
    "no_somatostatin_pet": "no PET with a somatostatin ligand",
    "somatostatin_pet_outside_window": "PET with a somatostatin ligand outside the window only",
    "no_contrast_ct_or_mr": "no CT or MR of the liver with contrast",
    "contrast_ct_or_mr_outside_window": "CT or MR with contrast outside the window only",
}
"""Reasons for exclusion, in the order in which the first that holds is told."""

_SIX_MONTHS, _THREE_MONTHS = Span(6, "months"), Span(3, "months")


@dataclass(frozen=True, slots=True)
class EligibilityCharter:
    """The charter's fields on eligibility.

    Attributes
    ----------
    min_cycles
        Cycles of therapy that a patient must have had.
    before, after
        The window round the first cycle in which the examinations must be; its ends count.
    needs_pet, needs_contrast
        Whether a PET with a somatostatin ligand, and a CT or MR with contrast, are asked for.
    """

    min_cycles: int = 1
    before: Span = _SIX_MONTHS
    after: Span = _THREE_MONTHS
    needs_pet: bool = True
    needs_contrast: bool = True

    def to_dict(self) -> dict[str, int | bool | str]:
        """Return the fields as plain data."""
        return {
            "min_cycles": self.min_cycles,
            "before": str(self.before),
            "after": str(self.after),
            "needs_pet": self.needs_pet,
            "needs_contrast": self.needs_contrast,
        }


@dataclass(frozen=True, slots=True)
class Exam:
    """One examination of a patient."""

    report_id: str
    exam_on: date | None
    kind: ExamKind


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether a patient is eligible.

    Attributes
    ----------
    patient_id
        Identifies the patient.
    reasons
        Why not, the first that counts first; empty for who is eligible.
    index_on
        Day of the first cycle, where it is known.
    pet, cross_sectional
        The examinations that make the patient eligible: of those in the window the nearest to the
        first cycle.
    why
        The same for a person, with what comes near it.
    """

    patient_id: str
    reasons: tuple[Reason, ...]
    index_on: date | None
    pet: Exam | None
    cross_sectional: Exam | None
    why: str

    @property
    def is_eligible(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reasons

    @property
    def reason(self) -> Reason | None:
        """The reason that is counted."""
        return self.reasons[0] if self.reasons else None


def assess_eligibility(
    patient_id: str, course: Course | None, exams: Iterable[Exam], charter: EligibilityCharter
) -> Eligibility:
    """Tell whether a patient is eligible, and why not.

    An examination whose contrast or day is not told does not count, which `why` says.
    """
    some = list(exams)
    if course is None or (course.n_cycles < charter.min_cycles and not course.problem):
        return Eligibility(patient_id, ("no_therapy",), None, None, None, REASONS["no_therapy"])
    if course.first_on is None:
        told = f"{REASONS['therapy_not_sure']}: {course.problem}"
        return Eligibility(patient_id, ("therapy_not_sure",), None, None, None, told)
    search = _Search(course.first_on, charter)
    pet = search.of([e for e in some if e.kind.is_somatostatin_pet])
    sections = [e for e in some if e.kind.is_cross_sectional and e.kind.covers_liver is not False]
    contrast = search.of([e for e in sections if e.kind.has_contrast])
    reasons: list[Reason] = []
    if charter.needs_pet and pet.chosen is None:
        outside: Reason = "somatostatin_pet_outside_window"
        reasons.append(outside if pet.nearest else "no_somatostatin_pet")
    if charter.needs_contrast and contrast.chosen is None:
        outside = "contrast_ct_or_mr_outside_window"
        reasons.append(outside if contrast.nearest else "no_contrast_ct_or_mr")
    notes = [
        *(REASONS[reason] for reason in reasons),
        *_near_misses(reasons, pet, contrast, sections, some),
    ]
    why = "; ".join(notes) or "eligible"
    return Eligibility(
        patient_id, tuple(reasons), course.first_on, pet.chosen, contrast.chosen, why
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """The nearest examination of a kind in the window, and the nearest at all."""

    chosen: Exam | None
    nearest: Exam | None
    n_undated: int


@dataclass(frozen=True, slots=True)
class _Search:
    index_on: date
    charter: EligibilityCharter

    def of(self, exams: Sequence[Exam]) -> _Found:
        """Find the examinations of a kind that are nearest to the first cycle."""
        dated = [(abs((e.exam_on - self.index_on).days), e) for e in exams if e.exam_on]
        start = self.charter.before.before(self.index_on)
        end = self.charter.after.after(self.index_on)
        within = [(days, e) for days, e in dated if e.exam_on and start <= e.exam_on <= end]
        return _Found(_nearest(within), _nearest(dated), len(exams) - len(dated))


def _nearest(dated: Sequence[tuple[int, Exam]]) -> Exam | None:
    """Return the nearest; of two as near the one with the smaller id."""
    return min(dated, key=lambda one: (one[0], one[1].report_id))[1] if dated else None


def _near_misses(
    reasons: Sequence[Reason],
    pet: _Found,
    contrast: _Found,
    sections: Sequence[Exam],
    exams: Sequence[Exam],
) -> Iterable[str]:
    """Say what comes near to what is missing."""
    if "somatostatin_pet_outside_window" in reasons and pet.nearest:
        yield f"nearest on {pet.nearest.exam_on}"
    if "no_somatostatin_pet" in reasons:
        unknown = sum(e.kind.is_pet and not e.kind.tracer for e in exams)
        yield from _count(unknown, "PET without a tracer told")
    if "contrast_ct_or_mr_outside_window" in reasons and contrast.nearest:
        yield f"nearest on {contrast.nearest.exam_on}"
    if "no_contrast_ct_or_mr" in reasons:
        yield from _count(
            sum(e.kind.has_contrast is False for e in sections), "CT or MR without contrast"
        )
        untold = sum(e.kind.has_contrast is None for e in sections)
        yield from _count(untold, "CT or MR whose contrast is not told")
    yield from _count((pet.n_undated + contrast.n_undated) * bool(reasons), "undated examination")


def _count(n: int, what: str) -> Iterable[str]:
    if n:
        yield f"{n} {what}"
