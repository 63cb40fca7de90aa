"""Which passage tells of the liver in a report: one that fits the patient, the time and the truth."""

from __future__ import annotations

from collections import Counter

from .dice import Dice
from .patients import Patient
from .pools import BURDENS, Passage, Pools
from .visits import Visit


class Chooser:
    """Takes passages so that all come to their turn, each by its weight.

    Parameters
    ----------
    pools
        The hand-written prose.
    dice
        Decides between passages that were used equally often.
    """

    def __init__(self, pools: Pools, dice: Dice) -> None:
        self._passages = pools.passages
        self._dice = dice
        self._used: Counter[tuple[str, str]] = Counter()

    def choose(self, patient: Patient, visit: Visit) -> Passage:
        """Take the passage of a report; the least used of those that fit."""
        fitting = [p for p in self._passages[visit.burden] if fits(p, patient, visit)]
        wanted = self._preferred(fitting, patient, visit)
        keyed = [(self._turn(p), place) for place, p in enumerate(wanted)]
        chosen = wanted[min(keyed)[1]]
        self._used[chosen.findings, chosen.impression] += 1
        if chosen.certainty:
            patient.said.append(chosen.certainty)
        if patient.wording == "innumerable" and "innumerable" in chosen.words:
            patient.wording = "innumerable once"
        return chosen

    def _preferred(self, fitting: list[Passage], patient: Patient, visit: Visit) -> list[Passage]:
        """Narrow to what is told rarely, where there is such a passage."""
        if not patient.said and self._dice.chance(0.3 if visit.burden == "extensive" else 0.2):
            fitting = [p for p in fitting if p.certainty == "hedged"] or fitting
        wanted = [p for p in fitting if _is_wanted(p, patient)] or fitting
        if visit.trend == "new":
            wanted = [p for p in wanted if p.trend == "new"] or wanted
        return [p for p in wanted if p.themes or p.lungs or p.bones] or wanted

    def _turn(self, passage: Passage) -> float:
        used = self._used[passage.findings, passage.impression]
        is_loud = passage.burden != "extensive" and "innumerable" in passage.words
        is_loud = is_loud and not (passage.themes and passage.burden == "limited")
        return (used + self._dice.unit()) / (passage.weight * (0.3 if is_loud else 1))


def fits(passage: Passage, patient: Patient, visit: Visit) -> bool:
    """Tell whether the passage can stand in this report without contradicting anything."""
    return (
        visit.kind in passage.on
        and passage.site in ("", patient.site)
        and passage.lungs in ("", patient.lungs)
        and passage.bones in ("", patient.bones)
        and _fits_theme(passage, patient)
        and _fits_time(passage, patient, visit)
        and _fits_count(passage, patient)
        and _fits_truth(passage, patient)
        and _fits_wording(passage, patient)
    )


def _fits_theme(passage: Passage, patient: Patient) -> bool:
    if passage.malignancy == "unnamed" and (patient.lungs, patient.bones) != ("clear", "clear"):
        return False
    if passage.malignancy == "unnamed" and patient.course != "none":
        return False
    if passage.themes:
        return patient.theme in passage.themes
    return passage.burden != "none" or not patient.theme


def _fits_time(passage: Passage, patient: Patient, visit: Visit) -> bool:
    if passage.at == "first" and not visit.is_first:
        return False
    if passage.at == "last" and not visit.is_last:
        return False
    if passage.certainty == "hedged" and "definite" in patient.said:
        return False
    if passage.trend == "later":
        return visit.prior is not None and visit.prior.burden == passage.burden
    return passage.trend in ("", visit.trend)


def _fits_count(passage: Passage, patient: Patient) -> bool:
    if passage.burden != "limited":
        return True
    if passage.n is None or passage.n == "slot":
        return 2 <= patient.count <= passage.max_n
    return passage.n == patient.count


def _fits_truth(passage: Passage, patient: Patient) -> bool:
    if passage.burden != patient.course:  # a step before or after: no truth is kept for it
        return passage.percent is None
    low, high = passage.truth
    if passage.percent is not None:
        low, high = max(low, passage.percent[0] - 8), min(high, passage.percent[1] + 8)
    return low <= patient.truth <= high


def _fits_wording(passage: Passage, patient: Patient) -> bool:
    return patient.wording != "other" or "innumerable" not in passage.words


def _is_wanted(passage: Passage, patient: Patient) -> bool:
    if patient.wording == "innumerable" and passage.burden == "extensive":
        return "innumerable" in passage.words
    return True


def move_on(patient: Patient, visit: Visit, dice: Dice) -> int:
    """Let the reference lesion and the number of lesions follow the trend; return the size before."""
    before = patient.size
    if visit.trend in ("up", "down"):
        factor = dice.real(1.13, 1.38, 2) if visit.trend == "up" else dice.real(0.62, 0.86, 2)
        patient.size = max(5, round(before * factor))
        step = dice.between(0, 2) if visit.trend == "up" else -dice.between(0, 1)
        patient.count = min(9, max(1, patient.count + step))
    if visit.burden == "none" and visit.trend == "down":
        patient.theme = "cleared"
    if visit.is_first and BURDENS.index(visit.burden):
        return round(patient.size * 1.5)  # outside examination
    return before
