"""Who is in the cohort: site, disease, lasting traits, and what imaging truly shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .dice import Dice
from .pools import Pools

RIGHT = ("V", "VI", "VII", "VIII")
LEFT = ("II", "III")


@dataclass
class Patient:
    """One patient; ``size``, ``count`` and ``theme`` move on from examination to examination.

    Attributes
    ----------
    course
        The greatest burden that the reports of this patient say.
    truth
        Share of the liver that is tumor on imaging, percent.
    theme
        A lasting trait of the liver other than metastases, such as ``polycystic``; may be empty.
    wording
        ``innumerable`` (``innumerable once`` when it was written) or ``other`` for patients of the
        extensive course, else empty.
    lungs, bones
        ``clear``, ``few`` or ``innumerable`` metastases there.
    size, count
        Reference lesion in mm and number of countable lesions.
    said
        Certainties of the burdens told so far.
    lines, measures
        What was written of the other organs, to be written again.
    """

    course: str
    truth: float
    theme: str = ""
    wording: str = ""
    patient_id: str = ""
    site: str = ""
    age: int = 0
    is_man: bool = True
    primary: str = ""
    grade: int = 1
    ki67: int = 1
    lungs: str = "clear"
    bones: str = "clear"
    has_nodes: bool = False
    size: int = 0
    count: int = 1
    segment: str = ""
    right: str = ""
    left: str = ""
    said: list[str] = field(default_factory=list)
    lines: dict[str, str] = field(default_factory=dict)
    measures: dict[str, dict[str, object]] = field(default_factory=dict)


def make_patients(dice: Dice, pools: Pools) -> list[Patient]:
    """Make the cohort of ``cohort.toml`` in a thrown order, numbered from P0001."""
    patients = dice.shuffled(list(_courses(dice, pools)))
    for number, patient in enumerate(patients, start=1):
        patient.patient_id = f"P{number:04d}"
        _give_traits(patient, dice, pools)
    return patients


def _courses(dice: Dice, pools: Pools) -> Iterator[Patient]:
    plan = pools.plan
    yield from _extensive(dice, plan["extensive"])
    yield from _multiple(dice, plan)
    for number in range(plan["courses"]["limited"]):
        theme = "polycystic" if number < 6 else ""
        yield Patient("limited", dice.real(0.4, 19), theme)
    themes = [name for name, n in sorted(plan["themes"].items()) for _ in range(n)]
    for number in range(plan["courses"]["none"]):
        truth = 0.0 if dice.chance(0.95) else dice.real(0.2, 2)
        yield Patient("none", truth, themes[number] if number < len(themes) else "")


def _extensive(dice: Dice, plan: dict[str, Any]) -> Iterator[Patient]:
    for name in ("above_75", "up_to_75"):
        shares = dice.shuffled(plan[name])
        for number, share in enumerate(shares):
            says = number < plan[f"innumerable_{name}"]
            yield Patient("extensive", share, wording="innumerable" if says else "other")


def _multiple(dice: Dice, plan: dict[str, Any]) -> Iterator[Patient]:
    bulky = plan["multiple"]["bulky"]
    for number in range(plan["courses"]["multiple"]):
        share = bulky[number] if number < len(bulky) else dice.real(8, 49)
        yield Patient("multiple", share)


def _give_traits(patient: Patient, dice: Dice, pools: Pools) -> None:
    plan, names = pools.plan, pools.phrases["primaries"]
    patient.site = dice.weighted(plan["sites"], plan["site_weights"])
    patient.age = dice.between(31, 79)
    patient.is_man = dice.chance(0.56)
    patient.primary = dice.weighted(names["names"], names["weights"])
    patient.grade = dice.weighted((1, 2, 3), (35, 55, 10))
    patient.ki67 = {1: dice.between(1, 2), 2: dice.between(3, 18), 3: dice.between(21, 45)}[
        patient.grade
    ]
    patient.has_nodes = dice.chance(0.5)
    patient.count = dice.pick((1, 1, 2, 2, 3, 3, 4, 5, 6, 8))
    patient.size = {"extensive": dice.between(21, 58), "multiple": dice.between(14, 44)}.get(
        patient.course, dice.between(7, 27)
    )
    patient.right, patient.left = dice.pick(RIGHT), dice.pick(LEFT)
    patient.segment = dice.pick((patient.right, "IVa", "IVb"))
    _give_spread(patient, dice, plan["spread"])


def _give_spread(patient: Patient, dice: Dice, spread: dict[str, list[Any]]) -> None:
    states = [str(state) for state in spread["states"]]
    patient.lungs = dice.weighted(states, spread["lungs"])
    patient.bones = dice.weighted(states, spread["bones"])
    if patient.wording == "other":  # their reports hold the word nowhere
        patient.lungs = "few" if patient.lungs == "innumerable" else patient.lungs
        patient.bones = "few" if patient.bones == "innumerable" else patient.bones
