"""A study for the exports: two cases that are not complete, formulas in comments, an amendment."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from small_studies import CANNOT, NO, READERS, YES, MakeStudy, copy_study

from screener.reading import open_reading
from screener.reads import ReadForm

FORMULA = '=HYPERLINK("x")'
N_OPEN = 2
N_CASES = 10
ReadStudy = Callable[..., Path]


def form_for(reader: str, number: int) -> ReadForm:
    """What a reader says of the case with a number: all alike but cleo, who differs at times."""
    if number % 5 == 0:
        return CANNOT
    said = YES if number % 2 else NO
    if reader == "cleo" and number % 3 == 0:
        said = NO if said is YES else YES
    return replace(said, comment=FORMULA, suvmax_tumor=12.0, suvmax_liver=4.0)


@pytest.fixture
def read_study(
    make: MakeStudy, tmp_path: Path, templates: dict[str, Path], store_kind: str
) -> ReadStudy:
    """Makes a study in which cleo has not read the last two cases."""
    if store_kind == "postgresql":
        return lambda: read_by_all(make())
    if "read" not in templates:
        read = copy_study(make("fresh"), templates[""] / "read")
        templates["read"] = read_by_all(read)
    return lambda: copy_study(templates["read"], tmp_path / "study")


def read_by_all(study: Path) -> Path:
    """Let the readers lock what they read."""
    for reader in READERS:
        with open_reading(study, reader) as reading:
            ids = sorted(item.case_id for item in reading.worklist())
            for number, case_id in enumerate(ids, start=1):
                if reader != "cleo" or number <= N_CASES - N_OPEN:
                    reading.lock(case_id, form_for(reader, number))
    return study


def csv_rows(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by the names of its columns."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
