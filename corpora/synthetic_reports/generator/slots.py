"""What fills the braces in the prose: measurements, dates, ages, doses."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from .dice import Dice
from .patients import Patient
from .visits import Visit

COUNTS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_CYCLES = ("one cycle", "two cycles", "three cycles", "four cycles")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)

_THROWS: dict[str, Callable[[Dice], object]] = {
    "suv": lambda d: d.real(14, 68),
    "suv_l": lambda d: d.real(8, 12.5),
    "suv_n": lambda d: d.real(2.4, 6),
    "bg": lambda d: d.real(2.1, 7.4),
    "hu": lambda d: d.between(12, 36),
    "fat": lambda d: d.between(8, 31),
    "span": lambda d: d.real(20.5, 29),
    "span_n": lambda d: d.real(12, 16.5),
    "mm_s": lambda d: d.between(3, 16),
    "lymph": lambda d: d.between(12, 41),
    "duct": lambda d: d.between(3, 7),
    "ductp": lambda d: d.between(1, 3),
    "stone": lambda d: d.between(2, 7),
    "spleen": lambda d: d.real(8.8, 12.8),
    "kid": lambda d: d.real(9.6, 12.2),
    "kid2": lambda d: d.real(9.8, 12.4),
    "vert": lambda d: d.between(3, 12),
    "lvert": lambda d: d.between(1, 5),
    "ki": lambda d: d.between(1, 20),
    "cga": lambda d: d.between(180, 4200),
    "cycle": lambda d: d.pick(_CYCLES),
    "mbq": lambda d: d.between(140, 212),
    "mci": lambda d: d.real(3.9, 5.7),
    "upt": lambda d: d.between(52, 78),
    "glu": lambda d: d.between(82, 141),
    "ml": lambda d: d.between(80, 140),
    "mlg": lambda d: d.real(6, 10),
    "fast": lambda d: d.between(6, 11),
    "ctr": lambda d: d.between(46, 53),
    "canal": lambda d: d.between(7, 12),
    "ef": lambda d: d.between(48, 68),
    "rvsp": lambda d: d.between(22, 47),
}


class Slots:
    """Fills the braces of one report, each name with one value throughout.

    Parameters
    ----------
    patient, visit
        Whose report.
    before
        Size of the reference lesion at the last examination of the liver, in mm.
    dice
        Throws what the patient does not settle.
    """

    def __init__(self, patient: Patient, visit: Visit, before: int, dice: Dice) -> None:
        self._dice = dice
        self._values: dict[str, object] = {
            **_of_patient(patient, visit),
            **_of_lesions(patient, before),
            "prior": told_date(visit.prior.on, patient.site) if visit.prior else "the outside exam",
            "prior_out": told_date(visit.on - timedelta(days=dice.between(70, 400)), patient.site),
        }
        if visit.kind == "fdg":
            self._values |= {"suv": dice.real(5, 17), "suv_l": dice.real(4, 6)}

    def fill(self, text: str) -> str:
        """Fill the braces of a text."""
        for name, throw in _THROWS.items():
            if "{" + name + "}" in text and name not in self._values:
                self._values[name] = throw(self._dice)
        return _with_article(text.format(**self._values))

    def fill_kept(self, text: str, kept: dict[str, object]) -> str:
        """Fill the braces with the values of earlier reports, and keep those thrown anew."""
        for name, throw in _THROWS.items():
            if "{" + name + "}" in text and name not in kept:
                kept[name] = throw(self._dice)
        return _with_article(text.format(**(self._values | kept)))


def _with_article(text: str) -> str:
    """Write "an 8 mm", "an 11 mm"."""
    return re.sub(r"\b([Aa]) (?=(?:8\d?|11|18) mm)", r"\1n ", text)


def _of_patient(patient: Patient, visit: Visit) -> dict[str, object]:
    return {
        "age": patient.age,
        "sex": "man" if patient.is_man else "woman",
        "sexc": "M" if patient.is_man else "F",
        "primary": patient.primary,
        "primary_cap": patient.primary[0].upper() + patient.primary[1:],
        "grade": patient.grade,
        "ki": patient.ki67,
        "year0": visit.on.year - 1 - patient.age % 5,
    }


def _of_lesions(patient: Patient, before: int) -> dict[str, object]:
    return {
        "mm": patient.size,
        "mm0": before,
        "cm": f"{patient.size * 0.17:.1f}",
        "cm0": f"{before * 0.17:.1f}",
        "n": COUNTS[patient.count],
        "N": COUNTS[patient.count].capitalize(),
        "seg": patient.segment,
        "segr": patient.right,
        "segl": patient.left,
    }


def told_date(on: date, site: str) -> str:
    """Write a date as the site does."""
    if site == "North":
        return f"{on.month:02d}/{on.day:02d}/{on.year}"
    if site == "South":
        return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"
    return on.isoformat()
