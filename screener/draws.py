"""Draws: who is put before the readers, flagged and audited, and in which random order.

This is the side of a study that readers never see. Every random order comes of the charter's seed
by hashing: the same seed gives the same draw on every machine and every version of Python.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from screener.errors import StudyError

Origin = Literal["flagged", "audit"]
FLAGGED: Origin = "flagged"
AUDIT: Origin = "audit"


@dataclass(frozen=True, slots=True)
class RankedPatient:
    """One row of a run's table of patients, as far as a draw looks at it."""

    rank: int
    patient_id: str
    tier: str
    score: float
    is_flagged: bool


@dataclass(frozen=True, slots=True)
class Cut:
    """Which patients of the ranking are to be read.

    Attributes
    ----------
    top
        The first so many by rank, if set.
    tiers
        Those of these tiers, if any.
    n_audit
        How many of the others to sample at random.

    With neither `top` nor `tiers`: all whom the screen flags.
    """

    top: int | None = None
    tiers: tuple[str, ...] = ()
    n_audit: int = 0

    @property
    def is_default(self) -> bool:
        """Whether neither `top` nor `tiers` is set."""
        return self.top is None and not self.tiers


@dataclass(frozen=True, slots=True)
class Drawn:
    """A patient who was drawn, and why."""

    patient: RankedPatient
    origin: Origin


@dataclass(frozen=True, slots=True)
class Draw:
    """What a draw came to.

    Attributes
    ----------
    drawn
        In order of rank.
    n_unflagged
        Patients from whom the audit sample was drawn: all who are eligible and not flagged by the
        cut, not drawn before.
    """

    drawn: tuple[Drawn, ...]
    n_unflagged: int


def draw_patients(
    patients: Iterable[RankedPatient], cut: Cut, seed: int, before: Collection[str] = ()
) -> Draw:
    """Draw the flagged patients and, from all the others, a simple random sample.

    Parameters
    ----------
    patients
        All eligible patients of a run.
    cut
        Whom to read.
    seed
        Of the sample.
    before
        Patients drawn earlier; they are not drawn again.

    Raises
    ------
    StudyError
        When nobody is drawn, or fewer are left than the sample is to have.
    """
    ranked = sorted(patients, key=lambda patient: patient.rank)
    flagged = _flagged(ranked, cut)
    taken = {*before, *(patient.patient_id for patient in flagged)}
    others = {one.patient_id: one for one in ranked if one.patient_id not in taken}
    if cut.n_audit > len(others):
        raise StudyError(
            f"--audit {cut.n_audit}: only {len(others)} patients are not flagged and not drawn yet."
        )
    audited = {*shuffled(others, seed, "audit")[: cut.n_audit]}
    drawn = [Drawn(one, FLAGGED) for one in flagged if one.patient_id not in before]
    drawn += [Drawn(others[patient_id], AUDIT) for patient_id in audited]
    if not drawn:
        raise StudyError("Nobody is drawn: the cut flags no patient who was not drawn before.")
    return Draw(tuple(sorted(drawn, key=lambda one: one.patient.rank)), len(others))


def shuffled(names: Iterable[str], seed: int, purpose: str) -> list[str]:
    """Return some names in a random order that depends on nothing but them, seed and purpose.

    >>> shuffled(["a", "b", "c"], 1, "order") == shuffled(["c", "b", "a"], 1, "order")
    True
    """

    def key(name: str) -> tuple[bytes, str]:
        said = f"{seed}\x00{purpose}\x00{name}".encode()
        return hashlib.sha256(said).digest(), name

    return sorted(names, key=key)


def _flagged(ranked: Sequence[RankedPatient], cut: Cut) -> list[RankedPatient]:
    if cut.is_default:
        return [patient for patient in ranked if patient.is_flagged]
    known = {patient.tier for patient in ranked}
    if unknown := [tier for tier in cut.tiers if tier not in known]:
        raise StudyError(f"No patient has tier {unknown[0]!r}. Tiers: {', '.join(sorted(known))}.")
    of_tier = [patient for patient in ranked if not cut.tiers or patient.tier in cut.tiers]
    return of_tier if cut.top is None else of_tier[: cut.top]
