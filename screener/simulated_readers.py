"""Simulated readers for the demonstration: invented reads about a known truth, named as such.

They read through the same session as people do. Each has a bias and a spread of their own, so that
agreement, consensus and the bound on missed patients have something to show; the figures that come
of it say how the program works and nothing about radiologists.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from screener.reads import Confidence, ReadForm, Verdict

if TYPE_CHECKING:
    from screener.reading import Reading

STEP = 5  # percent: finer than this nobody reads
_SURE = 20.0
_UNSURE = 8.0


@dataclass(frozen=True, slots=True)
class SimulatedReader:
    """One invented reader.

    Attributes
    ----------
    name
        Says that it is simulated.
    bias, spread
        Mean and standard deviation of the error, in percent of the liver.
    n_unread
        How many cases at the end of the worklist are left unread.
    """

    name: str
    bias: float
    spread: float
    n_unread: int = 0


SIMULATED = (
    SimulatedReader("simulated-a", 0.0, 5.0),
    SimulatedReader("simulated-b", 3.0, 7.0),
    SimulatedReader("simulated-c", -3.0, 9.0),
)


def simulate_reads(
    reading: Reading, reader: SimulatedReader, truth: Mapping[str, float], seed: int
) -> int:
    """Lock the reader's cases, but for those that are left unread; the first of them is a draft.

    Parameters
    ----------
    reading
        The reader's session, in a study that shows who the patient is.
    reader
        Who reads.
    truth
        Percent of the liver involved, by patient.
    seed
        Of the errors: the same seed gives the same reads.

    Returns
    -------
    int
        How many cases were locked.
    """
    items = reading.worklist()
    n_read = max(0, len(items) - reader.n_unread)
    for item in items[:n_read]:
        form = simulated_form(reader, item.patient_id, truth[item.patient_id], seed)
        reading.open_case(item.case_id)
        reading.lock(item.case_id, form)
    for item in items[n_read : n_read + 1]:
        reading.open_case(item.case_id)
        reading.save_draft(item.case_id, ReadForm(modality="CT", comment="simulated draft"))
    return n_read


def simulated_form(reader: SimulatedReader, patient_id: str, percent: float, seed: int) -> ReadForm:
    """Return what a simulated reader says of a patient, given the truth.

    Where next to nothing is involved, the reader sees so; else the error is normal.
    """
    error = NormalDist(reader.bias, reader.spread).inv_cdf(_share(reader.name, patient_id, seed))
    seen = percent + error if percent >= STEP else percent
    read = float(min(100, max(0, STEP * round(seen / STEP))))
    distance = abs(seen - 75.0)
    confidence: Confidence = (
        "high" if distance > _SURE else "low" if distance < _UNSURE else "moderate"
    )
    verdict: Verdict = "yes" if read > 75.0 else "no"  # noqa: PLR2004 - the cut of the shipped question
    return ReadForm(verdict=verdict, percent=read, confidence=confidence, modality="CT")


def _share(name: str, patient_id: str, seed: int) -> float:
    """A number in (0, 1) that depends on nothing but its arguments."""
    digest = hashlib.sha256(f"{seed}\x00{name}\x00{patient_id}".encode()).digest()
    return (int.from_bytes(digest[:6]) + 0.5) / 2**48
