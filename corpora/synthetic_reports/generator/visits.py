"""When each patient was examined, how, and which burden each report is to say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from .dice import Dice
from .patients import Patient
from .pools import BURDENS, LIVER_KINDS, Pools


@dataclass
class Visit:
    """One examination.

    Attributes
    ----------
    kind
        ``dotatate``, ``fdg``, ``ct``, ``mr``, ``us``, or one that does not image the liver.
    burden
        What the report is to say; ``none`` where the liver is not imaged.
    trend
        Against the last examination of the liver: ``stable``, ``up``, ``down``, ``new``; empty
        where there is none.
    is_first, is_last
        Among the examinations of the liver.
    prior
        The last examination of the liver before this one.
    """

    kind: str
    on: date
    burden: str = "none"
    trend: str = ""
    is_first: bool = False
    is_last: bool = False
    prior: Visit | None = None

    @property
    def images_liver(self) -> bool:
        """Whether the liver is in the field of view."""
        return self.kind in LIVER_KINDS


def make_visits(patient: Patient, dice: Dice, pools: Pools) -> list[Visit]:
    """Make the one to six examinations of a patient, in order of time."""
    visits = _schedule(dice, pools, at_least=4 if patient.course == "extensive" else 1)
    liver = [visit for visit in visits if visit.images_liver]
    burdens = _burdens(patient, len(liver), dice)
    prior: Visit | None = None
    for visit, burden in zip(liver, burdens, strict=True):
        visit.burden, visit.prior = burden, prior
        visit.trend = _trend(visit, dice)
        prior = visit
    liver[0].is_first = liver[-1].is_last = True
    return visits


def _schedule(dice: Dice, pools: Pools, at_least: int) -> list[Visit]:
    plan = pools.plan
    n = max(at_least, dice.weighted(plan["n_reports"], plan["n_reports_weights"]))
    on = date(2013, 1, 7) + timedelta(days=dice.between(0, 2900))
    visits: list[Visit] = []
    for _ in range(n):
        kind = dice.weighted(plan["kinds"]["names"], plan["kinds"]["weights"])
        visits.append(Visit(kind, on))
        on += timedelta(days=dice.between(45, 260))
    if not any(visit.images_liver for visit in visits):
        visits[0].kind = "dotatate"
    return visits


def _burdens(patient: Patient, n: int, dice: Dice) -> list[str]:
    top = BURDENS.index(patient.course)
    levels = [top] * n
    if top and n > 1:
        if dice.chance(0.2):
            levels[0] = 0 if dice.chance(0.3) else top - 1
        elif dice.chance(0.12):
            levels[-1] = top - 1
    return [BURDENS[level] for level in levels]


def _trend(visit: Visit, dice: Dice) -> str:
    if visit.prior is None:
        return ""
    step = BURDENS.index(visit.burden) - BURDENS.index(visit.prior.burden)
    if step > 0:
        return "new" if visit.prior.burden == "none" else "up"
    if step < 0:
        return "down"
    if visit.burden == "none":
        return "stable"
    return dice.weighted(("stable", "up", "down"), (55, 25, 20))
