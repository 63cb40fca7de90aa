"""While a case is open, the report of a study has counts only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import screener
from small_studies import (
    DRAW,
    NO,
    READERS,
    YES,
    lock_all,
    small_run,
)

from screener.drawing import draw_cases
from screener.reading import open_reading
from screener.study_making import StudyOptions, make_study

__all__ = ["small_run"]


@pytest.fixture
def study(tmp_path: Path, small_run: Path) -> Path:
    folder = tmp_path / "study"
    make_study(folder, small_run, StudyOptions(name="small", readers=READERS, seed=11))
    draw_cases(folder, DRAW)
    for reader in READERS[:2]:
        lock_all(folder, reader, YES)
    return folder


def test_an_open_study_gives_counts_and_nothing_that_a_reader_said(
    study: Path, tmp_path: Path
) -> None:
    with open_reading(study, READERS[2]) as reading:
        for item in reading.worklist()[1:]:
            reading.lock(item.case_id, NO)
    done = screener("report", str(study), "--out", str(tmp_path / "r"), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["is_complete"], told["n_cases"], told["n_complete"]) == (False, 10, 9)
    assert told["agreement"] is None
    assert [step["name"] for step in told["flow"]["steps"]][-1] == "eligible"
    assert "counts only" in done.stderr
    assert {path.stem for path in (tmp_path / "r" / "figures").iterdir()} == {"flow"}
    assert not (tmp_path / "r" / "tables" / "estimates.csv").exists()


def test_a_complete_study_gives_its_figures(study: Path, tmp_path: Path) -> None:
    lock_all(study, READERS[2], YES)
    done = screener(
        *("report", str(study), "--out", str(tmp_path / "r"), "--resamples", "0", "--json")
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["flow"]["steps"][-1] == {"name": "confirmed", "n": 6, "left_out": {}}
    assert told["agreement"]["coefficients"]["percent_agreement"]["value"] == 1.0
