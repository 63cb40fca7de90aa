"""Two made-up mixes of reports to measure on; the same seed and number give the same rows.

The archive is what a hospital has: 40% chest films, 25% CT, 15% MR, 12% ultrasound, 8% nuclear
medicine; 15% mention the liver, 4% metastases, 0.5% extensive metastases of the liver. The cohort
is an oncology clinic's: 70% mention liver metastases. Nothing in them comes from a real report.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

FIELDS = ("report_id", "patient_id", "exam_on", "modality", "text")
REPORTS_A_PATIENT = 3

_SIDES = "right left".split()
_BODIES = {
    "CR": (
        "Heart size is {size}.", "Lungs are clear.", "No pleural effusion or pneumothorax.",
        "Mediastinal contours are unremarkable.", "Linear atelectasis at the {side} base.",
        "{Side} internal jugular catheter ends in the superior vena cava.",
        "Degenerative change of the thoracic spine, level T{n}.",
        "No acute osseous abnormality.", "Interstitial markings are {size} for age {n}.",
        "Endotracheal tube ends {n} mm above the carina.", "Old {side} rib fracture, unchanged.",
    ),
    "CT": (
        "No pulmonary embolism to the segmental level.", "The {side} kidney measures {n} cm.",
        "A {n} mm simple cyst of the {side} kidney.", "No free fluid or free air.",
        "Sigmoid diverticulosis without diverticulitis.", "The appendix is normal, {n} mm wide.",
        "Atherosclerotic calcification of the aorta without aneurysm.", "Spleen is {size}.",
        "No enlarged lymph nodes.", "Disc degeneration at L{d}-L5.", "Adrenal glands are normal.",
        "Pancreas is {size} without ductal dilatation.", "Bladder is {size}.",
        "A {n} mm ground-glass nodule in the {side} upper lobe.", "Small hiatal hernia.",
    ),
    "MR": (
        "No restricted diffusion.", "Ventricles are {size}.", "Disc protrusion at C{d}-C6.",
        "Meniscal tear of the {side} knee, posterior horn.", "Cruciate ligaments are intact.",
        "Mild small-vessel ischemic change, {n} foci of T2 signal.", "No abnormal enhancement.",
        "Supraspinatus tendinosis on the {side}.", "Bone marrow signal is {size}.",
        "Joint effusion, {size}.", "No canal stenosis at L{d}-L5.",
    ),
    "US": (
        "Gallbladder without stones.", "Common duct measures {d} mm.", "No hydronephrosis.",
        "{Side} kidney {n} cm in length.", "No deep vein thrombosis of the {side} leg.",
        "Thyroid isthmus {d} mm.", "{Side} ovary with a {n} mm follicle.", "No free fluid.",
        "Single live fetus, heart rate 1{n} per minute.",
    ),
    "NM": (
        "Physiologic distribution of the tracer.", "Split renal function {n}% on the {side}.",
        "No scintigraphic evidence of osteomyelitis.", "Ejection fraction is {n}%.",
        "Uptake in the {side} knee is degenerative.", "Gastric emptying half time {n} minutes.",
        "No perfusion defect.", "Parathyroid imaging is negative on the {side}.",
    ),
}  # fmt: skip
_LIVER = (
    "The liver is normal.", "Liver: unremarkable.", "Liver is {size} in size and contour.",
    "Hepatic cyst of {n} mm.", "Mild hepatic steatosis.", "No focal hepatic abnormality.",
    "The liver measures {n} cm.", "No intrahepatic biliary dilatation.",
)  # fmt: skip
_ELSEWHERE = (
    "Osseous metastases at T{d} and L{d}.", "Pulmonary metastases, the largest {n} mm.",
    "No evidence of metastatic disease.", "Nodal metastasis of {n} mm in the {side} axilla.",
    "Brain metastasis in the {side} frontal region, {n} mm.",
)  # fmt: skip
_SOME = (
    "No hepatic metastases.", "Hepatic metastases, stable, the largest {n} mm in segment {d}.",
    "Two liver metastases of {n} and 1{d} mm.", "Several hepatic metastases in both lobes.",
    "Resolved liver metastases after treatment.", "Multiple liver metastases, unchanged.",
    "Few hepatic metastases with a diameter of up to {n} mm.",
    "Liver metastases involve about {n}% of the liver.",
)  # fmt: skip
_TRUE = (
    "Innumerable hepatic metastases.", "Liver metastases too numerous to count.",
    "Near-complete replacement of the liver by metastases.",
    "Innumerable liver metastases in both lobes, the largest {n} mm.",
    "Diffuse hepatic metastases replace more than 8{d}% of the liver.",
)  # fmt: skip
_HISTORY = (
    "Cough for {n} days.", "Fall, pain of the {side} hip.", "Abdominal pain.",
    "Follow-up, age {n}.",
    "Shortness of breath.", "Preoperative, {n} years old.", "Trauma.", "Fever since {d} days.",
)  # fmt: skip
_ONCOLOGY = (
    "Colon carcinoma, cycle {d} of chemotherapy.", "Neuroendocrine tumor, age {n}.",
    "Breast cancer, restaging after {n} weeks.", "Melanoma, response to treatment.",
)  # fmt: skip
_MODALITIES = (("CR", 0.40), ("CT", 0.25), ("MR", 0.15), ("US", 0.12), ("NM", 0.08))
_LENGTH = {"CR": 4, "CT": 9, "MR": 7, "US": 6, "NM": 5}


def rows(mix: str, n: int, seed: int = 1) -> Iterator[dict[str, str]]:
    """Yield so many rows of a mix, ``archive`` or ``cohort``."""
    make = {"archive": _archive, "cohort": _cohort}[mix]
    dice = random.Random(f"{mix}{seed}")  # noqa: S311 - a corpus, no secret
    for number in range(1, n + 1):
        modality, text = make(dice)
        month, day = dice.randrange(1, 13), dice.randrange(10, 20)
        yield {
            "report_id": f"R{number:08}",
            "patient_id": f"P{(number * 7919) % max(1, n // REPORTS_A_PATIENT):07}",
            "exam_on": f"20{dice.randrange(10, 25)}-{month:02}-{day}",
            "modality": modality,
            "text": text,
        }


def write_mix(path: Path, mix: str, n: int, seed: int = 1) -> Path:
    """Write so many rows of a mix as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerows(rows(mix, n, seed))
    return path


def _archive(dice: random.Random) -> tuple[str, str]:
    modality = dice.choices([m for m, _ in _MODALITIES], [w for _, w in _MODALITIES])[0]
    drawn = dice.random()
    if drawn < 0.005:
        extra, history = [_TRUE], _ONCOLOGY
    elif drawn < 0.02:
        extra, history = [_SOME], _ONCOLOGY
    elif drawn < 0.04:
        extra, history = [_ELSEWHERE], _ONCOLOGY
    elif drawn < 0.17:
        extra, history = [_LIVER], _HISTORY
    else:
        extra, history = [], _HISTORY
    return modality, _report(dice, modality, extra, history)


def _cohort(dice: random.Random) -> tuple[str, str]:
    modality = dice.choices(["CT", "MR", "NM"], [0.6, 0.2, 0.2])[0]
    drawn = dice.random()
    if drawn < 0.7:
        extra = [_TRUE if drawn < 0.08 else _SOME, _LIVER if drawn > 0.5 else _ELSEWHERE]
    else:
        extra = [_LIVER if drawn < 0.9 else _ELSEWHERE]
    return modality, _report(dice, modality, extra, _ONCOLOGY)


def _report(
    dice: random.Random, modality: str, extra: list[tuple[str, ...]], history: tuple[str, ...]
) -> str:
    pool = _BODIES[modality]
    body = dice.sample(pool, min(len(pool), _LENGTH[modality]))
    for sentences in extra:
        body.insert(dice.randrange(len(body) + 1), dice.choice(sentences))
    said = [_filled(dice, sentence) for sentence in body]
    impression = [_filled(dice, dice.choice(sentences)) for sentences in extra] or said[:1]
    lines = "\n".join(f"{i}. {line}" for i, line in enumerate(impression, start=1))
    indication = _filled(dice, dice.choice(history))
    return f"INDICATION: {indication}\n\nFINDINGS:\n{' '.join(said)}\n\nIMPRESSION:\n{lines}\n"


def _filled(dice: random.Random, sentence: str) -> str:
    side = dice.choice(_SIDES)
    return sentence.format(
        n=dice.randrange(11, 96),
        d=dice.randrange(2, 9),
        side=side,
        Side=side.capitalize(),
        size=dice.choice(["normal", "mildly enlarged", "within normal limits", "top normal"]),
    )
