"""The whole cohort: every report with its label, and what imaging truly shows of each patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .dice import Dice
from .documents import Document, Writer
from .layouts import set_in_type
from .patients import Patient, make_patients
from .pools import Pools
from .scuffs import misspell, shorten
from .slots import Slots
from .statements import Chooser, move_on
from .visits import Visit, make_visits

_ACCESSIONS = {"North": "N", "South": "S", "West": "W"}


@dataclass
class Entry:
    """One report with its gold label.

    Attributes
    ----------
    document
        The sections, their passage and the traps.
    text
        The report as exported.
    report_id, accession
        Numbers in order of the examination dates.
    """

    patient: Patient
    on: date
    document: Document
    text: str
    status: str
    report_id: str = ""
    accession: str = ""

    @property
    def burden(self) -> str:
        """The gold burden; ``none`` where the liver is not imaged."""
        return self.document.passage.burden if self.document.passage else "none"


class Press:
    """Prints the reports of one patient after another.

    Parameters
    ----------
    pools
        The hand-written prose.
    dice
        The one source of chance.
    """

    def __init__(self, pools: Pools, dice: Dice) -> None:
        self._pools, self._dice = pools, dice
        self._chooser = Chooser(pools, dice)
        self._writer = Writer(pools, dice)

    def print_patient(self, patient: Patient) -> list[Entry]:
        """Print all reports of a patient, in order of time."""
        visits = make_visits(patient, self._dice, self._pools)
        entries = []
        for place, visit in enumerate(visits):
            patient.age += visit.on.year - visits[max(0, place - 1)].on.year
            entries.append(self._print(patient, visit))
        return entries

    def _print(self, patient: Patient, visit: Visit) -> Entry:
        passage, before = None, patient.size
        if visit.images_liver:
            before = move_on(patient, visit, self._dice)
            passage = self._chooser.choose(patient, visit)
        slots = Slots(patient, visit, before, self._dice)
        document = self._writer.write(patient, visit, passage, slots)
        self._scuff(document, patient)
        text = set_in_type(document, patient.site, visit.on.year, self._dice)
        return Entry(patient, visit.on, document, text, self._status(document))

    def _scuff(self, document: Document, patient: Patient) -> None:
        throw = self._dice.unit()
        if patient.wording.startswith("innumerable"):
            return
        if throw < 0.04:
            misspell(document, self._pools.phrases["misspellings"], self._dice)
        elif throw < 0.1:
            shorten(document)

    def _status(self, document: Document) -> str:
        if document.addendum:
            return "addendum"
        return self._dice.weighted(("final", "preliminary", "corrected"), (96, 3, 1))


def make_cohort(pools: Pools, seed: int) -> tuple[list[Patient], list[Entry]]:
    """Make the patients, and their reports numbered in order of date."""
    dice = Dice(seed)
    patients = make_patients(dice, pools)
    press = Press(pools, dice)
    entries = [entry for patient in patients for entry in press.print_patient(patient)]
    entries.sort(key=lambda entry: (entry.on, entry.patient.patient_id))
    for number, entry in enumerate(entries, start=1):
        entry.report_id = f"R{number:05d}"
        entry.accession = f"{_ACCESSIONS[entry.patient.site]}{entry.on:%y}{number * 37 + 10007:06d}"
    return patients, entries
