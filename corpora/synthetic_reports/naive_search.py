"""Count what a plain search for "innumerable liver metastasis" finds: ``python naive_search.py [COHORT]``."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent


def has_phrase(text: str) -> bool:
    """Tell whether the text holds the phrase itself, in any case."""
    return "innumerable liver metastasis" in text.lower()


def has_words(text: str) -> bool:
    """Tell whether the text holds the words anywhere: the realistic reading of the search."""
    low = text.lower()
    return "innumerable" in low and ("liver" in low or "hepatic" in low) and "metasta" in low


SEARCHES: dict[str, Callable[[str], bool]] = {"phrase": has_phrase, "words": has_words}


def count_found(cohort: Path, is_found: Callable[[str], bool]) -> dict[str, int]:
    """Count reports and patients found, and how many of them are candidates by the gold labels.

    Parameters
    ----------
    cohort
        Folder with ``reports.csv`` and ``labels.csv``.
    is_found
        The search.
    """
    reports, labels = _rows(cohort / "reports.csv"), _rows(cohort / "labels.csv")
    says = {row["report_id"] for row in labels if row["candidate"] == "true"}
    true = {row["patient_id"] for row in reports if row["report_id"] in says}
    found = [row for row in reports if is_found(row["text"])]
    patients = {row["patient_id"] for row in found}
    return {
        "reports_found": len(found),
        "reports_found_true": sum(row["report_id"] in says for row in found),
        "reports_true": len(says),
        "patients_found": len(patients),
        "patients_found_true": len(patients & true),
        "patients_found_false": len(patients - true),
        "patients_missed": len(true - patients),
        "patients_true": len(true),
    }


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> int:
    """Write the counts of both searches to standard output."""
    cohort = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "cohort"
    for name, is_found in SEARCHES.items():
        for key, number in count_found(cohort, is_found).items():
            sys.stdout.write(f"{name} {key} {number}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
