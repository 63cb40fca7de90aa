"""Make the cohort's treatments, laboratory values, follow-up and outside examinations.

    python corpora/synthetic_reports/outcomes.py --out DIR --seed 2023

Standard library only. All is invented: drawn from the cohort's exam days and its share of the liver
on imaging, so that the demonstration can be told to its end. It says nothing about any therapy.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

COHORT = Path(__file__).parent / "cohort"
CUT = 75.0
WEEKS_8 = 56
LIMITS = {  # analyte: (unit, lower limit, upper limit, decimals)
    "AST": ("U/L", 8, 48, 0),
    "ALT": ("U/L", 7, 55, 0),
    "ALP": ("U/L", 40, 129, 0),
    "Total bilirubin": ("mg/dL", 0.2, 1.0, 1),
    "Platelets": ("10*9/L", 150, 400, 0),
    "Creatinine": ("mg/dL", 0.6, 1.2, 2),
}
TYPICAL = {
    "AST": 24.0,
    "ALT": 22.0,
    "ALP": 92.0,
    "Total bilirubin": 0.5,
    "Platelets": 220.0,
    "Creatinine": 0.9,
}
LIVER = ("AST", "ALT", "ALP")
NO_EXAM = "Synthetic: listed as done elsewhere, without a report."
PET, CT = "PET/CT WHOLE BODY GA-68 DOTATATE", "CT ABDOMEN AND PELVIS WITH CONTRAST"


@dataclass(frozen=True)
class Course:
    """One invented course of therapy."""

    patient_id: str
    percent: float
    is_candidate: bool
    site: str
    sex: str
    born_on: date
    days: tuple[date, ...]


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=COHORT)
    parser.add_argument("--seed", type=int, default=2023)
    asked = parser.parse_args()
    chance = Random(asked.seed)
    reports = _rows("reports.csv")
    courses = _courses(reports, chance)
    asked.out.mkdir(parents=True, exist_ok=True)
    treated = (row for course in courses for row in _cycles(course))
    header = ("patient_id", "cycle", "given_on", "sex", "born_on", "site")
    _write(asked.out / "treatments.csv", header, treated)
    labs = (row for course in courses for row in _labs(course, chance))
    header = ("patient_id", "analyte", "value", "unit", "drawn_on", "uln", "lln")
    _write(asked.out / "labs.csv", header, labs)
    followed = [_followed(course, chance) for course in courses]
    _write(asked.out / "follow_up.csv", ("patient_id", "last_seen_on", "died_on"), followed)
    responses = (row for course in courses for row in _response(course, chance))
    _write(asked.out / "responses.csv", ("patient_id", "response", "assessed_on"), responses)
    header = ("report_id", "patient_id", "exam_on", "modality", "exam", "text")
    _write(asked.out / "exams.csv", header, _exams(courses, reports, chance))


def _courses(reports: Sequence[dict[str, str]], chance: Random) -> list[Course]:
    of_report = {row["report_id"]: row["patient_id"] for row in reports}
    candidates = {
        of_report[row["report_id"]] for row in _rows("labels.csv") if row["candidate"] == "true"
    }
    courses = []
    for row in _rows("imaging_truth.csv"):
        own = [one for one in reports if one["patient_id"] == row["patient_id"]]
        days = sorted(date.fromisoformat(one["exam_on"]) for one in own)
        first = days[len(days) // 2] + timedelta(7 + int(21 * chance.random()))
        n_cycles = 4 if chance.random() < 0.7 else 1 + int(3 * chance.random())
        born_on = first - timedelta(int(365.25 * (48 + 30 * chance.random())))
        courses.append(
            Course(
                row["patient_id"],
                float(row["percent"]),
                row["patient_id"] in candidates,
                own[0]["site"],
                "F" if chance.random() < 0.45 else "M",
                born_on,
                tuple(first + timedelta(WEEKS_8 * number) for number in range(n_cycles)),
            )
        )
    return courses


def _cycles(course: Course) -> Iterable[tuple[object, ...]]:
    for number, day in enumerate(course.days, start=1):
        yield (course.patient_id, number, day, course.sex, course.born_on, course.site)


def _labs(course: Course, chance: Random) -> Iterable[tuple[object, ...]]:
    """Give a baseline a week before, a value after the first cycle and one after the last."""
    when = (
        course.days[0] - timedelta(7),
        course.days[0] + timedelta(28),
        course.days[-1] + timedelta(42),
    )
    burden = course.percent / 100
    for analyte, (unit, lln, uln, decimals) in LIMITS.items():
        value = TYPICAL[analyte] * (0.7 + 0.7 * chance.random())
        if analyte in LIVER:
            value *= 1 + burden * 2.2 * chance.random()
        for number, day in enumerate(when):
            drift = 0.85 + 0.3 * chance.random()
            if number and analyte == "Total bilirubin":
                drift *= 1 + burden * 2.4 * chance.random()
            if number and analyte in LIVER:
                drift *= 1 + burden * 1.1 * chance.random()
            if number and analyte == "Platelets":
                drift *= 0.75 + 0.2 * chance.random()
            said = f"{value * drift:.{decimals}f}"
            yield (course.patient_id, analyte, said, unit, day, uln, lln)


def _followed(course: Course, chance: Random) -> tuple[object, ...]:
    """Draw an exponential time to death, shorter with more of the liver, and an end of the study."""
    months = 46 - 0.36 * course.percent
    time, left = 0.0, 1 - chance.random()
    while left < 1 and time < 120:  # a geometric walk: no logarithm, the same on every machine
        left *= 2 ** (1 / months)
        time += 1
    last = course.days[-1]
    died = course.days[0] + timedelta(int(30.4 * time))
    died = max(died, last + timedelta(10))
    until = last + timedelta(int(150 + 900 * chance.random()))
    return (course.patient_id, "", died) if died <= until else (course.patient_id, until, "")


def _response(course: Course, chance: Random) -> Iterable[tuple[object, ...]]:
    drawn = chance.random()
    said = "PR" if drawn < 0.25 else "SD" if drawn < 0.75 else "PD" if drawn < 0.92 else ""
    if said:
        yield (course.patient_id, said, course.days[-1] + timedelta(84))


def _exams(
    courses: Sequence[Course], reports: Sequence[dict[str, str]], chance: Random
) -> Iterable[tuple[object, ...]]:
    """List examinations elsewhere where the cohort's reports do not show them near cycle 1."""
    number = 0
    for course in courses:
        own = [row for row in reports if row["patient_id"] == course.patient_id]
        near = [row for row in own if _is_near(row, course.days[0])]
        has = {
            PET: any("DOTA" in row["exam"].upper() for row in near),
            CT: any("WITH CONTRAST" in row["exam"].upper() for row in near),
        }
        is_listed = course.is_candidate or chance.random() > 0.08
        for exam, modality, days in ((PET, "PT", 30), (CT, "CT", 21)):
            if not has[exam] and is_listed:
                number += 1
                day = course.days[0] - timedelta(days)
                yield (f"X{number:05d}", course.patient_id, day, modality, exam, NO_EXAM)


def _is_near(row: dict[str, str], first: date) -> bool:
    return -170 <= (date.fromisoformat(row["exam_on"]) - first).days <= 85


def _rows(name: str) -> list[dict[str, str]]:
    with (COHORT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
