"""Tables of outcomes written for a test, and the paper's Table 2 as such tables."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from screener.outcome_runs import Outcomes, OutcomesRequest, read_outcomes, write_outcomes
from screener.outcomes.charters import make_charter

DATA = Path(__file__).parent / "data"
PAPER: dict[str, Any] = json.loads((DATA / "gococo_benore_2023.json").read_text(encoding="utf-8"))
FIRST = date(2020, 3, 15)
LABS = ("patient_id", "analyte", "value", "unit", "drawn_on", "uln", "lln")
TREATMENTS = ("patient_id", "cycle", "given_on")
EVENTS = ("patient_id", "term", "grade", "seen_on")
UNITS = {"AST": "U/L", "ALT": "U/L", "ALP": "U/L", "TBIL": "mg/dL"}


@dataclass(frozen=True)
class Case:
    """The files of one case."""

    labs: Path
    treatments: Path
    events: Path


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def lab(
    value: object,
    days: int,
    *,
    analyte: str = "ALT",
    patient: str = "p1",
    unit: str = "U/L",
    uln: object = 40,
    lln: object = "",
) -> tuple[object, ...]:
    """One result, so many days after the first cycle."""
    return (patient, analyte, value, unit, FIRST + timedelta(days), uln, lln)


def write_case(
    folder: Path,
    labs: Iterable[Sequence[object]],
    treatments: Iterable[Sequence[object]] = (("p1", 1, FIRST),),
    events: Iterable[Sequence[object]] = (),
) -> Case:
    folder.mkdir(parents=True, exist_ok=True)
    return Case(
        write_table(folder / "labs.csv", LABS, labs),
        write_table(folder / "treatments.csv", TREATMENTS, treatments),
        write_table(folder / "events.csv", EVENTS, events),
    )


def paper_case(folder: Path, bilirubin_uln: str) -> Case:
    """Table 2 with AST 48, ALT 55, ALP 129 U/L and a limit of bilirubin in mg/dL."""
    ulns = {"AST": "48", "ALT": "55", "ALP": "129", "TBIL": bilirubin_uln}
    labs, treatments, events = [], [], []
    for row in PAPER["table2"]:
        patient = f"row {row['row']}"
        for when, days in (("pre", -7), ("post", 30)):
            day = FIRST + timedelta(days)
            labs += [
                (patient, analyte, value, UNITS[analyte], day, ulns[analyte], "")
                for analyte, value in row[when].items()
            ]
            ascites = row[f"{when}_ascites"]
            grade = ascites["printed_grade"] or "yes" if ascites["present"] else "no"
            events.append((patient, "ascites", grade, day))
        treatments += [(patient, n + 1, FIRST + timedelta(56 * n)) for n in range(row["cycles"])]
    return write_case(folder, labs, treatments, events)


ALT = "Alanine aminotransferase increased"


def graded(case: Case, out: Path, **options: Any) -> Outcomes:
    """Grade a case through the use case and write it."""
    charter = make_charter(**{k: options.pop(k) for k in list(options) if k not in _REQUEST})
    request = OutcomesRequest(case.labs, case.treatments, charter=charter, **options)
    outcomes = read_outcomes(request)
    write_outcomes(outcomes, request, out)
    return outcomes


_REQUEST = {"limits", "events", "cohort", "analytes", "column_maps", "date_order"}


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def grades(
    folder: Path, labs: Iterable[Sequence[object]], **options: Any
) -> dict[tuple[str, str], dict[str, str]]:
    treatments = options.pop("treatments", (("p1", 1, FIRST),))
    graded(write_case(folder, labs, treatments), folder / "out", **options)
    return {(r["patient_id"], r["term"]): r for r in rows_of(folder / "out" / "grades.csv")}


def write_study(folder: Path, tables: str) -> Path:
    stated = {"name": "s", "question": "q", "readers": ["a"], "run": "../run"}
    lines = [f"{key} = {json.dumps(value)}" for key, value in stated.items()]
    pack = '[pack]\nname = "liver_tumor_burden"\nversion = "1"\nsha256 = "0"'
    folder.mkdir()
    (folder / "study.toml").write_text("\n".join([*lines, pack, tables]), encoding="utf-8")
    return folder
