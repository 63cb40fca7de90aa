"""The tables of the cohort as they are written: comma-separated, UTF-8, lines ended by a line feed."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from .cohort import Entry
from .patients import Patient

REPORTS = (
    "report_id",
    "patient_id",
    "accession",
    "exam_on",
    "modality",
    "exam",
    "site",
    "status",
    "text",
)
LABELS = (
    "report_id", "burden", "candidate", "certainty", "stated_percent_low", "stated_percent_high", "traps",
)  # fmt: skip
TRUTH = ("patient_id", "percent", "exceeds_75")


def write_tables(folder: Path, patients: list[Patient], entries: list[Entry]) -> None:
    """Write ``reports.csv``, ``labels.csv`` and ``imaging_truth.csv`` into a folder, made if missing."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "reports.csv", REPORTS, map(_report, entries))
    _write(folder / "labels.csv", LABELS, map(_label, entries))
    _write(folder / "imaging_truth.csv", TRUTH, map(_truth, patients))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _report(entry: Entry) -> tuple[str, ...]:
    return (
        entry.report_id,
        entry.patient.patient_id,
        entry.accession,
        entry.on.isoformat(),
        entry.document.modality,
        entry.document.exam,
        entry.patient.site,
        entry.status,
        entry.text,
    )


def _label(entry: Entry) -> tuple[str, ...]:
    passage = entry.document.passage
    low, high = (
        ("", "") if passage is None or passage.percent is None else map(str, passage.percent)
    )
    return (
        entry.report_id,
        entry.burden,
        str(entry.burden == "extensive").lower(),
        passage.certainty if passage else "",
        low,
        high,
        ";".join(sorted(entry.document.traps)) or "none_of_these",
    )


def _truth(patient: Patient) -> tuple[str, ...]:
    return patient.patient_id, f"{patient.truth:.1f}", str(patient.truth > 75).lower()
